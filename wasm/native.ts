// What TypeScript sees of the C++ side: the functions that bindings.cpp names, and the models made by them. Internal.

/** The outcome of a native call that can fail: 0, or the place of an error code in `statusCodes`, and a message. */
export interface NativeStatus {
  code: number;
  message: string;
}

/** The results alone, as a caller gets them. */
export function withoutStatus(result: NativeStatus & Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(result).filter(([name]) => name !== "code" && name !== "message"));
}

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
 * A model inside an engine's WebAssembly instance. Methods throw HeedError. When a trap has replaced the instance, every
 * method throws "crashed" and `alive` is false: make a new one and give it its weights again.
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
  dispose(): void;
}

/** What an engine offers to heed/models, under a symbol so that it is no part of the public API. */
export interface NativeModels {
  createModel(config: NativeModelConfig): NativeModel;
}

// Registered, so that heed, heed/external and heed/models agree on it also when bundled apart.
export const nativeModels: unique symbol = Symbol.for("heed.models") as never;

type Values = Float32Array;
type Output = NativeStatus & { output: Values };

/** The functions of bindings.cpp. */
export interface NativeModule {
  attention(request: object): NativeStatus & Record<string, Values>;
  attentionWindow(request: object): Output;
  multiHeadAttention(request: object): NativeStatus & Record<string, Values>;
  rotaryEmbedding(request: object): Output;
  sinusoidalPositions(length: number, modelDim: number): Output;
  linear(x: Values, weight: Values, bias: Values | null, inFeatures: number, outFeatures: number): Output;
  softmax(x: Values, rowLength: number): Output;
  layerNorm(
    x: Values,
    rowLength: number,
    weight: Values | null,
    bias: Values | null,
    epsilon: number,
  ): Output;
  rmsNorm(x: Values, rowLength: number, weight: Values | null, epsilon: number): Output;
  activate(x: Values, name: string): Output;
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
  logits(model: number, finalHidden: Values): Output;
  resetCache(model: number, capacity: number): NativeStatus;
  disposeModel(model: number): void;
  heapBytes(): number;
  usedBytes(): number;
}
