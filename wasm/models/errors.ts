// The error of heed/models is the engine's, taken from the entry "heed" so that there is one class of it.

import { HeedError } from "../index.js";

export { HeedError };

/** A HeedError with an optional cause; `cause` undefined: none. */
export function failure(code: HeedError["code"], message: string, cause?: unknown): HeedError {
  return new HeedError(code, message, cause === undefined ? {} : { cause });
}

/** Throws "aborted" once the signal has been; its reason is the cause. */
export function checkAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw failure("aborted", `${what} was aborted`, signal.reason);
}

/** A short rendering of any value for a message. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  let text: string;
  try {
    text =
      typeof value === "bigint" || typeof value === "symbol"
        ? String(value)
        : (JSON.stringify(value) ?? String(value));
  } catch {
    text = String(value);
  }
  return text.length > 60 ? text.slice(0, 57) + "…" : text;
}
