// BART, Marian, T5 and their kin: no checkpoint of theirs was run by transformers for these tests, so that random ones are compared with
// their formulas in doubles, which share nothing with the engine.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type CaptureName, type Engine } from "heed";
import {
  loadModel,
  type GeneratedToken,
  type Model,
  type Run,
  type RunOptions,
  type TargetRun,
} from "heed/models";
import { difference } from "../../fixtures/read.js";
import { bartSizes, madeBart, madeT5, t5Sizes, words, type Made } from "./made_encoder_decoders.js";
import { runBart, type BartSizes } from "./reference/bart.js";
import type { EncoderDecoderRun } from "./reference/encoder_decoder.js";
import { runT5, type T5Sizes } from "./reference/t5.js";
import { expectSame, source, target, targetOf } from "./encoder_decoder_runs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

/** What the shards' parts are joined to, of every head of both stacks, and how far f32 may be off. */
const everyRead = (heads: number): [read: (run: Run) => Float32Array, atol: number][] =>
  Array.from({ length: heads }, (_, h): [(run: Run) => Float32Array, number][] => [
    [(run) => targetOf(run).crossAttention(1, h), 2e-5],
    [(run) => targetOf(run).attention(2, h), 2e-5],
    [(run) => targetOf(run).hidden(3), 5e-5],
    [(run) => targetOf(run).crossAttentionOutput(0), 5e-5],
    [(run) => targetOf(run).crossAttention(0, h, "products"), 2e-4],
    [(run) => targetOf(run).crossAttention(2, h, "logsumexp"), 5e-5],
    [(run) => targetOf(run).crossKey(1, h), 5e-5],
    [(run) => targetOf(run).crossValue(1, h), 5e-5],
    [(run) => targetOf(run).crossContext(2, h), 5e-5],
    [(run) => targetOf(run).crossAttentionInput(2), 5e-5],
    [(run) => targetOf(run).key(0, h), 5e-5],
    [(run) => run.window(1, h, { rows: [0, 9], cols: [0, 9] }), 2e-5],
    [(run) => targetOf(run).window(1, h, { rows: [0, 6], cols: [0, 6] }), 2e-5],
  ]).flat();

interface Case {
  name: string;
  make: () => Made;
  reference: (made: Made["made"], target: readonly number[]) => EncoderDecoderRun;
}

const bart = (name: string, size: Partial<BartSizes>): Case => ({
  name,
  make: () => madeBart(size),
  reference: (made, ids) => runBart(made, { ...bartSizes, ...size }, source, ids),
});
const t5 = (name: string, size: Partial<T5Sizes>): Case => ({
  name,
  make: () => madeT5(size),
  reference: (made, ids) => runT5(made, { ...t5Sizes, ...size }, source, ids),
});

const cases: Case[] = [
  bart("BART", {}),
  bart("BART, embeddings scaled, relu", { scaleEmbedding: true, activation: "relu" }),
  bart("Marian", { kind: "marian", scaleEmbedding: true, activation: "swish" }),
  bart("Marian, of an odd width", { kind: "marian", heads: 3, width: 15, activation: "relu" }),
  bart("Marian, a table of tokens each", { kind: "marian", decoderVocabulary: 11 }),
  bart("mBART", { kind: "mbart", scaleEmbedding: true, activation: "relu" }),
  bart("mBART, its head untied", { kind: "mbart", tied: false }),
  bart("PEGASUS", { kind: "pegasus", scaleEmbedding: true, activation: "relu" }),
  bart("M2M-100", { kind: "m2m_100", scaleEmbedding: true, activation: "relu" }),
  bart("M2M-100, of an odd width", { kind: "m2m_100", heads: 3, width: 15 }),
  t5("T5", {}),
  t5("T5 v1.1: gated, its head untied", { feedForward: "gated-gelu", tied: false }),
  t5("T5 with as many buckets as in use", { buckets: 32, maxDistance: 128 }),
];

