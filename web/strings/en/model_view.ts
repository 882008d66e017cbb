// What the picture of all heads says.
import type { HeadSort } from "../../state.ts";

export const modelView = {
  grid: (stage: string) => `All heads: ${stage}. Rows are layers, columns heads`,
  sorted: (order: string) => `All heads, ordered by ${order}`,
  order: "Order",
  /** `pair`: the followed words. */
  sorts: (sort: HeadSort, pair: string): string =>
    ({
      place: "as in the model",
      pair: `most weight on ${pair}`,
      previousToken: "most on the token before",
      nextToken: "most on the token after",
      self: "most on the token itself",
      sameToken: "most on the same word elsewhere",
      firstToken: "most on the first token (sink)",
      separator: "most on separators (sink)",
      induction: "most on what followed last time",
      entropy: "most spread out (entropy)",
      meanDistance: "farthest on average",
    })[sort],
  pair: (from: string, to: string) => `\u2068${from}\u2069 \u2192 \u2068${to}\u2069`,
  byPair: (pair: string) => `Rank by ${pair}`,
  layerShort: (layer: number) => `L${layer}`,
  rank: (rank: number) => `${rank}.`,
  bits: (value: number) => `${value.toFixed(2)} bits`,
  tokens: (value: number) => `${value.toFixed(1)} tokens`,
  cell: (head: string, name: string, value: string) =>
    value === "" ? `${head}: ${name}` : `${head}: ${name}, ${value}`,
  several: "Several heads",
  howTo: {
    mouse: "Click to choose a head; Shift-click or Shift and Space to show several of a layer.",
    touch: "Touch a head to choose it; with \u2018Several heads\u2019 on, several of a layer.",
  },
  rules: "What the names mean",
};
