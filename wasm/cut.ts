// Blocks of [batch, heads, length, dim] tensors, cut out and pasted back, and the options that such a block sees. A row's
// result depends on that row alone, so that a block computed apart has the bits it has in the whole.

import type { Request } from "./request.js";

/** Where the rows of a tensor lie: row (b, h, i) begins at b·batchStride + h·headStride + i·rowStride. */
export interface Rows {
  batchStride: number;
  headStride: number;
  rowStride: number;
  dim: number;
}

/** Half-open. */
export type Range = readonly [begin: number, end: number];

/** Of query heads and queries. Heads are whole groups of a kv head, or lie within one. */
export interface Block {
  batches: Range;
  heads: Range;
  rows: Range;
}

/** A dense tensor: "bhld" [batch, heads, length, dim], "blhd" [batch, length, heads·dim]. */
export function rowsOf(layout: "bhld" | "blhd", numHeads: number, length: number, dim: number): Rows {
  const batchStride = numHeads * length * dim;
  return layout === "bhld"
    ? { batchStride, headStride: length * dim, rowStride: dim, dim }
    : { batchStride, headStride: dim, rowStride: numHeads * dim, dim };
}

const sizeOf = ([begin, end]: Range): number => end - begin;

/** The block's values in order of batch, head and row, as runs that lie side by side. */
function eachRun(
  { batchStride, headStride, rowStride, dim }: Rows,
  { batches, heads, rows }: Block,
  visit: (start: number, length: number) => void,
): void {
  let start = 0;
  let end = 0;
  const add = (at: number, length: number) => {
    if (at !== end) {
      if (end > start) visit(start, end - start);
      start = at;
    }
    end = at + length;
  };
  for (let b = batches[0]; b < batches[1]; b++) {
    for (let h = heads[0]; h < heads[1]; h++) {
      const head = b * batchStride + h * headStride;
      if (rowStride === dim) add(head + rows[0] * dim, sizeOf(rows) * dim);
      else for (let i = rows[0]; i < rows[1]; i++) add(head + i * rowStride, dim);
    }
  }
  if (end > start) visit(start, end - start);
}

/** How many values a block has. */
export function blockLength({ dim }: Rows, { batches, heads, rows }: Block): number {
  return sizeOf(batches) * sizeOf(heads) * sizeOf(rows) * dim;
}

/** Copies the block, dense "bhld", to the beginning of `target`. */
export function gather(array: Float32Array, rows: Rows, block: Block, target: Float32Array): void {
  let at = 0;
  eachRun(rows, block, (start, length) => {
    target.set(array.subarray(start, start + length), at);
    at += length;
  });
}

/** The block, dense "bhld"; a view where it lies in one piece. */
export function cut<T extends Float32Array | Uint8Array>(array: T, rows: Rows, block: Block): T {
  const total = blockLength(rows, block);
  // By element size, not by constructor: what a mask calls its own may be a Node Buffer.
  const dense = () => (array.BYTES_PER_ELEMENT === 4 ? new Float32Array(total) : new Uint8Array(total)) as T;
  let part: T | undefined;
  let at = 0;
  eachRun(rows, block, (start, length) => {
    const run = array.subarray(start, start + length) as T;
    if (length === total) part = run;
    else (part ??= dense()).set(run, at);
    at += length;
  });
  return part ?? dense();
}

/** The inverse of gather(): a dense "bhld" block goes to its place in `target`. */
export function paste(part: Float32Array, target: Float32Array, rows: Rows, block: Block): void {
  let at = 0;
  eachRun(rows, block, (start, length) => {
    target.set(part.subarray(at, at + length), start);
    at += length;
  });
}

/** The same block of key and value: the kv heads that its query heads read, and all `keyLength` rows. */
export function kvBlock({ numHeads, numKvHeads }: Request, { batches, heads }: Block, length: number): Block {
  const group = numHeads / numKvHeads;
  return { batches, heads: [Math.floor(heads[0] / group), Math.ceil(heads[1] / group)], rows: [0, length] };
}

/** The request that computes the block alone, less its arrays query, key and value. */
export function cutRequest(request: Request, block: Block): Request {
  const { batches, heads, rows } = block;
  return {
    ...request,
    batchSize: sizeOf(batches),
    numHeads: sizeOf(heads),
    numKvHeads: sizeOf(kvBlock(request, block, 0).heads),
    queryLength: sizeOf(rows),
    layout: "bhld",
    queryOffset: cutOffset(request.queryOffset, block),
    keyLengths: request.keyLengths?.subarray(...batches) ?? null,
    alibiSlopes: cutSlopes(request, block),
    sinks: request.sinks?.subarray(...heads) ?? null,
    ...cutMask(request, block),
  };
}

/** The block's first query stands `rows[0]` further on. */
function cutOffset(queryOffset: Int32Array | null, { batches, rows: [begin] }: Block): Int32Array | null {
  if (begin === 0) return queryOffset?.subarray(...batches) ?? null;
  return Int32Array.from({ length: sizeOf(batches) }, (_, b) => (queryOffset?.[batches[0] + b] ?? 0) + begin);
}

/** [heads], or [batches, heads] where each batch has its own. */
function cutSlopes({ alibiSlopes, numHeads }: Request, block: Block): Float32Array | null {
  if (!alibiSlopes) return null;
  if (alibiSlopes.length === numHeads) return alibiSlopes.subarray(...block.heads);
  return cut(alibiSlopes, rowsOf("bhld", numHeads, 1, 1), { ...block, rows: [0, 1] });
}

/** A dimension of 1 stays: it repeats for the block as it did for the whole. */
function cutMask({ mask, maskShape }: Request, block: Block): Pick<Request, "mask" | "maskShape"> {
  if (!mask) return { mask, maskShape };
  const [batches = 1, heads = 1, queries = 1, keys = 1] = [1, 1, 1, 1, ...maskShape].slice(-4);
  const part = (size: number, range: Range): Range => (size === 1 ? [0, 1] : range);
  const seen: Block = {
    batches: part(batches, block.batches),
    heads: part(heads, block.heads),
    rows: part(queries, block.rows),
  };
  return {
    mask: cut(mask, rowsOf("bhld", heads, queries, keys), seen),
    maskShape: [sizeOf(seen.batches), sizeOf(seen.heads), sizeOf(seen.rows), keys],
  };
}
