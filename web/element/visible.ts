// Whether an element is on the screen, or about to be scrolled there; or counts as if it were.

/** How far below the fold work begins. */
const MARGIN = "200px";

const watched = new WeakMap<Element, (isWanted: boolean) => void>();

/** Tells at once and whenever it changes, until the returned function is called. */
export function whenVisible(element: Element, tell: (isVisible: boolean) => void): () => void {
  let isInSight = false;
  let isWanted = false;
  const observer = new IntersectionObserver(
    (entries) => {
      isInSight = entries.at(-1)?.isIntersecting ?? false;
      tell(isInSight || isWanted);
    },
    { rootMargin: MARGIN },
  );
  observer.observe(element);
  watched.set(element, (wanted) => {
    isWanted = wanted;
    tell(isInSight || isWanted);
  });
  return () => observer.disconnect();
}

/** Has an element drawn that nobody sees, until the returned function is called. */
export function drawUnseen(element: Element): () => void {
  watched.get(element)?.(true);
  return () => watched.get(element)?.(false);
}
