// Colours of the style sheet, for canvases.

/** A custom property as a colour, and not as its text, which may leave light or dark open. Needs `forced-color-adjust: none`. */
export function cssColor(canvas: HTMLElement, property: string): string {
  canvas.style.setProperty("color", `var(${property})`);
  return getComputedStyle(canvas).color;
}
