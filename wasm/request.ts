// From the options people write to the complete, checked record that the native side reads.

import {
  boolean,
  finite,
  floats,
  integer,
  invalid,
  itemCount,
  mismatch,
  object,
  oneOf,
  optionalFloats,
  typedArray,
} from "./check.js";
import type { AttentionOptions, CaptureName } from "./types.js";

export const captureNames: readonly CaptureName[] = [
  "products",
  "scores",
  "cappedScores",
  "maskedScores",
  "weights",
  "logsumexp",
];

/** The sizes that options alone fix. */
export interface Heads {
  batchSize: number;
  numHeads: number;
  numKvHeads: number;
  headDim: number;
  valueDim: number;
}

/** Heads, and the lengths that the arrays fix. */
export interface Shape extends Heads {
  queryLength: number;
  /** All keys: past and new. */
  keyLength: number;
  pastLength: number;
}

/** What wasm/marshal.h reads, less the arrays query, key and value. */
export interface Request extends Shape {
  layout: "bhld" | "blhd";
  scale: number;
  isCausal: boolean;
  windowLeft: number;
  windowRight: number;
  softcap: number;
  queryOffset: Int32Array | null;
  keyLengths: Int32Array | null;
  mask: Uint8Array | Float32Array | null;
  maskIsFloat: boolean;
  maskShape: readonly number[];
  alibiSlopes: Float32Array | null;
  sinks: Float32Array | null;
  capture: readonly string[];
}

export function readHeads(options: AttentionOptions): Heads {
  object("options", options);
  const numHeads = integer("numHeads", options.numHeads, 1);
  const headDim = integer("headDim", options.headDim, 1);
  const numKvHeads = integer("numKvHeads", options.numKvHeads ?? numHeads, 1);
  if (numHeads % numKvHeads !== 0)
    throw invalid("numKvHeads", numKvHeads, `a divisor of numHeads = ${numHeads}`);
  return {
    batchSize: integer("batchSize", options.batchSize ?? 1, 0),
    numHeads,
    numKvHeads,
    headDim,
    valueDim: integer("valueDim", options.valueDim ?? headDim, 1),
  };
}

/** The lengths of query, key, value and past, which must agree. */
export function readShape(
  query: Float32Array,
  key: Float32Array,
  value: Float32Array | null,
  options: AttentionOptions,
): Shape {
  const heads = readHeads(options);
  const { batchSize, numHeads, numKvHeads, headDim, valueDim } = heads;
  const queryLength = itemCount(
    "query",
    query.length,
    batchSize * numHeads * headDim,
    "batchSize·numHeads·headDim",
  );
  const keyItem = batchSize * numKvHeads * headDim;
  const valueItem = batchSize * numKvHeads * valueDim;
  const newLength = itemCount("key", key.length, keyItem, "batchSize·numKvHeads·headDim");
  if (value && value.length !== newLength * valueItem) {
    throw mismatch(
      "value",
      `has ${value.length} values`,
      `batchSize·numKvHeads·keys·valueDim = ${newLength * valueItem} for the ${newLength} keys of key`,
    );
  }
  const pastLength = readPast(options, heads, value !== null);
  return { ...heads, queryLength, keyLength: pastLength + newLength, pastLength };
}

/** Keys of the cache: 0 where there is none. */
export function readPast(options: AttentionOptions, heads: Heads, withValue: boolean): number {
  const { pastKey, pastValue } = options;
  if (pastKey === undefined && pastValue === undefined) return 0;
  const keyItem = heads.batchSize * heads.numKvHeads * heads.headDim;
  const valueItem = heads.batchSize * heads.numKvHeads * heads.valueDim;
  const length = itemCount(
    "pastKey",
    floats("pastKey", pastKey).length,
    keyItem,
    "batchSize·numKvHeads·headDim",
  );
  if (pastValue === undefined && !withValue) return length;
  const values = floats("pastValue", pastValue).length;
  if (values !== length * valueItem) {
    throw mismatch(
      "pastValue",
      `has ${values} values`,
      `batchSize·numKvHeads·past·valueDim = ${length * valueItem} for the ${length} keys of pastKey`,
    );
  }
  return length;
}

/** Everything but the arrays of query, key and value. */
export function readRequest(
  shape: Shape,
  options: AttentionOptions,
  capture: readonly string[],
  captures: readonly string[] = captureNames,
): Request {
  const { batchSize, numHeads, headDim } = shape;
  const isCausal = boolean("isCausal", options.isCausal ?? false);
  const [windowLeft, windowRight] = readWindow(options.window);
  const keyLengths = readKeyLengths(options.keyLengths, shape);
  const softcap = finite("softcap", options.softcap ?? 0);
  if (softcap < 0) throw invalid("softcap", softcap, "a number of at least 0");
  return {
    ...shape,
    layout: oneOf("layout", options.layout ?? "bhld", ["bhld", "blhd"]),
    scale: finite("scale", options.scale ?? 1 / Math.sqrt(headDim)),
    isCausal,
    windowLeft,
    windowRight,
    softcap,
    queryOffset: readQueryOffset(options, shape, keyLengths, isCausal || options.window !== undefined),
    keyLengths,
    ...readMask(options.attnMask, shape),
    alibiSlopes: readSlopes(options.alibiSlopes, batchSize, numHeads),
    sinks: optionalFloats("sinks", options.sinks, numHeads, "[numHeads]"),
    capture: readCapture(capture, captures),
  };
}

