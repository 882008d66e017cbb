/// <reference lib="esnext.disposable" preserve="true" />

/** Stages of attention that a call can hand back. Each is [B, Hq, L, S] but logsumexp, which is [B, Hq, L]. */
export type CaptureName = "products" | "scores" | "cappedScores" | "maskedScores" | "weights" | "logsumexp";

export interface EngineOptions {
  /** "auto" (default): relaxed-simd where the host validates it, else simd. */
  variant?: "auto" | "simd" | "relaxed-simd";
  /**
   * Workers behind attentionAsync(), each with an instance of its own; 0: this thread. "auto" (default): one a core, at most
   * 8; a number above 8 and above the cores counts as the larger of the two. They start on first use and end with dispose(). Needs no special headers; where the page's
   * Content-Security-Policy has no `worker-src blob:`, or Node is older than 20.16, this thread does the work.
   */
  workers?: "auto" | number;
}

/**
 * Letters: B batch size, Hq query heads, Hkv key/value heads, L query length, S key length in all (past + new), D head
 * dim, Dv value dim. L and S come from the array lengths.
 */
export interface AttentionOptions {
  /** Hq. */
  numHeads: number;
  /** D. */
  headDim: number;
  /** Hkv; divides Hq, and query head h reads kv head floor(h / (Hq / Hkv)) (Ainslie et al. 2023). Default Hq. */
  numKvHeads?: number;
  /** Dv. Default D. */
  valueDim?: number;
  /** B. Default 1. */
  batchSize?: number;
  /** "bhld" (default): query [B, Hq, L, D]. "blhd": query [B, L, Hq·D]. Key and value alike. */
  layout?: "bhld" | "blhd";
  /** Default 1/sqrt(D) (Vaswani et al. 2017, section 3.2.1). */
  scale?: number;
  /** Hide keys after the query's position. Default false. */
  isCausal?: boolean;
  /**
   * Position of the first query among the keys, one for all or [B]. Default: the past's length with a past;
   * keyLengths[b] − L with keyLengths when isCausal or window is given; else 0.
   */
  queryOffset?: number | Int32Array;
  /** Keys visible before and after the query's position, itself not counted; −1: unbounded. */
  window?: readonly [left: number, right: number];
  /**
   * Uint8Array: non-zero = attend. Float32Array: added to the scores. Rank 1 to 4, right-aligned and broadcast to
   * [B, Hq, L, S]; a last dimension of 1 broadcasts, any other shorter than S hides the keys beyond it.
   */
  attnMask?: { data: Uint8Array | Float32Array; shape: readonly number[] };
  /** [B]: valid keys of each batch item. */
  keyLengths?: Int32Array;
  /** c > 0: a score becomes c·tanh(score / c). 0 or absent: off. */
  softcap?: number;
  /** [Hq] or [B, Hq]: adds −slope·|p − j| (Press et al. 2022). */
  alibiSlopes?: Float32Array;
  /** [Hq]: a logit that joins only the softmax denominator. */
  sinks?: Float32Array;
  /** [B, Hkv, P, D], with pastValue: keys that come before the new ones. */
  pastKey?: Float32Array;
  /** [B, Hkv, P, Dv] */
  pastValue?: Float32Array;
  /** The stages to hand back. */
  capture?: readonly CaptureName[];
}

/**
 * A result's numbers, in a buffer of their own: to TypeScript from 5.7 on a Float32Array<ArrayBuffer>, which Blob, fetch and
 * postMessage take as it is; to those before, which don't tell buffers apart, a Float32Array.
 */
export type OwnFloat32Array = ReturnType<Float32Array["slice"]>;

export interface AttentionResult {
  /** "bhld": [B, Hq, L, Dv]; "blhd": [B, L, Hq·Dv]. */
  output: OwnFloat32Array;
  /** QKᵀ */
  products?: OwnFloat32Array;
  /** products · scale */
  scores?: OwnFloat32Array;
  /** softcap · tanh(scores / softcap), or scores */
  cappedScores?: OwnFloat32Array;
  /** cappedScores + ALiBi + float mask; −Infinity where a key is not visible */
  maskedScores?: OwnFloat32Array;
  /** softmax of maskedScores over the keys, and the sink */
  weights?: OwnFloat32Array;
  /** [B, Hq, L]: natural log of the softmax denominator, sink included. */
  logsumexp?: OwnFloat32Array;
  /** [B, Hkv, S, D]: past and new joined, where pastKey was given. */
  presentKey?: OwnFloat32Array;
  /** [B, Hkv, S, Dv] */
  presentValue?: OwnFloat32Array;
}

