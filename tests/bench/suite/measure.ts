// The measuring core: several sides in turn, A B A B, so that what else the machine does falls on all of them alike.
// Nothing here knows what it measures, nor where.

export interface Side {
  name: string;
  /** One call; a promise is waited for. */
  run(): unknown;
  budget: Budget;
}

/** At least `samples` samples and `seconds` in all, but no more than `mostSeconds` once there are `fewestSamples`. */
export interface Budget {
  seconds: number;
  samples: number;
  mostSeconds: number;
  fewestSamples: number;
  /** Before anything is timed: V8 needs calls, and time beside them, to replace its baseline code. */
  warmSeconds: number;
}

/** Milliseconds of one call. */
export interface Timing {
  median: number;
  minimum: number;
  samples: number;
  /** Calls in each sample. */
  calls: number;
}

export type Outcome = { name: string } & (Timing | { failed: string });

/** A sample is at least this many milliseconds of calls: a page without isolation sees time in steps of 0.1 ms. */
export const sampleMilliseconds = 5;

/** `now` in milliseconds. A side that throws is left out from there on, and its outcome says why. */
export async function measure(sides: readonly Side[], now: () => number): Promise<Outcome[]> {
  const tracks = sides.map((side) => new Track(side, now));
  for (const track of tracks) await track.attempt(() => track.warm());
  for (;;) {
    const order = interleave(tracks.map((track) => track.missing()));
    if (order.length === 0) return tracks.map((track) => track.outcome());
    for (const i of order) {
      const track = tracks[i] as Track;
      await track.attempt(() => track.sample());
    }
  }
}

/** Indices of sides, each as often as counted, spread evenly over the whole: [4, 4, 2] gives 0 1 0 1 2 0 1 0 1 2. */
export function interleave(counts: readonly number[]): number[] {
  const rounds = Math.max(0, ...counts);
  const order: number[] = [];
  for (let round = 0; round < rounds; round++) {
    counts.forEach((count, i) => {
      const due = (upTo: number) => Math.floor((upTo * count) / rounds);
      if (due(round + 1) > due(round)) order.push(i);
    });
  }
  return order;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** One side's calls and samples. */
class Track {
  readonly #side: Side;
  readonly #now: () => number;
  /** Milliseconds of one call, each. */
  readonly #samples: number[] = [];
  #calls = 1;
  /** Milliseconds of a whole sample, as far as known. */
  #estimate = 0;
  #total = 0;
  #failed: string | undefined;

  constructor(side: Side, now: () => number) {
    this.#side = side;
    this.#now = now;
  }

  async attempt(work: () => Promise<void>): Promise<void> {
    if (this.#failed !== undefined) return;
    try {
      await work();
    } catch (error) {
      this.#failed = error instanceof Error ? error.message : String(error);
    }
  }

  /** Two calls and more until `warmSeconds` are over; then as many calls to a sample as the last ones say. */
  async warm(): Promise<void> {
    const start = this.#now();
    let calls = 1;
    let last = await this.#time(1);
    do {
      last = await this.#time(calls);
      if (last < sampleMilliseconds) calls *= 2;
    } while (this.#now() - start < 1000 * this.#side.budget.warmSeconds || last < sampleMilliseconds);
    this.#calls = Math.max(1, Math.ceil((calls * sampleMilliseconds) / last));
    this.#estimate = (last / calls) * this.#calls;
  }

  async sample(): Promise<void> {
    const milliseconds = await this.#time(this.#calls);
    this.#samples.push(milliseconds / this.#calls);
    this.#total += milliseconds;
    this.#estimate = this.#total / this.#samples.length;
  }

  /** Samples still to be taken. */
  missing(): number {
    if (this.#failed !== undefined) return 0;
    const { seconds, samples, mostSeconds, fewestSamples } = this.#side.budget;
    const taken = this.#samples.length;
    const until = (end: number) => Math.ceil((1000 * end - this.#total) / this.#estimate);
    const wanted = Math.max(samples - taken, until(seconds));
    return Math.max(0, Math.min(wanted, Math.max(fewestSamples - taken, until(mostSeconds))));
  }

  outcome(): Outcome {
    const { name } = this.#side;
    if (this.#failed !== undefined) return { name, failed: this.#failed };
    return {
      name,
      median: median(this.#samples),
      minimum: Math.min(...this.#samples),
      samples: this.#samples.length,
      calls: this.#calls,
    };
  }

  async #time(calls: number): Promise<number> {
    const start = this.#now();
    for (let i = 0; i < calls; i++) {
      const result = this.#side.run();
      // A call that is done is not made to wait for a microtask.
      if (result instanceof Promise) await result;
    }
    return this.#now() - start;
  }
}
