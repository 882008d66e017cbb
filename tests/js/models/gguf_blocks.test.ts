// Blocks of numbers, against vectors written by hand from their layouts, and against the plain dequantiser of gguf_blocks.ts.

import { describe, expect, test } from "@jest/globals";
import { blockFormats, widen, type BlockFormat } from "../../../wasm/models/gguf/blocks.js";
import { floatsToHalves, halfToFloat } from "../../../wasm/models/gguf/half.js";
import { normal, uniform } from "../random.js";
import { blockSizes, dequantise, halfBits, halfValue, type Quantised } from "./gguf_blocks.js";
import { quantise } from "./gguf_quantise.js";

const quantised = Object.keys(blockSizes) as Quantised[];

function formatOf(name: string): BlockFormat {
  const format = [...blockFormats.values()].find((candidate) => candidate.name === name);
  if (!format) throw new Error(name);
  return format;
}

function halvesOf(format: Quantised, blocks: Uint8Array): Uint16Array {
  const widened = widen(formatOf(format), blocks, blocks.length / blockSizes[format][1]);
  return new Uint16Array(widened?.buffer as ArrayBuffer);
}

describe("binary16", () => {
  test("every finite value", () => {
    const finite = Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
      (bits) => (bits & 0x7c00) !== 0x7c00,
    );
    expect(finite.filter((bits) => !Object.is(halfToFloat(bits), halfValue(bits)))).toEqual([]);
    expect([halfToFloat(0x7c00), halfToFloat(0xfc00), halfToFloat(0x7e00)]).toEqual([
      Infinity,
      -Infinity,
      NaN,
    ]);
  });

  test("halfway between two values, and an f32 to either side of that", () => {
    const values: number[] = [];
    for (let bits = 0; bits < 0x7bff; ++bits) {
      const middle = (halfValue(bits) + halfValue(bits + 1)) / 2;
      const one = new Uint32Array(Float32Array.of(middle).buffer);
      const beside = [-1, 1].map(
        (by) => new Float32Array(Uint32Array.of((one[0] as number) + by).buffer)[0] as number,
      );
      values.push(middle, -middle, ...beside);
    }
    const floats = Float32Array.from(values);
    const halves = new Uint16Array(floats.length);
    expect(floatsToHalves(new Uint32Array(floats.buffer), halves, 0)).toBe(true);
    expect(floats.filter((value, i) => halves[i] !== halfBits(value))).toHaveLength(0);
  });

  test.each([65520, -65520, 1e30, Infinity, NaN])("%d has none", (value) => {
    const floats = Float32Array.of(1, value, 2);
    expect(floatsToHalves(new Uint32Array(floats.buffer), new Uint16Array(3), 0)).toBe(false);
  });
});

