// Whose memory it is: results, arguments, the heap, and what estimate() foretells.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { normal } from "./random.js";

const all = ["products", "scores", "cappedScores", "maskedScores", "weights", "logsumexp"] as const;

describe.each(["simd", "relaxed-simd"] as const)("%s", (variant) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ variant });
  });
  afterAll(() => engine.dispose());

  test("results belong to the caller: no view of the WebAssembly heap", () => {
    const q = normal(1, 64);
    const first = engine.attention(q, q, q, { numHeads: 1, headDim: 4 });
    const kept = [...first.output];
    expect(first.output.buffer.byteLength).toBe(first.output.byteLength);
    const other = normal(9, 4096);
    engine.attention(other, other, other, { numHeads: 1, headDim: 4, capture: all });
    expect([...first.output]).toEqual(kept);
    structuredClone(first.output, { transfer: [first.output.buffer] });
    expect([...engine.attention(q, q, q, { numHeads: 1, headDim: 4 }).output]).toEqual(kept);
  });

  test("arguments are left as they were", () => {
    const q = normal(1, 64);
    const copy = [...q];
    engine.layerNorm(q, 8);
    engine.softmax(q, 8);
    engine.gelu(q);
    engine.rotaryEmbedding(q, { numHeads: 2, headDim: 8 });
    engine.attention(q, q, q, { numHeads: 2, headDim: 4 });
    expect([...q]).toEqual(copy);
  });

  test("memory in use returns to where it was, and the heap stops growing", () => {
    const q = normal(1, 4 * 300 * 16);
    const run = () => engine.attention(q, q, q, { numHeads: 4, headDim: 16, capture: all });
    for (let i = 0; i < 10; i++) run();
    const { heapBytes, usedBytes } = engine.memory;
    for (let i = 0; i < 100; i++) run();
    expect(engine.memory).toEqual({ heapBytes, usedBytes });
  });

  test("estimate counts the visible area's operations", () => {
    const sizes = { numHeads: 2, headDim: 8, valueDim: 4, queryLength: 10, keyLength: 10 };
    expect(engine.estimate(sizes).flops).toBe(2 * 2 * 100 * 12);
    expect(engine.estimate({ ...sizes, isCausal: true }).flops).toBe(2 * 2 * 55 * 12);
    expect(engine.estimate({ ...sizes, window: [0, 0] }).flops).toBe(2 * 2 * 10 * 12);
  });

  test("without a captured matrix memory grows with the length, not its square", async () => {
    const fresh = await createEngine({ variant });
    const [L, D] = [16384, 16];
    const q = normal(1, L * D);
    // A matrix of 16,384 squared would be 1 GiB.
    fresh.attention(q, q.subarray(0, 64 * D), q.subarray(0, 64 * D), { numHeads: 1, headDim: D });
    fresh.attention(q.subarray(0, 64 * D), q, q, { numHeads: 1, headDim: D });
    expect(fresh.memory.heapBytes).toBeLessThan(16 * 2 ** 20);
    fresh.dispose();
  });
});
