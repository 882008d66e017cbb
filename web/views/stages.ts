// The stages of attention, each in one plain sentence.
import type { Stage } from "../runner/run_data.ts";
import { h } from "./dom.ts";

export interface StageText {
  readonly name: string;
  readonly formula: string;
  explain(isCausal: boolean): string;
  readonly legend: string;
}

export const STAGE_TEXTS: Readonly<Record<Stage, StageText>> = {
  products: {
    name: "Products",
    formula: "QK\u1d40",
    explain: () =>
      "Each cell is a dot product: how well the query of the token on the left matches the key of the token above, before anything else is done.",
    legend: "Dot product of query and key; the same scale for all heads of the layer",
  },
  scores: {
    name: "Scores",
    formula: "\u00f7 \u221ad\u2096",
    explain: () =>
      "The same numbers divided by \u221a32 \u2248 5.66, the root of a head\u2019s width, so that they keep to a size the softmax can work with.",
    legend: "Score; the same scale for all heads of the layer",
  },
  maskedScores: {
    name: "Masked",
    formula: "\u2212\u221e",
    explain: (isCausal) =>
      isCausal
        ? "A token may not look at what comes after it: those scores become \u2212\u221e, and no colour of the scale."
        : "heed-bert reads in both directions, so nothing is hidden: this picture is the one before. In heed-gpt it is not.",
    legend: "Score after the mask; the same scale for all heads of the layer",
  },
  weights: {
    name: "Weights",
    formula: "softmax",
    explain: () =>
      "The softmax turns each row into shares: how much the token on the left looks at each token above. Every row sums to 1.",
    legend: "Weight: the share of a row\u2019s attention",
  },
};

/** A stage's name over its formula. */
export function stageFace(stage: Stage): HTMLElement {
  const { name, formula } = STAGE_TEXTS[stage];
  return h(
    "span",
    { class: "stage-face" },
    h("span", {}, name),
    h("span", { class: "formula", "aria-hidden": "true" }, formula),
  );
}
