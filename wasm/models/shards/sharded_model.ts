// A model whose layers are in workers. The calling thread has the embedding and the language-model head: the one is a look
// into a table, and a run is asked for the other later, when an answer can't wait for workers.

import { HeedError } from "../../errors.js";
import type { OwnFloat32Array } from "../../types.js";
import { checkAborted, failure } from "../errors.js";
import type {
  HeadOutput,
  NativeAttentionOptions,
  NativeForwardOptions,
  NativeForwardResult,
  NativeModel,
  NativeModelConfig,
  NativePart,
  NativeWindow,
  WeightPiece,
} from "../native.js";
import type { ModelInstance } from "../native_model.js";
import { ShardGroup } from "./group.js";

/** Ends the workers of a model that was forgotten without dispose(). Made at first use: nothing runs at import. */
let forgotten: FinalizationRegistry<ShardGroup> | undefined;

/** null where the host lets no worker start. `makePart`: an instance on this thread. */
export async function createSharded(
  module: WebAssembly.Module,
  config: NativeModelConfig,
  count: number,
  makePart: (part: NativePart) => ModelInstance,
): Promise<NativeModel | null> {
  const group = await ShardGroup.start(module, config, count);
  if (!group) return null;
  try {
    const ends = makePart({ hasEnds: true, shard: 0, numShards: 0 });
    const model = new ShardedModel(group, ends, config, count);
    forgotten ??= new FinalizationRegistry((lost) => lost.stop(ended()));
    forgotten.register(model, group);
    return model;
  } catch (error) {
    group.stop(ended());
    throw error;
  }
}

class ShardedModel implements NativeModel {
  readonly isCausal: boolean;
  readonly #group: ShardGroup;
  readonly #ends: ModelInstance;
  readonly #config: NativeModelConfig;
  readonly #mostUnderWay: number;
  /** Pieces of weights on their way through the shards. */
  readonly #underWay: Promise<void>[] = [];
  #cachedLength = 0;
  /** The cache is a decoder's. */
  #hasMemory = false;

  constructor(group: ShardGroup, ends: ModelInstance, config: NativeModelConfig, count: number) {
    this.#group = group;
    this.#config = config;
    this.#ends = ends;
    this.isCausal = ends.isCausal;
    // One for each shard to work on, and one to come.
    this.#mostUnderWay = count + 1;
  }

  get alive(): boolean {
    if (!this.#ends.alive) this.#group.stop(ended());
    return this.#group.alive;
  }

  get disposed(): boolean {
    return this.#ends.disposed;
  }

  get hasHead(): boolean {
    return this.#ends.hasHead;
  }

  get memory(): { heapBytes: number; usedBytes: number } {
    const ends = this.#ends.memory;
    const { heapBytes, usedBytes } = this.#group.memory;
    return { heapBytes: ends.heapBytes + heapBytes, usedBytes: ends.usedBytes + usedBytes };
  }

  async setWeight(piece: WeightPiece): Promise<void> {
    this.#ends.setWeight(piece);
    const passing = this.#group.setWeight(piece);
    passing.catch(() => undefined); // heard of below, or in finish()
    this.#underWay.push(passing);
    if (this.#underWay.length > this.#mostUnderWay) await this.#underWay.shift();
  }

  async finish(): Promise<void> {
    await Promise.all(this.#underWay.splice(0));
    this.#ends.finish();
    await this.#group.finish();
  }

  async forward(
    tokenIds: Int32Array,
    options: NativeForwardOptions,
    signal?: AbortSignal,
  ): Promise<NativeForwardResult> {
    const { tokenTypes, usePositions, useCache = false } = options;
    const isDecoder = options.memory !== undefined || (useCache && this.#hasMemory);
    const { numLayers, numDecoderLayers } = this.#config;
    const past = useCache ? this.#cachedLength : 0;
    const x = this.#ends.embed(tokenIds, past, { isDecoder, tokenTypes, usePositions });
    const result = await this.#group
      .forward(x, isDecoder ? (numDecoderLayers ?? 0) : numLayers, options, signal)
      .finally(() => checkAborted(signal, "the run"));
    if (useCache) this.#cachedLength += tokenIds.length;
    return result;
  }

  head(finalHidden: Float32Array, output: HeadOutput): OwnFloat32Array {
    return this.#ends.head(finalHidden, output);
  }

  window(head: NativeWindow, options: NativeAttentionOptions): OwnFloat32Array {
    return this.#ends.window(head, options);
  }

  async resetCache(capacity: number, memory?: Float32Array): Promise<void> {
    this.#cachedLength = 0;
    this.#hasMemory = memory !== undefined;
    await this.#group.resetCache(capacity, memory);
  }

  dispose(): void {
    this.#ends.dispose();
    this.#group.stop(ended());
  }
}

function ended(): HeedError {
  return failure("disposed", "the model, or the engine it was given, has been disposed of");
}
