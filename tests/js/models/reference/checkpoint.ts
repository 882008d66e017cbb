// Checkpoints that nobody trained, for architectures without a golden one: random numbers under the names that transformers
// gives them, as a file for the engine and as matrices for the reference.

import { normal } from "../../random.js";
import { safetensors } from "../checkpoint.js";
import type { Matrix } from "./maths.js";

export type Shapes = Record<string, readonly number[]>;

export interface MadeCheckpoint {
  readonly weights: ArrayBuffer;
  matrix(name: string): Matrix;
  vector(name: string): number[];
}

/**
 * `shapes` by name. Gains are about 1, biases about 0, all else keeps a vector's size, so that heads differ and no
 * activation is lost in the noise. `fileName`: what the file calls a weight, or null for one that it leaves out.
 */
export function madeCheckpoint(
  shapes: Shapes,
  seed: number,
  fileName: (name: string) => string | null = (name) => name,
): MadeCheckpoint {
  const values = new Map<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>();
  Object.entries(shapes).forEach(([name, shape], i) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const isGain = shape.length === 1 && name.endsWith("weight");
    const spread = shape.length === 1 ? 0.1 : 1.5 / Math.sqrt(shape.at(-1) ?? 1);
    const data = normal(seed + i, count).map((x) => Math.fround(spread * x + (isGain ? 1 : 0)));
    values.set(name, { shape, data });
  });

  const stored = [...values].flatMap(([name, value]) => {
    const called = fileName(name);
    return called === null ? [] : [{ name: called, ...value }];
  });
  let end = 0;
  const header = Object.fromEntries(
    stored.map(({ name, shape, data }) => {
      const begin = end;
      end += data.byteLength;
      return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
    }),
  );
  const weights = safetensors(header, end);
  const bytes = new Uint8Array(weights, weights.byteLength - end);
  let at = 0;
  for (const { data } of stored) {
    bytes.set(new Uint8Array(data.buffer), at);
    at += data.byteLength;
  }

  const find = (name: string) => {
    const value = values.get(name);
    if (!value) throw new Error(`the reference asks for ${name}, which the checkpoint has not`);
    return value;
  };
  return {
    weights,
    vector: (name) => [...find(name).data],
    matrix: (name) => {
      const { shape, data } = find(name);
      const columns = shape[1] ?? 0;
      return Array.from({ length: shape[0] ?? 0 }, (_, i) => [
        ...data.subarray(i * columns, (i + 1) * columns),
      ]);
    },
  };
}
