// What a call takes of WebAssembly memory: as much as estimate() says, growing with the length alone, refused where it can't fit.

import { describe, expect, test } from "@jest/globals";
import { createEngine, type AttentionOptions } from "heed";

const stages = ["products", "scores", "cappedScores", "maskedScores", "weights", "logsumexp"] as const;

interface Sizes {
  options: AttentionOptions;
  queryLength: number;
  /** All keys. */
  keyLength: number;
  pastLength?: number;
}

/** What the call was estimated to take, and by how much the memory of an engine of its own grew, in bytes. */
async function measure({ options, queryLength, keyLength, pastLength = 0 }: Sizes) {
  const { numHeads, numKvHeads = numHeads, headDim, valueDim = headDim, batchSize = 1 } = options;
  const query = new Float32Array(batchSize * numHeads * queryLength * headDim);
  const keys = (length: number) => new Float32Array(batchSize * numKvHeads * length * headDim);
  const values = (length: number) => new Float32Array(batchSize * numKvHeads * length * valueDim);
  const past = pastLength > 0 && { pastKey: keys(pastLength), pastValue: values(pastLength) };
  const whole = { ...options, ...past };
  const engine = await createEngine();
  const { bytes } = engine.estimate({ ...whole, queryLength, keyLength });
  const { usedBytes } = engine.memory;
  engine.attention(query, keys(keyLength - pastLength), values(keyLength - pastLength), whole);
  const grown = engine.memory.heapBytes - usedBytes;
  engine.dispose();
  return { bytes, grown };
}

describe("estimate is within a tenth of what a call takes", () => {
  const heads = { numHeads: 8, headDim: 64 };
  const one = { numHeads: 4, numKvHeads: 1, valueDim: 64 };
  const grouped = { numHeads: 32, numKvHeads: 8, headDim: 128 };
  const mask = (data: Uint8Array | Float32Array) => ({ data, shape: [2048, 2048] });
  const cases: [name: string, Sizes][] = [
    ["dense", { options: heads, queryLength: 1536, keyLength: 1536 }],
    ["causal", { options: { ...heads, isCausal: true }, queryLength: 2048, keyLength: 2048 }],
    ["blhd", { options: { ...heads, layout: "blhd" }, queryLength: 1536, keyLength: 1536 }],
    ["weights", { options: { ...heads, capture: ["weights"] }, queryLength: 1024, keyLength: 1024 }],
    ["every stage", { options: { ...heads, capture: stages }, queryLength: 512, keyLength: 640 }],
    ["batches", { options: { ...heads, batchSize: 24 }, queryLength: 128, keyLength: 256 }],
    [
      "wide values",
      { options: { ...heads, headDim: 16, valueDim: 256 }, queryLength: 1024, keyLength: 1024 },
    ],
    ["grouped heads", { options: grouped, queryLength: 512, keyLength: 512 }],
    ["decoding", { options: grouped, queryLength: 1, keyLength: 4096 }],
    ["decoding, cache extended", { options: grouped, queryLength: 1, keyLength: 4096, pastLength: 4095 }],
    // Of a single kv head what is packed, or is not, shows.
    ["keys where they lie", { options: { ...one, headDim: 64 }, queryLength: 1, keyLength: 24576 }],
    ["keys packed", { options: { ...one, headDim: 66 }, queryLength: 1, keyLength: 24576 }],
    ["a prompt continued", { options: heads, queryLength: 512, keyLength: 2560, pastLength: 2048 }],
    ["few queries", { options: { ...heads, isCausal: true }, queryLength: 64, keyLength: 8192 }],
    ["few keys", { options: heads, queryLength: 8192, keyLength: 64 }],
    ["long", { options: { ...heads, window: [16, 16] }, queryLength: 16384, keyLength: 16384 }],
    [
      "boolean mask",
      {
        options: { ...heads, attnMask: mask(new Uint8Array(2048 * 2048)) },
        ...{ queryLength: 2048, keyLength: 2048 },
      },
    ],
    [
      "float mask",
      {
        options: { ...heads, attnMask: mask(new Float32Array(2048 * 2048)) },
        ...{ queryLength: 2048, keyLength: 2048 },
      },
    ],
  ];
  test.each(cases)("%s", async (_, sizes) => {
    const { bytes, grown } = await measure(sizes);
    // Below, the 4 MiB that every instance begins with would decide.
    expect(bytes).toBeGreaterThan(8e6);
    expect(Math.abs(grown / bytes - 1)).toBeLessThan(0.1);
  });
});

test("estimate counts the past among the keys", async () => {
  const engine = await createEngine();
  const past = new Float32Array(6 * 4);
  const options = { numHeads: 1, headDim: 4, isCausal: true, pastKey: past, pastValue: past };
  // Queries 6 and 7 see 7 and 8 keys.
  expect(engine.estimate({ ...options, queryLength: 2, keyLength: 8 }).flops).toBe(2 * 15 * 8);
  expect(() => engine.estimate({ ...options, queryLength: 2, keyLength: 5 })).toThrow(/keyLength is 5/);
  engine.dispose();
});

test("16,384 tokens fit into 256 MB, results included, and memory grows with the length alone", async () => {
  const options: AttentionOptions = { numHeads: 8, headDim: 64, window: [16, 16] };
  const peaks: number[] = [];
  for (const length of [4096, 8192, 16384]) {
    const { grown } = await measure({ options, queryLength: length, keyLength: length });
    peaks.push(grown + 4 * 8 * length * 64);
  }
  const [short, middle, long] = peaks as [number, number, number];
  expect(long).toBeLessThan(256e6);
  // Twice the length, twice the memory; memory grows in steps of a twentieth.
  expect(middle / short).toBeLessThan(2.1);
  expect(long / middle).toBeLessThan(2.1);
});

test("matrices and inputs beyond the limit are refused before anything is allocated", async () => {
  const engine = await createEngine();
  const before = engine.memory;
  const options = { numHeads: 1, headDim: 1 };
  const tooLarge = expect.objectContaining({ code: "out-of-memory" });
  const refused = (work: () => unknown) => {
    expect(work).toThrow(tooLarge);
    expect(engine.memory).toEqual(before);
  };
  const long = new Float32Array(100_000);
  for (const stage of stages.filter((name) => name !== "logsumexp")) {
    refused(() => engine.attention(long, long, long, { ...options, capture: [stage] }));
  }
  // 768 MiB each of query, key and value; pages that nobody touches are only numbers.
  const huge = new Float32Array(3 * 2 ** 26);
  const wide = { numHeads: 1, headDim: 4096 };
  refused(() => engine.attention(huge, huge, huge, wide));
  refused(() => engine.linear(huge, huge, null, { inFeatures: huge.length, outFeatures: 1 }));
  const rectangle = { head: 0, rows: [0, 1], cols: [0, 1] } as const;
  refused(() =>
    engine.attentionWindow(huge, huge, huge.subarray(0, huge.length / 4096), { ...wide, ...rectangle }),
  );
  await expect(engine.attentionAsync(huge, huge, huge, wide)).rejects.toEqual(tooLarge);
  expect(engine.memory).toEqual(before);
  expect([
    ...engine.attention(long.subarray(0, 1), long.subarray(0, 1), Float32Array.of(3), options).output,
  ]).toEqual([3]);
  engine.dispose();
});
