// A call's parts as messages, and their results joined again.

import { cut, cutRequest, kvBlock, paste, rowsOf, type Block, type Rows } from "../cut.js";
import type { Request } from "../request.js";
import type { AttentionResult } from "../types.js";

/** A checked call of attention(). */
export interface Call {
  request: Request;
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
  pastKey?: Float32Array | undefined;
  pastValue?: Float32Array | undefined;
}

/** What the native side reads for one block; every array is the message's own. */
export type PartRequest = Request & { query: Float32Array; key: Float32Array; value: Float32Array };

export type PartResult = { output: Float32Array } & Record<string, Float32Array>;

type Values = Float32Array | Int32Array | Uint8Array;

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
  const join = (past: Float32Array, added: Float32Array, dim: number): Float32Array => {
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

/** The request of one block of a call after joinPast(). */
export function partOf({ request, query, key, value, pastKey }: Call, block: Block): PartRequest {
  const { layout, numHeads, numKvHeads, queryLength, keyLength, headDim, valueDim } = request;
  const keyLayout = pastKey ? "bhld" : layout;
  const kv = kvBlock(request, block, keyLength);
  const part = {
    ...cutRequest(request, block),
    pastLength: 0,
    query: cut(query, rowsOf(layout, numHeads, queryLength, headDim), block),
    key: cut(key, rowsOf(keyLayout, numKvHeads, keyLength, headDim), kv),
    value: cut(value, rowsOf(keyLayout, numKvHeads, keyLength, valueDim), kv),
  };
  // What is no fresh copy yet is a view of an array that the caller keeps.
  const kept = new Set(
    [query, key, value, ...Object.values(request)].filter(ArrayBuffer.isView).map(({ buffer }) => buffer),
  );
  const own = (field: unknown) => (ArrayBuffer.isView(field) && kept.has(field.buffer) ? copy(field) : field);
  return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, own(field)])) as never;
}

// Not slice(), which is a view in Node's Buffer.
function copy(view: ArrayBufferView): Values {
  switch (Object.prototype.toString.call(view)) {
    case "[object Float32Array]":
      return new Float32Array(view as Float32Array);
    case "[object Int32Array]":
      return new Int32Array(view as Int32Array);
    default:
      return new Uint8Array(view as Uint8Array);
  }
}

/** The buffers of a message's records, to be handed over instead of copied once more. */
export function buffersOf(records: readonly object[]): ArrayBuffer[] {
  return records
    .flatMap((record) => Object.values(record))
    .filter(ArrayBuffer.isView)
    .map(({ buffer }) => buffer as ArrayBuffer);
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
