// One row of a stage: as the run holds it, or, where a run is too long to hold matrices, computed of its queries and keys.
import { headMatrix, headVectors, isLong, type Stage } from "../../runner/run_data.ts";
import type { Scene } from "../view.ts";

/** Row `row` of the shown head [n]. */
export function stageRow(
  { run, state }: Pick<Scene, "run" | "state">,
  stage: Stage,
  row: number,
): Float32Array {
  const n = run.tokens.length;
  const [layer, head] = [state.layer, state.heads[0] ?? 0];
  if (!isLong(run)) return headMatrix(run, stage, layer, head).subarray(row * n, (row + 1) * n);
  const { headDim, isCausal, whatIf } = run;
  const scale = run.scales[layer] ?? NaN;
  const query = headVectors(run, "query", layer, head).subarray(row * headDim, (row + 1) * headDim);
  const keys = headVectors(run, "key", layer, head);
  const values = new Float32Array(n);
  for (let j = 0; j < n; j++)
    values[j] = query.reduce((sum, q, d) => sum + q * (keys[j * headDim + d] ?? 0), 0);
  if (stage === "products") return values;
  const scores = values.map((product) => product * scale);
  if (stage === "scores") return scores;
  if (isCausal) scores.fill(-Infinity, row + 1);
  for (const hidden of whatIf.hidden) if (hidden.row === row) scores[hidden.col] = -Infinity;
  return stage === "maskedScores" ? scores : softmax(scores);
}

function softmax(scores: Float32Array): Float32Array {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  if (largest === -Infinity) return new Float32Array(scores.length);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
