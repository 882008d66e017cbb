// Parts of a run's matrices as its model gives them: weights by its engine, the rest worked out of queries and keys. Those of
// cross-attention are worked out too: to its products no architecture adds anything.
import type { Cell, Part } from "../state.ts";
import type { Attention } from "./parts.ts";
import { cellsOf, reckonedRow, type Head } from "./reckoned.ts";
import type { WindowRequest } from "./run_data.ts";
import { pooledWindow } from "./window.ts";

/** Weights that differ by less are the same: those of one softmax in float32, summed in another order, differ by 1e-6. */
const RECKONED = 1e-4;

export interface AsRun {
  readonly part: Part;
  readonly isCausal: boolean;
  /** Cells hidden by hand. */
  readonly hidden: readonly Cell[];
  /** [layers] */
  readonly scales: readonly number[];
}

export interface AttentionWindows {
  window(layer: number, head: number, request: WindowRequest): Float32Array;
  /** See RunData. */
  isReckoned(): boolean;
}

export function attentionWindows(
  attention: Attention,
  { part, isCausal, hidden, scales }: AsRun,
): AttentionWindows {
  const { run } = attention;
  const n = run.tokens.length;
  const headOf = (layer: number, head: number): Head => {
    const [query, key] = [attention.query(layer, head), attention.key(layer, head)];
    return { query, key, headDim: query.length / n, scale: scales[layer] ?? NaN, isCausal, hidden };
  };
  /** Whether the last row of a layer's first head comes out as the model's own. */
  const comesOut = (layer: number): boolean => {
    const own = run.window(layer, 0, { rows: [n - 1, n], cols: [0, n] });
    return reckonedRow(headOf(layer, 0), "weights", n - 1).every(
      (weight, col) => Math.abs(weight - (own[col] ?? NaN)) < RECKONED,
    );
  };
  return {
    window(layer, head, { stage = "weights", ...request }) {
      if (stage !== "weights") return pooledWindow(cellsOf(headOf(layer, head), stage), request);
      return part === "cross"
        ? pooledWindow(weightsOf(headOf(layer, head)), request)
        : run.window(layer, head, request);
    },
    isReckoned: () => part === "cross" || scales.every((_, layer) => comesOut(layer)),
  };
}

/** The cells of a head's weights; each row is worked out once. */
function weightsOf(head: Head): (row: number, col: number) => number {
  const rows = new Map<number, Float32Array>();
  return (row, col) => {
    const known = rows.get(row) ?? reckonedRow(head, "weights", row);
    rows.set(row, known);
    return known[col] ?? 0;
  };
}
