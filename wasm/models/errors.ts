// How heed/models words what went wrong.

import { show } from "../check.js";
import { HeedError } from "../errors.js";

/** A HeedError with an optional cause; `cause` undefined: none. */
export function failure(code: HeedError["code"], message: string, cause?: unknown): HeedError {
  return new HeedError(code, message, cause === undefined ? {} : { cause });
}

/** Throws "aborted" once the signal has been; its reason is the cause. */
export function checkAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw failure("aborted", `${what} was aborted`, signal.reason);
}

/** A short rendering of any value for a message: what JSON has as JSON has it, anything else by what it is. */
export function shown(value: unknown): string {
  const isPlain = Object.prototype.toString.call(value) === "[object Object]";
  if (typeof value !== "string" && !isPlain && !Array.isArray(value)) return show(value);
  // One level only: what is deeper may be too deep for the stack, or go round in circles.
  const isDeep = (inner: unknown): boolean => typeof inner === "object" && inner !== null;
  let text: string;
  try {
    text = Array.isArray(value)
      ? `[${value.slice(0, 30).map((inner) => (isDeep(inner) ? "…" : shown(inner)))}]`
      : String(JSON.stringify(value, (key, inner: unknown) => (key && isDeep(inner) ? "…" : inner)));
  } catch {
    text = show(value);
  }
  return text.length > 60 ? text.slice(0, 57) + "…" : text;
}

/** What loadModel() takes, for messages. */
export const expectedSource =
  `expected "heed-bert" or "heed-gpt", a repository of the Hugging Face hub ("org/model"), the http(s) or file URL of a ` +
  `folder with config.json, tokenizer.json and model.safetensors, an object { config, tokenizer, weights }, an array of ` +
  `Files, or a GGUF file`;
