// Windows of a run's weights, a run's mask by cells, and what goes into attention and comes out of it.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { loadModel, type Model, type RunOptions } from "heed/models";
// @ts-expect-error: a script, untyped
import { madeText } from "../../bench/made_model.mjs";
import { madeCheckpoint } from "../../made_checkpoint.mjs";
import { goldenFiles, rejection } from "./checkpoint.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

/** [height, width] of a matrix [n, n], cell by cell, in plain loops. */
function shrunk(
  matrix: Float32Array,
  n: number,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
  [height, width]: readonly [number, number],
  reduce: "mean" | "max",
): number[] {
  const begin = (cell: number, side: number, cells: number): number => Math.floor((cell * side) / cells);
  return Array.from({ length: height * width }, (_, at) => {
    const [y, x] = [Math.floor(at / width), at % width];
    const under: number[] = [];
    for (let i = begin(y, bottom - top, height); i < begin(y + 1, bottom - top, height); i++)
      for (let j = begin(x, right - left, width); j < begin(x + 1, right - left, width); j++)
        under.push(matrix[(top + i) * n + left + j] ?? NaN);
    return reduce === "max" ? Math.max(...under) : under.reduce((sum, w) => sum + w, 0) / under.length;
  });
}

const largestDifference = (got: ArrayLike<number>, want: ArrayLike<number>): number =>
  got.length === want.length
    ? Array.from(got).reduce((most, value, i) => Math.max(most, Math.abs(value - (want[i] ?? NaN))), 0)
    : Infinity;

const TEXT = "The animal didn't cross the street because it was too tired.";

describe.each(["heed-bert", "heed-gpt"])("%s", (name) => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(name, { engine });
  });
  afterAll(() => model.dispose());

  test.each<[string, RunOptions]>([
    ["as trained", {}],
    ["with another scale, both ways", { scale: 0.5, isCausal: false }],
    ["at another temperature", { temperature: 2.5 }],
    ["causal, without positions", { isCausal: true, usePositions: false }],
  ])("windows are the matrix, %s", async (_, options) => {
    const run = await model.run(TEXT, options);
    const n = run.tokens.length;
    for (const [layer, head] of [
      [0, 3],
      [2, 1],
      [3, 0],
    ] as const) {
      const matrix = run.attention(layer, head);
      const all = [0, n] as const;
      // In float32, where exp and the order of sums differ: a few units in the last place of a weight of 1.
      expect(largestDifference(run.window(layer, head, { rows: all, cols: all }), matrix)).toBeLessThan(2e-6);
      for (const reduce of ["mean", "max"] as const) {
        const [rows, cols, out] = [[3, n] as const, [1, n - 2] as const, [4, 5] as const];
        expect(
          largestDifference(
            run.window(layer, head, { rows, cols, out, reduce }),
            shrunk(matrix, n, rows, cols, out, reduce),
          ),
        ).toBeLessThan(2e-6);
      }
    }
  });

  test("a window of a masked run hides the same cells", async () => {
    const n = model.tokenize(TEXT).length;
    const attnMask = new Uint8Array(n * n).fill(1);
    for (const hidden of [10 * n + 2, 10 * n + 10, 4 * n]) attnMask[hidden] = 0;
    const run = await model.run(TEXT, { attnMask, capture: ["weights", "maskedScores"] });
    const plain = await model.run(TEXT);
    for (let layer = 0; layer < model.numLayers; layer++) {
      const [weights, scores] = [run.attention(layer, 1), run.attention(layer, 1, "maskedScores")];
      expect([weights[10 * n + 2], weights[10 * n + 10], weights[4 * n]]).toEqual([0, 0, 0]);
      expect(scores[10 * n + 2]).toBe(-Infinity);
      const row = weights.slice(10 * n, 11 * n);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      const window = run.window(layer, 1, { rows: [10, 11], cols: [0, n] });
      expect(largestDifference(window, row)).toBeLessThan(2e-6);
    }
    // Layer 0 saw the same, so that a row without hidden cells is as it was.
    expect([...run.attention(0, 1).slice(3 * n, 4 * n)]).toEqual([
      ...plain.attention(0, 1).slice(3 * n, 4 * n),
    ]);
    expect(run.predictions(10)).not.toEqual(plain.predictions(10));
  });

  test("what goes into attention and what comes out of it are two of the stream's parts", async () => {
    const run = await model.run(TEXT, { capture: [] });
    const width = run.hidden(0).length / run.tokens.length;
    for (let layer = 0; layer < model.numLayers; layer++) {
      const [input, output] = [run.attentionInput(layer), run.attentionOutput(layer)];
      expect([input.length, output.length]).toEqual([run.hidden(0).length, run.hidden(0).length]);
      if (name === "heed-bert") expect([...input]).toEqual([...run.hidden(layer)]);
      // LayerNorm's gain and bias are the model's: what is left is that hidden(layer) tells the input, row by row.
      else expect(largestDifference(input, run.hidden(layer))).toBeGreaterThan(0.01);
      expect(output.some((value) => value !== 0)).toBe(true);
    }
    const silent = await model.run(TEXT, {
      ablateHeads: Array.from({ length: model.numHeads }, (_, head) => [0, head] as const),
    });
    // Without any head Wᴼ's bias alone is left: every token gets the same.
    const output = silent.attentionOutput(0);
    expect([...output.slice(width, 2 * width)]).toEqual([...output.slice(0, width)]);
  });

  test("what comes out of attention is the sum of what each head says, and of one bias", async () => {
    const run = await model.run(TEXT, { capture: ["headOutputs"], ablateHeads: [[0, 1]] });
    const n = run.tokens.length;
    for (let layer = 0; layer < model.numLayers; layer++) {
      const rest = run.attentionOutput(layer);
      for (let head = 0; head < model.numHeads; head++) {
        const said = run.headOutput(layer, head);
        expect(said).toHaveLength(rest.length);
        expect(said.some((value) => value !== 0)).toBe(layer !== 0 || head !== 1);
        said.forEach((value, i) => (rest[i] = (rest[i] ?? NaN) - value));
      }
      const width = rest.length / n;
      const bias = rest.subarray(0, width);
      for (let i = 1; i < n; i++)
        // Five numbers of up to 16 were taken from one another in f32.
        expect(largestDifference(rest.subarray(i * width, (i + 1) * width), bias)).toBeLessThan(1e-5);
    }
  });
});

