// What the calling thread and a worker say to each other. A worker that is ready says so by an empty answer.

import type { HeedErrorCode } from "../errors.js";
import type { PartRequest, PartResult } from "./parcel.js";

/** First the module, compiled once for all; then work. */
export type Order = { module: WebAssembly.Module } | { request: PartRequest };

/** An error travels in words: not every host clones Error objects, and none their class. */
export type Answer =
  { result?: PartResult } | { error: { code: HeedErrorCode; message: string; cause: string } };

/** The one that all arrays of a message share. */
export function bufferOf({ query }: PartRequest): ArrayBuffer {
  return query.buffer as ArrayBuffer;
}
