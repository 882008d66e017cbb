// How GGUF files hold numbers: plain, or in blocks that share scales. The layouts are ggml's (ggml-common.h, block_*;
// ggml-quants.c, dequantize_row_*), little-endian.
//
// What is quantised is held as F16 by the engine, not as F32: half the memory, which is what a page has least of, for a
// rounding of at most 2^-11 of a weight, where the steps of Q8_0 are 2^-7 of the largest weight of their block.

import { floatsToHalves } from "./half.js";
import { decodeQ4_0, decodeQ4_1, decodeQ5_0, decodeQ5_1, decodeQ8_0 } from "./small_blocks.js";
import { decodeQ2K, decodeQ3K, decodeQ4K, decodeQ5K, decodeQ6K } from "./super_blocks.js";
import type { Decode } from "./block_bytes.js";
import type { NativeDType } from "../native.js";

/** A way to hold numbers, one row of a tensor in whole blocks. */
export interface BlockFormat {
  readonly name: string;
  /** Values of a block. */
  readonly size: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /** What the engine is given. */
  readonly dtype: NativeDType;
  /** Absent where the engine reads the format itself. */
  readonly decode?: Decode;
}

const plain = (dtype: NativeDType, bytes: number): BlockFormat => ({ name: dtype, size: 1, bytes, dtype });

const inBlocks = (name: string, size: number, bytes: number, decode: Decode): BlockFormat => ({
  ...{ name, size, bytes, dtype: "F16", decode },
});

const known = new Map<number, BlockFormat>([
  [0, plain("F32", 4)],
  [1, plain("F16", 2)],
  [2, inBlocks("Q4_0", 32, 18, decodeQ4_0)],
  [3, inBlocks("Q4_1", 32, 20, decodeQ4_1)],
  [6, inBlocks("Q5_0", 32, 22, decodeQ5_0)],
  [7, inBlocks("Q5_1", 32, 24, decodeQ5_1)],
  [8, inBlocks("Q8_0", 32, 34, decodeQ8_0)],
  [10, inBlocks("Q2_K", 256, 84, decodeQ2K)],
  [11, inBlocks("Q3_K", 256, 110, decodeQ3K)],
  [12, inBlocks("Q4_K", 256, 144, decodeQ4K)],
  [13, inBlocks("Q5_K", 256, 176, decodeQ5K)],
  [14, inBlocks("Q6_K", 256, 210, decodeQ6K)],
  [30, plain("BF16", 2)],
]);

/** The formats by the numbers that files have for them (ggml.h, ggml_type). */
export const blockFormats: ReadonlyMap<number, BlockFormat> = known;

// Those that are named in an error only.
const otherNames: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ...{ 9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL" },
    ...{ 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64" },
    ...{ 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4", 40: "NVFP4", 41: "Q1_0", 42: "Q2_0" },
  }).map(([type, name]) => [Number(type), name]),
);

/** What a type that is not among blockFormats is called; undefined where ggml has no such type. */
export function otherFormatName(type: number): string | undefined {
  return otherNames.get(type);
}

/**
 * The values of `count` blocks in the format's dtype, little-endian: [count · size] of it. Undefined where a value is
 * beyond F16's range.
 */
export function widen(format: BlockFormat, blocks: Uint8Array, count: number): Uint8Array | undefined {
  const { decode, size, bytes } = format;
  if (!decode) return blocks;
  const values = new Float32Array(size);
  const bits = new Uint32Array(values.buffer);
  const halves = new Uint16Array(count * size);
  for (let block = 0; block < count; ++block) {
    decode(blocks, block * bytes, values);
    if (!floatsToHalves(bits, halves, block * size)) return undefined;
  }
  // WebAssembly, and with it every host that runs this, is little-endian.
  return new Uint8Array(halves.buffer);
}