describe("by hand", () => {
  /** A block of zeros but for these bytes. */
  function block(format: Quantised, bytes: Record<number, number>): Uint8Array {
    const made = new Uint8Array(blockSizes[format][1]);
    for (const [at, byte] of Object.entries(bytes)) made[Number(at)] = byte;
    return made;
  }
  const cases: [Quantised, Record<number, number>, Record<number, number>][] = [
    // d = 0.5; q = 1, -1, 127 and, last, -128
    ["Q8_0", { 1: 0x38, 2: 1, 3: 0xff, 4: 127, 33: 0x80 }, { 0: 0.5, 1: -0.5, 2: 63.5, 3: 0, 31: -64 }],
    // d = 2; nibbles of the first byte 15 and 9, of the last 0 and 8; of all others 0
    ["Q4_0", { 1: 0x40, 2: 0x9f, 17: 0x80 }, { 0: 14, 16: 2, 1: -16, 15: -16, 31: 0 }],
    // d = 0.5, m = -1; nibbles 15 and 2
    ["Q4_1", { 1: 0x38, 3: 0xbc, 4: 0x2f }, { 0: 6.5, 16: 0, 1: -1, 31: -1 }],
    // d = 2; fifth bits of the first and the last value; nibbles of the first byte 15 and 0, of the last 0 and 9
    ["Q5_0", { 1: 0x40, 2: 0x01, 5: 0x80, 6: 0x0f, 21: 0x90 }, { 0: 30, 16: -32, 1: -32, 15: -32, 31: 18 }],
    // d = 0.25, m = 3; the fifth bit of value 16; nibbles 3 and 5
    ["Q5_1", { 1: 0x34, 3: 0x42, 6: 0x01, 8: 0x53 }, { 0: 3.75, 16: 8.25, 1: 3, 31: 3 }],
    // d = 1, dmin = 0.5; (scale, minimum) of group 0 (5, 2), 2 (3, 0), 6 (0, 1), 15 (1, 15). q's first byte is 3, 1, 2 and 3 from
    // its lowest bits on, for values 0, 32, 64 and 96; the last byte's highest bits are 2.
    [
      "Q2_K",
      { 81: 0x3c, 83: 0x38, 0: 0x25, 2: 0x03, 6: 0x10, 15: 0xf1, 16: 0xe7, 79: 0x80 },
      { 0: 14, 1: -1, 32: 3, 33: 0, 64: 0, 96: -0.5, 240: -7.5, 255: -5.5 },
    ],
    // d = 1; scales of group 0: 1 + 2·2^4 - 32 = 1, of 15: 15 + 3·2^4 - 32 = 31, of all others -32. Value 0 is 3 with its third
    // bit, value 255 1 without: -3; where there are no bits, -4.
    [
      "Q3_K",
      { 109: 0x3c, 96: 0x01, 104: 0x02, 103: 0xf0, 107: 0xc0, 0: 0x01, 32: 0x03, 95: 0x40 },
      { 0: 3, 1: -4, 32: 128, 128: 128, 240: -124, 255: -93 },
    ],
    // As below, and fifth bits of values 0 and 128: 5·(10 + 16) - 1.5, 49·(7 + 16) - 17.
    [
      "Q5_K",
      { 1: 0x3c, 3: 0x38, 4: 0xc5, 8: 0x83, 12: 0x21, 16: 0x11, 48: 0x0a, 112: 0x07 },
      { 0: 128.5, 1: -1.5, 32: 0, 128: 1110, 129: -17, 160: 0 },
    ],
    // As the second below, with the fifth bit of value 255: 16·(15 + 16) - 63.
    [
      "Q5_K",
      { 1: 0x3c, 3: 0x3c, 7: 0x42, 11: 0xc0, 15: 0xf0, 47: 0x80, 80: 0x40, 175: 0xf0 },
      { 96: 8, 97: 0, 224: -63, 255: 433 },
    ],
    // d = 1, dmin = 0.5. s[0] = 3·2^6 + 5, s[4] = 2·2^6 + 3, s[8] = 2·2^4 + 1: scale[0] = 5, min[0] = 3, scale[4] = 1 +
    // 3·2^4 = 49, min[4] = 2 + 2·2^4 = 34. q[0] = 10, q[128] = 7: 5·10 - 1.5, 49·7 - 17; where q = 0, -1.5 and -17.
    [
      "Q4_K",
      { 1: 0x3c, 3: 0x38, 4: 0xc5, 8: 0x83, 12: 0x21, 16: 0x0a, 80: 0x07 },
      { 0: 48.5, 1: -1.5, 32: 0, 128: 326, 129: -17, 160: 0 },
    ],
    // s[3] = 1·2^6 + 2, s[7] = 3·2^6, s[11] = 0xf0: scale[3] = 2, scale[7] = 1·2^4 = 16, min[7] = 15 + 3·2^4 = 63.
    // d = dmin = 1; the high nibbles of q's bytes 32 and 127 are 4 and 15: 2·4, 16·15 - 63.
    [
      "Q4_K",
      { 1: 0x3c, 3: 0x3c, 7: 0x42, 11: 0xc0, 15: 0xf0, 48: 0x40, 143: 0xf0 },
      { 96: 8, 97: 0, 224: -63, 255: 177 },
    ],
    // d = 0.25, scale[0] = -2, scale[15] = 3. First: 15 + 3·2^4 - 32 = 31; last: 5 + 2·2^4 - 32 = 5; q = 0 is -32.
    [
      "Q6_K",
      { 0: 0x0f, 127: 0x50, 128: 0x03, 191: 0x80, 192: 0xfe, 207: 3, 209: 0x34 },
      { 0: -15.5, 1: 16, 16: -0, 254: -24, 255: 3.75 },
    ],
    // d = 1, scale[2] = scale[9] = 1: value 32 has its low bits in byte 32, its high ones in bits 2 and 3 of byte 128, value
    // 144 its low ones in byte 80, its high ones in bits 0 and 1 of byte 176.
    [
      "Q6_K",
      { 32: 0x07, 128: 0x08, 80: 0x01, 176: 0x01, 194: 1, 201: 1, 209: 0x3c },
      { 32: 7, 33: -32, 144: -15 },
    ],
  ];

  test.each(cases)("%s", (format, bytes, expected) => {
    const blocks = block(format, bytes);
    const [halves, plain] = [halvesOf(format, blocks), dequantise(format, blocks)];
    for (const [i, value] of Object.entries(expected)) {
      expect([i, halfValue(halves[Number(i)] as number)]).toEqual([i, value]);
      expect([i, plain[Number(i)]]).toEqual([i, value]);
    }
  });
});

