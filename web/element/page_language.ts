// The language of the document, which pages change while they are open.

/** Tells when the document's language is another, until the returned function is called. */
export function whenLanguageChanges(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributeFilter: ["lang"] });
  return () => observer.disconnect();
}
