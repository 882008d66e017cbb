// How heed/models words what went wrong.

import { HeedError } from "../errors.js";

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
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  // One level only: what is deeper may be too deep for the stack, or go round in circles.
  const shallow = (key: string, inner: unknown): unknown =>
    key !== "" && typeof inner === "object" && inner !== null ? "…" : inner;
  let text: string;
  try {
    text = JSON.stringify(value, shallow) ?? String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 60 ? text.slice(0, 57) + "…" : text;
}

/** What loadModel() takes, for messages. */
export const expectedSource =
  `expected "heed-bert" or "heed-gpt", a repository of the Hugging Face hub ("org/model"), the http(s) or file URL of a ` +
  `folder with config.json, tokenizer.json and model.safetensors, an object { config, tokenizer, weights }, an array of ` +
  `Files, or a GGUF file`;
