// All shards of a model: started together, called together, ended together.

import { HeedError } from "../../errors.js";
import type {
  NativeAttentionChanges,
  NativeForwardOptions,
  NativeForwardResult,
  NativeModelConfig,
  Traced,
  TraceName,
  WeightPiece,
} from "../native.js";
import { PeerFailed } from "./exchange.js";
import type { CallName, Memory, ShardCalls } from "./messages.js";
import { Shard } from "./shard.js";

// As the pool: a worker that has said nothing for so long will not.
const startLimit = 10_000;

/** Results that every shard has whole: the stream between the layers' parts. */
const sameEverywhere: ReadonlySet<TraceName | "finalHidden"> = new Set([
  "hidden",
  "attentionInput",
  "attentionOutput",
  "finalHidden",
] as const);

export class ShardGroup {
  readonly #shards: Shard[] = [];
  #calls = 0;
  /** Buffers that pieces of weights have come back in: a new one each would be as much garbage as there are weights. */
  readonly #spare: ArrayBuffer[] = [];
  /** Why there are no workers any more. */
  #end: HeedError | undefined;

  /** null where the host lets no worker start. Errors: those of a model's making. */
  static async start(
    module: WebAssembly.Module,
    config: NativeModelConfig,
    count: number,
  ): Promise<ShardGroup | null> {
    const group = new ShardGroup();
    const timer = setTimeout(
      () => group.stop(new HeedError("crashed", "a worker did not start")),
      startLimit,
    );
    try {
      for (let k = 0; k < count; k++) group.#shards.push(new Shard((error) => group.stop(error)));
      await group.#start(module, config);
      return group;
    } catch (cause) {
      group.stop(new HeedError("crashed", "another worker did not start"));
      if (cause instanceof HeedError && cause.code !== "crashed") throw cause;
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  get alive(): boolean {
    return this.#end === undefined;
  }

  get memory(): Memory {
    const total = (name: keyof Memory) => this.#shards.reduce((sum, { memory }) => sum + memory[name], 0);
    return this.alive
      ? { heapBytes: total("heapBytes"), usedBytes: total("usedBytes") }
      : { heapBytes: 0, usedBytes: 0 };
  }

  /** One buffer goes from shard to shard, and each takes what is its own. */
  async setWeight(piece: WeightPiece): Promise<void> {
    const spare = this.#spare.pop();
    const { length } = piece.bytes;
    let bytes: Uint8Array =
      spare && spare.byteLength >= length ? new Uint8Array(spare, 0, length) : new Uint8Array(length);
    bytes.set(piece.bytes);
    for (const shard of this.#shards) {
      bytes = await this.#call(shard, this.#calls++, "setWeight", { ...piece, bytes }, [
        bytes.buffer as ArrayBuffer,
      ]);
    }
    this.#spare.push(bytes.buffer as ArrayBuffer);
  }

  async finish(): Promise<void> {
    this.#spare.length = 0;
    await this.#all("finish", () => null);
  }

  async resetCache(capacity: number, memory?: Float32Array): Promise<void> {
    await this.#all("resetCache", () => ({ capacity, memory }));
  }

