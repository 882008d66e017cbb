// A part of a call on its way to a worker and back: all its arrays, and room for its results, side by side in one buffer,
// which is kept for the next call (see Spare).

import { blockLength, cutRequest, gather, kvBlock, rowsOf, type Block, type Rows } from "../cut.js";
import type { Request } from "../request.js";
import type { Call } from "./parts.js";

/** What the native side reads for one block, and the arrays that it fills; all of them views of one buffer. */
export type PartRequest = Request & {
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
  into: PartResult;
};

export type PartResult = { output: Float32Array } & Record<string, Float32Array>;

type Values = Float32Array | Int32Array | Uint8Array;
type Kind = { new (buffer: ArrayBuffer, at: number, length: number): Values; BYTES_PER_ELEMENT: number };

/** An array to be: what is copied into it, or nothing where it is a result. */
interface Piece {
  name: string;
  kind: Kind;
  length: number;
  fill?(target: Values): void;
}

/** The request of one block of a call after joinPast(), in a buffer that `take` gives. */
export function pack(call: Call, block: Block, take: (bytes: number) => ArrayBuffer): PartRequest {
  const request = { ...cutRequest(call.request, block), pastLength: 0 };
  const [inputs, outputs] = [given(call, block, request), results(request)];
  const buffer = take([...inputs, ...outputs].reduce((sum, piece) => sum + paddedBytes(piece), 0));
  let at = 0;
  const lay = (pieces: readonly Piece[]) =>
    Object.fromEntries(
      pieces.map((piece) => {
        const array = new piece.kind(buffer, at, piece.length);
        at += paddedBytes(piece);
        piece.fill?.(array);
        return [piece.name, array];
      }),
    );
  return { ...request, ...lay(inputs), into: lay(outputs) } as never;
}

const paddedBytes = ({ kind, length }: Piece): number => 4 * Math.ceil((kind.BYTES_PER_ELEMENT * length) / 4);

function given({ request, query, key, value, pastKey }: Call, block: Block, part: Request): Piece[] {
  const { layout, numHeads, numKvHeads, queryLength, keyLength, headDim, valueDim } = request;
  const keyLayout = pastKey ? "bhld" : layout;
  const kv = kvBlock(request, block, keyLength);
  const cut = (name: string, array: Float32Array, rows: Rows, seen: Block): Piece => ({
    ...{ name, kind: Float32Array, length: blockLength(rows, seen) },
    fill: (target) => gather(array, rows, seen, target as Float32Array),
  });
  const steering = Object.entries(part as unknown as Record<string, unknown>).flatMap(([name, field]) =>
    ArrayBuffer.isView(field) ? [whole(name, field as Values)] : [],
  );
  return [
    ...steering,
    cut("query", query, rowsOf(layout, numHeads, queryLength, headDim), block),
    cut("key", key, rowsOf(keyLayout, numKvHeads, keyLength, headDim), kv),
    cut("value", value, rowsOf(keyLayout, numKvHeads, keyLength, valueDim), kv),
  ];
}

function whole(name: string, array: Values): Piece {
  // By tag: the array may be a Node Buffer, or of another window.
  const tag = Object.prototype.toString.call(array);
  const kind =
    tag === "[object Float32Array]" ? Float32Array : tag === "[object Int32Array]" ? Int32Array : Uint8Array;
  return { name, kind, length: array.length, fill: (target) => target.set(array) };
}

function results({ batchSize, numHeads, queryLength, keyLength, valueDim, capture }: Request): Piece[] {
  const rows = batchSize * numHeads * queryLength;
  const piece = (name: string, dim: number): Piece => ({ name, kind: Float32Array, length: rows * dim });
  return [
    piece("output", valueDim),
    ...capture.map((name) => piece(name, name === "logsumexp" ? 1 : keyLength)),
  ];
}

/**
 * Buffers between two calls. Memory fresh from the system is touched at 0.3 to 3 ms a MiB, and filled at 0.02 when it has
 * been touched before; and what is not left behind is not collected.
 */
export class Spare {
  // An idle engine holds no more than this; 8 heads, 1024 by 1024 of 64, weights captured, need 42 MiB.
  static readonly mostBytes = 64 << 20;
  #buffers: ArrayBuffer[] = [];

  /** The smallest that has the room, or a new one. */
  readonly take = (bytes: number): ArrayBuffer => {
    const [best] = this.#buffers
      .filter(({ byteLength }) => byteLength >= bytes)
      .sort((a, b) => a.byteLength - b.byteLength);
    this.#buffers = this.#buffers.filter((buffer) => buffer !== best);
    return best ?? new ArrayBuffer(bytes);
  };

  keep(buffer: ArrayBuffer): void {
    this.#buffers.push(buffer);
    let total = this.#buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (total > Spare.mostBytes) total -= this.#buffers.shift()?.byteLength ?? 0;
  }
}
