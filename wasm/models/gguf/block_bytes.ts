// What blocks are read by.

import { halfToFloat } from "./half.js";

/** Writes the values of the block at `at`. */
export type Decode = (block: Uint8Array, at: number, values: Float32Array) => void;

export const byte = (block: Uint8Array, at: number): number => block[at] as number;

export const signed = (block: Uint8Array, at: number): number => (byte(block, at) << 24) >> 24;

/** A binary16. */
export const half = (block: Uint8Array, at: number): number =>
  halfToFloat(byte(block, at) | (byte(block, at + 1) << 8));
