// The typed API over a host: every argument is checked here, every result is the caller's own copy.

import {
  finite,
  floats,
  integer,
  invalid,
  itemCount,
  mismatch,
  object,
  oneOf,
  optionalFloats,
} from "./check.js";
import { estimate, peakBytes, requireMemory } from "./estimate.js";
import type { Host } from "./host.js";
import { isDisposed } from "./disposed.js";
import { withoutStatus, type EngineModule } from "./native.js";
import type { AttentionPool } from "./pool/attention.js";
import type { Call } from "./pool/parts.js";
import { captureNames, readHeads, readPast, readRequest, readShape } from "./request.js";
import type {
  AttentionOptions,
  AttentionResult,
  Engine,
  LinearWeights,
  MultiHeadOptions,
  MultiHeadResult,
  MultiHeadWeights,
  OwnFloat32Array,
  RotaryOptions,
  WindowOptions,
} from "./types.js";
import { readRotary } from "./rotary.js";
import { readWindowRequest } from "./window.js";

export class NativeEngine implements Engine {
  readonly variant: "simd" | "relaxed-simd";
  readonly version: string;
  readonly #host: Host<EngineModule>;
  readonly #pool: AttentionPool;

  constructor(
    host: Host<EngineModule>,
    pool: AttentionPool,
    variant: "simd" | "relaxed-simd",
    version: string,
  ) {
    this.#host = host;
    this.#pool = pool;
    this.variant = variant;
    this.version = version;
  }

  get memory(): { heapBytes: number; usedBytes: number } {
    return this.#host.memory;
  }

  get [isDisposed](): boolean {
    return this.#host.disposed;
  }

  attention(
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    options: AttentionOptions,
  ): AttentionResult {
    return this.#attention(this.#readAttention(query, key, value, options));
  }

  async attentionAsync(
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    options: AttentionOptions,
  ): Promise<AttentionResult> {
    const call = this.#readAttention(query, key, value, options);
    return this.#pool.attention(call) ?? this.#attention(call);
  }

