// What a run with a target takes, answers and refuses.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type CaptureName, type Engine } from "heed";
import { loadModel, type Model, type RunOptions } from "heed/models";
import { difference } from "../../fixtures/read.js";
import { goldenFiles, rejection } from "./checkpoint.js";
import { madeT5, t5Sizes } from "./made_encoder_decoders.js";
import { bucketOf } from "./reference/t5.js";
import { source, target, targetOf } from "./encoder_decoder_runs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

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
