// What a run too long to hold its matrices says of its scores, worked out of its queries and keys.
import type { Cell } from "../state.ts";
import { headVectors, type RunData, type Stage } from "./run_data.ts";
import { softmax } from "./softmax.ts";

export interface Head {
  /** Both [n, headDim]. */
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly headDim: number;
  readonly scale: number;
  readonly isCausal: boolean;
  /** Cells that are masked by hand. */
  readonly hidden: readonly Cell[];
}

export function headOf(run: RunData, layer: number, head: number): Head {
  return {
    query: headVectors(run, "query", layer, head),
    key: headVectors(run, "key", layer, head),
    headDim: run.headDim,
    scale: run.scales[layer] ?? NaN,
    isCausal: run.isCausal,
    hidden: run.whatIf.hidden,
  };
}

/** The cells of a stage before the softmax; −∞ where a mask hides one. */
export function cellsOf(head: Head, stage: Exclude<Stage, "weights">): (row: number, col: number) => number {
  const { query, key, headDim, isCausal } = head;
  const n = key.length / headDim;
  const scale = stage === "products" ? 1 : head.scale;
  const isMasked = stage === "maskedScores";
  const hidden = new Set(head.hidden.map(({ row, col }) => row * n + col));
  return (row, col) => {
    if (isMasked && ((isCausal && col > row) || hidden.has(row * n + col))) return -Infinity;
    let sum = 0;
    for (let d = 0, q = row * headDim, k = col * headDim; d < headDim; d++)
      sum += (query[q + d] ?? 0) * (key[k + d] ?? 0);
    return sum * scale;
  };
}

/** One row of a stage [n], the softmax among them. */
export function reckonedRow(head: Head, stage: Stage, row: number): Float32Array {
  const cell = cellsOf(head, stage === "weights" ? "maskedScores" : stage);
  const n = head.key.length / head.headDim;
  const scores = Float32Array.from({ length: n }, (_, col) => cell(row, col));
  return stage === "weights" ? softmax(scores) : scores;
}
