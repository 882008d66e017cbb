// Blocks of 32 values with a scale, or a scale and an offset, of their own. Of nibbles the first 16 values are the low ones;
// where values have five bits, the fifth ones follow the scales, the first value's lowest.

import { byte, half, signed } from "./block_bytes.js";

/** { half d; int8 q[32] }: d·q */
export function decodeQ8_0(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at);
  for (let i = 0; i < 32; ++i) values[i] = d * signed(block, at + 2 + i);
}

/** { half d; nibbles q[32] }: d·(q − 8) */
export function decodeQ4_0(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at);
  for (let i = 0; i < 16; ++i) {
    const pair = byte(block, at + 2 + i);
    values[i] = d * ((pair & 15) - 8);
    values[i + 16] = d * ((pair >> 4) - 8);
  }
}

/** { half d, m; nibbles q[32] }: d·q + m */
export function decodeQ4_1(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at);
  const m = half(block, at + 2);
  for (let i = 0; i < 16; ++i) {
    const pair = byte(block, at + 4 + i);
    values[i] = d * (pair & 15) + m;
    values[i + 16] = d * (pair >> 4) + m;
  }
}

const fifthBits = (block: Uint8Array, at: number): number =>
  byte(block, at) | (byte(block, at + 1) << 8) | (byte(block, at + 2) << 16) | (byte(block, at + 3) << 24);

const fifth = (bits: number, i: number): number => ((bits >>> i) & 1) << 4;

/** { half d; fifth bits; nibbles q[32] }: d·(q − 16) */
export function decodeQ5_0(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at);
  const bits = fifthBits(block, at + 2);
  for (let i = 0; i < 16; ++i) {
    const pair = byte(block, at + 6 + i);
    values[i] = d * (((pair & 15) | fifth(bits, i)) - 16);
    values[i + 16] = d * (((pair >> 4) | fifth(bits, i + 16)) - 16);
  }
}

/** { half d, m; fifth bits; nibbles q[32] }: d·q + m */
export function decodeQ5_1(block: Uint8Array, at: number, values: Float32Array): void {
  const d = half(block, at);
  const m = half(block, at + 2);
  const bits = fifthBits(block, at + 4);
  for (let i = 0; i < 16; ++i) {
    const pair = byte(block, at + 8 + i);
    values[i] = d * ((pair & 15) | fifth(bits, i)) + m;
    values[i + 16] = d * ((pair >> 4) | fifth(bits, i + 16)) + m;
  }
}
