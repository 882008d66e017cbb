// What the map of a long matrix says.
import { quoted } from "./words.ts";

export const mapView = {
  name: (head: string, rows: number, cols: number) =>
    `Attention of ${head}, ${rows} \u00d7 ${cols} tokens: a map`,
  howTo:
    "Drag to move, pinch to zoom; once it is clicked, the wheel zooms too. Arrow keys move the frame from cell to cell, + and \u2212 zoom, 0 shows all.",
  closer: "Closer",
  farther: "Farther",
  all: "Show all",
  reduce: "Where a pixel holds many cells, show",
  max: "the largest",
  mean: "the mean",
  overview: "The whole matrix; the frame is what is in sight",
  cell: (query: string, row: number, key: string, col: number, share: string) =>
    `${quoted(query)} (${row}) gives ${quoted(key)} (${col}) ${share}`,
  score: (query: string, row: number, key: string, col: number, value: string) =>
    `${quoted(query)} (${row}) \u2192 ${quoted(key)} (${col}): ${value}`,
  legend: "Share of a word\u2019s attention",
  legendTo: (top: string) => `Share of a word\u2019s attention; ${top} or more is brightest`,
};
