// What the calling thread and a worker say to each other. A worker that is ready says so by an empty answer.

import type { HeedErrorCode } from "../errors.js";
import type { PartRequest, PartResult } from "./parts.js";

/** First the module, compiled once for all; then work. */
export type Order = { module: WebAssembly.Module } | { requests: readonly PartRequest[] };

/** An error travels in words: not every host clones Error objects, and none their class. */
export type Answer =
  { results?: PartResult[] } | { error: { code: HeedErrorCode; message: string; cause: string } };
