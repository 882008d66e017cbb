// One row of a stage: as the run holds it, or, where a run is too long to hold matrices, worked out.
import { headOf, reckonedRow } from "../../runner/reckoned.ts";
import { headMatrix, isLong, keysOf, type Stage } from "../../runner/run_data.ts";
import type { Scene } from "../view.ts";

/** Row `row` of the shown head [m]. */
export function stageRow(
  { run, state }: Pick<Scene, "run" | "state">,
  stage: Stage,
  row: number,
): Float32Array {
  const m = keysOf(run).tokens.length;
  const [layer, head] = [state.layer, state.heads[0] ?? 0];
  if (isLong(run)) return reckonedRow(headOf(run, layer, head), stage, row);
  return headMatrix(run, stage, layer, head).subarray(row * m, (row + 1) * m);
}
