// All heads of a layer as small pictures, to choose one from.
import { whenThere } from "../reading/shares.ts";
import type { Strings } from "../strings/index.ts";
import { choiceView } from "./choice.ts";
import { h } from "./dom.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";

export interface HeadButtonsData {
  readonly layer: number;
  readonly numHeads: number;
  /** Of the tokens that are looked at. */
  readonly labels: readonly TokenLabel[];
  /** A head's matrix, now or later. */
  paint(canvas: HTMLCanvasElement, head: number): void;
  isOff(head: number): boolean;
  /** A token's row of weights [labels]. */
  weights(head: number, row: number): Float32Array | Promise<Float32Array>;
}

export interface HeadButtonsOptions {
  readonly strings: Strings;
  readonly head: number;
  onChoose(head: number): void;
}

export interface HeadButtons {
  readonly node: HTMLElement;
  select(head: number): void;
  /** Says under each head where a token looks most. */
  look(row: number): void;
}

export function headButtons(data: HeadButtonsData, options: HeadButtonsOptions): HeadButtons {
  let asked = 0;
  const looks = Array.from({ length: data.numHeads }, () => h("span", { class: "look" }));
  const items = looks.map((look, head) => {
    const canvas = h("canvas", { class: "cells hatched", "aria-hidden": "true" });
    data.paint(canvas, head);
    return {
      value: head,
      label: h(
        "span",
        { class: `thumbnail${data.isOff(head) ? " off" : ""}` },
        canvas,
        h(
          "span",
          { class: "caption" },
          h("span", { class: "name" }, options.strings.element.head(data.layer, head)),
          look,
        ),
      ),
    };
  });
  const choice = choiceView(items, {
    legend: options.strings.element.controls.heads(data.layer),
    about: options.strings.element.about.heads,
    class: "heads",
    selected: options.head,
    onChoose: options.onChoose,
  });
  return {
    node: choice.node,
    select: choice.select,
    look(row) {
      const question = ++asked;
      looks.forEach((look, head) => {
        if (data.isOff(head)) return look.replaceChildren(options.strings.reading.off);
        whenThere(data.weights(head, row), (weights) => {
          const most = weights.reduce((best, weight, at) => (weight > (weights[best] ?? 0) ? at : best), 0);
          const to = data.labels[most];
          if (!to || question !== asked) return;
          const { numbers } = options.strings;
          const share = weights[most] ?? 0;
          look.replaceChildren(
            h("span", {}, `${options.strings.reading.arrow} `),
            tokenNode(to),
            h("span", {}, ` ${numbers.tiny(share, "weights") || numbers.percent(share)}`),
          );
        });
      });
    },
  };
}
