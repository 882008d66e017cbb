// What a call will need, known before anything is allocated.

import { HeedError } from "./errors.js";
import { maximumMemory, type Host } from "./host.js";
import type { NativeMemory } from "./native.js";
import type { Request } from "./request.js";
import { visibleKeys } from "./visible.js";

// Mirrors of src/kernels: rows of a query block, keys of a key block, columns of a packed panel, lanes of a batch, and up to
// how many rows a kv head's keys and values are read where they lie instead of packed.
const queryBlock = 48;
const keyBlock = 128;
const panel = 8;
const lanes = 4;
const keysInPlaceRows = 4;
const valuesInPlaceRows = queryBlock;

/**
 * Peak bytes of WebAssembly memory and floating-point operations of attention(); 2 operations per multiply-add of both
 * products over the visible area (boolean masks are not looked into).
 */
export function estimate(request: Request): { bytes: number; flops: number } {
  return {
    bytes: peakBytes(request),
    flops: 2 * visiblePairs(request) * (request.headDim + request.valueDim),
  };
}

/** The copies of a call's arrays, its results, and the kernels' scratch. */
export function peakBytes(request: Request): number {
  const { batchSize, numHeads, numKvHeads, queryLength, keyLength, pastLength, headDim, valueDim, capture } =
    request;
  const rows = batchSize * numHeads * queryLength;
  const kvHeads = batchSize * numKvHeads;
  const matrices = capture.filter((name) => name !== "logsumexp" && name !== "heads").length;
  const inputs = rows * headDim + kvHeads * (keyLength - pastLength) * (headDim + valueDim);
  const joined = pastLength > 0 ? kvHeads * keyLength * (headDim + valueDim) : 0;
  const results = rows * (valueDim + matrices * keyLength + (capture.includes("logsumexp") ? 1 : 0));
  const mask = (request.mask?.length ?? 0) * (request.maskIsFloat ? 4 : 1);
  const values = inputs + joined + results + scratch(request, matrices > 0);
  return 4 * values + mask;
}

/** Floats that the kernels hold: one kv head's packed keys and values, and of a block of queries what it works on. */
function scratch(
  { numHeads, numKvHeads, queryLength, keyLength, headDim, valueDim }: Request,
  whole: boolean,
) {
  const inDouble = 2 * (keyLength + valueDim); // a row
  const packedKeys = keyLength * panels(headDim);
  const packedValues = keyLength * panels(valueDim);
  if (whole) return packedKeys + packedValues + queryBlock * keyLength + inDouble;
  const sharing = (numHeads / numKvHeads) * queryLength; // rows of one kv head
  const blockRows = sharing <= queryBlock ? sharing : Math.min(queryBlock, queryLength);
  return (
    (sharing <= keysInPlaceRows && headDim % lanes === 0 ? 0 : packedKeys) +
    (sharing <= valuesInPlaceRows && valueDim % panel === 0 ? 0 : packedValues) +
    blockRows * (keyBlock + headDim + valueDim) +
    inDouble
  );
}

function panels(columns: number): number {
  return Math.ceil(columns / panel) * panel;
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