  /** The `numLayers` layers of a stack on x [tokens, modelDim]. */
  async forward(
    x: Float32Array,
    numLayers: number,
    options: NativeForwardOptions,
    signal: AbortSignal | undefined,
  ): Promise<NativeForwardResult> {
    const pass = this.#calls;
    const cancel = (): void => this.#shards.forEach((shard) => shard.cancel(pass));
    signal?.addEventListener("abort", cancel);
    try {
      const others = withoutShared(options);
      const results = await this.#all(
        "forward",
        (k) => ({ x: x.slice(), options: k === 0 ? options : others }),
        ({ x: own }) => [own.buffer as ArrayBuffer],
      );
      return joinResults(results, numLayers);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  stop(error: HeedError): void {
    if (this.#end) return;
    this.#end = error;
    for (const shard of this.#shards) shard.stop(error);
  }

  async #start(module: WebAssembly.Module, config: NativeModelConfig): Promise<void> {
    const numShards = this.#shards.length;
    const peers = this.#shards.map((): (MessagePort | null)[] => Array<null>(numShards).fill(null));
    for (const [i, own] of peers.entries()) {
      for (const [k, other] of peers.entries()) {
        if (k >= i) break;
        const { port1, port2 } = new MessageChannel();
        [own[k], other[i]] = [port1, port2];
      }
    }
    await this.#all(
      "start",
      (shard) => ({
        module,
        config: { ...config, part: { hasEnds: false, shard, numShards } },
        peers: peers[shard] ?? [],
      }),
      (argument) => argument.peers.filter((port) => port !== null),
    );
  }

  /** The same call to every shard, by one number. Fails when all have answered, with what went wrong first. */
  async #all<Name extends CallName>(
    name: Name,
    argumentOf: (k: number) => Parameters<ShardCalls[Name]>[0],
    transferOf: (argument: Parameters<ShardCalls[Name]>[0]) => Transferable[] = () => [],
  ): Promise<ReturnType<ShardCalls[Name]>[]> {
    const id = this.#calls++;
    const outcomes = await Promise.allSettled(
      this.#shards.map((shard, k) => {
        const argument = argumentOf(k);
        return this.#call(shard, id, name, argument, transferOf(argument));
      }),
    );
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    const first = failed.find(({ reason }) => !(reason instanceof PeerFailed)) ?? failed[0];
    if (first) throw first.reason;
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<ReturnType<ShardCalls[Name]>>).value);
  }

  #call<Name extends CallName>(
    shard: Shard,
    id: number,
    name: Name,
    argument: Parameters<ShardCalls[Name]>[0],
    transfer: Transferable[],
  ): Promise<ReturnType<ShardCalls[Name]>> {
    return this.#end ? Promise.reject(this.#end) : shard.call(id, name, argument, transfer);
  }
}

/** What the shards other than the first are asked for. */
function withoutShared(options: NativeForwardOptions): NativeForwardOptions {
  const own = <T extends NativeAttentionChanges>(changes: T): T => ({
    ...changes,
    trace: changes.trace.filter((name) => !sameEverywhere.has(name)),
  });
  return { ...own(options), ...(options.cross ? { cross: own(options.cross) } : {}) };
}

function joinResults(results: readonly NativeForwardResult[], numLayers: number): NativeForwardResult {
  const [first, ...others] = results as [NativeForwardResult, ...NativeForwardResult[]];
  if (others.length === 0) return first;
  try {
    const crosses = results.flatMap(({ cross }) => cross ?? []);
    return {
      ...joinTraces(results, numLayers),
      finalHidden: first.finalHidden,
      ...(crosses.length > 0 ? { cross: joinTraces(crosses, numLayers) } : {}),
    };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new HeedError("out-of-memory", `the results do not fit into memory: ${cause.message}`, { cause });
  }
}

function joinTraces(results: readonly Traced[], numLayers: number): Traced {
  const joined: Traced = {};
  for (const [name, values] of Object.entries(results[0] ?? {}) as [TraceName, Float32Array][]) {
    if (!ArrayBuffer.isView(values)) continue; // cross-attention's are joined on their own
    joined[name] = sameEverywhere.has(name)
      ? values
      : joinHeads(
          results.map((result) => result[name] ?? new Float32Array(0)),
          numLayers,
        );
  }
  return joined;
}

/** [layers, heads of a shard, …] of every shard as [layers, heads, …]. */
function joinHeads(parts: readonly Float32Array[], numLayers: number): Float32Array {
  const joined = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (let layer = 0; layer < numLayers; layer++) {
    for (const part of parts) {
      const size = part.length / numLayers;
      joined.set(part.subarray(layer * size, (layer + 1) * size), at);
      at += size;
    }
  }
  return joined;
}
