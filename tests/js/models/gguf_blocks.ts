// Quantising and its undoing, plainly, from the layouts of ggml's blocks (ggml/src/ggml-common.h, block_q4_0 and the like;
// which value lies where: ggml-quants.c). The scales are not those of llama.cpp's search, only good ones: what is checked
// is that a block means the same to both sides.

export type Quantised = "Q8_0" | "Q4_0" | "Q4_K" | "Q6_K";

export const blockSizes = { Q8_0: [32, 34], Q4_0: [32, 18], Q4_K: [256, 144], Q6_K: [256, 210] } as const;

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

const asHalf = (x: number): number => halfValue(halfBits(x));
const clamped = (x: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.round(x)));

function putHalf(block: Uint8Array, at: number, x: number): void {
  const bits = halfBits(x);
  block[at] = bits & 255;
  block[at + 1] = bits >> 8;
}

const getHalf = (block: Uint8Array, at: number): number =>
  halfValue((block[at] as number) + 256 * (block[at + 1] as number));

function quantiseQ8_0(x: Float32Array, block: Uint8Array): void {
  const d = asHalf(Math.max(...x.map(Math.abs)) / 127);
  putHalf(block, 0, d);
  x.forEach((value, i) => (block[2 + i] = clamped(d === 0 ? 0 : value / d, -127, 127)));
}

function quantiseQ4_0(x: Float32Array, block: Uint8Array): void {
  const d = asHalf(Math.max(...x.map(Math.abs)) / 7);
  putHalf(block, 0, d);
  x.forEach((value, i) => {
    const q = clamped(d === 0 ? 8 : value / d + 8, 0, 15);
    block[2 + (i % 16)] = (block[2 + (i % 16)] as number) | (q << (i < 16 ? 0 : 4));
  });
}

function quantiseQ4K(x: Float32Array, block: Uint8Array): void {
  const groups = Array.from({ length: 8 }, (_, j) => x.subarray(32 * j, 32 * j + 32));
  const minima = groups.map((group) => Math.max(0, -Math.min(...group)));
  const steps = groups.map((group, j) => (Math.max(...group) + (minima[j] as number)) / 15);
  const d = asHalf(Math.max(...steps) / 63);
  const dmin = asHalf(Math.max(...minima) / 63);
  putHalf(block, 0, d);
  putHalf(block, 2, dmin);
  const scale = steps.map((step) => clamped(d === 0 ? 0 : step / d, 0, 63));
  const minimum = minima.map((value) => clamped(dmin === 0 ? 0 : value / dmin, 0, 63));
  for (let j = 0; j < 4; ++j) {
    const [low, high] = [scale[j] as number, scale[j + 4] as number];
    const [lowMin, highMin] = [minimum[j] as number, minimum[j + 4] as number];
    block[4 + j] = low | ((high >> 4) << 6);
    block[8 + j] = lowMin | ((highMin >> 4) << 6);
    block[12 + j] = (high & 15) | ((highMin & 15) << 4);
  }
  x.forEach((value, i) => {
    const j = i >> 5;
    const step = d * (scale[j] as number);
    const q = clamped(step === 0 ? 0 : (value + dmin * (minimum[j] as number)) / step, 0, 15);
    const at = 16 + 32 * (j >> 1) + (i % 32);
    block[at] = (block[at] as number) | (q << (4 * (j % 2)));
  });
}

