// What TypeScript sees of the C++ side of models: the functions that model_bindings.cpp names. Internal.

import type { NativeMemory, NativeStatus, Output } from "../native.js";
import type { OwnFloat32Array } from "../types.js";

/** Rotary positions: src/models/rotary.h, Rotary. */
export interface NativeRotary {
  /** What each pair of channels turns by from one position to the next. */
  frequencies: readonly number[];
  /** Of the turned channels. */
  magnitude: number;
}

/** The numbers of a config.json under heed's names, and with the defaults, of src/models/model.h, ModelConfig. */
export interface NativeModelConfig {
  architecture: string;
  numLayers: number;
  numHeads: number;
  numKvHeads: number;
  headDim: number;
  modelDim: number;
  feedForwardDim: number;
  vocabularySize: number;
  maxLength: number;
  /** 0: none. */
  numTokenTypes: number;
  /** Of the token table, where it is not modelDim. */
  embeddingDim?: number;
  /** Positions are counted from behind this id; default -1. */
  paddingId?: number;
  /** Encoder-decoders: numLayers is the encoder's. */
  numDecoderLayers?: number;
  /** Of the decoder's own table of tokens, where it has one. */
  decoderVocabularySize?: number;
  /** Of the hidden states that the head reads; default 1. */
  headScale?: number;
  /** The feed-forward layer is gated. */
  hasGate?: boolean;
  /** T5's distances. */
  relativeBuckets?: number;
  relativeMaxDistance?: number;
  /** ELECTRA: logits [rows, 1], not [rows, vocabulary]. */
  isDiscriminator?: boolean;
  normEpsilon: number;
  activation: "relu" | "gelu" | "gelu_tanh" | "silu";
  tiedHead: boolean;
  queryKeyValueBias?: boolean;
  attentionOutputBias?: boolean;
  feedForwardBias?: boolean;
  attentionScale?: number;
  scaleAttentionByLayer?: boolean;
  attentionSoftcap?: number;
  window?: number;
  slidingLayers?: readonly number[];
  rotary?: NativeRotary;
  slidingRotary?: NativeRotary;
  hasPreNorms?: boolean;
  hasParallelResidual?: boolean;
  hasQueryKeyNorm?: boolean;
  hasPostNorms?: boolean;
  normGainOffset?: number;
  embeddingScale?: number;
  logitSoftcap?: number;
  /** What an instance holds of the model; by default all. */
  part?: NativePart;
}

/** As src/models/shard.h, ModelPart. */
export interface NativePart {
  /** The embedding and the language-model head. */
  hasEnds: boolean;
  shard: number;
  /** 0: none of the layers. */
  numShards: number;
}

export type NativeDType = "F32" | "F16" | "BF16";

/** The results of a forward pass that can be asked for. Shapes: src/models/model.h, ForwardTrace. */
export type TraceName =
  | "hidden"
  | "attentionInput"
  | "attentionOutput"
  | "query"
  | "key"
  | "value"
  | "context"
  | "headOutputs"
  | "products"
  | "scores"
  | "cappedScores"
  | "maskedScores"
  | "weights"
  | "logsumexp";

/** Changes to one kind of attention, and what to keep of it. */
export interface NativeAttentionChanges {
  isCausal?: boolean;
  scale?: number;
  /** Divides the scale. */
  temperature?: number;
  /** [tokens, keys], 0: hidden in every layer and head. */
  attentionMask?: Uint8Array;
  /** [numLayers, numHeads], non-zero: ablated. */
  ablatedHeads?: Uint8Array;
  trace: readonly TraceName[];
}

export interface NativeForwardOptions extends NativeAttentionChanges {
  tokenTypes?: Int32Array;
  usePositions?: boolean;
  /** Continue the model's key/value cache (see resetCache). */
  useCache?: boolean;
  /** Encoder-decoders: the encoder's final hidden states. The pass is the decoder's, and its cross-attention sees them. */
  memory?: Float32Array;
  cross?: NativeAttentionChanges;
}

/** Some rows of a tensor of the checkpoint, [begin, end) of its first dimension, in order; under its name there. */
export interface WeightPiece {
  name: string;
  dtype: NativeDType;
  /** Of the whole tensor. */
  shape: readonly number[];
  rows: readonly [begin: number, end: number];
  /** Little-endian, any alignment. */
  bytes: Uint8Array;
}

