// attentionWindow's arguments: one head is cut out of the arrays, so that only its rows cross into WebAssembly, however
// many heads there are.

import { floats, integer, invalid, mismatch, object, oneOf } from "./check.js";
import { cut, cutRequest, kvBlock, rowsOf, type Block } from "./cut.js";
import { readRequest, readShape } from "./request.js";
import type { AttentionOptions, WindowOptions } from "./types.js";

export function readWindowRequest(
  query: Float32Array,
  key: Float32Array,
  logsumexp: Float32Array,
  options: AttentionOptions & WindowOptions,
): { bytes: number } {
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
  const rectangle = readRectangle(options, queryLength, keyLength);
  const request = readRequest(shape, options, []);
  const head: Block = { batches: [b, b + 1], heads: [h, h + 1], rows: [0, queryLength] };
  const keysOf = (array: Float32Array, layout: "bhld" | "blhd", length: number) =>
    cut(array, rowsOf(layout, numKvHeads, length, headDim), kvBlock(request, head, length));
  const pastKey = options.pastKey && keysOf(options.pastKey, "bhld", pastLength);
  return {
    ...cutRequest(request, head),
    query: cut(query, rowsOf(request.layout, numHeads, queryLength, headDim), head),
    key: keysOf(key, request.layout, keyLength - pastLength),
    // No value takes part; where there is a past it is joined all the same, so that it gets a width of 0.
    ...{ value: new Float32Array(0), valueDim: 0, pastKey, pastValue: pastKey && new Float32Array(0) },
    logsumexp: cut(logsumexp, rowsOf("bhld", numHeads, queryLength, 1), head),
    sinks: null, // in the logsumexp
    ...rectangle,
    // The cells as they are gathered, in double, and as they are handed back; the head's rows, twice where joined or packed.
    bytes: 12 * rectangle.height * rectangle.width + 8 * (queryLength + 2 * keyLength) * headDim,
  } as { bytes: number };
}

/** The part of a matrix [rows, cols] that is asked for, and in how many cells. */
export function readRectangle(
  { rows, cols, out, reduce }: Omit<WindowOptions, "batch" | "head">,
  numRows: number,
  numCols: number,
) {
  const [rowBegin, rowEnd] = range("rows", rows, numRows);
  const [colBegin, colEnd] = range("cols", cols, numCols);
  const [height, width] = readOut(out, rowEnd - rowBegin, colEnd - colBegin);
  return {
    ...{ rowBegin, rowEnd, colBegin, colEnd, height, width },
    reduce: oneOf("reduce", reduce ?? "mean", ["mean", "max"] as const),
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
