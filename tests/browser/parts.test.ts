// An encoder-decoder's three attentions on their way to a picture, without a browser: the numbers are those of the reference in
// doubles, and a matrix whose rows and columns are of two texts is read right everywhere.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadModel, type Model } from "heed/models";
import { carried } from "../../web/element/adapt.ts";
import { requestOf, tryEachHead, weightsAt } from "../../web/panels/experiments.ts";
import { csv } from "../../web/export/csv.ts";
import { json } from "../../web/export/json.ts";
import { svg } from "../../web/export/svg.ts";
import { choosing, choosingPart, followedCell, toggling, turning } from "../../web/reading/focus.ts";
import { evenStatistics, nameHead } from "../../web/heads/head_names.ts";
import { sortsFor } from "../../web/heads/head_ranks.ts";
import { give } from "../../web/runner/given.ts";
import { createLocalRunner } from "../../web/runner/local.ts";
import { attentionWindows } from "../../web/runner/attention_windows.ts";
import { crossStatistics, type Attention } from "../../web/runner/parts.ts";
import { headVectors, keysOf, STAGES, type RunData } from "../../web/runner/run_data.ts";
import type { RunRequest } from "../../web/runner/runner.ts";
import { windowOf } from "../../web/runner/window.ts";
import { sharesOf } from "../../web/reading/shares.ts";
import { AS_TRAINED, DEFAULT_STATE, PARTS, VIEWS, type Part, type ViewState } from "../../web/state.ts";
import { english } from "../../web/strings/index.ts";
import { axesOf, unitMatrix } from "../../web/reading/units.ts";
import { labelsOf } from "../../web/views/token_label.ts";
import { factsOf } from "../../web/views/steps/facts.ts";
import type { Scene } from "../../web/views/view.ts";
import { difference } from "../fixtures/read.js";
import { bartSizes, madeBart, madeT5, t5Sizes, type Made } from "../js/models/made_encoder_decoders.js";
import { runBart } from "../js/models/reference/bart.js";
import type { EncoderDecoderRun } from "../js/models/reference/encoder_decoder.js";
import { runT5 } from "../js/models/reference/t5.js";

const SOURCE = "the cat sat on a mat the cat";
const TARGET = "a mat sat";

const cases: readonly (readonly [
  name: string,
  made: Made,
  reference: (made: Made["made"], source: number[], target: number[]) => EncoderDecoderRun,
])[] = [
  ["BART", madeBart(), (made, source, target) => runBart(made, bartSizes, source, target)],
  [
    "Marian",
    madeBart({ kind: "marian", scaleEmbedding: true, activation: "swish" }),
    (made, source, target) =>
      runBart(
        made,
        { ...bartSizes, kind: "marian", scaleEmbedding: true, activation: "swish" },
        source,
        target,
      ),
  ],
  ["T5", madeT5(), (made, source, target) => runT5(made, t5Sizes, source, target)],
];

const models: Model[] = [];
afterAll(() => models.forEach((model) => model.dispose()));

const runner = createLocalRunner(async () => loadModel);

/** A model by the name that it is asked for by. */
async function named({ files }: Made, changes: object = {}): Promise<string> {
  const config = { ...(files.config as object), ...changes };
  const model = await loadModel({ ...files, config });
  models.push(model);
  const { name } = give(model, "made");
  await runner.load(name);
  return name;
}

const asking = (model: string, attention: Part, more: Partial<RunRequest> = {}): RunRequest => ({
  ...{ model, text: SOURCE, pair: "", whatIf: AS_TRAINED, attention, target: TARGET },
  ...more,
});

function sceneOf(run: RunData, state: Partial<ViewState> = {}): Scene {
  return {
    run,
    ...labelsOf(run),
    state: { ...DEFAULT_STATE, ...state },
    strings: english,
    window: (layer, head, request) => windowOf(run, layer, head, request),
  };
}

const rowSums = (matrix: Float32Array, m: number): number[] =>
  Array.from({ length: matrix.length / m }, (_, i) =>
    matrix.subarray(i * m, (i + 1) * m).reduce((sum, value) => sum + value, 0),
  );

