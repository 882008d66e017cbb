// What exports are compared with: a state of every view, and the files that are kept of them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ViewState } from "../../web/state.ts";

const FOLDER = fileURLToPath(new URL("../fixtures/export/", import.meta.url));

/** HEED_WRITE_GOLDEN=1 writes the files anew: look at them before they are kept. */
export function golden(name: string, source: string): string {
  if (process.env["HEED_WRITE_GOLDEN"]) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}${name}`, source);
  }
  return readFileSync(`${FOLDER}${name}`, "utf8");
}

export const GOLDENS: readonly (readonly [name: string, state: Partial<ViewState>])[] = [
  ["matrix", { view: "matrix", heads: [1], cell: { row: 3, col: 8 } }],
  ["matrix_masked", { view: "matrix", layer: 1, stage: "maskedScores", cell: { row: 5, col: 2 } }],
  ["matrix_words", { view: "matrix", words: true, special: false, renormalise: true }],
  ["heads", { view: "heads", heads: [0, 1], cell: { row: 9, col: 2 } }],
  ["text", { view: "text", cell: { row: 9, col: 2 }, locked: [9, 3] }],
  ["rows", { view: "rows", heads: [1], direction: "to", cell: { row: 1, col: 6 } }],
  ["model", { view: "model", sort: "pair", cell: { row: 9, col: 2 } }],
  ["steps", { view: "steps", layer: 1, heads: [1], cell: { row: 9, col: 2 } }],
  ["neuron", { view: "neuron", cell: { row: 9, col: 5 } }],
];
