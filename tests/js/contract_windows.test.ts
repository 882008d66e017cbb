// attentionWindow: rectangles of matrices that nobody has to hold.

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

  test("attentionWindow shows any rectangle, shrunk by mean or maximum", () => {
    const [B, H, kvH, L, D] = [2, 4, 2, 150, 8];
    const [q, k, v] = [normal(1, B * H * L * D), normal(2, B * kvH * L * D), normal(3, B * kvH * L * D)];
    const mask = {
      data: Uint8Array.from({ length: B * L }, (_, n) => Number(n % 7 !== 3)),
      shape: [B, 1, 1, L],
    };
    for (const layout of ["bhld", "blhd"] as const) {
      const options = {
        numHeads: H,
        numKvHeads: kvH,
        headDim: D,
        batchSize: B,
        isCausal: true,
        attnMask: mask,
        layout,
        alibiSlopes: new Float32Array([0.5, 0.25, 0.125, 0.0625]),
      };
      const { weights, logsumexp } = engine.attention(q, k, v, {
        ...options,
        capture: ["weights", "logsumexp"],
      });
      const [batch, head] = [1, 2];
      const cell = (i: number, j: number) =>
        (weights as Float32Array)[((batch * H + head) * L + i) * L + j] as number;
      const rows = [20, 140] as const;
      const cols = [3, 133] as const;
      const request = { ...options, batch, head, rows, cols };
      const full = engine.attentionWindow(q, k, logsumexp as Float32Array, request);
      const expected = Array.from({ length: 120 * 130 }, (_, n) =>
        cell(20 + Math.floor(n / 130), 3 + (n % 130)),
      );
      expect(difference(full, expected, { atol: 2e-6, rtol: 2e-5 })).toBe("");
      const edges = (n: number, side: number, parts: number) =>
        [Math.floor((n * side) / parts), Math.floor(((n + 1) * side) / parts)] as const;
      for (const reduce of ["mean", "max"] as const) {
        const small = engine.attentionWindow(q, k, logsumexp as Float32Array, {
          ...request,
          out: [7, 11],
          reduce,
        });
        const shrunk = Array.from({ length: 77 }, (_, n) => {
          const [i0, i1] = edges(Math.floor(n / 11), 120, 7);
          const [j0, j1] = edges(n % 11, 130, 11);
          let [sum, most] = [0, 0];
          for (let i = i0; i < i1; i++)
            for (let j = j0; j < j1; j++) {
              sum += cell(20 + i, 3 + j);
              most = Math.max(most, cell(20 + i, 3 + j));
            }
          return reduce === "max" ? most : sum / ((i1 - i0) * (j1 - j0));
        });
        expect(difference(small, shrunk, { atol: 2e-6, rtol: 2e-5 })).toBe("");
      }
    }
  });

  test("attentionWindow reads a past and a sink too", () => {
    const [H, P, L, D] = [2, 5, 3, 4];
    const [q, k, v] = [normal(1, H * L * D), normal(2, H * L * D), normal(3, H * L * D)];
    const options = {
      numHeads: H,
      headDim: D,
      isCausal: true,
      pastKey: normal(4, H * P * D),
      pastValue: normal(5, H * P * D),
      sinks: new Float32Array([0.5, -0.5]),
    };
    const { weights, logsumexp } = engine.attention(q, k, v, {
      ...options,
      capture: ["weights", "logsumexp"],
    });
    const view = engine.attentionWindow(q, k, logsumexp as Float32Array, {
      ...options,
      head: 1,
      rows: [0, L],
      cols: [0, P + L],
    });
    expect(
      difference(view, (weights as Float32Array).subarray(L * (P + L)), { atol: 1e-6, rtol: 1e-5 }),
    ).toBe("");
  });
});
