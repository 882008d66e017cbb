// What TypeScript sees of the C++ side of models: the functions that model_bindings.cpp names. Internal.

import type { NativeMemory, NativeStatus, Output } from "../native.js";

/** The numbers of a config.json under heed's names (src/models/model.h, ModelConfig). */
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
  normEpsilon: number;
  activation: "relu" | "gelu" | "gelu_tanh" | "silu";
  tiedHead: boolean;
  scaleAttention: boolean;
  scaleAttentionByLayer: boolean;
}

export type NativeDType = "F32" | "F16" | "BF16";

/** The results of a forward pass that can be asked for. Shapes: src/models/model.h, ForwardTrace. */
export type TraceName =
  | "hidden"
  | "query"
  | "key"
  | "value"
  | "context"
  | "products"
  | "scores"
  | "cappedScores"
  | "maskedScores"
  | "weights"
  | "logsumexp";

export interface NativeForwardOptions {
  tokenTypes?: Int32Array;
  isCausal?: boolean;
  scale?: number;
  usePositions?: boolean;
  /** [numLayers, numHeads], non-zero: ablated. */
  ablatedHeads?: Uint8Array;
  /** Continue the model's key/value cache (see resetCache). */
  useCache?: boolean;
  trace: readonly TraceName[];
}

export type NativeForwardResult = { finalHidden: Float32Array } & Partial<Record<TraceName, Float32Array>>;

/**
 * A model in a WebAssembly instance of its own. Methods throw HeedError. Once the instance has crashed, every method throws
 * "crashed" and `alive` is false: make a new one and give it its weights again.
 */
export interface NativeModel {
  readonly alive: boolean;
  readonly isCausal: boolean;
  /** Known after finish(). */
  readonly hasHead: boolean;
  /** One tensor of the checkpoint, under its name there; `bytes` little-endian, any alignment. */
  setWeight(name: string, dtype: NativeDType, shape: readonly number[], bytes: Uint8Array): void;
  /** Checks that every weight was given. */
  finish(): void;
  forward(tokenIds: Int32Array, options: NativeForwardOptions): NativeForwardResult;
  /** Logits [rows, vocabulary] of final hidden states [rows, modelDim]. */
  logits(finalHidden: Float32Array): Float32Array;
  /** Empties the key/value cache and makes room for `capacity` tokens; 0 frees it. */
  resetCache(capacity: number): void;
  readonly memory: { heapBytes: number; usedBytes: number };
  dispose(): void;
}

/** The functions of model_bindings.cpp. `model`: the handle that createModel() gave. */
export interface ModelsModule extends NativeMemory {
  createModel(config: NativeModelConfig): NativeStatus & { handle: number; isCausal: boolean };
  setWeight(
    model: number,
    name: string,
    dtype: string,
    shape: readonly number[],
    bytes: Uint8Array,
  ): NativeStatus;
  finishModel(model: number): NativeStatus & { hasHead: boolean };
  forward(
    model: number,
    tokenIds: Int32Array,
    options: NativeForwardOptions,
  ): NativeStatus & NativeForwardResult;
  logits(model: number, finalHidden: Float32Array): Output;
  resetCache(model: number, capacity: number): NativeStatus;
}
