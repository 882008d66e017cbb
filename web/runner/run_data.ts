// What a view can know of a run: plain numbers and strings, as they came out of the worker.
import type { Prediction, Token } from "heed/models";

export const MODELS = ["heed-bert", "heed-gpt"] as const;
export type ModelName = (typeof MODELS)[number];

/** The stages of attention in the order of work, by the engine's names. */
export const STAGES = ["products", "scores", "maskedScores", "weights"] as const;
export type Stage = (typeof STAGES)[number];

export interface RunData {
  readonly model: ModelName;
  /** What the model read; its tokens' offsets count in it. */
  readonly text: string;
  /** What was typed beyond the model's length. */
  readonly leftOut: string;
  readonly tokens: readonly Token[];
  readonly numLayers: number;
  readonly numHeads: number;
  readonly isCausal: boolean;
  readonly maxLength: number;
  /** Each [layers, heads, n, n], row = query token. */
  readonly stages: Readonly<Record<Stage, Float32Array>>;
  /** Of every position, most probable first. */
  readonly predictions: readonly (readonly Prediction[])[];
  /** Time in the model, without the way to the worker and back. */
  readonly milliseconds: number;
}

/** One head's matrix [n, n]. */
export function headMatrix(run: RunData, stage: Stage, layer: number, head: number): Float32Array {
  const size = run.tokens.length ** 2;
  const from = (layer * run.numHeads + head) * size;
  return run.stages[stage].subarray(from, from + size);
}

/** All heads' matrices of a layer [heads, n, n]. */
export function layerMatrices(run: RunData, stage: Stage, layer: number): Float32Array {
  const size = run.numHeads * run.tokens.length ** 2;
  return run.stages[stage].subarray(layer * size, (layer + 1) * size);
}
