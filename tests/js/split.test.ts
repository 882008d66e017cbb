// The division of a call among workers, as plain data: every row once, no worker with much more than another, and each
// part the request that computes its block alone, in one buffer.

import { describe, expect, test } from "@jest/globals";
import type { Block } from "../../wasm/cut.js";
import { pack, Spare } from "../../wasm/pool/parcel.js";
import { Joint, joinPast, type Call } from "../../wasm/pool/parts.js";
import { parted, split } from "../../wasm/pool/split.js";
import { readRequest, readShape, type Request } from "../../wasm/request.js";
import type { AttentionOptions } from "../../wasm/types.js";
import { visibleKeys } from "../../wasm/visible.js";
import { normal } from "./random.js";

/** Arrays that count, so that every value tells where it came from. */
const counting = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => from + i);

interface Sizes {
  queryLength: number;
  keyLength: number;
  pastLength?: number;
}

function callOf(options: AttentionOptions, { queryLength, keyLength, pastLength = 0 }: Sizes): Call {
  const { batchSize = 1, numHeads, numKvHeads = numHeads, headDim, valueDim = headDim } = options;
  const kv = batchSize * numKvHeads;
  const query = counting(batchSize * numHeads * queryLength * headDim);
  const key = counting(kv * (keyLength - pastLength) * headDim, 0.25);
  const value = counting(kv * (keyLength - pastLength) * valueDim, 0.5);
  const past =
    pastLength > 0
      ? {
          pastKey: counting(kv * pastLength * headDim, 1e5),
          pastValue: counting(kv * pastLength * valueDim, 2e5),
        }
      : {};
  const all = { ...options, ...past };
  const request = readRequest(readShape(query, key, value, all), all, options.capture ?? []);
  return { request, query, key, value, ...past };
}

const range = ([begin, end]: readonly [number, number]) =>
  Array.from({ length: end - begin }, (_, i) => begin + i);

/** Every (b, h, i) of the blocks, in their order. */
function* rows(blocks: readonly Block[]): Generator<string> {
  for (const block of blocks)
    for (const b of range(block.batches))
      for (const h of range(block.heads)) for (const i of range(block.rows)) yield `${b} ${h} ${i}`;
}

const shapes: [name: string, options: AttentionOptions, sizes: Sizes][] = [
  ["as many heads as workers", { numHeads: 4, headDim: 2 }, { queryLength: 100, keyLength: 100 }],
  ["fewer heads than workers", { numHeads: 1, headDim: 2 }, { queryLength: 1000, keyLength: 64 }],
  ["heads that do not divide", { numHeads: 7, headDim: 2 }, { queryLength: 500, keyLength: 64 }],
  [
    "grouped heads",
    { numHeads: 6, numKvHeads: 2, headDim: 2, batchSize: 3 },
    { queryLength: 300, keyLength: 64 },
  ],
  ["many batches", { numHeads: 2, headDim: 2, batchSize: 33 }, { queryLength: 7, keyLength: 64 }],
  [
    "causal",
    { numHeads: 3, numKvHeads: 1, headDim: 2, isCausal: true },
    { queryLength: 2000, keyLength: 2000 },
  ],
  [
    "batches of uneven lengths",
    { numHeads: 2, headDim: 2, batchSize: 3, keyLengths: Int32Array.of(0, 900, 100) },
    { queryLength: 480, keyLength: 1000 },
  ],
];

