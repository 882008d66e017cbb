// What scrolls within the page: which of its edges hide more, and how a part of it is brought into sight.

/** Brings a part into sight; the page stays where it is. `over`: what lies upon its left and its top and does not scroll. */
export function bringIn(scroller: HTMLElement, part: DOMRectReadOnly, over = { left: 0, top: 0 }): void {
  const { left, top } = scroller.getBoundingClientRect();
  // By how far it is off, as right to left scrollLeft counts from the other end.
  scroller.scrollLeft += off(part.left, part.right, left + over.left, left + scroller.clientWidth);
  scroller.scrollTop += off(part.top, part.bottom, top + over.top, top + scroller.clientHeight);
}

function off(from: number, to: number, least: number, most: number): number {
  return from < least - 1 || to > most + 1 ? (from + to - least - most) / 2 : 0;
}

/** Has the style sheet fade the edges behind which there is more. Gives what looks again, when sizes change. */
export function fadeEdges(scroller: HTMLElement): () => void {
  const look = (): void => {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = scroller;
    const ends = [Math.abs(scrollLeft), scrollWidth - clientWidth - Math.abs(scrollLeft)];
    if (getComputedStyle(scroller).direction === "rtl") ends.reverse();
    const [left = 0, right = 0] = ends;
    const hidden = { left, right, below: scrollHeight - clientHeight - scrollTop };
    scroller.dataset["more"] = Object.entries(hidden)
      .filter(([, pixels]) => pixels > 3)
      .map(([edge]) => edge)
      .join(" ");
  };
  scroller.addEventListener("scroll", look, { passive: true });
  return look;
}