function quantiseQ6K(x: Float32Array, block: Uint8Array): void {
  const steps = Array.from(
    { length: 16 },
    (_, j) => Math.max(...x.subarray(16 * j, 16 * j + 16).map(Math.abs)) / 31,
  );
  const d = asHalf(Math.max(...steps) / 127);
  putHalf(block, 208, d);
  // Every other scale is negative, which the format allows.
  const scales = steps.map((step, j) => clamped(d === 0 ? 0 : step / d, 0, 127) * (j % 2 ? -1 : 1));
  scales.forEach((scale, j) => (block[192 + j] = scale));
  x.forEach((value, i) => {
    const step = d * (scales[i >> 4] as number);
    const q = clamped(step === 0 ? 0 : value / step, -32, 31) + 32;
    const [half, quarter, l] = [i >> 7, (i >> 5) % 4, i % 32];
    const low = 64 * half + 32 * (quarter % 2) + l;
    const high = 128 + 32 * half + l;
    block[low] = (block[low] as number) | ((q & 15) << (quarter < 2 ? 0 : 4));
    block[high] = (block[high] as number) | ((q >> 4) << (2 * quarter));
  });
}

const quantisers = { Q8_0: quantiseQ8_0, Q4_0: quantiseQ4_0, Q4_K: quantiseQ4K, Q6_K: quantiseQ6K };

const done = new WeakMap<Float32Array, Map<Quantised, Uint8Array>>();

/** Values in whole blocks, in a format. The same values give the same blocks, made once. */
export function quantise(format: Quantised, values: Float32Array): Uint8Array {
  const known = done.get(values) ?? new Map<Quantised, Uint8Array>();
  done.set(values, known);
  const [size, bytes] = blockSizes[format];
  const blocks = known.get(format) ?? new Uint8Array((values.length / size) * bytes);
  if (known.has(format)) return blocks;
  known.set(format, blocks);
  for (let k = 0; k * size < values.length; ++k) {
    quantisers[format](
      values.subarray(k * size, (k + 1) * size),
      blocks.subarray(k * bytes, (k + 1) * bytes),
    );
  }
  return blocks;
}

/** The i-th value of a block, looked up bit by bit. */
const values = {
  Q8_0: (b: Uint8Array, i: number) => getHalf(b, 0) * signed(b, 2 + i),
  Q4_0: (b: Uint8Array, i: number) => getHalf(b, 0) * (nibble(b, 2 + (i % 16), i >= 16) - 8),
  Q4_K: (b: Uint8Array, i: number) => {
    const j = i >> 5;
    const bits = (at: number, from: number, count: number): number =>
      ((b[4 + at] as number) >> from) % (1 << count);
    const scale = j < 4 ? bits(j, 0, 6) : bits(j + 4, 0, 4) + 16 * bits(j - 4, 6, 2);
    const minimum = j < 4 ? bits(j + 4, 0, 6) : bits(j + 4, 4, 4) + 16 * bits(j, 6, 2);
    const q = nibble(b, 16 + 32 * (j >> 1) + (i % 32), j % 2 === 1);
    return Math.fround(getHalf(b, 0) * scale * q - getHalf(b, 2) * minimum);
  },
  Q6_K: (b: Uint8Array, i: number) => {
    const [half, quarter, l] = [i >> 7, (i >> 5) % 4, i % 32];
    const low = nibble(b, 64 * half + 32 * (quarter % 2) + l, quarter >= 2);
    const high = ((b[128 + 32 * half + l] as number) >> (2 * quarter)) % 4;
    return getHalf(b, 208) * signed(b, 192 + (i >> 4)) * (low + 16 * high - 32);
  },
};

function nibble(block: Uint8Array, at: number, isHigh: boolean): number {
  return isHigh ? (block[at] as number) >> 4 : (block[at] as number) % 16;
}

/** The values of blocks. */
export function dequantise(format: Quantised, blocks: Uint8Array): Float32Array {
  const [size, bytes] = blockSizes[format];
  const result = new Float32Array((blocks.length / bytes) * size);
  for (let k = 0; k * bytes < blocks.length; ++k) {
    const block = blocks.subarray(k * bytes, (k + 1) * bytes);
    for (let i = 0; i < size; ++i) result[k * size + i] = values[format](block, i);
  }
  return result;
}

function signed(block: Uint8Array, at: number): number {
  const byte = block[at] as number;
  return byte < 128 ? byte : byte - 256;
}
