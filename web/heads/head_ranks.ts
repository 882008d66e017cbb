// All heads of a model, in an order.
import { partOf, type RunData } from "../runner/run_data.ts";
import { HEAD_SORTS, type HeadSort } from "../state.ts";

export interface RankedHead {
  readonly layer: number;
  readonly head: number;
  /** What it is ordered by; undefined where that can't be measured, or nothing is. */
  readonly value: number | undefined;
}

/** What the heads of a run can be ordered by: between two texts only some statistics mean anything. */
export function sortsFor(run: RunData): readonly HeadSort[] {
  if (partOf(run) !== "cross") return HEAD_SORTS;
  return ["place", "pair", "firstToken", "separator", "entropy"];
}

/** The greatest first, equals and what can't be measured as they stand in the model. `pair` is [layers · heads]. */
export function rankHeads(run: RunData, sort: HeadSort, pair: ArrayLike<number> | undefined): RankedHead[] {
  const heads = Array.from({ length: run.numLayers * run.numHeads }, (_, i): RankedHead => {
    const [layer, head] = [Math.floor(i / run.numHeads), i % run.numHeads];
    if (sort === "place") return { layer, head, value: undefined };
    return { layer, head, value: sort === "pair" ? pair?.[i] : run.statistics[layer]?.[head]?.[sort] };
  });
  if (sort === "place") return heads;
  return heads.sort((a, b) => order(a.value, b.value));
}

function order(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return b - a;
}