/** One head's part of a run and a rectangle of its weights. */
export interface NativeWindow {
  layer: number;
  /** The head's. */
  index: number;
  /** Of an encoder-decoder: of the decoder's attention to itself. */
  isDecoder: boolean;
  /** [tokens, headDim] */
  query: Float32Array;
  key: Float32Array;
  /** [tokens] */
  logsumexp: Float32Array;
  rowBegin: number;
  rowEnd: number;
  colBegin: number;
  colEnd: number;
  height: number;
  width: number;
  reduce: "mean" | "max";
}

/** The switches of a run that bear on attention. */
export type NativeAttentionOptions = Pick<
  NativeForwardOptions,
  "isCausal" | "scale" | "temperature" | "attentionMask" | "usePositions"
>;

export type Traced = Partial<Record<TraceName, Float32Array>>;

export type NativeForwardResult = {
  finalHidden: Float32Array;
  /** Of a decoder's cross-attention. */
  cross?: Traced;
} & Traced;

/**
 * A model in WebAssembly: in an instance of its own, or over several in workers, which is why most methods may take a
 * while. They throw HeedError. Once an instance has crashed, every method throws "crashed" and `alive` is false: make a new
 * one and give it its weights again. Unless it is `disposed`, itself or the engine it was given: then it has ended.
 */
export interface NativeModel {
  readonly alive: boolean;
  readonly disposed: boolean;
  readonly isCausal: boolean;
  /** Known after finish(). */
  readonly hasHead: boolean;
  setWeight(piece: WeightPiece): Promise<void> | void;
  /** Checks that every weight was given. */
  finish(): Promise<void> | void;
  /** A signal that fires while workers are at it ends the pass with "aborted". */
  forward(
    tokenIds: Int32Array,
    options: NativeForwardOptions,
    signal?: AbortSignal,
  ): Promise<NativeForwardResult> | NativeForwardResult;
  /** Of final hidden states [rows, modelDim]: [rows, vocabulary]. */
  head(finalHidden: Float32Array, output: HeadOutput): OwnFloat32Array;
  /** Weights [height, width] of a head of a layer, run with these options. */
  window(head: NativeWindow, options: NativeAttentionOptions): OwnFloat32Array;
  /**
   * Empties the key/value cache and makes room for `capacity` tokens; 0 frees it. With the encoder's final hidden states the
   * cache is the decoder's, for passes that see them.
   */
  resetCache(capacity: number, memory?: Float32Array): Promise<void> | void;
  readonly memory: { heapBytes: number; usedBytes: number };
  dispose(): void;
}

/** What the language-model head gives: logits, or their softmax. */
export type HeadOutput = "logits" | "probabilities";

/** What a shard's layers have come to: a partial sum that waits for the others', or the results. */
export type NativeStep = { partial: Float32Array } | NativeForwardResult;

/** What an embedding is asked for. */
export interface NativeEmbedding {
  /** Of an encoder-decoder. */
  isDecoder: boolean;
  tokenTypes?: Int32Array | undefined;
  usePositions?: boolean | undefined;
}

/** The functions of model_bindings.cpp. `model`: the handle that createModel() gave. */
export interface ModelsModule extends NativeMemory {
  createModel(config: NativeModelConfig): NativeStatus & { handle: number; isCausal: boolean };
  setWeight(
    model: number,
    name: string,
    dtype: string,
    shape: readonly number[],
    rowsBegin: number,
    rowsEnd: number,
    bytes: Uint8Array,
  ): NativeStatus;
  finishModel(model: number): NativeStatus & { hasHead: boolean };
  forward(
    model: number,
    tokenIds: Int32Array,
    options: NativeForwardOptions,
  ): NativeStatus & NativeForwardResult;
  embed(model: number, tokenIds: Int32Array, pastLength: number, options: NativeEmbedding): Output;
  startShard(model: number, x: Float32Array, options: NativeForwardOptions): NativeStatus & NativeStep;
  /** `partials`: those of all shards, in order; null for the own. */
  resumeShard(model: number, partials: readonly (Float32Array | null)[]): NativeStatus & NativeStep;
  leaveShard(model: number): void;
  head(model: number, finalHidden: Float32Array, asProbabilities: boolean): Output;
  window(model: number, head: NativeWindow, options: NativeAttentionOptions): Output;
  resetCache(model: number, capacity: number, memory: Float32Array | null): NativeStatus;
}
