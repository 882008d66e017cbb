// Whoever follows a link to a section arrives there, though the figures above it grow when they are drawn.

/** Milliseconds without growth after which what is near has long been drawn. */
const LONGEST = 15_000;

/** What a reader does who wants to be elsewhere. */
const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/** Gives what brings a section to the top of the window, and keeps it there while the page grows, until the reader moves. */
export function arrivals(page: Document): (section: Element) => void {
  let leave = (): void => {};
  return (section) => {
    leave();
    const moved = new AbortController();
    let pause: ReturnType<typeof setTimeout> | undefined;
    const watch = new ResizeObserver(() => {
      section.scrollIntoView();
      clearTimeout(pause);
      pause = setTimeout(end, LONGEST);
    });
    const end = (leave = () => {
      clearTimeout(pause);
      watch.disconnect();
      moved.abort();
    });
    for (const move of MOVES) addEventListener(move, end, { passive: true, signal: moved.signal });
    // It tells at once too.
    watch.observe(page.body);
  };
}

/** Who reloads a page or comes back to it is brought to where they were by the browser. */
export function isNewVisit(): boolean {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return visit?.type !== "reload" && visit?.type !== "back_forward";
}
