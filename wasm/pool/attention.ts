// attention() over the pool.

import { HeedError } from "../errors.js";
import { estimate } from "../estimate.js";
import { disposed, type Host } from "../host.js";
import type { EngineModule } from "../native.js";
import type { Request } from "../request.js";
import type { AttentionResult, EngineOptions } from "../types.js";
import { Joint, joinPast, partOf, type Call } from "./parts.js";
import { Pool } from "./pool.js";
import { split } from "./split.js";
import { coreCount } from "./thread.js";
import { compute } from "./work.js";

const maxWorkers = 8;

// Below, the calling thread is faster, or as fast: handing over costs 0.2 ms. Measured in Node 20 on two cores with
// D = 64, medians of 101 alternating calls, attention() / attentionAsync(): 8 MFLOP 0.40 / 0.43 ms, 17 MFLOP 0.71 / 0.68
// ms, 34 MFLOP 1.34 / 1.02 ms, 50 MFLOP 1.96 / 1.30 ms.
// In Chromium 156 a message and the memory it carries cost far more; the same, dense: 201 MFLOP 4.3 / 10.4 ms, 453 MFLOP
// 9.1 / 7.4 ms, 805 MFLOP 15.6 / 13.3 ms.
const leastFlops = typeof Worker === "function" ? 2 ** 28 : 2 ** 24; // Node has no such global

// A call that copies much for what it computes stays too: decoding, 32 query and 8 key heads, 2048 keys of 128, is 2
// operations a byte and took 2.0 ms here, 3.4 over workers; 12 heads, 128 by 128 of 64, is 32.
const leastFlopsPerByte = 8;

// What a worker gets at least, by the same figures.
const shareFlops = 2 ** 23;

export class AttentionPool {
  readonly #size: number;
  readonly #pool: Pool;

  constructor(
    module: WebAssembly.Module,
    host: Host<EngineModule>,
    workers: EngineOptions["workers"] = "auto",
  ) {
    this.#size = workers === "auto" ? Math.min(coreCount(), maxWorkers) : workers;
    this.#pool = new Pool(module, this.#size, (requests) => compute(host, requests));
  }

  /** The result of a checked call, or null where the calling thread does better. The arrays are read before this returns. */
  attention(call: Call): Promise<AttentionResult> | null {
    const { flops, bytes } = estimate(call.request);
    const shares = Math.min(this.#size, Math.floor(flops / shareFlops));
    const tooSmall = shares === 0 || flops < leastFlops || flops < leastFlopsPerByte * bytes;
    if (tooSmall || !movesPositions(call.request)) return null;
    const { joined, joint } = withinMemory(() => {
      const { call: whole, present } = joinPast(call);
      return { joined: whole, joint: new Joint(call.request, present) };
    });
    // One worker begins while the next one's share is copied.
    const done = split(call.request, shares).map(async (blocks) => {
      const requests = withinMemory(() => blocks.map((block) => partOf(joined, block)));
      const results = await this.#pool.run(requests);
      for (const [n, block] of blocks.entries()) joint.add(block, results[n] ?? {});
    });
    return Promise.all(done).then(() => joint.result);
  }

  dispose(): void {
    this.#pool.dispose(disposed());
  }
}

/** Whether the offset of every query can be said in 32 bits, so that a part may begin at any. */
function movesPositions({ queryOffset, queryLength }: Request): boolean {
  return !queryOffset?.some((offset) => offset + queryLength > 2 ** 31 - 1);
}

/** JavaScript's own memory running out while arguments are copied is an error like WebAssembly's. */
function withinMemory<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new HeedError("out-of-memory", `the arguments' copies do not fit into memory: ${cause.message}`, {
      cause,
    });
  }
}
