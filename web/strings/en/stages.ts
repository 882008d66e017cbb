// The stages of attention, each in one plain sentence.
import type { Stage } from "../../runner/run_data.ts";

export interface StageText {
  readonly name: string;
  readonly formula: string;
  /** Of one cell's number, in lower case. */
  readonly value: string;
  explain(facts: {
    readonly isCausal: boolean;
    readonly headDim: number;
    readonly scale: number;
    /** Whether the scale is the model's own. */
    readonly isTrained: boolean;
  }): string;
  readonly legend: string;
}

export const stages: Readonly<Record<Stage, StageText>> = {
  products: {
    name: "Products",
    formula: "QK\u1d40",
    value: "product",
    explain: () =>
      "Each cell is a dot product: how well the query of the token on the left matches the key of the token above, before anything else is done.",
    legend: "Dot product of query and key; the same scale for all heads of the layer",
  },
  scores: {
    name: "Scores",
    formula: "\u00f7 \u221ad\u2096",
    value: "score",
    explain: ({ headDim, scale, isTrained }) =>
      Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-6
        ? `The same numbers divided by \u221a${headDim} \u2248 ${Math.sqrt(headDim).toFixed(2)}, the root of a head\u2019s width, so that they keep to a size the softmax can work with.`
        : `The same numbers multiplied by ${Number(scale.toPrecision(3))}, which is ${isTrained ? "" : "not "}what the model was trained with.`,
    legend: "Score; the same scale for all heads of the layer",
  },
  maskedScores: {
    name: "Masked",
    formula: "\u2212\u221e",
    value: "score after the mask",
    explain: ({ isCausal }) =>
      isCausal
        ? "A token may not look at what comes after it: those scores become \u2212\u221e and are hatched: no colour of the scale stands for them."
        : "Here every token may look in both directions, so nothing is hidden: this picture is the one before. In heed-gpt it is not.",
    legend: "Score after the mask; the same scale for all heads of the layer",
  },
  weights: {
    name: "Weights",
    formula: "softmax",
    value: "weight",
    explain: () =>
      "The softmax turns each row into shares: how much the token on the left looks at each token above. Every row sums to 1.",
    legend: "Weight: the share of a row\u2019s attention",
  },
};
