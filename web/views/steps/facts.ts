// The numbers of one cell through all steps: row i of one head looks at column j.
import { followedCell } from "../../reading/focus.ts";
import { headVectors, keysOf, type Stage } from "../../runner/run_data.ts";
import type { Cell } from "../../state.ts";
import type { Scene } from "../view.ts";
import { stageRow } from "./stage_row.ts";

export interface Facts {
  readonly layer: number;
  readonly head: number;
  /** Tokens that look, and that are looked at. */
  readonly n: number;
  readonly m: number;
  readonly headDim: number;
  readonly modelDim: number;
  readonly cell: Cell;
  /** Row `row` of a head's vectors [headDim]. */
  vector(name: "query" | "key" | "value" | "context", row: number): Float32Array;
  /** Row i of a stage [m]. */
  row(stage: Stage): Float32Array;
  /** The followed cell of a stage. */
  at(stage: Stage): number;
  /** Column `channel` of the head's values [m]. */
  valuesOf(channel: number): Float32Array;
  /** Of row i: the largest score after the mask, and Σ e^(score − largest). */
  readonly largest: number;
  readonly sum: number;
  /** What the products are divided by. */
  readonly divisor: number;
  readonly isAblated: boolean;
  /** Why the cell is −∞, if it is. */
  readonly hidden: "future" | "hand" | undefined;
}

export function factsOf(scene: Scene): Facts {
  const { run, state } = scene;
  const { headDim, modelDim, whatIf } = run;
  const [layer, head] = [state.layer, state.heads[0] ?? 0];
  const [n, m] = [run.tokens.length, keysOf(run).tokens.length];
  const cell = followedCell(scene);
  const rows = new Map<Stage, Float32Array>();
  const row = (stage: Stage): Float32Array => {
    const made = rows.get(stage) ?? stageRow(scene, stage, cell.row);
    rows.set(stage, made);
    return made;
  };
  const seen = row("maskedScores").filter(Number.isFinite);
  const largest = seen.reduce((most, score) => Math.max(most, score), -Infinity);
  const isByHand = whatIf.hidden.some((other) => other.row === cell.row && other.col === cell.col);
  return {
    ...{ layer, head, n, m, headDim, modelDim, cell, row, largest },
    vector: (name, at) => headVectors(run, name, layer, head).subarray(at * headDim, (at + 1) * headDim),
    at: (stage) => row(stage)[cell.col] ?? NaN,
    valuesOf: (channel) =>
      Float32Array.from(
        { length: m },
        (_, j) => headVectors(run, "value", layer, head)[j * headDim + channel] ?? 0,
      ),
    sum: seen.reduce((sum, score) => sum + Math.exp(score - largest), 0),
    divisor: 1 / (run.scales[layer] ?? NaN),
    isAblated: whatIf.ablated.some(([l, h]) => l === layer && h === head),
    hidden: isByHand ? "hand" : run.isCausal && cell.col > cell.row ? "future" : undefined,
  };
}

/** Whether the products are divided by the root of the width, and the temperature, as most models do. */
export function isRootOf(
  { headDim, divisor }: Pick<Facts, "headDim" | "divisor">,
  { scaled, temperature }: Scene["run"]["whatIf"],
): boolean {
  return Math.abs(divisor / ((scaled ? Math.sqrt(headDim) : 1) * temperature) - 1) < 1e-6;
}

/** Whether all scores go through the mask as they are. */
export function hidesNothing({ run }: Pick<Scene, "run">): boolean {
  return !run.isCausal && run.whatIf.hidden.length === 0;
}

/** The heads' contexts of a layer side by side [n, heads · headDim]. */
export function concatenated({ run, state: { layer } }: Scene): Float32Array {
  const n = run.tokens.length;
  const { numHeads, headDim } = run;
  const width = numHeads * headDim;
  const all = new Float32Array(n * width);
  for (let head = 0; head < numHeads; head++) {
    const context = headVectors(run, "context", layer, head);
    for (let i = 0; i < n; i++)
      all.set(context.subarray(i * headDim, (i + 1) * headDim), i * width + head * headDim);
  }
  return all;
}

/** The channel of a vector with the largest magnitude. */
export function strongest(vector: Float32Array): number {
  return vector.reduce((best, value, at) => (Math.abs(value) > Math.abs(vector[best] ?? 0) ? at : best), 0);
}
