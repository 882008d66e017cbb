// The sentence as tokens: the chosen one asks, the others are shaded by how much it looks at each.
import type { Numbers } from "../strings/words.ts";
import { choiceView } from "./choice.ts";
import { h } from "./dom.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";

export interface SentenceOptions {
  readonly legend: string;
  /** Of the text. */
  readonly direction: "ltr" | "rtl";
  readonly numbers: Numbers;
  readonly selected: number;
  onChoose(position: number): void;
}

export interface SentenceView {
  readonly node: HTMLElement;
  /** The chosen token and its row of weights [n]. */
  shade(selected: number, weights: Float32Array): void;
}

export function sentenceView(labels: readonly TokenLabel[], options: SentenceOptions): SentenceView {
  const shares = labels.map(() => h("span", { class: "share", "aria-hidden": "true" }));
  const chips = labels.map((label, i) =>
    h(
      "span",
      { class: label.piece ? "chip piece" : "chip" },
      h("span", { class: "word" }, tokenNode(label)),
      shares[i],
    ),
  );
  const choice = choiceView(
    labels.map((label, i) => ({ value: i, label: chips[i], name: label.plain })),
    {
      legend: options.legend,
      class: "sentence",
      selected: options.selected,
      onChoose: options.onChoose,
    },
  );
  // The words run as their own language does, whatever that of the controls.
  choice.node.querySelector(".items")?.setAttribute("dir", options.direction);
  return {
    node: choice.node,
    shade(selected, weights) {
      choice.select(selected);
      chips.forEach((chip, i) => {
        const weight = weights[i] ?? 0;
        chip.style.setProperty("--weight", `${(100 * weight).toFixed(2)}%`);
        chip.classList.toggle("strong", weight > 0.15);
        const share = shares[i];
        if (share) share.textContent = weight >= 0.0095 ? options.numbers.tiny(weight, "weights") : "";
      });
    },
  };
}
