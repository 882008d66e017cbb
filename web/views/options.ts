// A row or column of words to choose from: one tab stop, arrows, Home and End; Space, Shift or Ctrl lock several.
// https://www.w3.org/WAI/ARIA/apg/patterns/listbox/
export interface OptionsEvents {
  /** How many there are; not all of them need to exist as elements. */
  count(): number;
  active(): number;
  /** By the keyboard. */
  move(index: number): void;
  choose(index: number): void;
  /** Undefined: only one can be chosen. */
  toggle?(index: number): void;
  /** Whether choosing adds, as it does with Shift. */
  isSeveral?(): boolean;
  clear?(): void;
  hover?(index: number | undefined): void;
}

const PAGE = 8;

/** Makes a listbox of elements with role option and data-index answer to pointer and keyboard. */
export function listenToOptions(list: HTMLElement, events: OptionsEvents): void {
  const indexOf = (event: Event): number | undefined => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    return option ? Number(option.dataset["index"]) : undefined;
  };
  list.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index === undefined) return;
    const isMore = event.shiftKey || event.ctrlKey || event.metaKey || events.isSeveral?.();
    if (events.toggle && isMore) events.toggle(index);
    else events.choose(index);
  });
  // Shift and click would select the text between.
  list.addEventListener("mousedown", (event) => {
    if (event.shiftKey) event.preventDefault();
  });
  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    const isRightToLeft = getComputedStyle(list).direction === "rtl";
    const next = target(event.key, events.active(), events.count(), isRightToLeft);
    if (next !== undefined) events.move(next);
    else if (event.key === " ") (events.toggle ?? events.choose)(events.active());
    else if (event.key === "Enter") events.choose(events.active());
    else if (event.key === "Escape" && events.clear) events.clear();
    else return;
    event.preventDefault();
  });
  if (!events.hover) return;
  list.addEventListener("pointerover", (event) => events.hover?.(indexOf(event)));
  list.addEventListener("pointerleave", () => events.hover?.(undefined));
}

/** Where a key leads, or undefined for one that means nothing here. */
export function target(
  key: string,
  active: number,
  count: number,
  isRightToLeft: boolean,
): number | undefined {
  const within = (index: number): number => Math.min(count - 1, Math.max(0, index));
  switch (key) {
    case "ArrowDown":
      return within(active + 1);
    case "ArrowUp":
      return within(active - 1);
    case "ArrowRight":
      return within(active + (isRightToLeft ? -1 : 1));
    case "ArrowLeft":
      return within(active + (isRightToLeft ? 1 : -1));
    case "PageDown":
      return within(active + PAGE);
    case "PageUp":
      return within(active - PAGE);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
