// Workers and the work that waits for them. Started when there is work, kept when there is none, replaced when they die;
// where none can be had the calling thread does the work.

import { HeedError } from "../errors.js";
import { bufferOf, type Answer, type Order } from "./messages.js";
import type { PartRequest, PartResult } from "./parcel.js";
import { startThread, type Thread } from "./thread.js";
import program from "./worker.ts?inline";

interface Task {
  request: PartRequest;
  /** In any unit. */
  cost: number;
  /** Whose part it is. */
  call: object;
  resolve(result: PartResult): void;
  reject(error: unknown): void;
}

/** A worker, and what it was given, in order; not yet `ready`, it is given nothing. */
interface Slot {
  thread: Thread<Order> | null;
  ready: boolean;
  tasks: Task[];
  timer: ReturnType<typeof setTimeout>;
}

// A worker that has said nothing for so long will not (a start takes 10 to 100 ms): the work is not kept waiting.
const startLimit = 10_000;

// A worker has its next task at hand when one is done, and does not idle while the calling thread is busy.
const depth = 2;

// Workers that die again and again are not replaced for a while.
const deathLimit = 3;
const deathPeriod = 60_000;

export class Pool {
  readonly #module: WebAssembly.Module;
  readonly #size: number;
  readonly #computeHere: (request: PartRequest) => PartResult;
  readonly #slots = new Set<Slot>();
  readonly #waiting: Task[] = [];
  /** When workers died of late. */
  #deaths: number[] = [];
  /** The host lets no worker start: a Content-Security-Policy, no workers at all. */
  #refused = false;
  #wasReady = false;

  constructor(module: WebAssembly.Module, size: number, computeHere: (request: PartRequest) => PartResult) {
    this.#module = module;
    this.#size = size;
    this.#computeHere = computeHere;
  }

  /**
   * The request's buffer is handed over, and comes back with the result. Rejects with HeedErrors only; where one part of a
   * call fails, those that are not yet begun fail with it.
   */
  run(request: PartRequest, cost: number, call: object): Promise<PartResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, cost, call, resolve, reject });
      this.#assign();
    });
  }

  /** Ends the workers; what is pending rejects with `error`. */
  dispose(error: HeedError): void {
    const pending = [...this.#slots].flatMap(({ tasks }) => tasks);
    for (const slot of this.#slots) this.#remove(slot);
    for (const task of [...pending, ...this.#waiting.splice(0)]) task.reject(error);
  }

  /** Gives waiting work to workers, starts some where there are too few, or does it here where there are none. */
  #assign(): void {
    for (let slot = this.#leastBusy(); slot && this.#waiting.length > 0; slot = this.#leastBusy()) {
      this.#give(slot, this.#waiting.shift() as Task);
    }
    const starting = [...this.#slots].filter(({ ready }) => !ready).length;
    for (let missing = this.#waiting.length - starting; missing > 0 && this.#mayStart(); missing--)
      this.#start();
    if (this.#slots.size > 0) return;
    for (const { request, resolve, reject } of this.#waiting.splice(0)) {
      try {
        resolve(this.#computeHere(request));
      } catch (error) {
        reject(error);
      }
    }
  }

  /** Of the workers that can be given work. */
  #leastBusy(): Slot | undefined {
    const load = ({ tasks }: Slot) => tasks.reduce((sum, { cost }) => sum + cost, 0);
    const free = [...this.#slots].filter(({ ready, tasks }) => ready && tasks.length < depth);
    return free.sort((a, b) => load(a) - load(b))[0];
  }

  #give(slot: Slot, task: Task): void {
    slot.tasks.push(task);
    slot.thread?.hold(true);
    slot.thread?.post({ request: task.request }, [bufferOf(task.request)]);
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
      tasks: [],
      timer: setTimeout(() => this.#lose(slot, new Error("the worker did not start")), startLimit),
    };
    this.#slots.add(slot);
    try {
      slot.thread = startThread(program, {
        answered: (answer: Answer) => this.#answered(slot, answer),
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
    const task = slot.tasks.shift();
    slot.thread?.hold(slot.tasks.length > 0);
    if (!slot.ready) {
      clearTimeout(slot.timer);
      slot.ready = this.#wasReady = true;
    } else if ("error" in answer) {
      const { code, message, cause } = answer.error;
      if (task) this.#fail(task, new HeedError(code, message, { cause: new Error(cause) }));
    } else if (answer.result) {
      task?.resolve(answer.result);
    }
    this.#assign();
  }

  #lose(slot: Slot, cause: unknown): void {
    if (!this.#slots.has(slot)) return;
    this.#remove(slot);
    this.#refused ||= !this.#wasReady;
    this.#deaths.push(Date.now());
    const error = new HeedError(
      "crashed",
      "the worker that computed a part of this call ended; it will be replaced",
      { cause },
    );
    for (const task of slot.tasks) this.#fail(task, error);
    this.#assign();
  }

  #fail(failed: Task, error: HeedError): void {
    failed.reject(error);
    for (const task of this.#waiting.filter(({ call }) => call === failed.call)) {
      this.#waiting.splice(this.#waiting.indexOf(task), 1);
      task.reject(error);
    }
  }

  #remove(slot: Slot): void {
    clearTimeout(slot.timer);
    this.#slots.delete(slot);
    slot.thread?.stop();
  }
}
