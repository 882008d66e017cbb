// A matrix between the tokens of one text, small enough to stand beside another, with its tokens named and one row framed.
import { h } from "../views/dom.ts";
import { paintRectangle } from "../views/heat_map.ts";
import type { Scale } from "../views/scale.ts";
import { tokenNode, type TokenLabel } from "../views/token_label.ts";

export interface SmallMatrix {
  /** [n, n], row by row. */
  readonly values: Float32Array;
  /** Of its n tokens. */
  readonly labels: readonly TokenLabel[];
  /** The framed row. */
  readonly row: number;
  readonly scale: Scale;
  /** What a screen reader says of the picture. */
  readonly name: string;
}

export function smallMatrix({ values, labels, row, scale, name }: SmallMatrix): HTMLElement {
  const n = labels.length;
  const canvas = h("canvas", { class: "cells hatched" });
  paintRectangle(canvas, values, n, n, scale);
  const tokens = labels.flatMap((label, i) => {
    const isFramed = i === row ? " framed" : "";
    const at = { "--at": String(i + 2) };
    return [
      h("span", { class: `query${isFramed}`, style: at }, tokenNode(label)),
      h("span", { class: "key", style: at }, tokenNode(label)),
    ];
  });
  return h(
    "div",
    { class: "small-matrix", role: "region", "aria-label": name, tabindex: 0 },
    h(
      "div",
      { class: "small-cells", role: "img", "aria-label": name, dir: "ltr", style: { "--n": String(n) } },
      canvas,
      ...tokens,
      h("span", { class: "row-frame", style: { "--at": String(row + 2) } }),
    ),
  );
}
