// What is wider than the page scrolls by itself, and only then is a stop for the keyboard.

export function reachScrollers(all: readonly HTMLElement[]): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const element of all) observer.observe(element);
}