describe.each(cases)("%s", (_, made, reference) => {
  let name: string;
  beforeAll(async () => {
    name = await named(made);
  });

  test("each of its attentions is what the reference in doubles gives", async () => {
    const cross = await runner.run(asking(name, "cross"));
    const ids = (tokens: RunData["tokens"]): number[] => tokens.map(({ id }) => id);
    const { encoder, decoder } = reference(made.made, ids(keysOf(cross).tokens), ids(cross.tokens));
    expect([cross.tokens.length, keysOf(cross).tokens.length]).toEqual([5, 10]);
    const wanted = {
      encoder: encoder.attentions,
      decoder: decoder.attentions,
      cross: decoder.crossAttentions,
    };
    for (const part of PARTS) {
      const run = part === "cross" ? cross : await runner.run(asking(name, part));
      expect(run.numLayers).toBe(part === "encoder" ? 2 : 3);
      const expected = wanted[part].flat(3);
      expect(difference(run.stages.weights, expected, { atol: 1e-5, rtol: 0 })).toBe("");
    }
    const memory = encoder.hidden.at(-1)?.flat() ?? [];
    const largest = Math.max(...memory.map(Math.abs));
    expect(difference(cross.stacks?.memory ?? [], memory, { atol: 1e-5 * largest, rtol: 0 })).toBe("");
  });

  test("what cross-attention looks at is what its queries and keys give, in every step", async () => {
    const run = await runner.run(asking(name, "cross"));
    const scene = sceneOf(run, { layer: 1, heads: [1] });
    const { row, col } = followedCell(scene);
    const facts = factsOf(scene);
    const dot = facts
      .vector("query", row)
      .reduce((sum, value, d) => sum + value * (facts.vector("key", col)[d] ?? 0), 0);
    expect(dot).toBeCloseTo(facts.at("products"), 4);
    expect(facts.at("products") * (run.scales[1] ?? NaN)).toBeCloseTo(facts.at("maskedScores"), 4);
    const context = facts.vector("context", row);
    context.forEach((value, d) => {
      const mixed = facts.valuesOf(d).reduce((sum, v, j) => sum + v * (facts.row("weights")[j] ?? 0), 0);
      expect(value).toBeCloseTo(mixed, 4);
    });
    expect(headVectors(run, "key", 2, 1).length).toBe(keysOf(run).tokens.length * run.headDim);
  });
});

