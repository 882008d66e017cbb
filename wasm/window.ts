// attentionWindow's arguments: one head is cut out of the arrays, so that only its rows cross into WebAssembly, however
// many heads there are.

import { floats, integer, invalid, mismatch, object, oneOf } from "./check.js";
import { readRequest, readShape, type Request } from "./request.js";
import type { AttentionOptions, WindowOptions } from "./types.js";

export function readWindowRequest(
  query: Float32Array,
  key: Float32Array,
  logsumexp: Float32Array,
  options: AttentionOptions & WindowOptions,
): object {
  object("options", options);
  const shape = readShape(floats("query", query), floats("key", key), null, options);
  const { batchSize, numHeads, numKvHeads, queryLength, keyLength, headDim, pastLength } = shape;
  const rows = batchSize * numHeads * queryLength;
  if (floats("logsumexp", logsumexp).length !== rows) {
    throw mismatch(
      "logsumexp",
      `has ${logsumexp.length} values`,
      `[batchSize, numHeads, queryLength] = ${rows}`,
    );
  }
  const b = index("batch", options.batch ?? 0, batchSize);
  const h = index("head", options.head, numHeads);
  const kvHead = Math.floor(h / (numHeads / numKvHeads));
  const [rowBegin, rowEnd] = range("rows", options.rows, queryLength);
  const [colBegin, colEnd] = range("cols", options.cols, keyLength);
  const [height, width] = readOut(options.out, rowEnd - rowBegin, colEnd - colBegin);
  const request = readRequest(shape, options, []);
  const { layout } = request;
  const newLength = keyLength - pastLength;
  const pastKey =
    options.pastKey && cutHead(options.pastKey, "bhld", b, kvHead, numKvHeads, pastLength, headDim);
  return {
    ...request,
    ...{ batchSize: 1, numHeads: 1, numKvHeads: 1, layout: "bhld" },
    query: cutHead(query, layout, b, h, numHeads, queryLength, headDim),
    key: cutHead(key, layout, b, kvHead, numKvHeads, newLength, headDim),
    // No value takes part; where there is a past it is joined all the same, so that it gets a width of 0.
    ...{ value: new Float32Array(0), valueDim: 0, pastKey, pastValue: pastKey && new Float32Array(0) },
    logsumexp: logsumexp.subarray((b * numHeads + h) * queryLength, (b * numHeads + h + 1) * queryLength),
    queryOffset: request.queryOffset?.subarray(b, b + 1) ?? null,
    keyLengths: request.keyLengths?.subarray(b, b + 1) ?? null,
    alibiSlopes: cutSlope(request, b, h),
    sinks: null,
    ...cutMask(request, b, h),
    ...{ rowBegin, rowEnd, colBegin, colEnd, height, width },
    reduce: oneOf("reduce", options.reduce ?? "mean", ["mean", "max"]),
  };
}

function index(name: string, value: unknown, size: number): number {
  if (integer(name, value, 0) >= size) throw invalid(name, value, `an integer below ${size}`);
  return value as number;
}

function range(name: string, value: unknown, size: number): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) throw invalid(name, value, "[from, to]");
  const from = integer(`${name}[0]`, value[0], 0);
  const to = integer(`${name}[1]`, value[1], from);
  if (to > size) throw invalid(`${name}[1]`, to, `at most ${size}`);
  return [from, to];
}

function readOut(out: unknown, rows: number, cols: number): readonly [number, number] {
  if (out === undefined) return [rows, cols];
  if (!Array.isArray(out) || out.length !== 2) throw invalid("out", out, "[height, width]");
  return [shrunk("out[0]", out[0], rows), shrunk("out[1]", out[1], cols)];
}

function shrunk(name: string, value: unknown, side: number): number {
  if (integer(name, value, Math.min(1, side)) > side)
    throw invalid(name, value, `at most the rectangle's ${side}`);
  return value as number;
}

/** [length, dim] of one head. */
function cutHead(
  array: Float32Array,
  layout: "bhld" | "blhd",
  b: number,
  h: number,
  numHeads: number,
  length: number,
  dim: number,
): Float32Array {
  if (layout === "bhld") {
    const start = (b * numHeads + h) * length * dim;
    return array.subarray(start, start + length * dim);
  }
  const head = new Float32Array(length * dim);
  for (let i = 0; i < length; i++) {
    const start = ((b * length + i) * numHeads + h) * dim;
    head.set(array.subarray(start, start + dim), i * dim);
  }
  return head;
}

function cutSlope({ alibiSlopes, numHeads }: Request, b: number, h: number): Float32Array | null {
  if (!alibiSlopes) return null;
  const at = alibiSlopes.length > numHeads ? b * numHeads + h : h;
  return alibiSlopes.subarray(at, at + 1);
}

/** The [query, key] part of the mask that this batch and head see. */
function cutMask(
  { mask, maskShape }: Request,
  b: number,
  h: number,
): { mask: typeof mask; maskShape: readonly number[] } {
  if (!mask) return { mask, maskShape };
  const [batches = 1, heads = 1, queries = 1, keys = 1] = [1, 1, 1, 1, ...maskShape].slice(-4);
  const matrix = queries * keys;
  const at = ((batches > 1 ? b : 0) * heads + (heads > 1 ? h : 0)) * matrix;
  return { mask: mask.subarray(at, at + matrix), maskShape: [queries, keys] };
}
