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
import { goldenFiles, rejection } from "./checkpoint.js";
import { bartSizes, madeBart, madeT5, t5Sizes, words, type Made } from "./made_encoder_decoders.js";
import { runBart, type BartSizes } from "./reference/bart.js";
import type { EncoderDecoderRun } from "./reference/encoder_decoder.js";
import type { Matrix } from "./reference/maths.js";
import { bucketOf, runT5, type T5Sizes } from "./reference/t5.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

const source = [2, 5, 6, 7, 8, 9, 10, 5, 3];
const target = [3, 9, 10, 7, 5, 5];

/** Within 1e-5 of the largest value: what f32 leaves open. */
function same(got: ArrayLike<number>, rows: Matrix): void {
  const wanted = rows.flat();
  const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  expect(difference(got, wanted, { atol: 1e-5 * largest, rtol: 0 })).toBe("");
}

function targetOf(run: Run): TargetRun {
  if (!run.target) throw new Error("the run has no target");
  return run.target;
}

function expectSame(run: Run, expected: EncoderDecoderRun): void {
  const decoded = targetOf(run);
  const { encoder, decoder, logits } = expected;
  encoder.attentions.forEach((heads, l) => heads.forEach((w, h) => same(run.attention(l, h), w)));
  encoder.hidden.forEach((rows, l) => same(run.hidden(l), rows));
  decoder.attentions.forEach((heads, l) => heads.forEach((w, h) => same(decoded.attention(l, h), w)));
  decoder.crossAttentions.forEach((heads, l) =>
    heads.forEach((w, h) => same(decoded.crossAttention(l, h), w)),
  );
  decoder.hidden.forEach((rows, l) => same(decoded.hidden(l), rows));
  logits.forEach((row, position) => same(decoded.logits(position), [row]));
}

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

