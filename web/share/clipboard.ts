/** Whether the browser let the page copy: it may not where the page is framed, not secure, or not trusted. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
