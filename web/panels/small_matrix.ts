// A head's matrix, small enough to stand beside another, with its tokens named and one row framed.
import type { RunData } from "../runner/run_data.ts";
import { headMatrix } from "../runner/run_data.ts";
import type { ColorMapName } from "../state.ts";
import { h } from "../views/dom.ts";
import { paintRectangle } from "../views/heat_map.ts";
import { shareScale } from "../views/scale.ts";
import { tokenLabels, tokenNode } from "../views/token_label.ts";

export interface SmallMatrix {
  readonly layer: number;
  readonly head: number;
  /** The framed row. */
  readonly row: number;
  readonly map: ColorMapName;
  /** What a screen reader says of the picture. */
  readonly name: string;
}

/** Of a run that holds whole matrices. */
export function smallMatrix(run: RunData, { layer, head, row, map, name }: SmallMatrix): HTMLElement {
  const n = run.tokens.length;
  const canvas = h("canvas", { class: "cells hatched" });
  paintRectangle(canvas, headMatrix(run, "weights", layer, head), n, n, shareScale(map));
  const labels = tokenLabels(run).flatMap((label, i) => {
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
      ...labels,
      h("span", { class: "row-frame", style: { "--at": String(row + 2) } }),
    ),
  );
}