  attentionWindow(
    query: Float32Array,
    key: Float32Array,
    logsumexp: Float32Array,
    options: AttentionOptions & WindowOptions,
  ): OwnFloat32Array {
    this.#alive();
    const request = readWindowRequest(query, key, logsumexp, options);
    requireMemory("attentionWindow", request.bytes, this.#host);
    return this.#host.checked((native) => native.attentionWindow(request)).output;
  }

  multiHeadAttention(
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    weights: MultiHeadWeights,
    options: MultiHeadOptions,
  ): MultiHeadResult {
    this.#alive();
    const { batchSize, numHeads, numKvHeads, headDim, valueDim } = readHeads(options as AttentionOptions);
    object("weights", weights);
    const queryFeatures = features("query", weights.query, numHeads * headDim, "numHeads·headDim");
    const keyFeatures = features("key", weights.key, numKvHeads * headDim, "numKvHeads·headDim");
    const valueFeatures = features("value", weights.value, numKvHeads * valueDim, "numKvHeads·valueDim");
    const outFeatures = outputs("output", weights.output, numHeads * valueDim, "numHeads·valueDim");
    const queryLength = itemCount(
      "query",
      floats("query", query).length,
      batchSize * queryFeatures,
      "batchSize·features",
    );
    const keyLength = itemCount(
      "key",
      floats("key", key).length,
      batchSize * keyFeatures,
      "batchSize·features",
    );
    const valueLength = itemCount(
      "value",
      floats("value", value).length,
      batchSize * valueFeatures,
      "batchSize·features",
    );
    if (valueLength !== keyLength)
      throw mismatch("value", `has ${valueLength} rows`, `as many as key: ${keyLength}`);
    const shape = {
      ...{ batchSize, numHeads, numKvHeads, headDim, valueDim },
      ...{ queryLength, keyLength, pastLength: 0 },
    };
    const capture = options.capture ?? [];
    const request = readRequest(shape, options as AttentionOptions, capture, [...captureNames, "heads"]);
    const given = [
      query,
      key,
      value,
      weights.query.weight,
      weights.key.weight,
      weights.value.weight,
      weights.output.weight,
    ];
    const values = given.reduce((sum, array) => sum + array.length, batchSize * queryLength * outFeatures);
    // The weights twice: as they came, one at a time, and packed.
    requireMemory("multiHeadAttention", peakBytes(request) + 8 * values, this.#host);
    return withoutStatus(
      this.#host.checked((native) =>
        native.multiHeadAttention({
          ...request,
          ...{ query, key, value, weights, queryFeatures, keyFeatures, valueFeatures, outFeatures },
        }),
      ),
    ) as unknown as MultiHeadResult;
  }

  rotaryEmbedding(x: Float32Array, options: RotaryOptions): OwnFloat32Array {
    this.#alive();
    const request = readRotary(x, options);
    requireMemory("rotaryEmbedding", 4 * x.length + request.tableBytes, this.#host);
    return this.#host.checked((native) => native.rotaryEmbedding(request)).output;
  }

  sinusoidalPositions(length: number, modelDim: number): OwnFloat32Array {
    this.#alive();
    integer("length", length, 0);
    integer("modelDim", modelDim, 1);
    requireMemory("sinusoidalPositions", length * modelDim * 4, this.#host);
    return this.#host.checked((native) => native.sinusoidalPositions(length, modelDim)).output;
  }

  linear(
    x: Float32Array,
    weight: Float32Array,
    bias: Float32Array | null,
    sizes: { inFeatures: number; outFeatures: number },
  ): OwnFloat32Array {
    this.#alive();
    object("sizes", sizes);
    const inFeatures = integer("inFeatures", sizes.inFeatures, 1);
    const outFeatures = integer("outFeatures", sizes.outFeatures, 1);
    const rows = itemCount("x", floats("x", x).length, inFeatures, "inFeatures");
    const expected = outFeatures * inFeatures;
    if (floats("weight", weight).length !== expected) {
      throw mismatch("weight", `has ${weight.length} values`, `[outFeatures, inFeatures] = ${expected}`);
    }
    const checkedBias = optionalFloats("bias", bias, outFeatures, "[outFeatures]");
    requireMemory("linear", 4 * (x.length + 2 * expected + rows * outFeatures), this.#host);
    return this.#host.checked((native) => native.linear(x, weight, checkedBias, inFeatures, outFeatures))
      .output;
  }

  softmax(x: Float32Array, rowLength: number): OwnFloat32Array {
    this.#rows(x, rowLength);
    return this.#host.checked((native) => native.softmax(x, rowLength)).output;
  }

  layerNorm(
    x: Float32Array,
    rowLength: number,
    weight?: Float32Array | null,
    bias?: Float32Array | null,
    epsilon = 1e-5,
  ): OwnFloat32Array {
    this.#rows(x, rowLength);
    const gain = optionalFloats("weight", weight, rowLength, "[rowLength]");
    const shift = optionalFloats("bias", bias, rowLength, "[rowLength]");
    return this.#host.checked((native) => native.layerNorm(x, rowLength, gain, shift, positive(epsilon)))
      .output;
  }

  rmsNorm(x: Float32Array, rowLength: number, weight?: Float32Array | null, epsilon = 1e-6): OwnFloat32Array {
    this.#rows(x, rowLength);
    const gain = optionalFloats("weight", weight, rowLength, "[rowLength]");
    return this.#host.checked((native) => native.rmsNorm(x, rowLength, gain, positive(epsilon))).output;
  }

  gelu(x: Float32Array, approximation: "none" | "tanh" = "none"): OwnFloat32Array {
    const name = oneOf("approximation", approximation, ["none", "tanh"]) === "tanh" ? "gelu_tanh" : "gelu";
    return this.#activate(x, name);
  }

  silu(x: Float32Array): OwnFloat32Array {
    return this.#activate(x, "silu");
  }

  estimate(options: AttentionOptions & { queryLength: number; keyLength: number }): {
    bytes: number;
    flops: number;
  } {
    this.#alive();
    const heads = readHeads(options);
    const queryLength = integer("queryLength", options.queryLength, 0);
    const pastLength = readPast(options, heads, true);
    const keyLength = integer("keyLength", options.keyLength, pastLength);
    return estimate(
      readRequest({ ...heads, queryLength, keyLength, pastLength }, options, options.capture ?? []),
    );
  }

  dispose(): void {
    this.#host.dispose();
    this.#pool.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Before any other check, so that a disposed engine says so whatever the arguments. */
  #alive(): void {
    if (this.#host.disposed) this.#host.call(() => undefined);
  }

  #readAttention(
    query: Float32Array,
    key: Float32Array,
    value: Float32Array,
    options: AttentionOptions,
  ): Call {
    this.#alive();
    const shape = readShape(floats("query", query), floats("key", key), floats("value", value), options);
    const request = readRequest(shape, options, options.capture ?? []);
    requireMemory("attention", peakBytes(request), this.#host);
    const { pastKey, pastValue } = options;
    return { request, query, key, value, pastKey, pastValue };
  }

  #attention({ request, ...arrays }: Call): AttentionResult {
    const result = this.#host.checked((native) => native.attention({ ...request, ...arrays }));
    return withoutStatus(result) as unknown as AttentionResult;
  }

  #rows(x: Float32Array, rowLength: number): void {
    this.#alive();
    integer("rowLength", rowLength, 1);
    itemCount("x", floats("x", x).length, rowLength, "rowLength");
    requireMemory("x", x.length * 4, this.#host);
  }

  #activate(x: Float32Array, name: string): OwnFloat32Array {
    this.#alive();
    requireMemory("x", floats("x", x).length * 4, this.#host);
    return this.#host.checked((native) => native.activate(x, name)).output;
  }
}

function positive(epsilon: unknown): number {
  if (finite("epsilon", epsilon) < 0) throw invalid("epsilon", epsilon, "a number of at least 0");
  return epsilon as number;
}

/** The input features of a projection whose outputs are known. */
function features(name: string, weights: LinearWeights, outFeatures: number, formula: string): number {
  object(`weights.${name}`, weights);
  const weight = floats(`weights.${name}.weight`, weights.weight);
  optionalFloats(`weights.${name}.bias`, weights.bias, outFeatures, `[${formula}]`);
  return itemCount(`weights.${name}.weight`, weight.length, outFeatures, formula);
}

/** The output features of a projection whose inputs are known. */
function outputs(name: string, weights: LinearWeights, inFeatures: number, formula: string): number {
  object(`weights.${name}`, weights);
  const weight = floats(`weights.${name}.weight`, weights.weight);
  const outFeatures = itemCount(`weights.${name}.weight`, weight.length, inFeatures, formula);
  optionalFloats(`weights.${name}.bias`, weights.bias, outFeatures, "[out]");
  return outFeatures;
}
