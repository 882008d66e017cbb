// Blocks of 256 values, whose 8 or 16 groups have scales that are themselves quantised. What belongs to a value lies in a
// byte with that of the values 32 before and behind it: i is a value's place in its 32.

import { byte, half, signed } from "./block_bytes.js";

/**
 * { 4-bit scale[16], minimum[16], side by side; 2 bits q[256]; half d, dmin }: d·scale·q − dmin·minimum, one of each for 16
 * values. Either half of the values has 32 bytes of q.
 */
export function decodeQ2K(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at + 80);
  const dmin = half(block, at + 82);
  for (let group = 0; group < 16; ++group) {
    const pair = byte(block, at + group);
    const step = d * (pair & 15);
    const offset = dmin * (pair >> 4);
    const q = at + 16 + 32 * (group >> 3) + 16 * (group & 1);
    const shift = group & 6;
    for (let i = 0; i < 16; ++i) {
      values[16 * group + i] = step * ((byte(block, q + i) >> shift) & 3) - offset;
    }
  }
}

/**
 * { third bits[256]; 2 bits q[256]; 6-bit scale[16]; half d }: d·(scale − 32)·(q − 4), with the third bit q's highest, a
 * scale for 16 values. Of the third bits each byte has those of all eight 32s. Of the scales' 12 bytes the first eight have
 * four bits of each, the low nibbles first, and the last four the two above them, of every fourth scale.
 */
export function decodeQ3K(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at + 108);
  for (let group = 0; group < 16; ++group) {
    const low = byte(block, at + 96 + (group & 7)) >> (4 * (group >> 3));
    const high = byte(block, at + 104 + (group & 3)) >> (2 * (group >> 2));
    const step = d * (((low & 15) | ((high & 3) << 4)) - 32);
    const third = at + 16 * (group & 1);
    const q = third + 32 + 32 * (group >> 3);
    const shift = group & 6;
    for (let i = 0; i < 16; ++i) {
      const bits = (byte(block, q + i) >> shift) & 3;
      values[16 * group + i] = step * (bits - ((byte(block, third + i) >> (group >> 1)) & 1 ? 0 : 4));
    }
  }
}

/** The scale and minimum of group `j` of eight, which share 12 bytes; see decodeQ4K. */
function scalesOf(block: Uint8Array, s: number, j: number): [scale: number, minimum: number] {
  const mixed = byte(block, s + j + 4);
  if (j < 4) return [byte(block, s + j) & 63, mixed & 63];
  const scale = (mixed & 15) | ((byte(block, s + j - 4) >> 6) << 4);
  return [scale, (mixed >> 4) | ((byte(block, s + j) >> 6) << 4)];
}

/**
 * { half d, dmin; 6-bit scale[8], minimum[8]; nibbles q[256] }: d·scale·q − dmin·minimum, one of each for 32 values; of every
 * 32 bytes of q the low nibbles come first. Of the 12 bytes s of scales and minima, s[j] and s[j + 4] have the first four of
 * each in their low 6 bits; the other four have 4 bits in s[j + 4] and 2 on top of those.
 */
export function decodeQ4K(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at);
  const dmin = half(block, at + 2);
  for (let j = 0; j < 8; ++j) {
    const [scale, minimum] = scalesOf(block, at + 4, j);
    const step = d * scale;
    const offset = dmin * minimum;
    const q = at + 16 + 32 * (j >> 1);
    const shift = 4 * (j & 1);
    for (let i = 0; i < 32; ++i) {
      values[32 * j + i] = step * ((byte(block, q + i) >> shift) & 15) - offset;
    }
  }
}

/** { half d, dmin; 6-bit scale[8], minimum[8]; fifth bits[256]; nibbles q[256] }: as Q4_K; each byte has the fifth bits of all eight 32s. */
export function decodeQ5K(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at);
  const dmin = half(block, at + 2);
  for (let j = 0; j < 8; ++j) {
    const [scale, minimum] = scalesOf(block, at + 4, j);
    const step = d * scale;
    const offset = dmin * minimum;
    const q = at + 48 + 32 * (j >> 1);
    const shift = 4 * (j & 1);
    for (let i = 0; i < 32; ++i) {
      const fifth = ((byte(block, at + 16 + i) >> j) & 1) << 4;
      values[32 * j + i] = step * (((byte(block, q + i) >> shift) & 15) | fifth) - offset;
    }
  }
}

/**
 * { nibbles low[256]; 2 bits high[256]; int8 scale[16]; half d }: d·scale·((low | high << 4) − 32), a scale for each 16
 * values. Either half of the values, four times 32 of them, has 64 bytes of low and 32 of high.
 */
export function decodeQ6K(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at + 208);
  for (let part = 0; part < 8; ++part) {
    const side = part >> 2;
    const quarter = part & 3;
    const low = at + 64 * side + 32 * (quarter & 1);
    const high = at + 128 + 32 * side;
    const shift = 4 * (quarter >> 1);
    for (let i = 0; i < 32; ++i) {
      const q =
        ((byte(block, low + i) >> shift) & 15) | (((byte(block, high + i) >> (2 * quarter)) & 3) << 4);
      values[32 * part + i] = d * signed(block, at + 192 + 2 * part + (i >> 4)) * (q - 32);
    }
  }
}
