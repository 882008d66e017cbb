// What the matrix says.
import { plural, quoted } from "./words.ts";

export const matrixView = {
  name: (stage: string, model: string, layer: number, head: number) =>
    `${stage} of ${model} L${layer}H${head}: rows are queries, columns are keys`,
  corner: "query \u2193 key \u2192",
  about:
    "Query: what the token on the left looks for. Key: what the token above offers. The better they match, the more it looks there.",
  exactly: (value: string, number: string, row: number, col: number) =>
    `${value} ${number}, token ${row} to token ${col}`,
  notSeen: (row: number, col: number) => `token ${row} may not see token ${col}, which comes later`,
  hiddenCell: "minus infinity, hidden by the mask",
  hiddenSwatch: "\u2212\u221e, hidden by the mask",
  hide: {
    mode: "Hide cells",
    howTo:
      "Click a cell, or press Enter on it, to hide it; once more, to show it again. The model then runs anew without it, in all layers and heads.",
    undo: "Undo",
    all: "Show all again",
    count: (count: number) =>
      plural(count, {
        one: "One cell is hidden by hand.",
        other: `${count} cells are hidden by hand.`,
      }),
    hidden: (query: string, key: string) => `${quoted(key)} is now hidden from ${quoted(query)}.`,
    shown: (query: string, key: string) => `${quoted(query)} may see ${quoted(key)} again.`,
    byHand: (row: number, col: number) => `token ${col} is hidden from token ${row} by hand`,
  },
};
