// Every failure is a HeedError that names the argument, and the next correct call works: traps, memory and refusals included.

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createEngine, HeedError, type Engine, type HeedErrorCode } from "heed";
import { damage, withInstances } from "./instances.js";
import { normal } from "./random.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

function failure(work: () => unknown): HeedError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(HeedError);
    return error as HeedError;
  }
  throw new Error("nothing was thrown");
}

const q = normal(1, 24);
const ok = { numHeads: 2, headDim: 4 };
const stillWorks = () => expect([...engine.attention(q, q, q, ok).output].every(Number.isFinite)).toBe(true);

describe("attention refuses", () => {
  const mask = (shape: number[], data = new Uint8Array(shape.reduce((a, b) => a * b, 1))) => ({
    attnMask: { data, shape },
  });
  const cases: [what: string, call: () => unknown, code: HeedErrorCode, says: RegExp][] = [
    [
      "options that are missing",
      () => engine.attention(q, q, q, undefined as never),
      "invalid-argument",
      /options is undefined/,
    ],
    [
      "no numHeads",
      () => engine.attention(q, q, q, { headDim: 4 } as never),
      "invalid-argument",
      /numHeads is undefined/,
    ],
    [
      "numHeads 0",
      () => engine.attention(q, q, q, { numHeads: 0, headDim: 4 }),
      "invalid-argument",
      /numHeads is 0/,
    ],
    [
      "numHeads 1.5",
      () => engine.attention(q, q, q, { numHeads: 1.5, headDim: 4 }),
      "invalid-argument",
      /1\.5/,
    ],
    [
      "numHeads 2^40",
      () => engine.attention(q, q, q, { numHeads: 2 ** 40, headDim: 4 }),
      "invalid-argument",
      /numHeads/,
    ],
    [
      "headDim NaN",
      () => engine.attention(q, q, q, { numHeads: 2, headDim: NaN }),
      "invalid-argument",
      /headDim is NaN/,
    ],
    [
      "numKvHeads that does not divide",
      () => engine.attention(q, q, q, { numHeads: 3, headDim: 4, numKvHeads: 2 }),
      "invalid-argument",
      /numKvHeads is 2, expected a divisor of numHeads = 3/,
    ],
    [
      "an Array for query",
      () => engine.attention([...q] as never, q, q, ok),
      "invalid-argument",
      /query is \[.*expected a Float32Array/,
    ],
    [
      "a Float64Array for key",
      () => engine.attention(q, new Float64Array(24) as never, q, ok),
      "invalid-argument",
      /key is Float64Array of length 24/,
    ],
    ["null for value", () => engine.attention(q, q, null as never, ok), "invalid-argument", /value is null/],
    [
      "a query length that does not divide",
      () => engine.attention(q.subarray(1), q, q, ok),
      "shape-mismatch",
      /query has 23 values, expected a multiple of .* = 8/,
    ],
    [
      "a key length that does not divide",
      () => engine.attention(q, q.subarray(1), q, ok),
      "shape-mismatch",
      /key has 23/,
    ],
    [
      "a value of other length than key",
      () => engine.attention(q, q, q.subarray(8), ok),
      "shape-mismatch",
      /value has 16 values, expected .* = 24/,
    ],
    [
      "an unknown layout",
      () => engine.attention(q, q, q, { ...ok, layout: "lbhd" as never }),
      "invalid-argument",
      /layout is "lbhd"/,
    ],
    [
      "an infinite scale",
      () => engine.attention(q, q, q, { ...ok, scale: Infinity }),
      "invalid-argument",
      /scale is Infinity/,
    ],
    [
      "a scale beyond f32",
      () => engine.attention(q, q, q, { ...ok, scale: 1e39 }),
      "invalid-argument",
      /scale/,
    ],
    [
      "a negative softcap",
      () => engine.attention(q, q, q, { ...ok, softcap: -1 }),
      "invalid-argument",
      /softcap is -1/,
    ],
    [
      "isCausal that is no boolean",
      () => engine.attention(q, q, q, { ...ok, isCausal: 1 as never }),
      "invalid-argument",
      /isCausal is 1/,
    ],
    [
      "a window of one number",
      () => engine.attention(q, q, q, { ...ok, window: [1] as never }),
      "invalid-argument",
      /window is \[1\]/,
    ],
    [
      "a window below -1",
      () => engine.attention(q, q, q, { ...ok, window: [-2, 0] }),
      "invalid-argument",
      /window\[0\] is -2/,
    ],
    [
      "a queryOffset of the wrong size",
      () => engine.attention(q, q, q, { ...ok, queryOffset: new Int32Array(2) }),
      "shape-mismatch",
      /queryOffset has 2 values/,
    ],
    [
      "keyLengths beyond the keys",
      () => engine.attention(q, q, q, { ...ok, keyLengths: Int32Array.of(4) }),
      "invalid-argument",
      /keyLengths\[0\] is 4, expected from 0 to the 3 keys/,
    ],
    [
      "a mask of the wrong type",
      () => engine.attention(q, q, q, { ...ok, attnMask: { data: [1] as never, shape: [1] } }),
      "invalid-argument",
      /attnMask.data/,
    ],
    [
      "a mask of rank 5",
      () => engine.attention(q, q, q, { ...ok, ...mask([1, 1, 1, 3, 3]) }),
      "invalid-argument",
      /attnMask.shape/,
    ],
    [
      "a mask whose data disagrees",
      () => engine.attention(q, q, q, { ...ok, ...mask([3, 3], new Uint8Array(8)) }),
      "shape-mismatch",
      /attnMask.data has 8 values, expected \[3, 3\] = 9/,
    ],
    [
      "a mask that does not broadcast",
      () => engine.attention(q, q, q, { ...ok, ...mask([2, 3]) }),
      "shape-mismatch",
      /attnMask.shape is \[2, 3\], expected to broadcast to \[1, 2, 3, 3\]/,
    ],
    [
      "a mask longer than the keys",
      () => engine.attention(q, q, q, { ...ok, ...mask([3, 4]) }),
      "shape-mismatch",
      /attnMask.shape/,
    ],
    [
      "slopes of the wrong size",
      () => engine.attention(q, q, q, { ...ok, alibiSlopes: new Float32Array(3) }),
      "shape-mismatch",
      /alibiSlopes has 3/,
    ],
    [
      "sinks of the wrong size",
      () => engine.attention(q, q, q, { ...ok, sinks: new Float32Array(1) }),
      "shape-mismatch",
      /sinks has 1/,
    ],
    [
      "pastKey without pastValue",
      () => engine.attention(q, q, q, { ...ok, pastKey: q }),
      "invalid-argument",
      /pastValue is undefined/,
    ],
    [
      "pastValue of another length",
      () => engine.attention(q, q, q, { ...ok, pastKey: q, pastValue: q.subarray(8) }),
      "shape-mismatch",
      /pastValue has 16/,
    ],
    [
      "an unknown capture",
      () => engine.attention(q, q, q, { ...ok, capture: ["weight" as never] }),
      "invalid-argument",
      /capture is "weight"/,
    ],
    [
      "a capture that is no array",
      () => engine.attention(q, q, q, { ...ok, capture: "weights" as never }),
      "invalid-argument",
      /capture is "weights"/,
    ],
  ];
  test.each(cases)("%s", (_, call, code, says) => {
    const error = failure(call);
    expect(error.message).toMatch(says);
    expect(error.code).toBe(code);
    expect(error.name).toBe("HeedError");
    stillWorks();
  });
});

describe("the other calls refuse", () => {
  const lse = new Float32Array(6);
  const view = { ...ok, head: 0, rows: [0, 3], cols: [0, 3] } as const;
  const cases: [what: string, call: () => unknown, code: HeedErrorCode, says: RegExp][] = [
    [
      "a head that is not there",
      () => engine.attentionWindow(q, q, lse, { ...view, head: 2 }),
      "invalid-argument",
      /head is 2, expected an integer below 2/,
    ],
    [
      "a batch that is not there",
      () => engine.attentionWindow(q, q, lse, { ...view, batch: 1 }),
      "invalid-argument",
      /batch is 1/,
    ],
    [
      "rows beyond the queries",
      () => engine.attentionWindow(q, q, lse, { ...view, rows: [0, 4] }),
      "invalid-argument",
      /rows\[1\] is 4, expected at most 3/,
    ],
    [
      "columns the wrong way round",
      () => engine.attentionWindow(q, q, lse, { ...view, cols: [2, 1] }),
      "invalid-argument",
      /cols\[1\] is 1/,
    ],
    [
      "an out larger than the rectangle",
      () => engine.attentionWindow(q, q, lse, { ...view, out: [4, 3] }),
      "invalid-argument",
      /out\[0\] is 4/,
    ],
    [
      "a logsumexp of the wrong size",
      () => engine.attentionWindow(q, q, lse.subarray(1), view),
      "shape-mismatch",
      /logsumexp has 5/,
    ],
    [
      "an unknown reduction",
      () => engine.attentionWindow(q, q, lse, { ...view, reduce: "sum" as never }),
      "invalid-argument",
      /reduce is "sum"/,
    ],
    [
      "a weight that does not fit",
      () => engine.linear(q, q, null, { inFeatures: 4, outFeatures: 5 }),
      "shape-mismatch",
      /weight has 24 values, expected .* = 20/,
    ],
    [
      "a bias that does not fit",
      () => engine.linear(q, q, q, { inFeatures: 4, outFeatures: 6 }),
      "shape-mismatch",
      /bias has 24/,
    ],
    ["a row length that does not divide", () => engine.softmax(q, 5), "shape-mismatch", /x has 24 values/],
    ["a row length of 0", () => engine.layerNorm(q, 0), "invalid-argument", /rowLength is 0/],
    ["a negative epsilon", () => engine.rmsNorm(q, 4, null, -1), "invalid-argument", /epsilon is -1/],
    [
      "an unknown approximation",
      () => engine.gelu(q, "erf" as never),
      "invalid-argument",
      /approximation is "erf"/,
    ],
    [
      "an odd rotaryDim",
      () => engine.rotaryEmbedding(q, { ...ok, rotaryDim: 3 }),
      "invalid-argument",
      /rotaryDim is 3/,
    ],
    [
      "cos without sin",
      () => engine.rotaryEmbedding(q, { ...ok, cos: q }),
      "invalid-argument",
      /sin is undefined/,
    ],
    [
      "a position beyond the table",
      () => engine.rotaryEmbedding(q, { ...ok, cos: q, sin: q, positionIds: Int32Array.of(0, 1, 12) }),
      "invalid-argument",
      /positionIds is 12/,
    ],
    ["a negative length", () => engine.sinusoidalPositions(-1, 4), "invalid-argument", /length is -1/],
    [
      "a projection that does not fit",
      () =>
        engine.multiHeadAttention(
          q,
          q,
          q,
          {
            query: { weight: q.subarray(1) },
            key: { weight: q },
            value: { weight: q },
            output: { weight: q },
          },
          ok,
        ),
      "shape-mismatch",
      /weights.query.weight has 23/,
    ],
  ];
  test.each(cases)("%s", (_, call, code, says) => {
    const error = failure(call);
    expect(error.message).toMatch(says);
    expect(error.code).toBe(code);
    stillWorks();
  });
});

test("a call that can't fit is refused before anything is allocated", () => {
  const { heapBytes } = engine.memory;
  const long = new Float32Array(100_000);
  const error = failure(() =>
    engine.attention(long, long, long, { numHeads: 1, headDim: 1, capture: ["weights"] }),
  );
  expect(error.code).toBe("out-of-memory");
  expect(error.message).toMatch(/attention needs \d+ MiB/);
  expect(failure(() => engine.sinusoidalPositions(2 ** 20, 2 ** 20)).code).toBe("out-of-memory");
  // Results whose size a 32-bit product would wrap, from arguments that are small.
  const one = new Float32Array(1);
  const window = { numHeads: 1, headDim: 1, head: 0, rows: [0, 100_000], cols: [0, 100_000] } as const;
  expect(failure(() => engine.attentionWindow(long, long, long, window)).code).toBe("out-of-memory");
  const output = { weight: long };
  const weights = { query: { weight: one }, key: { weight: one }, value: { weight: one }, output };
  const call = () => engine.multiHeadAttention(long, one, one, weights, { numHeads: 1, headDim: 1 });
  expect(failure(call).code).toBe("out-of-memory");
  expect(engine.memory.heapBytes).toBe(heapBytes);
  stillWorks();
});

test("after a trap the next call works", () =>
  withInstances(async (instances) => {
    const fragile = await createEngine();
    const expected = [...fragile.attention(q, q, q, ok).output];
    damage(instances[0]);
    const error = failure(() => fragile.attention(q, q, q, ok));
    expect(error.code).toBe("crashed");
    expect(error.cause).toBeInstanceOf(Error);
    expect([...fragile.attention(q, q, q, ok).output]).toEqual(expected);
    expect(instances).toHaveLength(2);
    fragile.dispose();
  }));

test("a disposed engine says so, and dispose can be called again", async () => {
  const gone = await createEngine();
  gone.dispose();
  gone.dispose();
  gone[Symbol.dispose]();
  for (const call of [
    () => gone.attention(q, q, q, ok),
    () => gone.attention(null as never, q, q, ok),
    () => gone.softmax(q, 4),
    () => gone.estimate({ ...ok, queryLength: 1, keyLength: 1 }),
    () => gone.memory,
    () => gone.sinusoidalPositions(1, 2),
  ]) {
    expect(failure(call).code).toBe("disposed");
  }
  await expect(gone.attentionAsync(q, q, q, ok)).rejects.toMatchObject({ code: "disposed" });
  stillWorks();
});

test("attentionAsync rejects where attention throws", async () => {
  await expect(engine.attentionAsync(q, q, q.subarray(1), ok)).rejects.toMatchObject({
    code: "shape-mismatch",
  });
});

test("nothing is printed", async () => {
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) => jest.spyOn(console, name));
  failure(() => engine.attention(q, q.subarray(1), q, ok));
  stillWorks();
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
