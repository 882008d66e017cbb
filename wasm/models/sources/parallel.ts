// Several things at once, but not too many.

/**
 * `work` of every item, at most `limit` at a time; the results in the items' order. The signal that it gets fires with the
 * caller's, and when one of the others has failed. Rejects with the first error once all have ended.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  const results: Result[] = [];
  const errors: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const i = next++;
      try {
        results[i] = await work(items[i] as Item, stop.signal);
      } catch (error) {
        errors.push(error);
        stop.abort(error);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  if (errors.length > 0) throw errors[0];
  return results;
}