function readCapture(capture: unknown, names: readonly string[]): readonly string[] {
  if (!Array.isArray(capture)) throw invalid("capture", capture, `an array of ${names.join(", ")}`);
  return capture.map((name) => oneOf("capture", name, names));
}

function readWindow(window: unknown): readonly [number, number] {
  if (window === undefined) return [-1, -1];
  if (!Array.isArray(window) || window.length !== 2) throw invalid("window", window, "[left, right]");
  return [integer("window[0]", window[0], -1), integer("window[1]", window[1], -1)];
}

function readKeyLengths(value: unknown, { batchSize, keyLength }: Shape): Int32Array | null {
  if (value === undefined) return null;
  const lengths = perBatch("keyLengths", value, batchSize);
  lengths.forEach((length, b) => {
    if (length < 0 || length > keyLength)
      throw invalid(`keyLengths[${b}]`, length, `from 0 to the ${keyLength} keys`);
  });
  return lengths;
}

/** Where queries start when nobody says: behind the past; at the end of a filled cache; at 0. */
function readQueryOffset(
  { queryOffset, pastKey }: AttentionOptions,
  { batchSize, queryLength, pastLength }: Shape,
  keyLengths: Int32Array | null,
  hasPositions: boolean,
): Int32Array | null {
  if (typeof queryOffset === "number") {
    return new Int32Array(batchSize).fill(integer("queryOffset", queryOffset, -(2 ** 31)));
  }
  if (queryOffset !== undefined) return perBatch("queryOffset", queryOffset, batchSize);
  // An empty cache is one too.
  if (pastKey !== undefined) return new Int32Array(batchSize).fill(pastLength);
  return keyLengths && hasPositions ? keyLengths.map((length) => length - queryLength) : null;
}

function perBatch(name: string, value: unknown, batchSize: number): Int32Array {
  const array = typedArray(name, value, "Int32Array");
  if (array.length !== batchSize)
    throw mismatch(name, `has ${array.length} values`, `[batchSize] = ${batchSize}`);
  return array;
}

function readSlopes(value: unknown, batchSize: number, numHeads: number): Float32Array | null {
  if (value === undefined) return null;
  const slopes = floats("alibiSlopes", value);
  if (slopes.length !== numHeads && slopes.length !== batchSize * numHeads) {
    throw mismatch(
      "alibiSlopes",
      `has ${slopes.length} values`,
      `[numHeads] = ${numHeads} or [batchSize, numHeads]`,
    );
  }
  return slopes;
}

type Mask = Pick<Request, "mask" | "maskIsFloat" | "maskShape">;

function readMask(value: unknown, { batchSize, numHeads, queryLength, keyLength }: Shape): Mask {
  if (value === undefined) return { mask: null, maskIsFloat: false, maskShape: [] };
  const { data, shape } = object("attnMask", value);
  const maskIsFloat = Object.prototype.toString.call(data) === "[object Float32Array]";
  if (!maskIsFloat && Object.prototype.toString.call(data) !== "[object Uint8Array]") {
    throw invalid("attnMask.data", data, "a Uint8Array (non-zero = attend) or a Float32Array (added)");
  }
  const mask = data as Uint8Array | Float32Array;
  if (!Array.isArray(shape) || shape.length < 1 || shape.length > 4) {
    throw invalid("attnMask.shape", shape, "1 to 4 sizes");
  }
  const maskShape = shape.map((size, i) => integer(`attnMask.shape[${i}]`, size, 0));
  const values = maskShape.reduce((product, size) => product * size, 1);
  if (mask.length !== values) {
    throw mismatch("attnMask.data", `has ${mask.length} values`, `[${maskShape.join(", ")}] = ${values}`);
  }
  const full = [batchSize, numHeads, queryLength, keyLength];
  maskShape.forEach((size, i) => {
    const axis = i + 4 - maskShape.length;
    const target = full[axis] ?? 0;
    // The arrays of no batch items tell neither length.
    if (batchSize === 0 && axis > 1) return;
    // A last dimension may be shorter than the keys: those beyond it are hidden.
    if (size === 1 || size === target || (axis === 3 && size < target)) return;
    throw mismatch("attnMask.shape", `is [${maskShape.join(", ")}]`, `to broadcast to [${full.join(", ")}]`);
  });
  return batchSize === 0
    ? { mask: null, maskIsFloat: false, maskShape: [] }
    : { mask, maskIsFloat, maskShape };
}
