// Whether an element is on the screen, or about to be scrolled there.

/** How far below the fold work begins. */
const MARGIN = "200px";

/** Tells at once and whenever it changes, until the returned function is called. */
export function whenVisible(element: Element, tell: (isVisible: boolean) => void): () => void {
  const observer = new IntersectionObserver((entries) => tell(entries.at(-1)?.isIntersecting ?? false), {
    rootMargin: MARGIN,
  });
  observer.observe(element);
  return () => observer.disconnect();
}