describe("a run of cross-attention", () => {
  let name: string;
  let run: RunData;
  beforeAll(async () => {
    name = await named(madeT5(), { decoder_start_token_id: 3 });
    run = await runner.run(asking(name, "cross"));
  });

  test("has predictions at each word of the target, and none of what means nothing there", async () => {
    expect(run.predictions.map((guesses) => guesses.length)).toEqual([5, 5, 5, 5, 5]);
    expect(run.rollout.length).toBe(0);
    expect(run.isCausal).toBe(false);
    const [statistics] = run.statistics[0] ?? [];
    expect(Object.keys(statistics ?? {})).toEqual(["entropy", "firstToken", "separator"]);
    expect(sortsFor(run)).toEqual(["place", "pair", "firstToken", "separator", "entropy"]);
    const encoder = await runner.run(asking(name, "encoder"));
    expect(encoder.predictions.flat()).toEqual([]);
    expect(encoder.stacks).toMatchObject({ part: "encoder", target: undefined });
  });

  test("without a target it is of what the model writes, once for all parts", async () => {
    const model = models.at(-1) as Model;
    const written = await model.generate(SOURCE, { maxTokens: 36 });
    const [cross, decoder] = [
      await runner.run(asking(name, "cross", { target: "" })),
      await runner.run(asking(name, "decoder", { target: " " })),
    ];
    for (const each of [cross, decoder])
      expect(each.stacks).toMatchObject({ target: written, isWritten: true, source: { text: SOURCE } });
    expect(decoder.text).toBe(written);
    expect(run.stacks).toMatchObject({ target: TARGET, isWritten: false });
  });

  test("a target too long is cut, and says so", async () => {
    const bart = await named(madeBart());
    const target = Array.from({ length: 40 }, () => "mat").join(" ");
    const cut = await runner.run(asking(bart, "cross", { target }));
    expect(cut.tokens.length).toBe(20);
    expect(`${cut.text}${cut.leftOut}`).toBe(target);
    expect(cut.stacks?.source.leftOut).toBe("");
  });

  test("switches change this attention alone", async () => {
    const change = async (part: Part, whatIf: Partial<typeof AS_TRAINED>): Promise<RunData> =>
      runner.run(asking(name, part, { whatIf: { ...AS_TRAINED, ...whatIf } }));
    const off = await change("cross", { ablated: [[1, 0]] });
    expect(headVectors(off, "context", 1, 0).every((value) => value === 0)).toBe(true);
    expect(headVectors(off, "context", 1, 1).some((value) => value !== 0)).toBe(true);
    const hidden = await change("cross", {
      hidden: [
        { row: 4, col: 9 },
        { row: 7, col: 1 },
      ],
    });
    const m = keysOf(hidden).tokens.length;
    expect(hidden.stages.weights[4 * m + 9]).toBe(0);
    expect(rowSums(hidden.stages.weights, m)).toEqual(
      rowSums(hidden.stages.weights, m).map(() => expect.closeTo(1, 5)),
    );
    // There is no future between two texts: the mask is of the decoder's own attention.
    expect((await change("cross", { causal: true })).stages.weights).toEqual(run.stages.weights);
    const open = await change("decoder", { causal: false });
    expect(open.stages.weights[4]).toBeGreaterThan(0);
  });

  test("each head is tried by itself, on the same two texts", async () => {
    const request = requestOf(run, name);
    expect(request).toEqual(asking(name, "cross"));
    const effects = await tryEachHead(runner.run, request, { position: 4 });
    expect(effects.length).toBe(6);
    expect(effects[0]?.distance).toBeGreaterThan(0);
    const weights = weightsAt(run, { row: 4, col: 8 });
    expect(weights[3]).toBe(run.stages.weights[3 * 50 + 4 * 10 + 8]);
  });

  test("words that look are the target's, words looked at the source's", () => {
    const scene = sceneOf(run, { cell: { row: 2, col: 8 } });
    const axes = axesOf(scene);
    const [n, m] = [axes.rows.shown.length, axes.cols.shown.length];
    expect([n, m]).toEqual([5, 10]);
    const weights = unitMatrix(axes, run, "weights", 0, 0);
    const from = sharesOf(scene, axes, { layer: 0, head: 0, read: [2], direction: "from" });
    expect(from).toEqual(weights.subarray(2 * m, 3 * m));
    const to = sharesOf(scene, axes, { layer: 0, head: 0, read: [8], direction: "to" });
    expect([...(to as Float32Array)]).toEqual(Array.from({ length: n }, (_, i) => weights[i * m + 8]));
    expect(turning(scene, "to")).toEqual({ direction: "to", cell: { row: 2, col: 8 }, locked: [] });
    expect(choosing(scene, axes, 9, "to")).toMatchObject({ direction: "to", cell: { col: 9 } });
    expect(toggling(scene, axes, 3)).toMatchObject({ direction: "from", locked: [2, 3] });
  });

  test("hidden and shared out: rows sum to 1 over the source's words that are left", () => {
    const axes = axesOf(sceneOf(run, { special: false, renormalise: true }));
    expect(axes.rows.labels.map(({ text }) => text)).toEqual(["a", "mat", "sat"]);
    expect(axes.cols.labels.map(({ text }) => text)).toEqual(SOURCE.split(" "));
    for (const sum of rowSums(unitMatrix(axes, run, "weights", 1, 1), 8)) expect(sum).toBeCloseTo(1, 5);
  });

  test("another part chooses anew, and undoes what was of the one before", async () => {
    const decoder = await runner.run(asking(name, "decoder"));
    const state = { ...DEFAULT_STATE, cell: { row: 4, col: 9 }, locked: [4] };
    expect(carried(state, run, decoder)).toMatchObject({ cell: undefined, locked: [] });
    expect(carried(state, run, run)).toMatchObject({ layer: 0 });
    expect(carried({ ...state, cell: { row: 5, col: 1 } }, undefined, run).cell).toBeUndefined();
    const changed = { ...AS_TRAINED, ablated: [[1, 0]] as const, temperature: 2, causal: true };
    expect(choosingPart(changed, "cross").whatIf).toEqual({ ...AS_TRAINED, temperature: 2 });
  });

  test("a long run's parts are made of its queries and keys", async () => {
    const hidden = Array.from({ length: 10 }, (_, col) => ({ row: 3, col }));
    const attention = {
      run: { tokens: run.tokens },
      query: (layer: number, head: number) => headVectors(run, "query", layer, head),
      key: (layer: number, head: number) => headVectors(run, "key", layer, head),
    } as unknown as Attention;
    const windows = attentionWindows(attention, {
      part: "cross",
      isCausal: false,
      hidden,
      scales: run.scales,
    });
    expect(windows.isReckoned()).toBe(true);
    const all = { cols: [2, 10], reduce: "mean" } as const;
    for (const stage of STAGES) {
      const request = { ...all, rows: [4, 5], out: [1, 8], stage } as const;
      const wanted = await windowOf(run, 2, 1, request);
      expect(difference(windows.window(2, 1, request), wanted, { atol: 1e-5, rtol: 0 })).toBe("");
    }
    const nothing = windows.window(0, 0, { ...all, rows: [3, 4], out: [1, 8] });
    expect([...nothing]).toEqual(new Array(8).fill(0));
  });

  test("exports name both texts", async () => {
    const scene = sceneOf(run, { layer: 1, heads: [0, 1] });
    const table = (await (await csv(scene, {})).text()).trim().split("\r\n");
    expect(table[0]).toBe(
      "weights L1H0 (rows: target; columns: source),[CLS],the,cat,sat,on,a,mat,the,cat,[SEP]",
    );
    expect(table.slice(1).map((line) => line.split(",")[0])).toEqual(["[SEP]", "[CLS]", "a", "mat", "sat"]);
    const data = JSON.parse(await (await json(scene, {})).text()) as Record<string, unknown>;
    expect(data).toMatchObject({ part: "cross", target: TARGET, text: TARGET, shape: [2, 5, 10] });
    expect(data["source"]).toMatchObject({ text: SOURCE });
    expect((data["values"] as number[]).length).toBe(100);
    for (const view of VIEWS) {
      const drawn = await (await svg(sceneOf(run, { layer: 1, view }), {})).text();
      expect(drawn).toContain("made, Cross");
      expect(drawn).toContain(`Target: what the decoder has read: ${TARGET}`);
      expect(drawn).toContain(`Source: what the encoder read: ${SOURCE}`);
      expect(drawn).not.toMatch(/NaN|undefined/);
    }
  });
});

test("statistics of one text that looks at another are counted by hand", () => {
  const weights = Float32Array.of(0.5, 0.25, 0.25, 1, 0, 0);
  const measured = crossStatistics(weights, [true, false, true]);
  expect(measured).toEqual({ entropy: 0.75, firstToken: 0.75, separator: 0.125 });
  const token = { id: 0, text: "x", start: 0, end: 1, sequence: 0 as const };
  const tokens = [true, false, true].map((special) => ({ ...token, special }));
  const six = Array.from({ length: 6 }, () => ({ ...token, special: false }));
  const stacks = { part: "cross", source: { tokens } } as unknown as NonNullable<RunData["stacks"]>;
  const even = evenStatistics({ tokens: six, isCausal: false, stacks });
  expect(even).toMatchObject({
    shares: { firstToken: 1 / 3, separator: 1 / 3 },
    rows: { self: 0, separator: 6 },
  });
  expect(nameHead({ entropy: 0.1, firstToken: 0.9, separator: 0.05 }, even, 6)).toMatchObject({
    kind: "firstToken",
    strength: "mostly",
  });
});
