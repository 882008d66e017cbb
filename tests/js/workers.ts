// The workers that the pool starts, watched and tampered with where it gets them: at Node's own class.

import type { Worker as NodeWorker } from "node:worker_threads";

type Threads = typeof import("node:worker_threads");

const threads = (process as unknown as { getBuiltinModule(name: string): Threads }).getBuiltinModule(
  "node:worker_threads",
);
const { Worker } = threads;

export interface Watched {
  /** Every worker started while watching. */
  readonly started: NodeWorker[];
  /** When each of them has ended: listened for from its start, for it may have ended by the time somebody asks. */
  readonly ended: Promise<unknown>[];
  /** How many shares of work were sent to workers. */
  readonly shares: number;
  /** Which worker each of them was sent to: one that is slow to start is given none. */
  readonly given: readonly NodeWorker[];
  /** Shared with all of them, as `workerData`. */
  readonly counter: Int32Array;
  stop(): void;
}

/**
 * `prologue`: code that each worker runs first. `refuse`: no worker can be made.
 */
export function watchWorkers({ prologue = "", refuse = false } = {}): Watched {
  const started: NodeWorker[] = [];
  const ended: Promise<unknown>[] = [];
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const given: NodeWorker[] = [];
  threads.Worker = class extends Worker {
    constructor(code: string, options: object) {
      if (refuse) throw new Error("no workers here");
      super(prologue + code, { ...options, workerData: counter });
      started.push(this);
      ended.push(new Promise((resolve) => this.once("exit", resolve)));
    }
    override postMessage(message: any, transfer: any): void {
      if ("request" in message) given.push(this);
      super.postMessage(message, transfer);
    }
  };
  return {
    started,
    ended,
    counter,
    given,
    get shares() {
      return given.length;
    },
    stop() {
      threads.Worker = Worker;
    },
  };
}