describe.each(shapes)("%s", (_, options, sizes) => {
  const { request } = callOf(options, sizes);
  const { batchSize, numHeads, numKvHeads } = request;
  const group = numHeads / numKvHeads;

  test.each([1, 2, 3, 4, 8])("%i shares have every row once, in order", (count) => {
    const shares = split(request, count);
    expect(shares.length).toBeLessThanOrEqual(count);
    const whole: Block = { batches: [0, batchSize], heads: [0, numHeads], rows: [0, sizes.queryLength] };
    expect([...rows(shares.flat())]).toEqual([...rows([whole])]);
  });

  test.each([2, 3, 8])("%i shares: whole groups of heads, or heads of one group", (count) => {
    for (const { heads } of split(request, count).flat()) {
      const isWhole = heads[0] % group === 0 && heads[1] % group === 0;
      expect(isWhole || Math.floor(heads[0] / group) === Math.floor((heads[1] - 1) / group)).toBe(true);
    }
  });

  test.each([2, 3, 4])("%i shares differ little in their visible area", (count) => {
    const area = (share: readonly Block[]) =>
      [...rows(share)].reduce((sum, place) => {
        const [b = 0, , i = 0] = place.split(" ").map(Number);
        return sum + visibleKeys(request, b, i) + 8;
      }, 0);
    const areas = split(request, count).map(area);
    const mean = areas.reduce((sum, value) => sum + value, 0) / count;
    // One block of queries, or a sixteenth of a share that spares a head from being parted, on either side.
    const block = 48 * (sizes.keyLength + 8);
    for (const value of areas) expect(Math.abs(value - mean)).toBeLessThanOrEqual(block + mean / 8);
  });
});

test.each([
  [{ batches: [1, 8], heads: [0, 4] }, 3, ["1-3", "3-6", "6-8"]],
  [{ batches: [1, 2], heads: [2, 12] }, 3, ["2-6", "6-8", "8-12"]], // whole groups of two
  [{ batches: [1, 2], heads: [2, 6] }, 8, ["2-4", "4-6"]],
  [{ batches: [1, 2], heads: [3, 4] }, 8, ["3-4"]],
  [{ batches: [1, 2], heads: [2, 6] }, 0, ["2-6"]],
] as [Pick<Block, "batches" | "heads">, number, string[]][])("%j in at most %i", (ranges, most, expected) => {
  const request = { numHeads: 12, numKvHeads: 6 } as Request;
  const blocks = parted(request, { ...ranges, rows: [0, 9] }, most);
  const name = ranges.batches[1] - ranges.batches[0] > 1 ? "batches" : "heads";
  expect(blocks.map((block) => block[name].join("-"))).toEqual(expected);
  for (const block of blocks) expect(block).toEqual({ ...ranges, rows: [0, 9], [name]: block[name] });
});

const fresh = (bytes: number) => new ArrayBuffer(bytes);

const onlyBlock: Block = { batches: [1, 2], heads: [2, 4], rows: [1, 3] };

