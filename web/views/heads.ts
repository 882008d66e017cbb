// All heads of a layer as small pictures, to choose one from.
import type { Stage } from "../runner/run_data.ts";
import type { Strings } from "../strings/index.ts";
import { choiceView } from "./choice.ts";
import { h } from "./dom.ts";
import { paintCells, pooled } from "./heat_map.ts";
import type { Scale } from "./scale.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";

/** Cells a side that a small picture can show. */
const FINEST = 48;

export interface HeadsData {
  readonly layer: number;
  readonly labels: readonly TokenLabel[];
  /** One [n, n] a head, in the stage shown. */
  readonly matrices: readonly Float32Array[];
  /** One [n, n] a head, of weights. */
  readonly weights: readonly Float32Array[];
}

export interface HeadsOptions {
  readonly strings: Strings;
  readonly stage: Stage;
  readonly scale: Scale;
  readonly head: number;
  onChoose(head: number): void;
}

export interface HeadsView {
  readonly node: HTMLElement;
  select(head: number): void;
  /** Says under each head where a token looks most. */
  look(row: number): void;
}

export function headsView(data: HeadsData, options: HeadsOptions): HeadsView {
  const n = data.labels.length;
  const looks = data.matrices.map(() => h("span", { class: "look" }));
  const items = data.matrices.map((values, head) => {
    const canvas = h("canvas", { class: "cells hatched", "aria-hidden": "true" });
    const side = Math.min(n, FINEST);
    paintCells(canvas, side < n ? pooled(values, n, side) : values, side, options.scale);
    return {
      value: head,
      label: h(
        "span",
        { class: "thumbnail" },
        canvas,
        h(
          "span",
          { class: "caption" },
          h("span", { class: "name" }, options.strings.element.head(data.layer, head)),
          looks[head],
        ),
      ),
    };
  });
  const choice = choiceView(items, {
    legend: options.strings.element.controls.heads(data.layer),
    class: "heads",
    selected: options.head,
    onChoose: options.onChoose,
  });
  return {
    node: choice.node,
    select: choice.select,
    look(row) {
      data.weights.forEach((weights, head) => {
        const values = weights.subarray(row * n, (row + 1) * n);
        const most = values.indexOf(Math.max(...values));
        const to = data.labels[most];
        if (to)
          looks[head]?.replaceChildren(
            `${options.strings.reading.arrow} `,
            tokenNode(to),
            ` ${options.strings.numbers.short(values[most] ?? 0, "weights")}`,
          );
      });
    },
  };
}
