// What draws a view: of the element's own, or of a chunk that is fetched when it is asked for.
import type { MakeView } from "../views/view.ts";

export interface Drawing {
  readonly make: MakeView;
  /** Styles that the element's sheet does not hold. */
  readonly sheet?: CSSStyleSheet;
}

/** What `fetch` brings: at once where it is there, later else. Where it fails, the next call tries again. */
export function later<T>(fetch: () => Promise<T>): () => T | Promise<T> {
  let there: T | undefined;
  let coming: Promise<T> | undefined;
  return () =>
    there ??
    (coming ??= fetch().then(
      (brought) => (there = brought),
      (error: unknown) => {
        coming = undefined;
        throw error;
      },
    ));
}