describe("a part", () => {
  // Batch 1 of 2, heads 2 and 3 of 4 (kv head 1 of 2), queries 1 and 2 of 3.
  const base = { numHeads: 4, numKvHeads: 2, headDim: 2, valueDim: 1, batchSize: 2 };
  const sizes = { queryLength: 3, keyLength: 5 };
  const part = (options: Partial<AttentionOptions>, of: Sizes = sizes) =>
    pack(joinPast(callOf({ ...base, ...options }, of)).call, onlyBlock, fresh);

  test("has its sizes and its own queries, keys and values", () => {
    expect(part({})).toMatchObject({
      ...{ batchSize: 1, numHeads: 2, numKvHeads: 1, queryLength: 2, keyLength: 5, layout: "bhld" },
      query: Float32Array.of(38, 39, 40, 41, 44, 45, 46, 47), // rows 1 and 2 of heads 6 and 7 of all
      key: counting(10, 30.25),
      value: counting(5, 15.5),
    });
  });

  test("of the other layout is the same in its own", () => {
    // Row i of batch b holds all heads: query (b·3 + i)·8 + h·2 + d.
    expect(part({ layout: "blhd" })).toMatchObject({
      layout: "bhld",
      query: Float32Array.of(36, 37, 44, 45, 38, 39, 46, 47),
      key: Float32Array.of(22.25, 23.25, 26.25, 27.25, 30.25, 31.25, 34.25, 35.25, 38.25, 39.25),
      value: Float32Array.of(11.5, 13.5, 15.5, 17.5, 19.5),
    });
  });

  test("has the past in front of its keys, and none to join", () => {
    expect(part({}, { ...sizes, pastLength: 2 })).toMatchObject({
      pastLength: 0,
      queryOffset: Int32Array.of(3), // the past's 2, and query 1
      key: Float32Array.of(...counting(4, 1e5 + 12), ...counting(6, 18.25)),
      value: Float32Array.of(...counting(2, 2e5 + 6), ...counting(3, 9.5)),
    });
  });

  test("has its entries of the arrays that steer", () => {
    const options = {
      queryOffset: Int32Array.of(10, 20),
      keyLengths: Int32Array.of(1, 2),
      sinks: counting(4),
    };
    expect(part({ ...options, alibiSlopes: counting(4) })).toMatchObject({
      queryOffset: Int32Array.of(21),
      keyLengths: Int32Array.of(2),
      sinks: Float32Array.of(2, 3),
      alibiSlopes: Float32Array.of(2, 3),
    });
    expect(part({ alibiSlopes: counting(8) })).toMatchObject({ alibiSlopes: Float32Array.of(6, 7) });
    expect(part({})).toMatchObject({ queryOffset: Int32Array.of(1), keyLengths: null, sinks: null });
  });

  test.each([
    [[5], [1, 1, 1, 5], [0, 1, 2, 3, 4]],
    [[1], [1, 1, 1, 1], [0]],
    [
      [3, 2],
      [1, 1, 2, 2],
      [2, 3, 4, 5],
    ],
    [
      [3, 1],
      [1, 1, 2, 1],
      [1, 2],
    ],
    [
      [4, 1, 2],
      [1, 2, 1, 2],
      [4, 5, 6, 7],
    ],
    [
      [4, 3, 1],
      [1, 2, 2, 1],
      [7, 8, 10, 11],
    ],
    [
      [2, 1, 1, 5],
      [1, 1, 1, 5],
      [5, 6, 7, 8, 9],
    ],
    [
      [2, 1, 3, 1],
      [1, 1, 2, 1],
      [4, 5],
    ],
    [
      [2, 4, 3, 1],
      [1, 2, 2, 1],
      [19, 20, 22, 23],
    ],
    [
      [1, 4, 1, 1],
      [1, 2, 1, 1],
      [2, 3],
    ],
  ])("of a mask %j sees %j", (shape, seen, values) => {
    const length = shape.reduce((a, b) => a * b, 1);
    expect(part({ attnMask: { data: counting(length), shape } })).toMatchObject({
      maskShape: seen,
      mask: Float32Array.from(values),
    });
    const bytes = Uint8Array.from(counting(length));
    expect(part({ attnMask: { data: bytes, shape } }).mask).toEqual(Uint8Array.from(values));
  });

  test("has room for its results, after what else the buffer held", () => {
    const call = callOf({ ...base, capture: ["weights", "logsumexp"] }, sizes);
    const used = (bytes: number) => new Uint8Array(bytes + 100).fill(7).buffer;
    const { into, ...request } = pack(call, onlyBlock, used);
    expect(Object.entries(into).map(([name, { length }]) => [name, length])).toEqual([
      ["output", 4],
      ["weights", 20],
      ["logsumexp", 4],
    ]);
    expect(request).toEqual({ ...part({}), capture: ["weights", "logsumexp"], into: undefined });
  });

  test("is one buffer, in which nothing overlaps, whatever the kinds of its arrays", () => {
    const mask = Buffer.from([1, 0, 1, 1, 1]); // a Uint8Array whose slice() is a view
    const call = callOf(
      {
        ...base,
        ...{ sinks: counting(4), keyLengths: Int32Array.of(1, 2), capture: ["scores", "logsumexp"] },
        attnMask: { data: mask, shape: [5] },
      },
      sizes,
    );
    for (const block of [onlyBlock, { batches: [0, 2], heads: [0, 4], rows: [0, 3] } as const]) {
      const { into, ...request } = pack(call, block, fresh);
      const arrays = [into, request]
        .flatMap((record): unknown[] => Object.values(record))
        .filter((field): field is ArrayBufferView => ArrayBuffer.isView(field));
      expect(arrays.map(({ buffer }) => buffer)).toEqual(arrays.map(() => request.query.buffer));
      const places = arrays.map(
        ({ byteOffset, byteLength }) => [byteOffset, byteOffset + byteLength] as const,
      );
      places.sort((a, b) => a[0] - b[0]);
      places.forEach(([begin], n) => expect(begin).toBeGreaterThanOrEqual(places[n - 1]?.[1] ?? 0));
      expect(request.mask).toEqual(new Uint8Array([1, 0, 1, 1, 1]));
    }
  });
});

