// The promises of what stands around attention: linear and rotary positions.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { difference } from "../fixtures/read.js";
import { normal } from "./random.js";

describe.each(["simd", "relaxed-simd"] as const)("%s", (variant) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ variant });
  });
  afterAll(() => engine.dispose());

  test("linear is x·Wᵀ + b", () => {
    const [rows, inFeatures, outFeatures] = [7, 19, 11];
    const [x, w, b] = [
      normal(1, rows * inFeatures),
      normal(2, outFeatures * inFeatures),
      normal(3, outFeatures),
    ];
    for (const bias of [b, null]) {
      const expected = Array.from({ length: rows * outFeatures }, (_, n) => {
        const [i, o] = [Math.floor(n / outFeatures), n % outFeatures];
        let sum = bias ? (bias[o] as number) : 0;
        for (let d = 0; d < inFeatures; d++)
          sum += (x[i * inFeatures + d] as number) * (w[o * inFeatures + d] as number);
        return sum;
      });
      expect(
        difference(engine.linear(x, w, bias, { inFeatures, outFeatures }), expected, {
          atol: 1e-5,
          rtol: 1e-5,
        }),
      ).toBe("");
    }
  });

  test("rotary positions cost what they are, not how far they are", () => {
    const x = normal(1, 2 * 8);
    const common = { numHeads: 1, headDim: 8 } as const;
    const { heapBytes } = engine.memory;
    const positionIds = Int32Array.of(2 ** 31 - 1, 3);
    const got = engine.rotaryEmbedding(x, { ...common, positionIds });
    expect(engine.memory.heapBytes).toBe(heapBytes);
    const angle = (i: number, position: number): number => position * 10000 ** (-i / 4);
    const turned = (row: number, position: number): number[] =>
      Array.from({ length: 8 }, (_, c) => {
        const [i, sign] = c < 4 ? [c, -1] : [c - 4, 1];
        const [own, other] = [x[row * 8 + c] ?? NaN, x[row * 8 + ((c + 4) % 8)] ?? NaN];
        return own * Math.cos(angle(i, position)) + sign * other * Math.sin(angle(i, position));
      });
    [...turned(0, 2 ** 31 - 1), ...turned(1, 3)].forEach((value, i) => expect(got[i]).toBeCloseTo(value, 5));
    // Batch items each have their own.
    const batch = { ...common, batchSize: 2, positionIds: Int32Array.of(3, 7) };
    const rows = engine.rotaryEmbedding(x, batch);
    [...turned(0, 3), ...turned(1, 7)].forEach((value, i) => expect(rows[i]).toBeCloseTo(value, 5));
  });

  test("rotary embedding reads blhd, and turns by position", () => {
    const [B, L, H, D] = [2, 3, 2, 4];
    const x = normal(1, B * L * H * D);
    const got = engine.rotaryEmbedding(x, { batchSize: B, numHeads: H, headDim: D, layout: "blhd" });
    const expected = Float32Array.from(x, (_, n) => {
      const d = n % D;
      const position = Math.floor(n / (H * D)) % L;
      const angle = position * 10000 ** ((-2 * (d % 2)) / D);
      const other = x[n + (d < 2 ? 2 : -2)] as number;
      return (x[n] as number) * Math.cos(angle) + (d < 2 ? -other : other) * Math.sin(angle);
    });
    expect(difference(got, expected, { atol: 1e-6, rtol: 1e-5 })).toBe("");
  });
});