export interface WindowOptions {
  /** Default 0. */
  batch?: number;
  head: number;
  /** Half-open range of queries. */
  rows: readonly [from: number, to: number];
  /** Half-open range of keys. */
  cols: readonly [from: number, to: number];
  /** [height, width] of the result, at most the rectangle's; default the rectangle's. */
  out?: readonly [height: number, width: number];
  /** How the cells under a smaller result are joined. Default "mean". */
  reduce?: "mean" | "max";
}

/** A linear layer as PyTorch keeps it: y = x·Wᵀ + b. */
export interface LinearWeights {
  /** [out, in] */
  weight: Float32Array;
  /** [out] */
  bias?: Float32Array;
}

export interface MultiHeadWeights {
  /** [Hq·D, E] */
  query: LinearWeights;
  /** [Hkv·D, Ek] */
  key: LinearWeights;
  /** [Hkv·Dv, Ev] */
  value: LinearWeights;
  /** [out, Hq·Dv] */
  output: LinearWeights;
}

/** As AttentionOptions, less the layout and the past. */
export interface MultiHeadOptions extends Omit<
  AttentionOptions,
  "layout" | "pastKey" | "pastValue" | "capture"
> {
  capture?: readonly (CaptureName | "heads")[];
}

export interface MultiHeadResult extends Omit<AttentionResult, "presentKey" | "presentValue"> {
  /** [B, Hq, L, Dv]: each head's context before the output projection, if captured. */
  heads?: OwnFloat32Array;
}

export interface RotaryOptions {
  /** "bhld" (default): x [B, H, L, D]. "blhd": x [B, L, H·D]. */
  layout?: "bhld" | "blhd";
  /** Default 1. */
  batchSize?: number;
  numHeads: number;
  headDim: number;
  /** Channels that turn; even. Default headDim; the rest passes through. */
  rotaryDim?: number;
  /** Pairs (2i, 2i + 1) instead of (i, i + rotaryDim / 2). Default false. */
  interleaved?: boolean;
  /**
   * [maxPosition, rotaryDim / 2] with positionIds; without, [B, L, rotaryDim / 2] or [L, rotaryDim / 2].
   * Left out (both): the tables of `base`.
   */
  cos?: Float32Array;
  sin?: Float32Array;
  /** [B, L]; default 0, 1, 2 … */
  positionIds?: Int32Array;
  /** Of the tables made when cos and sin are left out. Default 10000. */
  base?: number;
}

/** Attention and the layers around it, in WebAssembly. Every result is a copy that the caller owns. */
export interface Engine {
  readonly variant: "simd" | "relaxed-simd";
  readonly version: string;
  /** Bytes of the engine's WebAssembly memory, and of them in use. Workers and models have their own. */
  readonly memory: { readonly heapBytes: number; readonly usedBytes: number };

  /**
   * softmax(QKᵀ·scale)V, in this thread (Vaswani et al. 2017, section 3.2.1).
   *
   * Layout "bhld": query [B, Hq, L, D], key [B, Hkv, S', D], value [B, Hkv, S', Dv], S' the new keys. Layout "blhd": query
   * [B, L, Hq·D], key [B, S', Hkv·D], value [B, S', Hkv·Dv]. A row without a visible key gives zeros; a key that is not
   * visible can't reach the output; finite input gives finite output. Without a captured matrix, memory grows with
   * L + S, not L·S.
   *
   * Errors: "invalid-argument", "shape-mismatch", "out-of-memory", "disposed", "crashed".
   *
   * @example
   * import { createEngine } from "heed";
   * const engine = await createEngine();
   * const { output, weights } = engine.attention(query, key, value, { numHeads: 8, headDim: 64, capture: ["weights"] });
   */
  attention(
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    options: AttentionOptions,
  ): AttentionResult;

  /**
   * The result of attention(), bit for bit, computed by workers: batches, heads and blocks of queries are divided among
   * them, and this thread stays free but for copying. Small calls stay on this thread. The arguments are read before this
   * returns, and are left as they are.
   *
   * Errors: as attention(), as rejections; "crashed" where a worker ended in the middle (the next call works); "disposed"
   * where dispose() came before the result.
   *
   * @example
   * const { output } = await engine.attentionAsync(query, key, value, { numHeads: 8, headDim: 64 });
   */
  attentionAsync(
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    options: AttentionOptions,
  ): Promise<AttentionResult>;

