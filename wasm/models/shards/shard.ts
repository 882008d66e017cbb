// A shard's worker, as the calling thread sees it: calls that are answered, or fail when the worker ends.

import { HeedError } from "../../errors.js";
import { startThread, type Thread } from "../../pool/thread.js";
import { PeerFailed } from "./exchange.js";
import type { CallName, Memory, ShardAnswer, ShardCalls, ShardOrder } from "./messages.js";
import program from "./worker.ts?inline";

interface Pending {
  resolve(value: never): void;
  reject(error: Error): void;
}

export class Shard {
  /** As of its last answer. */
  memory: Memory = { heapBytes: 0, usedBytes: 0 };
  readonly #thread: Thread<ShardOrder>;
  readonly #pending = new Map<number, Pending>();

  /** Throws where the host refuses workers at once. `lost`: the worker or its instance is no more. */
  constructor(lost: (error: HeedError) => void) {
    this.#thread = startThread(program, {
      answered: (answer: ShardAnswer) => this.#answered(answer, lost),
      lost: (cause) => lost(new HeedError("crashed", "a worker with a part of the model ended", { cause })),
    });
  }

  /** A call by a number that no other call to this shard has. */
  call<Name extends CallName>(
    id: number,
    name: Name,
    argument: Parameters<ShardCalls[Name]>[0],
    transfer: Transferable[] = [],
  ): Promise<ReturnType<ShardCalls[Name]>> {
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#thread.hold(true);
      this.#thread.post({ id, name, argument } as ShardOrder, transfer);
    });
  }

  cancel(pass: number): void {
    this.#thread.post({ cancel: pass }, []);
  }

  /** Ends the worker; calls that wait fail with `error`. */
  stop(error: HeedError): void {
    this.#thread.stop();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #answered(answer: ShardAnswer, lost: (error: HeedError) => void): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#thread.hold(false);
    if ("value" in answer) {
      this.memory = answer.memory;
      pending?.resolve(answer.value as never);
      return;
    }
    if (!answer.error) return pending?.reject(new PeerFailed());
    const { code, message, cause } = answer.error;
    const error = new HeedError(code, message, { cause: new Error(cause) });
    pending?.reject(error);
    if (code === "crashed") lost(error);
  }
}
