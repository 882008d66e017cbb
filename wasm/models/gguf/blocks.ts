// How GGUF files hold numbers: plain, or in blocks that share scales. The layouts are ggml's (ggml-common.h, block_*;
// ggml-quants.c, dequantize_row_*), little-endian.
//
// What is quantised is held as F16 by the engine, not as F32: half the memory, which is what a page has least of, for a
// rounding of at most 2^-11 of a weight, where the steps of Q8_0 are 2^-7 of the largest weight of their block.

import { floatsToHalves, halfToFloat } from "./half.js";
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
  /** Writes the values of the block at `at`; absent where the engine reads the format itself. */
  readonly decode?: (block: Uint8Array, at: number, values: Float32Array) => void;
}

const byte = (block: Uint8Array, at: number): number => block[at] as number;
const signed = (block: Uint8Array, at: number): number => (byte(block, at) << 24) >> 24;
const scale = (block: Uint8Array, at: number): number =>
  halfToFloat(byte(block, at) | (byte(block, at + 1) << 8));

/** { half d; int8 q[32] }: d·q */
function decodeQ8_0(block: Uint8Array, at: number, values: Float32Array): void {
  const d = scale(block, at);
  for (let i = 0; i < 32; ++i) values[i] = d * signed(block, at + 2 + i);
}

/** { half d; nibbles q[32] }: d·(q − 8); the first 16 are the low nibbles. */
function decodeQ4_0(block: Uint8Array, at: number, values: Float32Array): void {
  const d = scale(block, at);
  for (let i = 0; i < 16; ++i) {
    const pair = byte(block, at + 2 + i);
    values[i] = d * ((pair & 15) - 8);
    values[i + 16] = d * ((pair >> 4) - 8);
  }
}

/**
 * { half d, dmin; 6-bit scale[8], min[8]; nibbles q[256] }: d·scale·q − dmin·min, one scale and one minimum for each 32
 * values; of every 32 bytes of q the low nibbles come first. Of the 12 bytes s of scales and minima, s[j] and s[j + 4]
 * have the first four of each in their low 6 bits; the other four have 4 bits in s[j + 4] and 2 on top of those.
 */
function decodeQ4K(block: Uint8Array, at: number, values: Float32Array): void {
  const d = scale(block, at);
  const dmin = scale(block, at + 2);
  const s = at + 4;
  for (let j = 0; j < 8; ++j) {
    const isLow = j < 4;
    const mixed = byte(block, s + j + 4);
    const factor = isLow ? byte(block, s + j) & 63 : (mixed & 15) | ((byte(block, s + j - 4) >> 6) << 4);
    const minimum = isLow ? mixed & 63 : (mixed >> 4) | ((byte(block, s + j) >> 6) << 4);
    const step = d * factor;
    const offset = dmin * minimum;
    const q = at + 16 + 32 * (j >> 1);
    const shift = 4 * (j & 1);
    for (let i = 0; i < 32; ++i) {
      values[32 * j + i] = step * ((byte(block, q + i) >> shift) & 15) - offset;
    }
  }
}

/**
 * { nibbles low[256]; 2 bits high[256]; int8 scale[16]; half d }: d·scale·((low | high << 4) − 32), a scale for each 16
 * values. Either half of the values, four times 32 of them, has 64 bytes of low and 32 of high.
 */
function decodeQ6K(block: Uint8Array, at: number, values: Float32Array): void {
  const d = scale(block, at + 208);
  for (let part = 0; part < 8; ++part) {
    const half = part >> 2;
    const quarter = part & 3;
    const low = at + 64 * half + 32 * (quarter & 1);
    const high = at + 128 + 32 * half;
    const shift = 4 * (quarter >> 1);
    for (let i = 0; i < 32; ++i) {
      const q =
        ((byte(block, low + i) >> shift) & 15) | (((byte(block, high + i) >> (2 * quarter)) & 3) << 4);
      values[32 * part + i] = d * signed(block, at + 192 + 2 * part + (i >> 4)) * (q - 32);
    }
  }
}

const known = new Map<number, BlockFormat>([
  [0, { name: "F32", size: 1, bytes: 4, dtype: "F32" }],
  [1, { name: "F16", size: 1, bytes: 2, dtype: "F16" }],
  [2, { name: "Q4_0", size: 32, bytes: 18, dtype: "F16", decode: decodeQ4_0 }],
  [8, { name: "Q8_0", size: 32, bytes: 34, dtype: "F16", decode: decodeQ8_0 }],
  [12, { name: "Q4_K", size: 256, bytes: 144, dtype: "F16", decode: decodeQ4K }],
  [14, { name: "Q6_K", size: 256, bytes: 210, dtype: "F16", decode: decodeQ6K }],
  [30, { name: "BF16", size: 1, bytes: 2, dtype: "BF16" }],
]);

/** The formats by the numbers that files have for them (ggml.h, ggml_type). */
export const blockFormats: ReadonlyMap<number, BlockFormat> = known;

// Those that are named in an error only.
const otherNames: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ...{ 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 13: "Q5_K", 15: "Q8_K" },
    ...{ 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S" },
    ...{ 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M" },
    ...{ 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4" },
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