  /**
   * The softmax weights of any rectangle of one head, recomputed from query, key and the logsumexp [B, Hq, L] that attention()
   * captured for the same options, without ever holding the matrix. Returns [height, width].
   *
   * @example
   * const { logsumexp } = engine.attention(query, key, value, { numHeads, headDim, capture: ["logsumexp"] });
   * const view = engine.attentionWindow(query, key, logsumexp, {
   *   numHeads, headDim, head: 0, rows: [0, 512], cols: [0, 512], out: [64, 64], reduce: "max",
   * });
   */
  attentionWindow(
    query: Float32Array,
    key: Float32Array,
    logsumexp: Float32Array,
    options: AttentionOptions & WindowOptions,
  ): OwnFloat32Array;

  /**
   * Concat(head_1 … head_h)·Wᴼ (Vaswani et al. 2017, section 3.2.2). query [B, L, E], key [B, S, Ek], value [B, S, Ev];
   * output [B, L, out].
   *
   * @example
   * const { output, heads } = engine.multiHeadAttention(x, x, x, weights, { numHeads: 2, headDim: 4, capture: ["heads"] });
   */
  multiHeadAttention(
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    weights: MultiHeadWeights,
    options: MultiHeadOptions,
  ): MultiHeadResult;

  /**
   * Rotary position embedding (Su et al. 2021, section 3.2.2; ONNX RotaryEmbedding-23). Returns x's shape.
   *
   * @example
   * const rotated = engine.rotaryEmbedding(x, { numHeads: 2, headDim: 4 });
   */
  rotaryEmbedding(x: Float32Array, options: RotaryOptions): OwnFloat32Array;

  /**
   * [length, modelDim]: sin at even channels, cos at odd ones (Vaswani et al. 2017, section 3.5).
   *
   * @example
   * const positions = engine.sinusoidalPositions(10, 16);
   */
  sinusoidalPositions(length: number, modelDim: number): OwnFloat32Array;

  /**
   * y = x·Wᵀ + b: x [rows, in], weight [out, in], bias [out] or null; returns [rows, out].
   *
   * @example
   * const y = engine.linear(x, weight, null, { inFeatures: 4, outFeatures: 2 });
   */
  linear(
    x: Float32Array,
    weight: Float32Array,
    bias: Float32Array | null,
    sizes: { inFeatures: number; outFeatures: number },
  ): OwnFloat32Array;

  /**
   * Softmax of each row of x [rows, rowLength]. A row of −Infinity gives zeros.
   *
   * @example
   * const weights = engine.softmax(new Float32Array([1, 2, 3]), 3);
   */
  softmax(x: Float32Array, rowLength: number): OwnFloat32Array;

  /**
   * (x − mean) / sqrt(variance + epsilon) · weight + bias, row by row (Ba et al. 2016). weight, bias: [rowLength].
   * epsilon: default 1e-5.
   *
   * @example
   * const y = engine.layerNorm(x, 4);
   */
  layerNorm(
    x: Float32Array,
    rowLength: number,
    weight?: Float32Array | null,
    bias?: Float32Array | null,
    epsilon?: number,
  ): OwnFloat32Array;

  /**
   * x / sqrt(mean(x²) + epsilon) · weight, row by row (Zhang and Sennrich 2019). epsilon: default 1e-6.
   *
   * @example
   * const y = engine.rmsNorm(x, 4);
   */
  rmsNorm(
    x: Float32Array,
    rowLength: number,
    weight?: Float32Array | null,
    epsilon?: number,
  ): OwnFloat32Array;

  /**
   * Gaussian error linear unit: by erf ("none", default) or by tanh (Hendrycks and Gimpel 2016).
   *
   * @example
   * const y = engine.gelu(x, "tanh");
   */
  gelu(x: Float32Array, approximation?: "none" | "tanh"): OwnFloat32Array;

  /**
   * x / (1 + exp(−x)) (Elfwing et al. 2017).
   *
   * @example
   * const y = engine.silu(x);
   */
  silu(x: Float32Array): OwnFloat32Array;

  /**
   * What attention() with these options needs: bytes of WebAssembly memory at its peak, and floating-point operations
   * of the two matrix products over the visible area. keyLength counts all keys, those of pastKey too.
   *
   * @example
   * const { bytes } = engine.estimate({ numHeads: 8, headDim: 64, queryLength: 16384, keyLength: 16384 });
   */
  estimate(options: AttentionOptions & { queryLength: number; keyLength: number }): {
    bytes: number;
    flops: number;
  };

  /** Gives the memory back. Idempotent; any later call throws "disposed". */
  dispose(): void;
  [Symbol.dispose](): void;
}