describe.each(cases)("$name", ({ make, reference }) => {
  let model: Model;
  const { files, made } = make();
  beforeAll(async () => {
    model = await loadModel(files, { engine });
  });
  afterAll(() => model.dispose());

  test("all three attentions, hidden states and logits", async () => {
    expectSame(await model.run({ ids: source, targetIds: target }), reference(made, target));
    expect(model).toMatchObject({ numLayers: 2, decoder: { numLayers: 3, numHeads: model.numHeads } });
  });

  test("greedy: the most probable token again and again, from keys kept", async () => {
    const ids = [...target.slice(0, 1)];
    for (let step = 0; step < 8; step++) {
      const logits = reference(made, ids).logits.at(-1) ?? [];
      // Marian never says its padding.
      if (model.architecture === "marian") logits[0] = -Infinity;
      const best = logits.indexOf(Math.max(...logits));
      if (best === 3) break;
      ids.push(best);
    }
    const start = ids.shift();
    expect(start).toBe(3);
    // T5 begins with its padding token unless told otherwise.
    const startId = model.architecture === "t5" ? { decoder_start_token_id: 3 } : {};
    const speaker = await loadModel(
      { ...files, config: { ...(files.config as object), ...startId } },
      { engine },
    );
    const said: number[] = [];
    const text = words.slice(0, 6).join(" ");
    const tokens = speaker.tokenize(`${text} the`).map(({ id }) => id);
    expect(tokens).toEqual(source);
    const looks: [GeneratedToken["attention"], GeneratedToken["crossAttention"]][] = [];
    await speaker.generate(`${text} the`, {
      maxTokens: 8,
      attention: true,
      onToken({ id, attention, crossAttention }) {
        said.push(id);
        looks.push([attention, crossAttention]);
      },
    });
    expect(said).toEqual(ids);
    const read = (await speaker.run({ ids: source, targetIds: [3, ...ids] })).target as TargetRun;
    const width = ids.length + 1;
    for (const [i, [attention, crossAttention]] of looks.entries()) {
      const layer = (speaker.decoder?.numLayers ?? 0) - 1;
      const own = read.attention(layer, 1).subarray(i * width, i * width + i + 1);
      expect(difference(attention?.(layer, 1) ?? [], own, { atol: 1e-5, rtol: 0 })).toBe("");
      const cross = read.crossAttention(layer, 1).subarray(i * source.length, (i + 1) * source.length);
      expect(difference(crossAttention?.(layer, 1) ?? [], cross, { atol: 1e-5, rtol: 0 })).toBe("");
    }
    speaker.dispose();
  });
});

// One of each way that a stack is split: learned, sinusoidal and relative positions, norms before and behind, a gate, and
// heads that two shards can't have as many of.
const split = ["BART", "mBART", "Marian, of an odd width", "M2M-100", "T5 v1.1: gated, its head untied"];

describe.each(cases.filter(({ name }) => split.includes(name)))("$name", ({ make, reference }) => {
  test("in two shards, the same again bit for bit, and in its words", async () => {
    const { files, made } = make();
    const sharded = await loadModel(files, { engine, workers: 2 });
    const model = await loadModel(files, { engine });
    const input = { ids: source, targetIds: target };
    const capture: CaptureName[] = ["weights", "products", "logsumexp"];
    const [run, again] = [await sharded.run(input, { capture }), await sharded.run(input, { capture })];
    expectSame(run, reference(made, target));
    const whole = await model.run(input, { capture });
    const heads = model.numHeads;
    for (const [read, atol] of everyRead(heads)) {
      const values = read(run);
      expect(values).toEqual(read(again));
      expect(difference(values, read(whole), { atol, rtol: 1e-5 })).toBe("");
    }
    const texts = await Promise.all([sharded, model].map((one) => one.generate("the cat", { maxTokens: 8 })));
    expect(texts[0]).toBe(texts[1]);
    const changes: RunOptions = {
      ablateHeads: [[1, heads - 1, "cross"]],
      attnMask: Uint8Array.from({ length: target.length * source.length }, (_, at) => Number(at % 4 !== 1)),
      attentions: ["cross"],
    };
    const [changed, expected] = [await sharded.run(input, changes), await model.run(input, changes)];
    expect(
      targetOf(changed)
        .crossContext(1, heads - 1)
        .every((value) => value === 0),
    ).toBe(true);
    for (const [read, atol] of everyRead(heads).slice(0, 4))
      expect(difference(read(changed), read(expected), { atol, rtol: 1e-5 })).toBe("");
    sharded.dispose();
    model.dispose();
  });
});
