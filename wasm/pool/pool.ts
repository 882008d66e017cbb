// Workers and the work that waits for them. Started when there is work, kept when there is none, replaced when they die;
// where none can be had the calling thread does the work.

import { HeedError } from "../errors.js";
import type { Answer } from "./messages.js";
import { buffersOf, type PartRequest, type PartResult } from "./parts.js";
import { startThread, type Thread } from "./thread.js";

interface Task {
  requests: readonly PartRequest[];
  resolve(results: PartResult[]): void;
  reject(error: unknown): void;
}

/** A worker: `task` is what it computes; not yet `ready`, it computes nothing. */
interface Slot {
  thread: Thread | null;
  ready: boolean;
  task: Task | null;
  timer: ReturnType<typeof setTimeout>;
}

// A worker that has said nothing for so long will not (a start takes 10 to 100 ms): the work is not kept waiting.
const startLimit = 10_000;

// Workers that die again and again are not replaced for a while.
const deathLimit = 3;
const deathPeriod = 60_000;

export class Pool {
  readonly #module: WebAssembly.Module;
  readonly #size: number;
  readonly #computeHere: (requests: readonly PartRequest[]) => PartResult[];
  readonly #slots = new Set<Slot>();
  readonly #waiting: Task[] = [];
  /** When workers died of late. */
  #deaths: number[] = [];
  /** The host lets no worker start: a Content-Security-Policy, no workers at all. */
  #refused = false;
  #wasReady = false;

  constructor(
    module: WebAssembly.Module,
    size: number,
    computeHere: (requests: readonly PartRequest[]) => PartResult[],
  ) {
    this.#module = module;
    this.#size = size;
    this.#computeHere = computeHere;
  }

  /** One worker's share. The requests' arrays are handed over. Rejects with HeedErrors only. */
  run(requests: readonly PartRequest[]): Promise<PartResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ requests, resolve, reject });
      this.#assign();
    });
  }

  /** Ends the workers; what is pending rejects with `error`. */
  dispose(error: HeedError): void {
    const pending = [...this.#slots].map(({ task }) => task);
    for (const slot of this.#slots) this.#remove(slot);
    for (const task of [...pending, ...this.#waiting.splice(0)]) task?.reject(error);
  }

  /** Gives waiting work to idle workers, starts some where there are too few, or does it here where there are none. */
  #assign(): void {
    for (const slot of this.#slots) {
      if (slot.ready && !slot.task) this.#give(slot, this.#waiting.shift());
    }
    const starting = [...this.#slots].filter(({ ready }) => !ready).length;
    for (let missing = this.#waiting.length - starting; missing > 0 && this.#mayStart(); missing--)
      this.#start();
    if (this.#slots.size > 0) return;
    for (const { requests, resolve, reject } of this.#waiting.splice(0)) {
      try {
        resolve(this.#computeHere(requests));
      } catch (error) {
        reject(error);
      }
    }
  }

  #give(slot: Slot, task: Task | undefined): void {
    slot.task = task ?? null;
    slot.thread?.hold(task !== undefined);
    if (task) slot.thread?.post({ requests: task.requests }, buffersOf(task.requests));
  }

  #mayStart(): boolean {
    if (this.#refused || this.#slots.size >= this.#size) return false;
    this.#deaths = this.#deaths.filter((time) => Date.now() - time < deathPeriod);
    return this.#deaths.length < deathLimit;
  }

  #start(): void {
    const slot: Slot = {
      thread: null,
      ready: false,
      task: null,
      timer: setTimeout(() => this.#lose(slot, new Error("the worker did not start")), startLimit),
    };
    this.#slots.add(slot);
    try {
      slot.thread = startThread({
        answered: (answer) => this.#answered(slot, answer),
        lost: (cause) => this.#lose(slot, cause),
      });
      slot.thread.post({ module: this.#module }, []);
    } catch {
      this.#refused = !this.#wasReady;
      this.#remove(slot);
    }
  }

  #answered(slot: Slot, answer: Answer): void {
    if (!this.#slots.has(slot)) return;
    const { task } = slot;
    slot.task = null;
    if (!slot.ready) {
      clearTimeout(slot.timer);
      slot.ready = this.#wasReady = true;
    } else if ("error" in answer) {
      const { code, message, cause } = answer.error;
      task?.reject(new HeedError(code, message, { cause: new Error(cause) }));
    } else {
      task?.resolve(answer.results ?? []);
    }
    this.#assign();
  }

  #lose(slot: Slot, cause: unknown): void {
    if (!this.#slots.has(slot)) return;
    this.#remove(slot);
    this.#refused ||= !this.#wasReady;
    this.#deaths.push(Date.now());
    slot.task?.reject(
      new HeedError("crashed", "the worker that computed a part of this call ended; it will be replaced", {
        cause,
      }),
    );
    this.#assign();
  }

  #remove(slot: Slot): void {
    clearTimeout(slot.timer);
    this.#slots.delete(slot);
    slot.thread?.stop();
  }
}
