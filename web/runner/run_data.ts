// What a view can know of a run: plain numbers and strings, as they came out of the worker.
import type { HeadStatistics, Prediction, Projections, Token, Word } from "heed/models";
import type { Part, WhatIf } from "../state.ts";

export const MODELS = ["heed-bert", "heed-gpt"] as const;
export type ModelName = (typeof MODELS)[number];

/** How a vocabulary writes: with ## before what goes on a word, or byte by byte with a mark for the space. */
export type Spelling = "wordpiece" | "bytes";

/** The stages of attention in the order of work, by the engine's names. */
export const STAGES = ["products", "scores", "maskedScores", "weights"] as const;
export type Stage = (typeof STAGES)[number];

/**
 * A rectangle of a head's matrix, drawn in fewer cells where `out` is smaller: each is the mean or the largest under it, of
 * scores by magnitude.
 */
export interface WindowRequest {
  readonly rows: readonly [from: number, to: number];
  readonly cols: readonly [from: number, to: number];
  readonly out: readonly [height: number, width: number];
  readonly reduce: "mean" | "max";
  /** Default "weights". */
  readonly stage?: Stage;
}

/** A text that went through a model. */
export interface ReadText {
  /** What the model read; its tokens' offsets count in it, or in `pair` for those of the second sequence. */
  readonly text: string;
  readonly pair: string;
  /** What was typed beyond the model's length. */
  readonly leftOut: string;
  readonly tokens: readonly Token[];
  /** Sub-words joined to words; special tokens are words of their own. */
  readonly words: readonly Word[];
}

/** Of an encoder-decoder: which of its three attentions a run shows, and both its texts. */
export interface Stacks {
  readonly part: Part;
  /** What the encoder read. */
  readonly source: ReadText;
  /** What the decoder read, behind the token that begins its texts; undefined: of the encoder alone it was not asked. */
  readonly target: string | undefined;
  /** Whether the model wrote the target itself: greedily, the most probable token at each step. */
  readonly isWritten: boolean;
  /** [source tokens, modelDim], what the encoder made of the source: cross-attention's keys and values are made of it. */
  readonly memory: Float32Array;
}

/**
 * A text's attention to itself; n tokens. Of an encoder-decoder it is that of the part asked for: the text is then the source
 * (encoder), or the target (decoder, cross). In cross-attention the target's n tokens look at the source's m (see keysOf).
 */
export interface RunData extends ReadText {
  /** As it is shown: a bundled model's name, or the last part of an address. */
  readonly model: string;
  readonly spelling: Spelling;
  /** Absent: the model is not of an encoder and a decoder. */
  readonly stacks?: Stacks;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly headDim: number;
  readonly modelDim: number;
  /** As it was run. */
  readonly isCausal: boolean;
  /** What queries, keys and values are beside products of the layer's input. */
  readonly projections: Projections;
  /** By which each layer's products were multiplied [layers]. */
  readonly scales: readonly number[];
  readonly whatIf: WhatIf;
  readonly maxLength: number;
  /** Each [layers, heads, n, m], row = query token, m = n but in cross-attention; empty where whole matrices would be too much (see isLong). */
  readonly stages: Readonly<Record<Stage, Float32Array>>;
  /** Each [layers, heads, n, headDim], key and value [layers, heads, m, headDim]; context: weights · value, ablation applied. */
  readonly vectors: Readonly<Record<"query" | "key" | "value" | "context", Float32Array>>;
  /** [layers + 1, n, modelDim]; 0 = embeddings. */
  readonly hidden: Float32Array;
  /** Each [layers, n, modelDim]: what a layer's queries, keys and values are made of (in cross-attention the queries alone), and what Wᴼ makes of its heads' contexts. */
  readonly attentionInput: Float32Array;
  readonly attentionOutput: Float32Array;
  /** [layers, heads, n, modelDim]: what Wᴼ makes of each head's context alone, without its bias; absent where it would be too much. */
  readonly headOutputs?: Float32Array;
  /**
   * Whether its weights are the softmax of scaled products alone: not where a model adds something to its scores or caps them,
   * or looks no farther than a window. Then a long run's scores can't be worked out (see reckonedRow).
   */
  readonly isReckoned: boolean;
  /** [layers][heads]; empty where whole matrices would be too much. In cross-attention those that mean something there. */
  readonly statistics: readonly (readonly Partial<HeadStatistics>[])[];
  /** [n, n], Abnar and Zuidema 2020; empty where whole matrices would be too much, and of a decoder, which looks at two texts. */
  readonly rollout: Float32Array;
  /** Of every position, most probable first; of a long run of the last alone. */
  readonly predictions: readonly (readonly Prediction[])[];
  /** [vocabulary], at the position that was asked for; absent where none was. */
  readonly distribution?: Float32Array;
  /** Time in the model, without the way to the worker and back. */
  readonly milliseconds: number;
}

