// What comes before a call is parted, and what comes after: the past in front of the keys, the results in one.

import { cut, paste, rowsOf, type Block, type Rows } from "../cut.js";
import type { Request } from "../request.js";
import type { AttentionResult, OwnFloat32Array } from "../types.js";
import type { PartResult } from "./parcel.js";

/** A checked call of attention(). */
export interface Call {
  request: Request;
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
  pastKey?: Float32Array | undefined;
  pastValue?: Float32Array | undefined;
}

/**
 * Key and value with the past in front, [B, Hkv, S, D] and [B, Hkv, S, Dv]: joined once, for the result as for the parts.
 */
export function joinPast(call: Call): { call: Call; present: Partial<AttentionResult> } {
  const { request, pastKey, pastValue } = call;
  if (!pastKey || !pastValue) return { call, present: {} };
  const { batchSize, numKvHeads, keyLength, pastLength, layout, headDim, valueDim } = request;
  const block = (begin: number, end: number): Block => ({
    batches: [0, batchSize],
    heads: [0, numKvHeads],
    rows: [begin, end],
  });
  const join = (past: Float32Array, added: Float32Array, dim: number): OwnFloat32Array => {
    const newLength = keyLength - pastLength;
    const target = rowsOf("bhld", numKvHeads, keyLength, dim);
    const joined = new Float32Array(batchSize * numKvHeads * keyLength * dim);
    paste(past, joined, target, block(0, pastLength));
    const rows = cut(added, rowsOf(layout, numKvHeads, newLength, dim), block(0, newLength));
    paste(rows, joined, target, block(pastLength, keyLength));
    return joined;
  };
  const presentKey = join(pastKey, call.key, headDim);
  const presentValue = join(pastValue, call.value, valueDim);
  return { call: { ...call, key: presentKey, value: presentValue }, present: { presentKey, presentValue } };
}

/** The whole result, filled block by block as the parts arrive. */
export class Joint {
  readonly result: AttentionResult;
  readonly #rows: Record<string, Rows>;

  constructor(request: Request, present: Partial<AttentionResult>) {
    const { layout, batchSize, numHeads, queryLength, keyLength, valueDim, capture } = request;
    this.#rows = { output: rowsOf(layout, numHeads, queryLength, valueDim) };
    for (const name of capture) {
      this.#rows[name] = rowsOf("bhld", numHeads, queryLength, name === "logsumexp" ? 1 : keyLength);
    }
    const arrays = Object.entries(this.#rows).map(([name, { dim }]) => [
      name,
      new Float32Array(batchSize * numHeads * queryLength * dim),
    ]);
    this.result = { ...Object.fromEntries(arrays), ...present };
  }

  add(block: Block, part: Partial<PartResult>): void {
    for (const [name, rows] of Object.entries(this.#rows)) {
      const [from, to] = [part[name], this.result[name as keyof AttentionResult]];
      if (from && to) paste(from, to, rows, block);
    }
  }
}
