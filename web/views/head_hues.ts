// The colour and the stroke of a head, the same wherever it is drawn.
import { h } from "./dom.ts";

/** Those of styles/hues.css. */
export const HUES = 6;

/** Lengths of dashes and gaps, in CSS pixels; as styles/hues.css draws them. */
export const STROKES: readonly (readonly number[])[] = [[], [8, 4], [3, 3], [9, 3, 3, 3]];

export interface HeadMark {
  readonly hue: number;
  readonly stroke: number;
}

/** Twelve heads differ in hue or stroke. */
export function headMark(head: number): HeadMark {
  return { hue: head % HUES, stroke: head % STROKES.length };
}

/** Where a head's hue is told to the style sheet. */
export function hueStyle(head: number): Readonly<Record<string, string>> {
  return { "--hue": `var(--head-${headMark(head).hue})` };
}

/** A short piece of a head's line. */
export function strokeNode(head: number): HTMLElement {
  return h("span", {
    class: `stroke stroke-${headMark(head).stroke}`,
    style: hueStyle(head),
    "aria-hidden": "true",
  });
}
