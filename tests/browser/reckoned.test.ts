// Runs too long for whole matrices: what is worked out of queries and keys is what the model would have kept.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine } from "heed";
import { loadModel, type Model, type Run } from "heed/models";
import { csv } from "../../web/export/csv.ts";
import { json } from "../../web/export/json.ts";
import { gatherRun, type Gathered } from "../../web/runner/gather.ts";
import { isLong, STAGES, stageWithin, type RunData, type Stage } from "../../web/runner/run_data.ts";
import { AS_TRAINED, DEFAULT_STATE } from "../../web/state.ts";
import { english } from "../../web/strings/index.ts";
import { stageRow } from "../../web/views/steps/stage_row.ts";
import { tokenLabels } from "../../web/views/token_label.ts";
import type { Scene } from "../../web/views/view.ts";
import { madeText } from "../bench/made_model.mjs";
import { madeCheckpoint } from "../made_checkpoint.mjs";

const N = 300;
const [LAYER, HEAD] = [2, 5];
const hidden = [{ row: 250, col: 3 }];
let model: Model;
let long: Gathered;
/** The same, kept whole. */
let whole: Run;

beforeAll(async () => {
  const { config, ...files } = madeCheckpoint("gpt2", { context: N, layers: 4, heads: 16, headDim: 4 });
  // Each layer has a scale of its own.
  const made = { ...files, config: { ...config, scale_attn_by_inverse_layer_idx: true } };
  model = await loadModel(made, { engine: await createEngine({ workers: 0 }), workers: 0 });
  const text = madeText("gpt2", N);
  long = await gatherRun({ model, name: "made", text, whatIf: { ...AS_TRAINED, hidden } });
  const attnMask = new Uint8Array(N * N).fill(1);
  for (const { row, col } of hidden) attnMask[row * N + col] = 0;
  whole = await model.run(text, { capture: STAGES, attnMask });
});
afterAll(() => model.dispose());

const scene = (run: RunData = long.data): Scene => ({
  run,
  labels: tokenLabels(run),
  state: { ...DEFAULT_STATE, layer: LAYER, heads: [HEAD] },
  strings: english,
  window: async (layer, head, request) => long.window(layer, head, request),
});

test("a temperature divides each layer's own scale", async () => {
  const whatIf = { ...AS_TRAINED, temperature: 4 };
  const { data } = await gatherRun({ model, name: "made", text: madeText("gpt2", 6), whatIf });
  const [n, head] = [6, 3];
  const at = (layer: number) => 16 * n * n * layer + n * n * head;
  expect(data.scales).toEqual([1, 2, 3, 4].map((layer) => 1 / (8 * layer)));
  for (let layer = 0; layer < 4; layer++) {
    const products = data.stages.products.subarray(at(layer), at(layer) + n * n);
    // Powers of two and a three: float32's last bit.
    const wanted = products.map((product) => product / (8 * (layer + 1)));
    const got = data.stages.scores.subarray(at(layer), at(layer) + n * n);
    got.forEach((score, i) => expect(score).toBeCloseTo(wanted[i] ?? NaN, 6));
  }
});

/** The largest difference, over the largest number; −∞ must stand where it should. */
function difference(got: Float32Array, wanted: Float32Array): number {
  expect(got).toHaveLength(wanted.length);
  const [most, worst] = [Math.max, Math.max].map((pick, which) =>
    wanted.reduce((before, value, i) => {
      const other = got[i] ?? NaN;
      if (!Number.isFinite(value)) return Object.is(other, value) ? before : Infinity;
      return pick(before, which === 0 ? Math.abs(value) : Math.abs(value - other));
    }, 0),
  );
  return (worst ?? NaN) / (most ?? NaN);
}

/** The same, but for some methods. */
function replacing<T extends object>(real: T, others: Partial<T>): T {
  const get = (_: T, name: string): unknown => {
    if (name in others) return others[name as keyof T];
    const value: unknown = Reflect.get(real, name, real);
    return typeof value === "function" ? value.bind(real) : value;
  };
  return new Proxy(real, { get } as ProxyHandler<T>);
}

test("such a run says so, and each layer's own scale", async () => {
  expect(isLong(long.data)).toBe(true);
  expect(long.data.isReckoned).toBe(true);
  const scales = [1, 2, 3, 4].map((layer) => 1 / (2 * layer));
  expect(long.data.scales).toEqual(scales);
  expect(scales.map((_, layer) => whole.scale(layer))).toEqual(scales);
  expect(() => whole.scale(4)).toThrow("layer");
  expect((await model.run("a", { scale: 0.25 })).scale(3)).toBe(0.25);
});

describe.each(STAGES)("%s", (stage: Stage) => {
  const of = (from: number, to: number): Float32Array =>
    whole.attention(LAYER, HEAD, stage).subarray(from * N, to * N);

  test.each([0, 250, 299])("of token %i, row by row", (row) => {
    expect(difference(stageRow(scene(), stage, row), of(row, row + 1))).toBeLessThan(1e-5);
  });

  test("a part of the matrix, cell by cell and pooled", () => {
    const rows = [240, 260] as const;
    const part = { rows, cols: [0, N] as const, stage, reduce: "max" as const };
    const cells = long.window(LAYER, HEAD, { ...part, out: [20, N] });
    expect(difference(cells, of(...rows))).toBeLessThan(1e-5);
    for (const reduce of ["max", "mean"] as const) {
      const seen = Array.from(of(...rows)).filter((value) => value !== -Infinity);
      const most = seen.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
      const mean = seen.reduce((a, b) => a + b, 0) / seen.length;
      const [one] = long.window(LAYER, HEAD, { ...part, reduce, out: [1, 1] });
      expect(Math.abs((one ?? NaN) - (reduce === "max" ? most : mean))).toBeLessThan(1e-4 * Math.abs(most));
    }
  });
});

test("files hold its numbers, and none are made up", async () => {
  const { values, scale } = JSON.parse(await (await json(scene(), {})).text());
  expect(scale).toBeCloseTo(1 / 6, 7);
  expect(difference(Float32Array.from(values), whole.attention(LAYER, HEAD))).toBeLessThan(1e-5);
  const rows = (await (await csv(scene(), {})).text()).trim().split("\r\n");
  expect(rows).toHaveLength(N + 1);
  const row = Float32Array.from(rows[251]?.split(",").slice(-N) ?? [], Number);
  expect(difference(row, whole.attention(LAYER, HEAD).subarray(250 * N, 251 * N))).toBeLessThan(1e-5);
  const many = { ...scene(), state: { ...DEFAULT_STATE, heads: Array.from({ length: 200 }, () => 0) } };
  await expect(json(many, {})).rejects.toThrow("200 × 300 × 300 numbers are too many");
});

test("a model that does more with its scores is not worked out: its weights alone are shown", async () => {
  const odd = replacing(model, {
    run: async (...asked) => replacing(await model.run(...asked), { scale: () => 0.7 }),
  });
  const { data } = await gatherRun({ model: odd, name: "odd", text: madeText("gpt2", N) });
  expect(data.isReckoned).toBe(false);
  expect(stageWithin(data, "scores")).toBe("weights");
});