describe.each(quantised)("%s", (format) => {
  const [size, bytes] = blockSizes[format];

  test("weights: as the plain dequantiser says, rounded once", () => {
    const weights = normal(3, 64 * size).map((x, i) => x * 10 ** -(Math.floor(i / size) % 2));
    const blocks = quantise(format, weights);
    const plain = dequantise(format, blocks);
    expect(halvesOf(format, blocks)).toEqual(Uint16Array.from(plain, halfBits));
    const steps = {
      ...{ Q4_0: 7, Q4_1: 7.5, Q5_0: 15, Q5_1: 15.5, Q8_0: 127 },
      ...{ Q2_K: 1.5, Q3_K: 3, Q4_K: 7.5, Q5_K: 15.5, Q6_K: 31 },
    }[format];
    for (let from = 0; from < weights.length; from += size) {
      const largest = Math.max(...weights.subarray(from, from + size).map(Math.abs));
      // Scales that are themselves quantised cost more than half a step.
      const allowed = (1.1 * largest) / steps + 2e-7;
      const errors = plain.subarray(from, from + size).map((x, i) => Math.abs(x - (weights[from + i] ?? 0)));
      expect(Math.max(...errors)).toBeLessThan(allowed);
    }
  });

  test("any bits at all, with scales that leave a value in range", () => {
    const next = uniform(7);
    const blocks = Uint8Array.from({ length: 64 * bytes }, () => Math.floor(256 * next()));
    const scales = {
      ...{ Q4_0: [0], Q4_1: [0, 2], Q5_0: [0], Q5_1: [0, 2], Q8_0: [0] },
      ...{ Q2_K: [80, 82], Q3_K: [108], Q4_K: [0, 2], Q5_K: [0, 2], Q6_K: [208] },
    }[format];
    for (let block = 0; block < 64; ++block) {
      for (const at of scales)
        blocks[block * bytes + at + 1] = (blocks[block * bytes + at + 1] as number) & 0x9f;
    }
    expect(halvesOf(format, blocks)).toEqual(Uint16Array.from(dequantise(format, blocks), halfBits));
  });

  test("a value that F16 has no room for is none", () => {
    const blocks = new Uint8Array(2 * bytes).fill(0x7f);
    expect(widen(formatOf(format), blocks, 2)).toBeUndefined();
  });
});
