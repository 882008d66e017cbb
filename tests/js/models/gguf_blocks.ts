// What blocks mean, value by value and bit by bit, in double precision: from the layouts of ggml's (ggml/src/ggml-common.h,
// block_q4_0 and the like; which value lies where: ggml-quants.c). gguf_quantise.ts makes them.

export type Quantised = keyof typeof blockSizes;

/** Values of a block, and bytes. */
export const blockSizes = {
  ...{ Q4_0: [32, 18], Q4_1: [32, 20], Q5_0: [32, 22], Q5_1: [32, 24], Q8_0: [32, 34] },
  ...{ Q2_K: [256, 84], Q3_K: [256, 110], Q4_K: [256, 144], Q5_K: [256, 176], Q6_K: [256, 210] },
} as const satisfies Record<string, readonly [number, number]>;

/** The bits of the binary16 nearest to x, ties to even: by arithmetic alone. */
export function halfBits(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const step = 2 ** (exponent - 10);
  const units = size / step;
  const below = Math.floor(units);
  const up = units - below > 0.5 || (units - below === 0.5 && below % 2 === 1);
  // A fraction of 2^10 and more carries into the exponent, as it should.
  return sign | (below + Number(up) + (exponent + 14) * 1024);
}

/** The value of such bits. */
export function halfValue(bits: number): number {
  const exponent = (bits & 0x7fff) >> 10;
  const units = (bits & 0x3ff) + (exponent > 0 ? 1024 : 0);
  return (bits & 0x8000 ? -1 : 1) * units * 2 ** (Math.max(exponent, 1) - 25);
}

const byte = (block: Uint8Array, at: number): number => block[at] as number;

/** Bits from … from + count of a byte. */
const bits = (block: Uint8Array, at: number, from: number, count: number): number =>
  Math.floor(byte(block, at) / 2 ** from) % 2 ** count;

const half = (block: Uint8Array, at: number): number =>
  halfValue(byte(block, at) + 256 * byte(block, at + 1));

const signed = (block: Uint8Array, at: number): number => byte(block, at) - 256 * bits(block, at, 7, 1);

/** Of 32 values in 16 bytes. */
const nibble = (block: Uint8Array, at: number, i: number): number =>
  bits(block, at + (i % 16), i < 16 ? 0 : 4, 4);

/** Of 32 values the i-th bit. */
const oneOf32 = (block: Uint8Array, at: number, i: number): number =>
  bits(block, at + Math.floor(i / 8), i % 8, 1);

/** The scale and minimum of the j-th of eight groups. */
function scales(block: Uint8Array, at: number, j: number): [number, number] {
  if (j < 4) return [bits(block, at + j, 0, 6), bits(block, at + j + 4, 0, 6)];
  const scale = bits(block, at + j + 4, 0, 4) + 16 * bits(block, at + j - 4, 6, 2);
  return [scale, bits(block, at + j + 4, 4, 4) + 16 * bits(block, at + j, 6, 2)];
}

/** The i-th value of a block. */
const values: Record<Quantised, (block: Uint8Array, i: number) => number> = {
  Q4_0: (b, i) => half(b, 0) * (nibble(b, 2, i) - 8),
  Q4_1: (b, i) => half(b, 0) * nibble(b, 4, i) + half(b, 2),
  Q5_0: (b, i) => half(b, 0) * (nibble(b, 6, i) + 16 * oneOf32(b, 2, i) - 16),
  Q5_1: (b, i) => half(b, 0) * (nibble(b, 8, i) + 16 * oneOf32(b, 4, i)) + half(b, 2),
  Q8_0: (b, i) => half(b, 0) * signed(b, 2 + i),
  Q2_K(b, i) {
    const [group, side, quarter] = [Math.floor(i / 16), Math.floor(i / 128), Math.floor(i / 32) % 4];
    const q = bits(b, 16 + 32 * side + (i % 32), 2 * quarter, 2);
    return half(b, 80) * bits(b, group, 0, 4) * q - half(b, 82) * bits(b, group, 4, 4);
  },
  Q3_K(b, i) {
    const [group, side, quarter] = [Math.floor(i / 16), Math.floor(i / 128), Math.floor(i / 32) % 4];
    const low = bits(b, 96 + (group % 8), group < 8 ? 0 : 4, 4);
    const scale = low + 16 * bits(b, 104 + (group % 4), 2 * Math.floor(group / 4), 2) - 32;
    const third = bits(b, i % 32, Math.floor(i / 32), 1);
    return half(b, 108) * scale * (bits(b, 32 + 32 * side + (i % 32), 2 * quarter, 2) + 4 * third - 4);
  },
  Q4_K(b, i) {
    const j = Math.floor(i / 32);
    const [scale, minimum] = scales(b, 4, j);
    const q = bits(b, 16 + 32 * Math.floor(j / 2) + (i % 32), 4 * (j % 2), 4);
    return half(b, 0) * scale * q - half(b, 2) * minimum;
  },
  Q5_K(b, i) {
    const j = Math.floor(i / 32);
    const [scale, minimum] = scales(b, 4, j);
    const q = bits(b, 48 + 32 * Math.floor(j / 2) + (i % 32), 4 * (j % 2), 4);
    return half(b, 0) * scale * (q + 16 * bits(b, 16 + (i % 32), j, 1)) - half(b, 2) * minimum;
  },
  Q6_K(b, i) {
    const [side, quarter] = [Math.floor(i / 128), Math.floor(i / 32) % 4];
    const low = bits(b, 64 * side + 32 * (quarter % 2) + (i % 32), quarter < 2 ? 0 : 4, 4);
    const high = bits(b, 128 + 32 * side + (i % 32), 2 * quarter, 2);
    return half(b, 208) * signed(b, 192 + Math.floor(i / 16)) * (low + 16 * high - 32);
  },
};

/** The values of blocks, each rounded to f32 once. */
export function dequantise(format: Quantised, blocks: Uint8Array): Float32Array {
  const [size, bytes] = blockSizes[format];
  const result = new Float32Array((blocks.length / bytes) * size);
  for (let k = 0; k * bytes < blocks.length; ++k) {
    const block = blocks.subarray(k * bytes, (k + 1) * bytes);
    for (let i = 0; i < size; ++i) result[k * size + i] = values[format](block, i);
  }
  return result;
}
