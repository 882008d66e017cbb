// What an exported picture says of itself.
import { count, quoted } from "./words.ts";

export const picture = {
  title: (view: string, model: string, heads: string) => `${view}: ${model}, ${heads}`,
  text: (sentence: string) => `Text: ${sentence}`,
  pair: (sentence: string) => `Second text: ${sentence}`,
  cell: (from: string, to: string, value: string, number: string) =>
    `From ${quoted(from)} to ${quoted(to)}: ${value} ${number}.`,
  overview: (tokens: number, cells: number) =>
    `All ${count(tokens)} tokens in ${cells} cells a side; each shows the largest weight under it.`,
  allHeads: "all heads",
  /** Failures. */
  tooLarge: (width: number, height: number, scale: number) =>
    `the picture would be ${width} × ${height} pixels at scale ${scale}, more than browsers can draw; SVG has no such limit`,
  badScale: (scale: number) => `scale is ${scale}; expected a number from 1 to 4`,
  notDrawn:
    "the browser could not draw the picture; a page with a Content-Security-Policy must allow images from blob:",
};
