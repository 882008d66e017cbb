// Values into blocks. The scales are not those of llama.cpp's search, only good ones: what is checked is that a block means the
// same to both sides.

import { blockSizes, halfBits, halfValue, type Quantised } from "./gguf_blocks.js";

const asHalf = (x: number): number => halfValue(halfBits(x));

const clamped = (x: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.round(x)));

/** The step that is nearest to x / d. */
const steps = (x: number, d: number, least: number, most: number): number =>
  clamped(d === 0 ? 0 : x / d, least, most);

const largest = (x: Float32Array): number => Math.max(...x.map(Math.abs));

const groupsOf = (x: Float32Array, size: number): Float32Array[] =>
  Array.from({ length: x.length / size }, (_, j) => x.subarray(j * size, (j + 1) * size));

function putHalf(block: Uint8Array, at: number, x: number): void {
  const bits = halfBits(x);
  block[at] = bits & 255;
  block[at + 1] = bits >> 8;
}

function put(block: Uint8Array, at: number, from: number, value: number): void {
  block[at] = (block[at] as number) | (value << from);
}

type Quantise = (x: Float32Array, block: Uint8Array) => void;

const q8_0: Quantise = (x, block) => {
  const d = asHalf(largest(x) / 127);
  putHalf(block, 0, d);
  x.forEach((value, i) => (block[2 + i] = steps(value, d, -127, 127)));
};

/** 32 values in so many bits; with a minimum, or around the middle. */
function small(bits: 4 | 5, hasMinimum: boolean): Quantise {
  const levels = 2 ** bits;
  const scales = hasMinimum ? 4 : 2;
  return (x, block) => {
    const least = asHalf(Math.min(...x));
    const d = asHalf(hasMinimum ? (Math.max(...x) - least) / (levels - 1) : largest(x) / (levels / 2 - 1));
    putHalf(block, 0, d);
    if (hasMinimum) putHalf(block, 2, least);
    x.forEach((value, i) => {
      const q = hasMinimum
        ? steps(value - least, d, 0, levels - 1)
        : steps(value, d, -levels / 2, levels / 2 - 1) + levels / 2;
      put(block, scales + (bits === 5 ? 4 : 0) + (i % 16), i < 16 ? 0 : 4, q % 16);
      if (q >= 16) put(block, scales + (i >> 3), i % 8, 1);
    });
  };
}

/** Groups of values, each with a scale and a minimum up to `most`, in so many levels. */
function withMinima(x: Float32Array, size: number, levels: number, most: number) {
  const groups = groupsOf(x, size);
  const minima = groups.map((group) => Math.max(0, -Math.min(...group)));
  const widths = groups.map((group, j) => (Math.max(...group) + (minima[j] as number)) / (levels - 1));
  const d = asHalf(Math.max(...widths) / most);
  const dmin = asHalf(Math.max(...minima) / most);
  const scale = widths.map((width) => steps(width, d, 0, most));
  const minimum = minima.map((value) => steps(value, dmin, 0, most));
  const q = Array.from(x, (value, i) => {
    const j = Math.floor(i / size);
    return steps(value + dmin * (minimum[j] as number), d * (scale[j] as number), 0, levels - 1);
  });
  return { d, dmin, scale, minimum, q };
}

const q2k: Quantise = (x, block) => {
  const { d, dmin, scale, minimum, q } = withMinima(x, 16, 4, 15);
  putHalf(block, 80, d);
  putHalf(block, 82, dmin);
  scale.forEach((value, group) => (block[group] = value | ((minimum[group] as number) << 4)));
  q.forEach((value, i) => put(block, 16 + 32 * (i >> 7) + (i % 32), 2 * ((i >> 5) % 4), value));
};

function putScales(block: Uint8Array, scale: readonly number[], minimum: readonly number[]): void {
  for (let j = 0; j < 4; ++j) {
    const [low, high] = [scale[j] as number, scale[j + 4] as number];
    const [lowMin, highMin] = [minimum[j] as number, minimum[j + 4] as number];
    block[4 + j] = low | ((high >> 4) << 6);
    block[8 + j] = lowMin | ((highMin >> 4) << 6);
    block[12 + j] = (high & 15) | ((highMin & 15) << 4);
  }
}

/** Q4_K and Q5_K. */
function nibbles(bits: 4 | 5): Quantise {
  return (x, block) => {
    const { d, dmin, scale, minimum, q } = withMinima(x, 32, 2 ** bits, 63);
    putHalf(block, 0, d);
    putHalf(block, 2, dmin);
    putScales(block, scale, minimum);
    q.forEach((value, i) => {
      const j = i >> 5;
      put(block, (bits === 5 ? 48 : 16) + 32 * (j >> 1) + (i % 32), 4 * (j % 2), value % 16);
      if (value >= 16) put(block, 16 + (i % 32), j, 1);
    });
  };
}

/** Sixteen groups around 0, with scales up to `most`; every other one is negative, which the formats allow. */
function around(x: Float32Array, half: number, most: number) {
  const widths = groupsOf(x, 16).map((group) => largest(group) / (half - 1));
  const d = asHalf(Math.max(...widths) / most);
  const scale = widths.map((width, j) => steps(width, d, 0, most) * (j % 2 ? -1 : 1));
  const q = Array.from(x, (value, i) => steps(value, d * (scale[i >> 4] as number), -half, half - 1) + half);
  return { d, scale, q };
}

const q3k: Quantise = (x, block) => {
  const { d, scale, q } = around(x, 4, 31);
  putHalf(block, 108, d);
  scale.forEach((value, j) => {
    put(block, 96 + (j % 8), 4 * (j >> 3), (value + 32) % 16);
    put(block, 104 + (j % 4), 2 * (j >> 2), (value + 32) >> 4);
  });
  q.forEach((value, i) => {
    put(block, 32 + 32 * (i >> 7) + (i % 32), 2 * ((i >> 5) % 4), value % 4);
    if (value >= 4) put(block, i % 32, i >> 5, 1);
  });
};

const q6k: Quantise = (x, block) => {
  const { d, scale, q } = around(x, 32, 127);
  putHalf(block, 208, d);
  scale.forEach((value, j) => (block[192 + j] = value));
  q.forEach((value, i) => {
    const [side, quarter] = [i >> 7, (i >> 5) % 4];
    put(block, 64 * side + 32 * (quarter % 2) + (i % 32), quarter < 2 ? 0 : 4, value % 16);
    put(block, 128 + 32 * side + (i % 32), 2 * quarter, value >> 4);
  });
};

const quantisers: Record<Quantised, Quantise> = {
  ...{ Q4_0: small(4, false), Q4_1: small(4, true), Q5_0: small(5, false), Q5_1: small(5, true), Q8_0: q8_0 },
  ...{ Q2_K: q2k, Q3_K: q3k, Q4_K: nibbles(4), Q5_K: nibbles(5), Q6_K: q6k },
};

const done = new WeakMap<Float32Array, Map<Quantised, Uint8Array>>();

/** Values in whole blocks, in a format. The same values give the same blocks, made once. */
export function quantise(format: Quantised, values: Float32Array): Uint8Array {
  const known = done.get(values) ?? new Map<Quantised, Uint8Array>();
  done.set(values, known);
  const [size, bytes] = blockSizes[format];
  const blocks = known.get(format) ?? new Uint8Array((values.length / size) * bytes);
  if (known.has(format)) return blocks;
  known.set(format, blocks);
  groupsOf(values, size).forEach((group, k) =>
    quantisers[format](group, blocks.subarray(k * bytes, (k + 1) * bytes)),
  );
  return blocks;
}
