// How long is waited for a server, and how often it is asked again.

import { failure } from "../errors.js";
import type { RetryOptions } from "../types.js";
import { HttpError } from "./http_errors.js";

// A server that wants to be left alone for longer is told of instead.
const longestDelay = 30_000;

export class Patience {
  readonly #times: number;
  readonly #delay: number;
  readonly #timeout: number;
  readonly #signal: AbortSignal | undefined;
  #tries = 0;

  constructor(
    { times = 3, delay = 300, timeout = 30_000 }: RetryOptions = {},
    signal: AbortSignal | undefined,
  ) {
    this.#times = times;
    this.#delay = delay;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /** Something has arrived: the tries are counted from here. */
  renew(): void {
    this.#tries = 0;
  }

  /** `work`, unless it takes longer than the timeout or the signal fires: whoever works may not listen to it. */
  wait<T>(work: Promise<T>): Promise<T> {
    const timeout = this.#timeout;
    return this.#until(work, timeout, () => {
      throw new Error(`nothing has arrived for ${timeout} ms`);
    });
  }

  /** Returns when it is time for the next try, and throws `error` after the last one. */
  async beforeNext(error: Error, what: string): Promise<void> {
    const wanted = error.cause instanceof HttpError ? error.cause.retryAfter : undefined;
    const delay = Math.max(this.#delay * 2 ** this.#tries, wanted ?? 0);
    if (this.#tries++ >= this.#times || delay > longestDelay) throw error;
    try {
      await this.#until(new Promise<never>(() => undefined), delay, () => undefined);
    } catch (cause) {
      throw failure("aborted", `${what} was aborted`, cause);
    }
  }

  #until<T>(work: Promise<T>, ms: number, late: () => T): Promise<T> {
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => settle(() => reject(signal?.reason));
      const timer = setTimeout(
        () =>
          settle(() => {
            try {
              resolve(late());
            } catch (cause) {
              reject(cause);
            }
          }),
        ms,
      );
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        act();
      };
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) onAbort();
      work.then(
        (value) => settle(() => resolve(value)),
        (cause: unknown) => settle(() => reject(cause)),
      );
    });
  }
}
