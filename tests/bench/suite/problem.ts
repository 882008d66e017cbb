// What is computed: shapes as in heads×length×headDim, and the numbers that go in.

import { normal } from "../../js/random.js";

export interface Problem {
  numHeads: number;
  numKvHeads: number;
  queryLength: number;
  /** Keys in all. */
  keyLength: number;
  /** Of them, handed over as a cache that is to be handed back with the new key. */
  pastLength: number;
  headDim: number;
  isCausal: boolean;
  /** The softmax weights are wanted too. */
  weights: boolean;
}

/** All [heads, length, headDim]. */
export interface Tensors {
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
  pastKey: Float32Array;
  pastValue: Float32Array;
}

/** What contenders are asked for. */
export interface Task {
  problem: Problem;
  tensors: Tensors;
}

/** Of the two dense products, whatever a mask would spare. */
export function flopsOf({ numHeads, queryLength, keyLength, headDim }: Problem): number {
  return 4 * numHeads * queryLength * keyLength * headDim;
}

export function tensorsOf(problem: Problem): Tensors {
  const { numHeads, numKvHeads, queryLength, keyLength, pastLength, headDim } = problem;
  const [past, fresh] = [numKvHeads * pastLength * headDim, numKvHeads * (keyLength - pastLength) * headDim];
  return {
    query: normal(1, numHeads * queryLength * headDim),
    key: normal(2, fresh),
    value: normal(3, fresh),
    pastKey: normal(4, past),
    pastValue: normal(5, past),
  };
}

/** [heads, length, headDim] and back. */
export function swapHeads(x: Float32Array, heads: number, length: number): Float32Array {
  const dim = x.length / (heads * length);
  const swapped = new Float32Array(x.length);
  for (let h = 0; h < heads; h++) {
    for (let i = 0; i < length; i++) {
      const from = (h * length + i) * dim;
      swapped.set(x.subarray(from, from + dim), (i * heads + h) * dim);
    }
  }
  return swapped;
}