describe("a buffer that came back", () => {
  test("is taken again, the smallest that has the room", () => {
    const spare = new Spare();
    const [large, small] = [new ArrayBuffer(3000), new ArrayBuffer(2000)];
    spare.keep(large);
    spare.keep(small);
    expect(spare.take(1500)).toBe(small);
    expect(spare.take(1500)).toBe(large);
    expect(spare.take(1500).byteLength).toBe(1500);
    spare.keep(small);
    expect(spare.take(2001).byteLength).toBe(2001);
  });

  test("is let go, the oldest first, where an idle engine would hold too much", () => {
    const spare = new Spare();
    const buffers = [1, 2, 3].map((n) => new ArrayBuffer(Spare.mostBytes / 2 - n));
    for (const buffer of buffers) spare.keep(buffer);
    expect(spare.take(1)).toBe(buffers[2]);
    expect(spare.take(1)).toBe(buffers[1]);
    expect(spare.take(1).byteLength).toBe(1);
    spare.keep(new ArrayBuffer(Spare.mostBytes + 1));
    expect(spare.take(1).byteLength).toBe(1);
  });
});

test.each(["bhld", "blhd"] as const)("parts of results come together in layout %s", (layout) => {
  const options = { numHeads: 4, numKvHeads: 2, headDim: 2, batchSize: 2, layout };
  const { request } = callOf(
    { ...options, capture: ["weights", "logsumexp"] },
    { queryLength: 100, keyLength: 3 },
  );
  const joint = new Joint(request, {});
  // A value says where it belongs: its batch, head, row and column in the decimals.
  const at = (b: number, h: number, i: number, d: number) => b * 1e5 + h * 1e4 + i * 10 + d;
  const fill = (block: Block, dim: number) =>
    Float32Array.from(
      range(block.batches).flatMap((b) =>
        range(block.heads).flatMap((h) =>
          range(block.rows).flatMap((i) => Array.from({ length: dim }, (_, d) => at(b, h, i, d))),
        ),
      ),
    );
  for (const block of split(request, 3).flat()) {
    joint.add(block, { output: fill(block, 2), weights: fill(block, 3), logsumexp: fill(block, 1) });
  }
  const whole: Block = { batches: [0, 2], heads: [0, 4], rows: [0, 100] };
  const { output, weights, logsumexp } = joint.result;
  expect(weights).toEqual(fill(whole, 3));
  expect(logsumexp).toEqual(fill(whole, 1));
  const inOrder =
    layout === "bhld"
      ? fill(whole, 2)
      : Float32Array.from({ length: output.length }, (_, n) =>
          at(Math.floor(n / 800), Math.floor(n / 2) % 4, Math.floor(n / 8) % 100, n % 2),
        );
  expect(output).toEqual(inOrder);
});

test("random shapes: every row once, in order", () => {
  const numbers = normal(7, 600);
  let at = 0;
  const pick = (most: number) => 1 + (Math.floor(Math.abs(numbers[at++] ?? 0) * 1000) % most);
  for (let n = 0; n < 100; n++) {
    const numKvHeads = pick(4);
    const options = { numKvHeads, numHeads: numKvHeads * pick(4), headDim: 1, batchSize: pick(4) };
    const { request } = callOf(
      { ...options, isCausal: pick(2) > 1 },
      { queryLength: pick(200), keyLength: 9 },
    );
    const whole: Block = {
      ...{ batches: [0, options.batchSize], heads: [0, options.numHeads], rows: [0, request.queryLength] },
    };
    expect([...rows(split(request, pick(8)).flat())]).toEqual([...rows([whole])]);
  }
});
