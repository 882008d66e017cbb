// The latest only, and told from what was asked before it: the same is not asked for again.
import { latestOnly, type Latest } from "../runner/latest.ts";

export interface Differing<Asked, Result> extends Latest<Asked, Result> {
  /** Whether this was asked for last, and is there or on its way. */
  isAsked(asked: Asked): boolean;
}

/** What failed, or was cancelled, was not asked for. */
export function differing<Asked, Result>(
  work: (asked: Asked) => Promise<Result>,
  keyOf: (asked: Asked) => string,
): Differing<Asked, Result> {
  const latest = latestOnly(work);
  let key: string | undefined;
  return {
    isAsked: (asked) => key === keyOf(asked),
    async ask(asked) {
      key = keyOf(asked);
      try {
        return await latest.ask(asked);
      } catch (error) {
        key = undefined;
        throw error;
      }
    },
    cancel() {
      key = undefined;
      latest.cancel();
    },
  };
}
