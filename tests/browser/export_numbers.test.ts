// Every number of a view, as JSON and as CSV.

import { expect, test } from "@jest/globals";
import { csv } from "../../web/export/csv.ts";
import type { MakeExport } from "../../web/export/formats.ts";
import { json } from "../../web/export/json.ts";
import { headMatrix, headVectors, layerStream } from "../../web/runner/run_data.ts";
import type { Scene } from "../../web/views/view.ts";
import { golden } from "./export_golden.ts";
import { fixedScene } from "./export_scene.ts";

const STATES = {
  steps: { view: "steps", layer: 1, heads: [1], cell: { row: 9, col: 2 } },
  neuron: { view: "neuron", layer: 1, heads: [1], cell: { row: 5, col: 2 } },
  model: { view: "model" },
} as const;
type Name = keyof typeof STATES;
const NAMES = Object.keys(STATES) as Name[];
const written = async (make: MakeExport, scene: Scene): Promise<string> => (await make(scene, {})).text();
interface Read {
  readonly shape: number[];
  readonly layout: string[];
  readonly query?: number;
  readonly values: (number | null)[];
}
const arraysIn = (text: string): Record<string, Read> =>
  (JSON.parse(text) as { arrays: Record<string, Read> }).arrays;

test("JSON and CSV of one query against every key are what is kept", async () => {
  const scene = fixedScene(STATES.neuron);
  for (const [type, make] of Object.entries({ json, csv })) {
    const text = await written(make, scene);
    expect(text).toBe(golden(`neuron.${type}`, text));
  }
});

test("all arrays of all steps, of all heads, with their shapes", async () => {
  const shapes = async (name: Name, changed = {}): Promise<Record<string, number[]>> =>
    Object.fromEntries(
      Object.entries(arraysIn(await written(json, fixedScene(STATES[name], changed)))).map(
        ([one, { shape }]) => [one, shape],
      ),
    );
  const matrices = { products: [11, 11], scores: [11, 11], maskedScores: [11, 11], weights: [11, 11] };
  const vectors = { query: [11, 4], key: [11, 4], value: [11, 4], context: [11, 4] };
  const streams = { input: [11, 8], concat: [11, 8], output: [11, 8] };
  expect(await shapes("steps")).toEqual({ ...streams, ...vectors, ...matrices, headOutputs: [2, 11, 8] });
  expect(await shapes("model")).toEqual({ weights: [2, 2, 11, 11] });
  // Of a run without whole matrices the row that the view shows.
  const none = new Float32Array();
  const stages = { products: none, scores: none, maskedScores: none, weights: none };
  expect(await shapes("steps", { stages })).toMatchObject({ ...vectors, products: [11], weights: [11] });
});

test("are the run's own", async () => {
  const { run } = fixedScene(STATES.steps);
  const { input, weights, concat } = arraysIn(await written(json, fixedScene(STATES.steps)));
  const float32 = (one?: Read): number[] =>
    Array.from(one?.values ?? [], (value) => Math.fround(value ?? NaN));
  expect(float32(input)).toEqual([...layerStream(run, "attentionInput", 1)]);
  expect(float32(weights)).toEqual([...headMatrix(run, "weights", 1, 1)]);
  // The second head's context is the second half of each row.
  expect(float32(concat).slice(4, 8)).toEqual([...headVectors(run, "context", 1, 1).subarray(0, 4)]);
  const all = arraysIn(await written(json, fixedScene(STATES.model)));
  expect(float32(all["weights"])).toEqual([...run.stages.weights]);
});

test.each(NAMES)("%s: CSV is the same numbers, each with its place, and no formula", async (name) => {
  const scene = fixedScene(STATES[name]);
  const arrays = arraysIn(await written(json, scene));
  const [heading = "", ...lines] = (await written(csv, scene)).replace("\ufeff", "").trim().split("\r\n");
  const columns = heading.split(",");
  const values = Object.values(arrays).flatMap(({ values: all }) => all);
  expect(lines.map((line) => line.split(",").at(-1))).toEqual(
    values.map((value) => (value === null ? "-Infinity" : String(value))),
  );
  const [last, { shape, layout }] = Object.entries(arrays).at(-1) as [string, Read];
  const cells = lines.at(-1)?.split(",") ?? [];
  expect(cells[0]).toBe(last);
  layout.forEach((axis, i) => expect(cells[columns.indexOf(axis)]).toBe(String((shape[i] ?? 0) - 1)));
  const token = name === "steps" ? "query_token" : "key_token";
  expect(cells[columns.indexOf(token)]).toBe("[SEP]");
  for (const line of lines) expect(line).not.toMatch(/(^|,)"?[=+@]/);
});

test("a token that looks like a formula is text", async () => {
  const { run } = fixedScene({});
  const tokens = run.tokens.map((token) => ({ ...token, text: '=HYPERLINK("x")' }));
  for (const name of NAMES)
    expect(await written(csv, fixedScene(STATES[name], { tokens }))).toContain(`,"'=HYPERLINK(""x"")",`);
});
