// A model in an instance of its own: checked calls, and what becomes of it when the instance or its engine ends.

import { isDisposed } from "../disposed.js";
import { requireMemory } from "../estimate.js";
import type { Host } from "../host.js";
import type { NativeStatus } from "../native.js";
import type { Engine, OwnFloat32Array } from "../types.js";
import { failure } from "./errors.js";
import type {
  HeadOutput,
  ModelsModule,
  NativeAttentionOptions,
  NativeEmbedding,
  NativeForwardOptions,
  NativeForwardResult,
  NativeModel,
  NativeModelConfig,
  NativeStep,
  NativeWindow,
  TraceName,
  WeightPiece,
} from "./native.js";

/** Stages of [tokens, tokens] a head: what can outgrow memory, and a 32-bit size. */
const matrixStages: ReadonlySet<TraceName> = new Set([
  "products",
  "scores",
  "cappedScores",
  "maskedScores",
  "weights",
] as const);

/** A model, or the part of one that config.part says. */
export class ModelInstance implements NativeModel {
  readonly isCausal: boolean;
  readonly #host: Host<ModelsModule>;
  readonly #config: NativeModelConfig;
  readonly #engine: Engine | undefined;
  readonly #handle: number;
  #hasHead = false;

  /** `host` becomes the model's own. `engine`: where one was given, the model ends with it. */
  constructor(host: Host<ModelsModule>, config: NativeModelConfig, engine?: Engine) {
    this.#host = host;
    this.#config = config;
    this.#engine = engine;
    const { handle, isCausal } = this.#checked((native) => native.createModel(config));
    this.#handle = handle;
    this.isCausal = isCausal;
  }

  get disposed(): boolean {
    const engine = this.#engine as (Engine & { [isDisposed]?: boolean }) | undefined;
    if (engine?.[isDisposed]) this.#host.dispose();
    return this.#host.disposed;
  }

  get alive(): boolean {
    return !this.disposed && !this.#host.crashed;
  }

  get hasHead(): boolean {
    return this.#hasHead;
  }

  get memory(): { heapBytes: number; usedBytes: number } {
    return this.alive ? this.#host.memory : { heapBytes: 0, usedBytes: 0 };
  }

  setWeight({ name, dtype, shape, rows, bytes }: WeightPiece): void {
    this.#checked((native) => native.setWeight(this.#handle, name, dtype, shape, ...rows, bytes));
  }

  finish(): void {
    this.#hasHead = this.#checked((native) => native.finishModel(this.#handle)).hasHead;
  }

  forward(tokenIds: Int32Array, options: NativeForwardOptions): NativeForwardResult {
    this.#requireMemory(tokenIds.length, options);
    return this.#checked((native) => native.forward(this.#handle, tokenIds, options));
  }

  head(finalHidden: Float32Array, output: HeadOutput): OwnFloat32Array {
    return this.#checked((native) => native.head(this.#handle, finalHidden, output === "probabilities"))
      .output;
  }

  window(head: NativeWindow, options: NativeAttentionOptions): OwnFloat32Array {
    return this.#checked((native) => native.window(this.#handle, head, options)).output;
  }

  resetCache(capacity: number, memory?: Float32Array): void {
    this.#checked((native) => native.resetCache(this.#handle, capacity, memory ?? null));
  }

  dispose(): void {
    this.#host.dispose();
  }

  /** Of a part with the ends: what the layers read, [tokens, modelDim]. */
  embed(tokenIds: Int32Array, pastLength: number, options: NativeEmbedding): Float32Array {
    return this.#checked((native) => native.embed(this.#handle, tokenIds, pastLength, options)).output;
  }

  /** Of a shard. */
  start(x: Float32Array, options: NativeForwardOptions): NativeStep {
    this.#requireMemory(x.length / this.#config.modelDim, options);
    return this.#checked((native) => native.startShard(this.#handle, x, options));
  }

  /** With the partial sums of all shards, in order; null for the own. */
  resume(partials: readonly (Float32Array | null)[]): NativeStep {
    return this.#checked((native) => native.resumeShard(this.#handle, partials));
  }

  /** Gives a pass that waits up. */
  leave(): void {
    if (this.alive) this.#host.call((native) => native.leaveShard(this.#handle));
  }

  #checked<T extends NativeStatus>(work: (native: ModelsModule) => T): T {
    if (this.alive) return this.#host.checked(work);
    throw this.disposed
      ? failure("disposed", "the model, or the engine it was given, has been disposed of")
      : failure("crashed", "the model was lost when its WebAssembly instance crashed");
  }

  #requireMemory(length: number, { trace, memory, cross }: NativeForwardOptions): void {
    if (!this.alive) return;
    const { numLayers, numDecoderLayers = 0, numHeads, modelDim, part } = this.#config;
    const heads = Math.ceil(numHeads / (part?.numShards ?? 1));
    const perToken = (names: readonly TraceName[], keys: number): number =>
      names.filter((name) => matrixStages.has(name)).length * heads * keys +
      (names.length + (names.includes("headOutputs") ? heads : 0)) * modelDim;
    const numKeys = (memory?.length ?? 0) / modelDim;
    const layer = perToken(trace, length) + (cross ? perToken(cross.trace, numKeys) : 0);
    requireMemory("run()", 4 * length * (memory ? numDecoderLayers : numLayers) * layer, this.#host);
  }
}
