// What a head does on a text, in figures, and attention followed through the layers. Sums are in double precision.

import type { OwnFloat32Array } from "../types.js";
import type { HeadStatistics } from "./types.js";

/** One head's weights on a text, and what is known of its tokens. */
export interface HeadWeights {
  /** [n, n], row = query token. */
  readonly weights: Float32Array;
  /** [n] */
  readonly ids: readonly number[];
  /** Tokens that part texts. */
  readonly separatorIds: ReadonlySet<number>;
  /** Whether a token can see those after it. */
  readonly isCausal: boolean;
}

/** A mean over those rows that have something to add. */
class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    ++this.#count;
  }

  get value(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }
}

/** Positions of each token id, in order. */
function positionsOf(ids: readonly number[]): Map<number, number[]> {
  const positions = new Map<number, number[]>();
  ids.forEach((id, i) => {
    const seen = positions.get(id);
    if (seen) seen.push(i);
    else positions.set(id, [i]);
  });
  return positions;
}

/**
 * The figures of HeadStatistics, which documents each.
 *
 * @example
 * headStatistics({ weights: Float32Array.of(1, 0, 0.25, 0.75), ids: [5, 6], separatorIds: new Set(), isCausal: true });
 */
export function headStatistics({ weights, ids, separatorIds, isCausal }: HeadWeights): HeadStatistics {
  const n = ids.length;
  const positions = positionsOf(ids);
  const separators = ids.flatMap((id, j) => (separatorIds.has(id) ? [j] : []));
  const entropy = new Mean();
  const previousToken = new Mean();
  const nextToken = new Mean();
  const self = new Mean();
  const firstToken = new Mean();
  const separator = new Mean();
  const sameToken = new Mean();
  const induction = new Mean();
  const meanDistance = new Mean();

  ids.forEach((id, i) => {
    const row = weights.subarray(i * n, (i + 1) * n);
    const at = (j: number): number => row[j] ?? 0;
    const sumAt = (places: readonly number[]): number => places.reduce((sum, j) => sum + at(j), 0);
    let bits = 0;
    let distance = 0;
    row.forEach((weight, j) => {
      if (weight > 0) bits -= weight * Math.log2(weight);
      distance += weight * Math.abs(i - j);
    });
    entropy.add(bits);
    meanDistance.add(distance);
    self.add(at(i));
    if (i > 0) previousToken.add(at(i - 1));
    if (i + 1 < n) nextToken.add(at(i + 1));
    if (i > 0) firstToken.add(at(0));
    if (separators.length > 0) separator.add(sumAt(separators));

    const occurrences = positions.get(id) ?? [];
    const others = occurrences.filter((j) => j !== i && (!isCausal || j < i));
    if (others.length > 0) sameToken.add(sumAt(others));
    const followers = occurrences.filter((j) => j < i).map((j) => j + 1);
    if (followers.length > 0) induction.add(sumAt(followers));
  });

  return {
    entropy: entropy.value,
    previousToken: previousToken.value,
    nextToken: nextToken.value,
    self: self.value,
    firstToken: firstToken.value,
    separator: separator.value,
    sameToken: sameToken.value,
    induction: induction.value,
    meanDistance: meanDistance.value,
  };
}

/**
 * Attention rollout (Abnar and Zuidema 2020, section 3): the product over the layers, the last one leftmost, of (mean
 * over heads + identity) / 2. `weights` is [numLayers, numHeads, n, n]; returns [n, n], row = position in the last layer.
 *
 * @example
 * rollout(Float32Array.of(1, 0, 0.5, 0.5), 1, 1, 2); // [1, 0, 0.25, 0.75]
 */
export function rollout(
  weights: Float32Array,
  numLayers: number,
  numHeads: number,
  n: number,
): OwnFloat32Array {
  const size = n * n;
  let flow = new Float64Array(size);
  for (let i = 0; i < n; ++i) flow[i * n + i] = 1;
  for (let layer = 0; layer < numLayers; ++layer) {
    const mixed = new Float64Array(size);
    for (let head = 0; head < numHeads; ++head) {
      const from = (layer * numHeads + head) * size;
      for (let k = 0; k < size; ++k) mixed[k] = (mixed[k] ?? 0) + (weights[from + k] ?? 0) / (2 * numHeads);
    }
    for (let i = 0; i < n; ++i) mixed[i * n + i] = (mixed[i * n + i] ?? 0) + 0.5;
    flow = product(mixed, flow, n);
  }
  return Float32Array.from(flow);
}

/** a · b, both [n, n]. */
function product(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; ++i) {
    const row = result.subarray(i * n, (i + 1) * n);
    for (let k = 0; k < n; ++k) {
      const weight = a[i * n + k] ?? 0;
      if (weight === 0) continue;
      for (let j = 0; j < n; ++j) row[j] = (row[j] ?? 0) + weight * (b[k * n + j] ?? 0);
    }
  }
  return result;
}
