// What a call will need, known before anything is allocated.

import { HeedError } from "./errors.js";
import { maximumMemory, type Host } from "./host.js";
import type { NativeMemory } from "./native.js";
import type { Request } from "./request.js";
import { visibleKeys } from "./visible.js";

// Mirrors of the tile sizes in src/kernels: rows of a query block, keys of a key block, columns of a packed panel.
const queryBlock = 48;
const keyBlock = 128;
const panel = 8;

/**
 * Peak bytes of WebAssembly memory and floating-point operations of attention(): the copies of its arrays, its results,
 * and the kernels' scratch; 2 operations per multiply-add of both products over the visible area (boolean masks are not
 * looked into).
 */
export function estimate(request: Request): { bytes: number; flops: number } {
  const { batchSize, numHeads, numKvHeads, queryLength, keyLength, pastLength, headDim, valueDim, capture } =
    request;
  const rows = batchSize * numHeads * queryLength;
  const keys = batchSize * numKvHeads * keyLength;
  const past = pastLength > 0 ? keys + batchSize * numKvHeads * pastLength : 0;
  const matrices = capture.filter((name) => name !== "logsumexp" && name !== "heads").length;
  const values =
    rows * (headDim + valueDim) + // query, output
    (keys + past) * (headDim + valueDim) +
    matrices * rows * keyLength +
    (capture.includes("logsumexp") ? rows : 0) +
    (request.maskIsFloat ? (request.mask?.length ?? 0) : 0) +
    // One head's packed key and value; of a block of queries the scores, the scaled queries and the outputs.
    keyLength * (Math.ceil(headDim / panel) + Math.ceil(valueDim / panel)) * panel +
    queryBlock * ((matrices > 0 ? keyLength : keyBlock) + headDim + valueDim) +
    2 * (keyLength + valueDim); // a row in double
  const bytes = 4 * values + (request.maskIsFloat ? 0 : (request.mask?.length ?? 0));
  return { bytes, flops: 2 * visiblePairs(request) * (headDim + valueDim) };
}

/** Query-key pairs that causality, window and key lengths leave. */
function visiblePairs(request: Request): number {
  const { batchSize, numHeads, queryLength } = request;
  let pairs = 0;
  for (let b = 0; b < batchSize; b++) {
    for (let i = 0; i < queryLength; i++) pairs += visibleKeys(request, b, i);
  }
  return pairs * numHeads;
}

/** Refuses a call that cannot fit, before anything is allocated. */
export function requireMemory(name: string, bytes: number, host: Host<NativeMemory>): void {
  const free = maximumMemory - host.memory.usedBytes;
  if (bytes <= free) return;
  const mib = (value: number) => `${Math.ceil(value / 2 ** 20)} MiB`;
  throw new HeedError(
    "out-of-memory",
    `${name} needs ${mib(bytes)} of WebAssembly memory, and ${mib(free)} of ${mib(maximumMemory)} are free`,
  );
}
