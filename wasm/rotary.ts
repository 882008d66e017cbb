// rotaryEmbedding's arguments.

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
  typedArray,
} from "./check.js";
import type { RotaryOptions } from "./types.js";

/** What wasm/calls.cpp reads, and the bytes that tables made there will take. */
export interface RotaryRequest {
  tableBytes: number;
}

export function readRotary(x: Float32Array, options: RotaryOptions): RotaryRequest {
  object("options", options);
  const batchSize = integer("batchSize", options.batchSize ?? 1, 0);
  const numHeads = integer("numHeads", options.numHeads, 1);
  const headDim = integer("headDim", options.headDim, 1);
  const rotaryDim = integer("rotaryDim", options.rotaryDim ?? headDim, 0);
  if (rotaryDim % 2 !== 0 || rotaryDim > headDim) {
    throw invalid("rotaryDim", rotaryDim, `an even number up to headDim = ${headDim}`);
  }
  const item = batchSize * numHeads * headDim;
  const length = itemCount("x", floats("x", x).length, item, "batchSize·numHeads·headDim");
  const half = rotaryDim / 2;
  const positionIds = readPositions(options.positionIds, batchSize, length);
  const { cos, sin, base } = options;
  if ((cos === undefined) !== (sin === undefined))
    throw invalid("sin", sin, "given together with cos, or neither");
  const common = {
    ...{ x, batchSize, numHeads, headDim, rotaryDim, length, positionIds },
    layout: oneOf("layout", options.layout ?? "bhld", ["bhld", "blhd"]),
    interleaved: boolean("interleaved", options.interleaved ?? false),
  };
  if (cos === undefined) {
    const checkedBase = finite("base", base ?? 10000);
    if (checkedBase <= 0) throw invalid("base", base, "a positive number");
    // A row for each position that is asked for, wherever it is.
    const tableLength = positionIds?.length ?? length;
    return {
      ...{ ...common, base: checkedBase, tableLength },
      tableBatchStride: positionIds ? length * half : 0,
      tableBytes: 8 * tableLength * half,
    } as RotaryRequest;
  }
  const table = floats("cos", cos);
  if (floats("sin", sin).length !== table.length) {
    throw mismatch("sin", `has ${sin?.length} values`, `as many as cos: ${table.length}`);
  }
  const perSequence = length * half;
  if (positionIds) {
    const rows = itemCount("cos", table.length, half, "rotaryDim/2");
    const largest = positionIds.reduce((most, position) => Math.max(most, position), -1);
    if (largest >= rows) throw invalid("positionIds", largest, `positions below the ${rows} rows of cos`);
  } else if (batchSize > 0 && table.length !== perSequence && table.length !== batchSize * perSequence) {
    throw mismatch(
      "cos",
      `has ${table.length} values`,
      `[batchSize, length, rotaryDim/2] = ${batchSize * perSequence}`,
    );
  }
  const tableBatchStride = !positionIds && table.length === batchSize * perSequence ? perSequence : 0;
  return { ...common, cos, sin, tableBatchStride, tableBytes: 8 * table.length } as RotaryRequest;
}

function readPositions(value: unknown, batchSize: number, length: number): Int32Array | null {
  if (value === undefined) return null;
  const positions = typedArray("positionIds", value, "Int32Array");
  if (positions.length !== batchSize * length) {
    throw mismatch(
      "positionIds",
      `has ${positions.length} values`,
      `[batchSize, length] = ${batchSize * length}`,
    );
  }
  positions.forEach((position, i) => integer(`positionIds[${i}]`, position, 0));
  return positions;
}