describe.each(["gpt2", "bert"] as const)("a long text of a made %s", (kind) => {
  test("is seen by windows as by its matrix, wherever one looks", async () => {
    const model = await loadModel(madeCheckpoint(kind, { context: 700 }), { engine, workers: 0 });
    const run = await model.run(madeText(kind, 700));
    const n = run.tokens.length;
    expect(n).toBe(700);
    const matrix = run.attention(1, 3);
    for (const [from, to] of [
      [0, 700],
      [100, 228],
      [689, 700],
    ] as const) {
      const out = [Math.ceil((to - from) / 7), Math.ceil((to - from) / 3)] as const;
      for (const reduce of ["mean", "max"] as const) {
        const cols = [n - to, n - from] as const;
        const window = run.window(1, 3, { rows: [from, to], cols, out, reduce });
        expect(largestDifference(window, shrunk(matrix, n, [from, to], cols, out, reduce))).toBeLessThan(
          5e-6,
        );
      }
    }
    model.dispose();
  });
});

describe("what a run refuses", () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(goldenFiles("bert"), { engine });
  });

  test.each<[string, unknown, string, RegExp]>([
    ["no options", undefined, "invalid-argument", /options is undefined/],
    ["no rows", { cols: [0, 1] }, "invalid-argument", /rows is undefined, expected \[from, to\]/],
    ["rows beyond the text", { rows: [0, 99], cols: [0, 1] }, "invalid-argument", /rows\[1\] is 99/],
    [
      "more cells than there are",
      { rows: [0, 1], cols: [0, 1], out: [2, 1] },
      "invalid-argument",
      /out\[0\]/,
    ],
    ["another reduce", { rows: [0, 1], cols: [0, 1], reduce: "sum" }, "invalid-argument", /reduce is "sum"/],
  ])("%s of a window", async (_, options, code, message) => {
    const run = await model.run("the cat", { capture: [] });
    expect(() => run.window(0, 0, options as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
    expect(run.window(0, 0, { rows: [0, 1], cols: [0, 4] })).toHaveLength(4);
  });

  test("a layer or head that is none", async () => {
    const run = await model.run("the cat");
    const whole = { rows: [0, 1], cols: [0, 1] } as const;
    expect(() => run.window(9, 0, whole)).toThrow(/layer is 9/);
    expect(() => run.window(0, 9, whole)).toThrow(/head is 9/);
    expect(() => run.attentionInput(2)).toThrow(/layer is 2/);
    expect(() => run.attentionOutput(-1)).toThrow(/layer is -1/);
  });

  test.each<[string, unknown, string]>([
    ["of another size", new Uint8Array(9), "shape-mismatch"],
    ["of another type", new Float32Array(16), "invalid-argument"],
    ["that is none", [1, 0], "invalid-argument"],
  ])("a mask %s", async (_, attnMask, code) => {
    const error = await rejection(model.run("the cat", { attnMask: attnMask as Uint8Array }));
    expect({ code: error.code, names: error.message.startsWith("attnMask ") }).toEqual({ code, names: true });
    expect((await model.run("the cat")).tokens).toHaveLength(4);
  });

  test("a window of a model that is gone", async () => {
    const gone = await loadModel(goldenFiles("bert"), { engine });
    const run = await gone.run("the cat");
    gone.dispose();
    expect(() => run.window(0, 0, { rows: [0, 1], cols: [0, 1] })).toThrow(
      expect.objectContaining({ code: "disposed" }),
    );
  });
});