describe("a run with a target", () => {
  let model: Model;
  const { files, made } = madeT5();
  beforeAll(async () => {
    model = await loadModel(files, { engine });
  });
  afterAll(() => model.dispose());

  test("a target's text is read behind the token that begins it, without its own last", async () => {
    const run = await model.run({ text: "the cat", target: "a mat" });
    const decoded = targetOf(run);
    expect(decoded.tokens.map(({ id }) => id)).toEqual([0, 2, 9, 10]);
    expect(decoded.tokens.map(({ text }) => text)).toEqual(["[PAD]", "[CLS]", "a", "mat"]);
    expect(decoded.tokens[3]).toMatchObject({ start: 2, end: 5 });
    expect(decoded.words().map(({ text }) => text)).toEqual(["[PAD]", "[CLS]", "a", "mat"]);
    expect(run.tokens.map(({ text }) => text)).toEqual(["[CLS]", "the", "cat", "[SEP]"]);
    const ids = await model.run({ ids: [2, 5, 6, 3], targetIds: [0, 2, 9, 10] });
    expect(targetOf(ids).crossAttention(1, 1)).toEqual(decoded.crossAttention(1, 1));
  });

  test("every stage of all three attentions, each made of its queries and keys", async () => {
    const stages: CaptureName[] = [
      ...(["products", "scores", "cappedScores", "maskedScores"] as const),
      ...(["weights", "logsumexp"] as const),
    ];
    const run = await model.run({ ids: source, targetIds: target }, { capture: stages });
    const decoded = targetOf(run);
    const [m, n] = [source.length, target.length];
    for (const stage of stages) {
      const width = (keys: number): number => (stage === "logsumexp" ? 1 : keys);
      expect(run.attention(1, 1, stage)).toHaveLength(m * width(m));
      expect(decoded.attention(2, 1, stage)).toHaveLength(n * width(n));
      expect(decoded.crossAttention(2, 1, stage)).toHaveLength(n * width(m));
    }
    const dim = t5Sizes.headDim;
    const [query, key, value] = [decoded.crossQuery(2, 1), decoded.crossKey(2, 1), decoded.crossValue(2, 1)];
    expect([query.length, key.length, value.length]).toEqual([n * dim, m * dim, m * dim]);
    const [scores, weights] = [decoded.crossAttention(2, 1, "scores"), decoded.crossAttention(2, 1)];
    const context = decoded.crossContext(2, 1);
    for (let i = 0; i < n; i++) {
      let mixed = 0;
      for (let j = 0; j < m; j++) {
        let dot = 0;
        for (let d = 0; d < dim; d++) dot += (query[i * dim + d] ?? NaN) * (key[j * dim + d] ?? NaN);
        expect(scores[i * m + j]).toBeCloseTo(dot, 4);
        mixed += (weights[i * m + j] ?? NaN) * (value[j * dim] ?? NaN);
      }
      expect(context[i * dim]).toBeCloseTo(mixed, 4);
    }
    // What positions add stands between these two stages.
    const bias = made.matrix("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
    const [plain, placed] = [run.attention(0, 1, "cappedScores"), run.attention(0, 1, "maskedScores")];
    for (let j = 0; j < m; j++) {
      const added = bias[bucketOf(j, true, t5Sizes.buckets, t5Sizes.maxDistance)]?.[1];
      expect((placed[j] ?? NaN) - (plain[j] ?? NaN)).toBeCloseTo(added ?? NaN, 4);
    }
    const stream = decoded
      .crossAttentionInput(0)
      .map((x, i) => x + (decoded.crossAttentionOutput(0)[i] ?? NaN));
    expect(stream).toHaveLength(n * t5Sizes.width);
  });

  test.each(["encoder", "decoder"] as const)(
    "windows of the %s's attention, positions and all",
    async (which) => {
      for (const options of [{}, { usePositions: false }, { scale: 0.5 }]) {
        const run = await model.run(
          { ids: source, targetIds: target },
          { ...options, attentions: ["encoder", "decoder"] },
        );
        const seen = which === "encoder" ? run : targetOf(run);
        const n = seen.tokens.length;
        for (const head of [0, 1]) {
          const window = seen.window(1, head, { rows: [1, n], cols: [0, n] });
          expect(difference(window, seen.attention(1, head).subarray(n), { atol: 1e-6, rtol: 0 })).toBe("");
        }
      }
    },
  );

  test("a head is ablated in the attention that is named, and the encoder's without a name", async () => {
    const zero = (values: Float32Array): boolean => values.every((value) => value === 0);
    const ablate = async (ablateHeads: RunOptions["ablateHeads"]): Promise<boolean[]> => {
      const run = await model.run({ ids: source, targetIds: target }, { ablateHeads: ablateHeads ?? [] });
      const decoded = targetOf(run);
      return [run.context(1, 0), decoded.context(1, 0), decoded.crossContext(1, 0)].map(zero);
    };
    expect(await ablate([])).toEqual([false, false, false]);
    expect(await ablate([[1, 0]])).toEqual([true, false, false]);
    expect(await ablate([[1, 0, "encoder"]])).toEqual([true, false, false]);
    expect(await ablate([[1, 0, "decoder"]])).toEqual([false, true, false]);
    expect(await ablate([[1, 0, "cross"]])).toEqual([false, false, true]);
    expect(await ablate([[2, 1, "cross"]])).toEqual([false, false, false]);
  });

  test("the switches change the attentions that are named", async () => {
    const flat = async (attentions?: RunOptions["attentions"]): Promise<boolean[]> => {
      const run = await model.run(
        { ids: source, targetIds: target },
        { scale: 0, usePositions: false, ...(attentions ? { attentions } : {}) },
      );
      const decoded = targetOf(run);
      const even = (row: Float32Array): boolean =>
        row.every((weight) => Math.abs(weight - 1 / row.length) < 1e-6);
      const last = (weights: Float32Array, keys: number): Float32Array => weights.slice(-keys);
      return [
        even(last(run.attention(0, 0), source.length)),
        even(last(decoded.attention(0, 0), target.length)),
        even(last(decoded.crossAttention(0, 0), source.length)),
      ];
    };
    expect(await flat()).toEqual([true, false, false]);
    expect(await flat(["decoder"])).toEqual([false, true, false]);
    expect(await flat(["cross"])).toEqual([false, false, true]);
    expect(await flat(["encoder", "cross"])).toEqual([true, false, true]);

    const seeing = targetOf(
      await model.run({ ids: source, targetIds: target }, { isCausal: false, attentions: ["decoder"] }),
    );
    expect(seeing.attention(0, 0)[1]).toBeGreaterThan(0);
    const attnMask = new Uint8Array(target.length * source.length).fill(1);
    attnMask[source.length + 4] = 0;
    const masked = targetOf(
      await model.run({ ids: source, targetIds: target }, { attnMask, attentions: ["cross"] }),
    ).crossAttention(0, 0);
    expect(masked[source.length + 4]).toBe(0);
    expect(masked[4]).toBeGreaterThan(0);
  });

  test("a mask joins the positions of T5, and does not take their place", async () => {
    const attnMask = new Uint8Array(source.length ** 2).fill(1);
    const plain = await model.run({ ids: source });
    const open = await model.run({ ids: source }, { attnMask });
    expect(difference(open.attention(0, 1), plain.attention(0, 1), { atol: 1e-6, rtol: 0 })).toBe("");
    attnMask[1] = 0;
    const masked = await model.run({ ids: source }, { attnMask, capture: ["weights", "maskedScores"] });
    expect(masked.attention(0, 1)[1]).toBe(0);
    const rest = 1 - (plain.attention(0, 1)[1] ?? NaN);
    expect(masked.attention(0, 1)[2]).toBeCloseTo((plain.attention(0, 1)[2] ?? NaN) / rest, 5);
    const window = masked.window(0, 1, { rows: [0, source.length], cols: [0, source.length] });
    expect(difference(window, masked.attention(0, 1), { atol: 1e-6, rtol: 0 })).toBe("");
  });

  test("without a target there is none, and no logits", async () => {
    const run = await model.run("the cat");
    expect(run.target).toBeUndefined();
    expect(run.attention(0, 0)).toHaveLength(16);
    expect(() => run.logits(0)).toThrow(
      expect.objectContaining({
        code: "invalid-argument",
        message: expect.stringMatching(/are its target's/),
      }),
    );
    expect(() => run.predictions(0)).toThrow(/are its target's/);
  });

  test("is frozen, and hands out copies", async () => {
    const run = await model.run({ text: "the cat", target: "a mat" });
    const decoded = targetOf(run);
    expect(Object.isFrozen(run) && Object.isFrozen(decoded) && Object.isFrozen(decoded.tokens)).toBe(true);
    const before = [...decoded.crossAttention(0, 0)];
    decoded.crossAttention(0, 0).fill(7);
    expect([...decoded.crossAttention(0, 0)]).toEqual(before);
  });

  test.each<[string, unknown, RunOptions, string, RegExp]>([
    [
      "a target that is none",
      { text: "a", target: 3 },
      {},
      "invalid-argument",
      /expected a string, \{ text, pair\?, target\? \}/,
    ],
    [
      "a target id beyond",
      { ids: [5], targetIds: [99] },
      {},
      "invalid-argument",
      /input\.targetIds\[0\] is 99/,
    ],
    ["no target ids", { ids: [5], targetIds: [] }, {}, "invalid-argument", /input\.targetIds has no tokens/],
    [
      "a kind that is none",
      "a",
      { attentions: ["self" as never] },
      "invalid-argument",
      /attentions is \["self"\]; expected an array of encoder, decoder, cross/,
    ],
    [
      "a layer that the decoder has and the encoder has not",
      "a",
      { ablateHeads: [[2, 0]] },
      "invalid-argument",
      /a layer from 0 to 1/,
    ],
    [
      "an attention that is none",
      "a",
      { ablateHeads: [[0, 0, "self" as never]] },
      "invalid-argument",
      /encoder \| decoder \| cross/,
    ],
    [
      "a mask of the wrong size",
      { ids: source, targetIds: target },
      { attnMask: new Uint8Array(4), attentions: ["cross"] },
      "shape-mismatch",
      /expected \[6, 9\]/,
    ],
  ])("%s", async (_, input, options, code, message) => {
    expect(await rejection(model.run(input as never, options))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    await model.run("the");
  });

  test("other models have neither targets nor three attentions", async () => {
    const bert = await loadModel(goldenFiles("bert"), { engine });
    expect(bert.decoder).toBeNull();
    expect(await rejection(bert.run({ text: "a", target: "b" }))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/a bert model has no decoder/),
    });
    expect(await rejection(bert.run("a", { attentions: ["cross"] }))).toMatchObject({
      code: "invalid-argument",
    });
    expect(await rejection(bert.run("a", { ablateHeads: [[0, 0, "encoder"]] }))).toMatchObject({
      code: "invalid-argument",
    });
    bert.dispose();
  });
});

describe("checkpoints", () => {
  const logitsOf = async (made: Made): Promise<Float32Array> => {
    const model = await loadModel(made.files, { engine });
    const logits = targetOf(await model.run({ ids: source, targetIds: target })).logits(2);
    model.dispose();
    return logits;
  };

  test("BART without prefix and without final_logits_bias, which then is zero", async () => {
    const bare = madeBart({}, {}, (name) =>
      name === "final_logits_bias" ? null : name.replace("model.", ""),
    );
    const biased = madeBart();
    const [plain, whole] = [await logitsOf(bare), await logitsOf(biased)];
    const bias = biased.made.matrix("final_logits_bias")[0] ?? [];
    same(plain, [[...whole].map((logit, id) => logit - (bias[id] ?? NaN))]);
  });

  test("an old config.json calls mBART a BART with norms first, and PEGASUS a Marian", async () => {
    const firsts = { normalize_before: true, add_final_layer_norm: true };
    for (const [kind, old] of [
      ["mbart", "bart"],
      ["pegasus", "marian"],
    ] as const) {
      const named = await logitsOf(madeBart({ kind }));
      expect(await logitsOf(madeBart({ kind }, { ...firsts, model_type: old }))).toEqual(named);
    }
  });

  test("Marian with a vocabulary each: ids go through it, and there are no words for the target's", async () => {
    const size = { kind: "marian", decoderVocabulary: 13 } as const;
    const { files, made } = madeBart(size);
    const model = await loadModel(files, { engine });
    const run = await model.run({ ids: source, targetIds: [3, 12, 5] });
    expectSame(run, runBart(made, { ...bartSizes, ...size }, source, [3, 12, 5]));
    expect(run.tokens.map(({ text }) => text)).toContain("the");
    expect(targetOf(run).tokens.map(({ text }) => text)).toEqual(["", "", ""]);
    expect(targetOf(run).predictions(0, 1)).toMatchObject([{ token: "" }]);
    const refused = { code: "unsupported-model", message: expect.stringMatching(/the decoder's vocabulary/) };
    expect(await rejection(model.generate("the cat"))).toMatchObject(refused);
    expect(await rejection(model.run({ text: "the", target: "cat" }))).toMatchObject(refused);
    expect(await rejection(model.run({ ids: [11] }))).toMatchObject({ code: "invalid-argument" });
    model.dispose();
    const same = { ...madeBart({ ...size, decoderVocabulary: 11 }).files };
    const separate = await loadModel({ ...same, tokenizerConfig: { separate_vocabs: true } }, { engine });
    expect(await rejection(separate.generate("the cat"))).toMatchObject(refused);
    separate.dispose();
  });

  test("M2M-100: padding has no position, and is not counted", async () => {
    const size = { kind: "m2m_100" } as const;
    const { files, made } = madeBart(size);
    const model = await loadModel(files, { engine });
    const [padded, begun] = [
      [2, 5, 0, 6, 0, 7, 3],
      [0, 9, 0, 7],
    ];
    expectSame(
      await model.run({ ids: padded, targetIds: begun }),
      runBart(made, { ...bartSizes, ...size }, padded, begun),
    );
    model.dispose();
  });

  test("the token table under any of its names", async () => {
    const whole = await logitsOf(madeT5());
    for (const name of ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"]) {
      const other = await logitsOf(madeT5({}, {}, (own) => (own === "shared.weight" ? name : own)));
      expect(other).toEqual(whole);
    }
  });

  test("a missing weight of the decoder is named", async () => {
    const name = "decoder.layers.1.encoder_attn.k_proj.bias";
    const { files } = madeBart({}, {}, (own) => (own === `model.${name}` ? null : own));
    expect(await rejection(loadModel(files, { engine }))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(`${name} is missing`),
    });
  });

  test.each<[string, object, RegExp]>([
    [
      "other heads in the decoder",
      { decoder_attention_heads: 4 },
      /"decoder_attention_heads" 4 is not implemented; known: 2/,
    ],
    [
      "norms first, and none at the end",
      { normalize_before: true, add_final_layer_norm: false },
      /"add_final_layer_norm" false is not implemented; known: true/,
    ],
    ["a norm at the end alone", { add_final_layer_norm: true }, /"add_final_layer_norm" true/],
    ["two vocabularies' sizes, and one vocabulary", { decoder_vocab_size: 13 }, /"decoder_vocab_size" 13/],
  ])("%s: unsupported, by name", async (_, changes, message) => {
    expect(await rejection(loadModel(madeBart({}, changes).files, { engine }))).toMatchObject({
      code: "unsupported-model",
      message: expect.stringMatching(message),
    });
  });

  test("a start token beyond the vocabulary", async () => {
    const { files } = madeBart({}, { decoder_start_token_id: 99 });
    expect(await rejection(loadModel(files, { engine }))).toMatchObject({
      code: "invalid-model",
      message: expect.stringMatching(/"decoder_start_token_id" is 99; expected a token id below 11/),
    });
  });
});

describe("generate()", () => {
  test("begins with the token that config.json forces, and never says a bad word", async () => {
    const said: number[] = [];
    const forced = await loadModel(madeBart({}, { forced_bos_token_id: 7 }).files, { engine });
    const text = await forced.generate("the cat", { maxTokens: 3, onToken: ({ id }) => said.push(id) });
    expect(said[0]).toBe(7);
    expect(text.startsWith("sat")).toBe(true);
    forced.dispose();

    const all = new Set<number>();
    const options = { maxTokens: 15, temperature: 3, onToken: ({ id }: { id: number }) => all.add(id) };
    const careful = await loadModel(madeBart({}, { bad_words_ids: [[5], [6, 7], [8]] }).files, { engine });
    for (let seed = 0; seed < 6; seed++) await careful.generate("the cat", { ...options, seed });
    expect(all.has(5) || all.has(8)).toBe(false);
    expect(all.has(6)).toBe(true);
    careful.dispose();
  });

  test("two at once, and runs between, do not mix their memories", async () => {
    const model = await loadModel(madeT5().files, { engine });
    const texts = ["the cat sat", "a mat on the mat"];
    const alone: string[] = [];
    for (const text of texts) alone.push(await model.generate(text, { maxTokens: 6 }));
    const run = model.run({ text: "on", target: "a" });
    expect(await Promise.all(texts.map((text) => model.generate(text, { maxTokens: 6 })))).toEqual(alone);
    await run;
    model.dispose();
  });
});
