// The promises of attention beyond plain numbers: corner rules, sameness of paths.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type AttentionOptions, type Engine } from "heed";
import { difference } from "../fixtures/read.js";
import { normal } from "./random.js";

const all = ["products", "scores", "cappedScores", "maskedScores", "weights", "logsumexp"] as const;

describe.each(["simd", "relaxed-simd"] as const)("%s", (variant) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ variant });
  });
  afterAll(() => engine.dispose());

  test("says what it is", () => {
    expect(engine.variant).toBe(variant);
    expect(engine.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  describe("stages", () => {
    const [L, S, D] = [5, 7, 4];
    const q = normal(1, L * D);
    const k = normal(2, S * D);
    const v = normal(3, S * D);
    const slopes = new Float32Array([0.25]);
    const options: AttentionOptions = {
      numHeads: 1,
      headDim: D,
      softcap: 2,
      alibiSlopes: slopes,
      window: [2, 1],
      capture: all,
    };

    test("are in the contract's order", () => {
      const r = engine.attention(q, k, v, options) as Required<ReturnType<Engine["attention"]>>;
      for (let i = 0; i < L; i++) {
        for (let j = 0; j < S; j++) {
          let product = 0;
          for (let d = 0; d < D; d++) product += (q[i * D + d] as number) * (k[j * D + d] as number);
          const at = i * S + j;
          const capped = 2 * Math.tanh(product / Math.sqrt(D) / 2);
          expect(r.products[at]).toBeCloseTo(product, 5);
          expect(r.scores[at]).toBeCloseTo(product / Math.sqrt(D), 5);
          expect(r.cappedScores[at]).toBeCloseTo(capped, 5);
          const visible = j >= i - 2 && j <= i + 1;
          if (visible) expect(r.maskedScores[at]).toBeCloseTo(capped - 0.25 * Math.abs(i - j), 5);
          else expect(r.maskedScores[at]).toBe(-Infinity);
          const weight = visible ? Math.exp((r.maskedScores[at] as number) - (r.logsumexp[i] as number)) : 0;
          expect(r.weights[at]).toBeCloseTo(weight, 6);
        }
      }
    });

    test("come only when captured", () => {
      const result = engine.attention(q, k, v, { ...options, capture: ["weights"] });
      expect(Object.keys(result).sort()).toEqual(["output", "weights"]);
      expect(Object.keys(engine.attention(q, k, v, { ...options, capture: [] }))).toEqual(["output"]);
    });
  });

  describe("a row without a visible key", () => {
    const q = normal(1, 2 * 4);
    const k = normal(2, 3 * 4);
    const mask = { data: new Uint8Array([0, 0, 0, 1, 0, 1]), shape: [2, 3] };

    test("gives zeros and a logsumexp of -Infinity", () => {
      const r = engine.attention(q, k, k, {
        numHeads: 1,
        headDim: 4,
        attnMask: mask,
        capture: ["weights", "logsumexp"],
      });
      expect([...r.output.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
      expect([...(r.weights as Float32Array).subarray(0, 3)]).toEqual([0, 0, 0]);
      expect(r.logsumexp?.[0]).toBe(-Infinity);
      expect(r.weights?.[4]).toBe(0);
      expect((r.weights?.[3] as number) + (r.weights?.[5] as number)).toBeCloseTo(1, 6);
    });

    test("with a sink has the sink's logit for logsumexp", () => {
      const sinks = new Float32Array([0.75]);
      const r = engine.attention(q, k, k, {
        numHeads: 1,
        headDim: 4,
        attnMask: mask,
        sinks,
        capture: ["logsumexp"],
      });
      expect(r.logsumexp?.[0]).toBe(0.75);
      expect([...r.output.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    });

    test("is what a float mask of -Infinity makes too", () => {
      const data = new Float32Array([-Infinity, -Infinity, -Infinity, 0, 0, 0]);
      const r = engine.attention(q, k, k, {
        numHeads: 1,
        headDim: 4,
        attnMask: { data, shape: [2, 3] },
        capture: ["weights"],
      });
      expect([...r.output.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
      expect([...(r.weights as Float32Array).subarray(0, 3)]).toEqual([0, 0, 0]);
    });
  });

  test.each(["tiled", "materialised"])(
    "NaN and Infinity behind a mask can't reach the output (%s)",
    (path) => {
      const [L, D] = [150, 8]; // more than one key block
      const q = normal(1, L * D);
      const clean = normal(2, L * D);
      const capture = path === "tiled" ? [] : (["weights"] as const);
      for (const options of [
        { isCausal: true },
        { keyLengths: Int32Array.of(100) },
        { attnMask: { data: Uint8Array.from({ length: L }, (_, j) => Number(j < 100)), shape: [L] } },
      ] as Partial<AttentionOptions>[]) {
        const expected = engine.attention(q, clean, clean, { numHeads: 1, headDim: D, ...options, capture });
        const poisoned = Float32Array.from(clean);
        // Key 120 is hidden from the first 100 rows by every one of these.
        poisoned.set([NaN, Infinity, -Infinity, NaN, NaN, NaN, NaN, NaN], 120 * D);
        const got = engine.attention(q, poisoned, poisoned, { numHeads: 1, headDim: D, ...options, capture });
        const safe = 100 * D;
        expect(
          difference(got.output.subarray(0, safe), expected.output.subarray(0, safe), {
            atol: 1e-6,
            rtol: 1e-5,
          }),
        ).toBe("");
      }
    },
  );

  test("NaN in a visible place spoils its own row only", () => {
    const q = normal(1, 3 * 4);
    const k = normal(2, 3 * 4);
    const expected = engine.attention(q, k, k, { numHeads: 1, headDim: 4 }).output;
    const bad = Float32Array.from(q);
    bad[5] = NaN;
    const got = engine.attention(bad, k, k, { numHeads: 1, headDim: 4 }).output;
    expect([...got.subarray(4, 8)]).toEqual([NaN, NaN, NaN, NaN]);
    expect([...got.subarray(0, 4)]).toEqual([...expected.subarray(0, 4)]);
    expect([...got.subarray(8)]).toEqual([...expected.subarray(8)]);
  });

  test.each([1e18, 1e25, 3e38])("finite input of size %p gives finite output", (size) => {
    const q = normal(1, 4 * 8).map((x) => Math.max(-3.4e38, Math.min(3.4e38, x * size)));
    for (const capture of [[], ["weights"]] as const) {
      const { output } = engine.attention(q, q, q, { numHeads: 1, headDim: 8, capture });
      expect([...output].every(Number.isFinite)).toBe(true);
    }
  });

  test("weights below the smallest normal number are exactly 0", () => {
    const q = new Float32Array([1]);
    const k = new Float32Array([0, -88, -95, -104, -200]);
    const r = engine.attention(q, k, k, { numHeads: 1, headDim: 1, scale: 1, capture: ["weights"] });
    expect([...(r.weights as Float32Array)]).toEqual([1, 0, 0, 0, 0]);
  });

  test.each([
    ["no keys", 3, 0],
    ["no queries", 0, 3],
    ["neither", 0, 0],
  ])("%s is legal", (_, L, S) => {
    const r = engine.attention(normal(1, L * 4), normal(2, S * 4), normal(3, S * 4), {
      numHeads: 1,
      headDim: 4,
      capture: all,
    });
    expect(r.output).toHaveLength(L * 4);
    expect(r.weights).toHaveLength(0);
    expect([...(r.logsumexp as Float32Array)]).toEqual(Array(L).fill(-Infinity));
    expect([...r.output]).toEqual(Array(L * 4).fill(0));
  });

  test("a batch of nothing is legal", () => {
    const none = new Float32Array(0);
    expect(engine.attention(none, none, none, { numHeads: 2, headDim: 4, batchSize: 0 }).output).toHaveLength(
      0,
    );
    // Neither length is known of it.
    const attnMask = { data: new Uint8Array(6), shape: [2, 3] };
    const options = { numHeads: 2, headDim: 4, batchSize: 0, attnMask, isCausal: true };
    expect(engine.attention(none, none, none, options).output).toHaveLength(0);
    const tables = { cos: Float32Array.of(1, 1), sin: Float32Array.of(0, 0) };
    const turned = engine.rotaryEmbedding(none, { numHeads: 2, headDim: 4, batchSize: 0, ...tables });
    expect(turned).toHaveLength(0);
  });

  test("an empty cache is a past: queries stand behind it, whatever the lengths say", () => {
    const q = Float32Array.of(1, 2, 3);
    const heads = { numHeads: 1, headDim: 1, isCausal: true } as const;
    const none = new Float32Array(0);
    const past = { pastKey: none, pastValue: none, keyLengths: Int32Array.of(2) };
    const want = engine.attention(q, q, q, { ...heads, keyLengths: Int32Array.of(2), queryOffset: 0 });
    const got = engine.attention(q, q, q, { ...heads, ...past });
    expect([...got.output]).toEqual([...want.output]);
    expect([...(got.presentKey as Float32Array)]).toEqual([1, 2, 3]);
  });

  test("layout blhd is bhld with its axes swapped", () => {
    const [B, H, kvH, L, S, D, Dv] = [2, 4, 2, 5, 6, 3, 7];
    const q = normal(1, B * H * L * D);
    const k = normal(2, B * kvH * S * D);
    const v = normal(3, B * kvH * S * Dv);
    const swap = (x: Float32Array, heads: number, length: number, dim: number) =>
      Float32Array.from(x, (_, n) => {
        const [d, h, i, b] = [
          n % dim,
          Math.floor(n / dim) % heads,
          Math.floor(n / dim / heads) % length,
          Math.floor(n / dim / heads / length),
        ];
        return x[((b * heads + h) * length + i) * dim + d] as number;
      });
    const options = { numHeads: H, numKvHeads: kvH, headDim: D, valueDim: Dv, batchSize: B, isCausal: true };
    const bhld = engine.attention(q, k, v, options).output;
    const blhd = engine.attention(swap(q, H, L, D), swap(k, kvH, S, D), swap(v, kvH, S, Dv), {
      ...options,
      layout: "blhd",
    });
    expect([...blhd.output]).toEqual([...swap(bhld, H, L, Dv)]);
  });

  test("a past is the same as all keys at once", () => {
    const [H, P, L, D] = [2, 6, 3, 4];
    const [q, k, v] = [normal(1, H * L * D), normal(2, H * (P + L) * D), normal(3, H * (P + L) * D)];
    const cut = (x: Float32Array, from: number, to: number) =>
      Float32Array.from(
        Array.from({ length: H }, (_, h) => [
          ...x.subarray((h * (P + L) + from) * D, (h * (P + L) + to) * D),
        ]).flat(),
      );
    const options = { numHeads: H, headDim: D, isCausal: true };
    const whole = engine.attention(q, k, v, { ...options, queryOffset: P });
    const grown = engine.attention(q, cut(k, P, P + L), cut(v, P, P + L), {
      ...options,
      ...{ pastKey: cut(k, 0, P), pastValue: cut(v, 0, P) },
    });
    expect([...grown.output]).toEqual([...whole.output]);
    expect([...(grown.presentKey as Float32Array)]).toEqual([...k]);
    expect([...(grown.presentValue as Float32Array)]).toEqual([...v]);
  });

  test("queries stand at the end of a filled cache when keyLengths meet causality", () => {
    const [S, L, D] = [8, 2, 4];
    const [q, k] = [normal(1, L * D), normal(2, S * D)];
    const options = {
      numHeads: 1,
      headDim: D,
      keyLengths: Int32Array.of(5),
      capture: ["maskedScores"],
    } as const;
    const visible = (r: { maskedScores?: Float32Array }) =>
      Array.from(
        { length: L },
        (_, i) =>
          [...(r.maskedScores as Float32Array).subarray(i * S, (i + 1) * S)].filter((s) => s > -Infinity)
            .length,
      );
    expect(visible(engine.attention(q, k, k, { ...options, isCausal: true }))).toEqual([4, 5]);
    expect(visible(engine.attention(q, k, k, { ...options, window: [1, -1] }))).toEqual([3, 2]);
    expect(visible(engine.attention(q, k, k, options))).toEqual([5, 5]);
    expect(visible(engine.attention(q, k, k, { ...options, isCausal: true, queryOffset: 0 }))).toEqual([
      1, 2,
    ]);
    expect(visible(engine.attention(q, k, k, { ...options, isCausal: true, queryOffset: -1 }))).toEqual([
      0, 1,
    ]);
  });

  test("a mask shorter than the keys hides the rest, and one of length 1 repeats", () => {
    const [q, k] = [normal(1, 4), normal(2, 3 * 4)];
    const weights = (mask: Uint8Array | Float32Array) =>
      [
        ...(engine.attention(q, k, k, {
          numHeads: 1,
          headDim: 4,
          attnMask: { data: mask, shape: [mask.length] },
          capture: ["weights"],
        }).weights as Float32Array),
      ].map((w) => w > 0);
    expect(weights(new Uint8Array([1, 1]))).toEqual([true, true, false]);
    expect(weights(new Float32Array([0, 0]))).toEqual([true, true, false]);
    expect(weights(new Uint8Array([1]))).toEqual([true, true, true]);
    expect(weights(new Uint8Array([0]))).toEqual([false, false, false]);
  });

  test("captured or not, synchronous or not, the result is the same", async () => {
    const [B, H, L, D] = [1, 3, 200, 24];
    const [q, k, v] = [normal(1, B * H * L * D), normal(2, B * H * L * D), normal(3, B * H * L * D)];
    const options = { numHeads: H, headDim: D, isCausal: true } as const;
    const sync = engine.attention(q, k, v, { ...options, capture: ["logsumexp"] });
    const later = await engine.attentionAsync(q, k, v, { ...options, capture: ["logsumexp"] });
    expect([...later.output]).toEqual([...sync.output]);
    expect([...(later.logsumexp as Float32Array)]).toEqual([...(sync.logsumexp as Float32Array)]);
    const materialised = engine.attention(q, k, v, { ...options, capture: ["weights", "logsumexp"] });
    expect(difference(materialised.output, sync.output, { atol: 1e-6, rtol: 1e-5 })).toBe("");
    expect(
      difference(materialised.logsumexp as Float32Array, sync.logsumexp as Float32Array, {
        atol: 1e-6,
        rtol: 1e-6,
      }),
    ).toBe("");
  });

  test("a row's result does not depend on the rows beside it", () => {
    const [L, D] = [130, 16];
    const [q, k, v] = [normal(1, L * D), normal(2, L * D), normal(3, L * D)];
    const whole = engine.attention(q, k, v, { numHeads: 1, headDim: D, isCausal: true }).output;
    for (const [from, to] of [
      [0, 1],
      [7, 60],
      [129, 130],
    ] as const) {
      const part = engine.attention(q.subarray(from * D, to * D), k, v, {
        numHeads: 1,
        headDim: D,
        isCausal: true,
        queryOffset: from,
      });
      expect([...part.output]).toEqual([...whole.subarray(from * D, to * D)]);
    }
  });
});

test("the simd variant is bit-identical run after run and engine after engine", async () => {
  const [q, k, v] = [normal(1, 4096), normal(2, 4096), normal(3, 4096)];
  const results = [];
  for (let i = 0; i < 2; i++) {
    const engine = await createEngine({ variant: "simd" });
    for (let n = 0; n < 2; n++)
      results.push([...engine.attention(q, k, v, { numHeads: 2, headDim: 16 }).output]);
    engine.dispose();
  }
  for (const result of results) expect(result).toEqual(results[0]);
});
