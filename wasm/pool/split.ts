// How a call is divided among workers: blocks of heads and queries of equal work, in order, with no state and no worker.

import type { Block } from "../cut.js";
import type { Request } from "../request.js";
import { visibleKeys } from "../visible.js";

// Queries of a head are parted in multiples of the kernels' query block (src/kernels), so that none runs half empty.
const queryBlock = 48;

// A head is left whole where that moves no more than this part of a share: a parted head's keys and values are copied
// and packed twice.
const slack = 1 / 16;

// What a row costs beside its visible keys, in keys: it is copied in and out, and normalised.
const rowCost = 8;

/**
 * `count` shares (fewer where there is too little to part), each the blocks of one worker. All rows stand in one line, by
 * batch, head and query; the line is cut where the visible area has grown by total/count.
 */
export function split(request: Request, count: number): Block[][] {
  const { batchSize, numHeads, queryLength } = request;
  const headCosts = Array.from({ length: batchSize }, (_, b) => blockCosts(request, b));
  const batchCosts = headCosts.map((costs) => costs.reduce((sum, cost) => sum + cost, 0) * numHeads);
  const total = batchCosts.reduce((sum, cost) => sum + cost, 0);
  const cuts = [0];
  let b = 0;
  let before = 0; // the cost of the batches before b
  for (let n = 1; n < count; n++) {
    const target = (total * n) / count;
    while (b < batchSize - 1 && before + (batchCosts[b] ?? 0) <= target) before += batchCosts[b++] ?? 0;
    const headCost = (batchCosts[b] ?? 0) / numHeads;
    const h = Math.min(Math.floor((target - before) / headCost), numHeads - 1);
    const i = rowAt(headCosts[b] ?? [], target - before - h * headCost, (slack * total) / count);
    cuts.push((b * numHeads + h) * queryLength + Math.min(i, queryLength));
  }
  cuts.push(batchSize * numHeads * queryLength);
  const shares = cuts.slice(1).map((end, n) => [...blocks(request, cuts[n] ?? 0, end)]);
  return shares.filter((share) => share.length > 0);
}

/**
 * A block as up to `most` of whole batches or, within one, of whole groups of a kv head: what nothing is copied twice for.
 */
export function parted({ numHeads, numKvHeads }: Request, block: Block, most: number): Block[] {
  const name = block.batches[1] - block.batches[0] > 1 ? "batches" : "heads";
  const unit = name === "batches" ? 1 : numHeads / numKvHeads;
  const [begin, end] = block[name];
  const units = Math.floor((end - begin) / unit);
  const count = Math.max(1, Math.min(most, units));
  const cut = (n: number) => (n === count ? end : begin + unit * Math.round((units * n) / count));
  return Array.from({ length: count }, (_, n) => ({ ...block, [name]: [cut(n), cut(n + 1)] }));
}

/** The cost of each block of queries of one head. */
function blockCosts(request: Request, b: number): number[] {
  const costs: number[] = [];
  for (let i = 0; i < request.queryLength; i++) {
    if (i % queryBlock === 0) costs.push(0);
    costs[costs.length - 1] = (costs.at(-1) ?? 0) + visibleKeys(request, b, i) + rowCost;
  }
  return costs;
}

/** The block boundary nearest to `target`, or the head's begin or end where that is within `tolerance`. */
function rowAt(costs: readonly number[], target: number, tolerance: number): number {
  const headCost = costs.reduce((sum, cost) => sum + cost, 0);
  if (target <= tolerance) return 0;
  if (headCost - target <= tolerance) return Infinity;
  let k = 0;
  let sum = 0;
  while (k < costs.length && sum + (costs[k] ?? 0) / 2 < target) sum += costs[k++] ?? 0;
  return k === costs.length ? Infinity : k * queryBlock;
}

/** The rows [begin, end) of the line as blocks: whole batches, else groups of a kv head, else heads, else rows. */
function* blocks(request: Request, begin: number, end: number): Generator<Block> {
  const { numHeads, numKvHeads, queryLength } = request;
  const units = [numHeads * queryLength, (numHeads / numKvHeads) * queryLength, queryLength, 1];
  for (const [from, to] of runs(begin, end, units)) yield blockOf(request, from, to);
}

/** [begin, end) as the longest runs of whole units, of smaller ones at its edges. */
function* runs(begin: number, end: number, units: readonly number[]): Generator<readonly [number, number]> {
  if (begin >= end) return;
  const [unit = 1, ...smaller] = units;
  const first = Math.ceil(begin / unit) * unit;
  const last = Math.floor(end / unit) * unit;
  if (first > last) return yield* runs(begin, end, smaller);
  yield* runs(begin, first, smaller);
  if (first < last) yield [first, last];
  yield* runs(last, end, smaller);
}

function blockOf({ numHeads, queryLength }: Request, begin: number, end: number): Block {
  const perBatch = numHeads * queryLength;
  const [b, h, i] = [
    Math.floor(begin / perBatch),
    Math.floor(begin / queryLength) % numHeads,
    begin % queryLength,
  ];
  const size = end - begin;
  if (size % perBatch === 0) {
    return { batches: [b, b + size / perBatch], heads: [0, numHeads], rows: [0, queryLength] };
  }
  const batches = [b, b + 1] as const;
  if (size % queryLength === 0)
    return { batches, heads: [h, h + size / queryLength], rows: [0, queryLength] };
  return { batches, heads: [h, h + 1], rows: [i, i + size] };
}
