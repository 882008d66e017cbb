// attention() over the pool.

import { cutRequest, type Block } from "../cut.js";
import { HeedError } from "../errors.js";
import { estimate } from "../estimate.js";
import { disposed, type Host } from "../host.js";
import type { EngineModule } from "../native.js";
import type { Request } from "../request.js";
import type { AttentionResult, EngineOptions } from "../types.js";
import { pack, Spare } from "./parcel.js";
import { Joint, joinPast, type Call } from "./parts.js";
import { Pool } from "./pool.js";
import { parted, split } from "./split.js";
import { coreCount } from "./thread.js";
import { compute } from "./work.js";

const maxWorkers = 8;

// Workers beyond the cores only cost: each starts in 10 to 100 ms, and asked for by the thousand they took 24 s.
const mostOf = (cores: number): number => Math.max(cores, maxWorkers);

// Below, the calling thread is faster, or as fast. Two cores, D = 64, attention() / attentionAsync() in ms, medians among the
// bench's other calls, between which workers sleep: 50 MFLOP (12 heads, 128 by 128) Chromium 156 1.20 / 1.47, Node 24
// 1.10 / 1.26; 805 MFLOP 15.9 / 9.6, 15.8 / 11.2. Awake, called again and again, they gain from 28 MFLOP on.
const leastFlops = 2 ** 27;

// A call that copies much for what it computes stays too: decoding, 32 query and 8 key heads, 2048 keys of 128, is 2
// operations a byte and took 2.0 ms here, 3.4 over workers; 12 heads, 128 by 128 of 64, is 32.
const leastFlopsPerByte = 8;

// What a worker gets at least, by the figures of those awake.
const shareFlops = 2 ** 23;

// A worker's share travels in so many pieces, where heads allow, so that a core that is faster, or less busy, takes more of
// them: with other programs on both cores, 12 heads, 512 by 512 of 64 took 17.8 ms in three pieces a share, 21.5 in one
// (lower quartiles of 290); alone on them, 9.8 and 9.5. Smaller pieces than this cost more in messages than they gain.
const sharePieces = 3;
const leastPiece = 2 ** 26;

export class AttentionPool {
  readonly #size: number;
  readonly #pool: Pool;
  readonly #spare = new Spare();

  constructor(
    module: WebAssembly.Module,
    host: Host<EngineModule>,
    workers: EngineOptions["workers"] = "auto",
  ) {
    const cores = coreCount();
    this.#size = workers === "auto" ? Math.min(cores, maxWorkers) : Math.min(workers, mostOf(cores));
    this.#pool = new Pool(module, this.#size, (request) => compute(host, request));
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
    // The first are computed while the next are copied, and the last are the smallest.
    const done = piecesOf(call.request, shares, flops).map(async ({ block, cost }) => {
      const request = withinMemory(() => pack(joined, block, this.#spare.take));
      const result = await this.#pool.run(request, cost, call);
      joint.add(block, result);
      this.#spare.keep(result.output.buffer as ArrayBuffer);
    });
    return Promise.all(done).then(() => joint.result);
  }

  dispose(): void {
    this.#pool.dispose(disposed());
  }
}

/** What is sent to workers one by one, the largest first. */
function piecesOf(request: Request, shares: number, flops: number): { block: Block; cost: number }[] {
  const costOf = (block: Block) => estimate(cutRequest(request, block)).flops;
  const pieceFlops = Math.max(leastPiece, flops / (shares * sharePieces));
  return split(request, shares)
    .flat()
    .flatMap((block) => parted(request, block, Math.round(costOf(block) / pieceFlops)))
    .map((block) => ({ block, cost: costOf(block) }))
    .sort((a, b) => b.cost - a.cost);
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