/** Whether there are no whole matrices: views then ask for windows. */
export function isLong(run: RunData): boolean {
  return run.stages.weights.length === 0;
}

/** Whether the steps to a weight are known: held, or to be worked out. */
export function hasSteps(run: RunData): boolean {
  return !isLong(run) || run.isReckoned;
}

/** The stage of a whole matrix that can be shown. */
export function stageWithin(run: RunData, stage: Stage): Stage {
  return hasSteps(run) ? stage : "weights";
}

/** What of an encoder-decoder is shown; of other models there is one attention, the encoder's by name. */
export function partOf({ stacks }: Pick<RunData, "stacks">): Part {
  return stacks?.part ?? "encoder";
}

/** The text that is looked at: in cross-attention the source, else the same that looks. */
export function keysOf(run: ReadText & Pick<RunData, "stacks">): ReadText {
  return run.stacks?.part === "cross" ? run.stacks.source : run;
}

/** A head's query or context [n, headDim], key or value [m, headDim]. */
export function headVectors(
  run: RunData,
  name: keyof RunData["vectors"],
  layer: number,
  head: number,
): Float32Array {
  const { tokens } = name === "key" || name === "value" ? keysOf(run) : run;
  const size = tokens.length * run.headDim;
  const from = (layer * run.numHeads + head) * size;
  return run.vectors[name].subarray(from, from + size);
}

/** What goes into a layer's attention (into cross-attention on the queries' side), or comes out of it [n, modelDim]. */
export function layerStream(
  run: RunData,
  name: "attentionInput" | "attentionOutput",
  layer: number,
): Float32Array {
  const size = run.tokens.length * run.modelDim;
  return run[name].subarray(layer * size, (layer + 1) * size);
}

/** What goes on of a token, head by head, and last of Wᴼ's bias [heads + 1, modelDim]: these add up to the attention's output. */
export function partsOfOutput(run: RunData, layer: number, token: number): Float32Array | undefined {
  const { headOutputs, numHeads, modelDim, tokens } = run;
  if (!headOutputs) return undefined;
  const parts = new Float32Array((numHeads + 1) * modelDim);
  const bias = parts.subarray(numHeads * modelDim);
  const from = token * modelDim;
  bias.set(layerStream(run, "attentionOutput", layer).subarray(from, from + modelDim));
  for (let head = 0; head < numHeads; head++) {
    const at = ((layer * numHeads + head) * tokens.length + token) * modelDim;
    const part = headOutputs.subarray(at, at + modelDim);
    parts.set(part, head * modelDim);
    part.forEach((value, k) => (bias[k] = (bias[k] ?? NaN) - value));
  }
  return parts;
}

/** One head's matrix [n, m]. */
export function headMatrix(run: RunData, stage: Stage, layer: number, head: number): Float32Array {
  const size = run.tokens.length * keysOf(run).tokens.length;
  const from = (layer * run.numHeads + head) * size;
  return run.stages[stage].subarray(from, from + size);
}

/** All heads' matrices of a layer [heads, n, m]. */
export function layerMatrices(run: RunData, stage: Stage, layer: number): Float32Array {
  const size = run.numHeads * run.tokens.length * keysOf(run).tokens.length;
  return run.stages[stage].subarray(layer * size, (layer + 1) * size);
}
