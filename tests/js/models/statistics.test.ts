// The figures of a head, rollout and words, against values worked out by hand.

import { describe, expect, test } from "@jest/globals";
import type { Run, RunInput, RunOptions } from "heed/models";
import {
  byteTokenizer,
  rejection,
  safetensors,
  tinyBertConfig,
  tinyConfig,
  tinyModel,
  wordTokenizer,
} from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

/** A run whose weights [layers, heads, n, n] a test chose. */
async function runWith(
  config: object,
  tokenizer: object,
  weights: number[],
  input: RunInput,
  options?: RunOptions,
): Promise<Run> {
  const fake = fakeModels({
    forward: (ids) => ({
      finalHidden: new Float32Array(ids.length * 4),
      weights: Float32Array.from(weights),
    }),
  });
  const model = await fake.loadModel({ config, tokenizer, weights: safetensors({}) });
  return model.run(input, options);
}

const oneHead = { n_layer: 1, n_head: 1 };
const oneBertHead = { num_hidden_layers: 1, num_attention_heads: 1 };

describe("headStatistics", () => {
  test("of a causal head on a b a b", async () => {
    // prettier-ignore
    const weights = [
      1,    0,     0,     0,
      0.25, 0.75,  0,     0,
      0.5,  0.25,  0.25,  0,
      0.125, 0.125, 0.5,  0.25,
    ];
    const run = await runWith(tinyConfig(oneHead), byteTokenizer(), weights, { ids: [98, 99, 98, 99] });
    const figures = run.headStatistics(0, 0);
    const entropies = [0, 0.25 * 2 + 0.75 * Math.log2(4 / 3), 1.5, 0.25 * 3 + 0.5 + 0.5];
    expect(figures.entropy).toBeCloseTo(entropies.reduce((a, b) => a + b) / 4, 12);
    expect(figures.previousToken).toBeCloseTo((0.25 + 0.25 + 0.5) / 3, 12);
    expect(figures.nextToken).toBe(0);
    expect(figures.self).toBeCloseTo((1 + 0.75 + 0.25 + 0.25) / 4, 12);
    expect(figures.firstToken).toBeCloseTo((0.25 + 0.5 + 0.125) / 3, 12);
    expect(figures.separator).toBe(0);
    // Rows 2 (sees the a at 0) and 3 (sees the b at 1).
    expect(figures.sameToken).toBeCloseTo((0.5 + 0.125) / 2, 12);
    // What followed the a at 0 is 1; what followed the b at 1 is 2.
    expect(figures.induction).toBeCloseTo((0.25 + 0.5) / 2, 12);
    expect(figures.meanDistance).toBeCloseTo(
      (0 + 0.25 + (0.5 * 2 + 0.25) + (0.125 * 3 + 0.125 * 2 + 0.5)) / 4,
      12,
    );
  });

  test("of a head that sees both ways, with separators", async () => {
    // [CLS] a a [SEP]
    // prettier-ignore
    const weights = [
      0.25, 0.25, 0.25, 0.25,
      0,    0.5,  0.5,  0,
      0.5,  0.25, 0,    0.25,
      0,    0,    0,    1,
    ];
    const run = await runWith(tinyBertConfig(oneBertHead), wordTokenizer(["a"]), weights, "a a");
    const figures = run.headStatistics(0, 0);
    expect(run.tokens.map(({ text }) => text)).toEqual(["[CLS]", "a", "a", "[SEP]"]);
    expect(figures.entropy).toBeCloseTo((2 + 1 + 1.5 + 0) / 4, 12);
    expect(figures.previousToken).toBeCloseTo((0 + 0.25 + 0) / 3, 12);
    expect(figures.nextToken).toBeCloseTo((0.25 + 0.5 + 0.25) / 3, 12);
    expect(figures.self).toBeCloseTo((0.25 + 0.5 + 0 + 1) / 4, 12);
    expect(figures.firstToken).toBeCloseTo((0 + 0.5 + 0) / 3, 12);
    expect(figures.separator).toBeCloseTo((0.25 + 0 + 0.25 + 1) / 4, 12);
    // Both a's see the other.
    expect(figures.sameToken).toBeCloseTo((0.5 + 0.25) / 2, 12);
    // The second a followed the first: row 2, position 2.
    expect(figures.induction).toBe(0);
    expect(figures.meanDistance).toBeCloseTo((0.25 * 6 + 0.5 + (1 + 0.25 + 0.25) + 0) / 4, 12);
  });

  test("of one token", async () => {
    const run = await runWith(tinyConfig(oneHead), byteTokenizer(), [1], "a");
    expect(run.headStatistics(0, 0)).toEqual({
      entropy: 0,
      previousToken: 0,
      nextToken: 0,
      self: 1,
      firstToken: 0,
      separator: 0,
      sameToken: 0,
      induction: 0,
      meanDistance: 0,
    });
  });

  test("of the head that is asked for", async () => {
    const heads = [1, 0, 0, 1, /**/ 1, 0, 1, 0, /**/ 1, 0, 0.5, 0.5, /**/ 0.5, 0.5, 0.5, 0.5];
    const run = await runWith(tinyConfig(), byteTokenizer(), heads, "ab");
    expect([0, 1].map((layer) => [0, 1].map((head) => run.headStatistics(layer, head).self))).toEqual([
      [1, 0.5],
      [0.75, 0.5],
    ]);
  });

  test("a causal model that is told to look ahead has same tokens on both sides", async () => {
    const weights = [0, 1, 1, 0];
    const run = await runWith(
      tinyConfig(oneHead),
      byteTokenizer(),
      weights,
      { ids: [98, 98] },
      { isCausal: false },
    );
    expect(run.headStatistics(0, 0).sameToken).toBe(1);
  });
});

describe("rollout", () => {
  test("of one layer: the mean head and the identity, half and half", async () => {
    const run = await runWith(
      tinyConfig({ n_layer: 1 }),
      byteTokenizer(),
      [1, 0, 1, 0, /**/ 1, 0, 0, 1],
      "ab",
    );
    expect([...run.rollout()]).toEqual([1, 0, 0.25, 0.75]);
  });

  test("of two layers: the last is the left factor", async () => {
    // A1 = [[1, 0], [1, 0]] and A2 = [[0, 1], [0, 1]]: halves with identity [[1, 0], [.5, .5]] and [[.5, .5], [0, 1]].
    const weights = [1, 0, 1, 0, /**/ 0, 1, 0, 1];
    const run = await runWith(tinyConfig({ n_head: 1 }), byteTokenizer(), weights, "ab");
    expect([...run.rollout()]).toEqual([0.75, 0.25, 0.5, 0.5]);
  });

  test("rows sum to 1", async () => {
    const rows = Array.from({ length: 4 * 3 }, (_, i) => [i + 1, 2, 3].map((x) => x / (i + 6))).flat();
    const run = await runWith(tinyConfig(), byteTokenizer(), rows, "abc");
    const rollout = run.rollout();
    for (let i = 0; i < 3; ++i)
      expect(rollout.slice(3 * i, 3 * i + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });

  test("needs the weights", async () => {
    const fake = fakeModels();
    const model = await fake.loadModel(tinyModel());
    const run = await model.run("a", { capture: [] });
    expect(() => run.rollout()).toThrow(/"weights" was not captured/);
    expect(() => run.headStatistics(0, 0)).toThrow(/"weights" was not captured/);
  });
});

describe("words", () => {
  const words = async (config: object, tokenizer: object, input: RunInput) =>
    (await runWith(config, tokenizer, [], input)).words().map(({ text, tokens }) => [text, ...tokens]);

  test("WordPiece: pieces join, special tokens and punctuation stand alone, spelled as typed", async () => {
    const tokenizer = wordTokenizer(["walk", "##ing", "."]);
    expect(await words(tinyBertConfig(), tokenizer, "Walking [MASK]walking.")).toEqual([
      ["[CLS]", 0, 1],
      ["Walking", 1, 3],
      ["[MASK]", 3, 4],
      ["walking", 4, 6],
      [".", 6, 7],
      ["[SEP]", 7, 8],
    ]);
  });

  test("a pair: each word from its own text", async () => {
    const tokenizer = wordTokenizer(["walk", "##ing", "a"]);
    expect(await words(tinyBertConfig(), tokenizer, { text: "a", pair: "Walking" })).toEqual([
      ["[CLS]", 0, 1],
      ["a", 1, 2],
      ["[SEP]", 2, 3],
      ["Walking", 3, 5],
      ["[SEP]", 5, 6],
    ]);
  });

  test("bytes: by GPT-2's words, without the space before them", async () => {
    expect(await words(tinyConfig(), byteTokenizer(), "It isn't é")).toEqual([
      ["It", 0, 2],
      ["isn", 2, 6],
      ["'t", 6, 8],
      ["é", 8, 11],
    ]);
  });

  test("an unsplit text: by its marks", async () => {
    const vocab = Object.fromEntries(["▁", "a", "b", "▁a"].map((token, id) => [token, id]));
    const tokenizer = {
      pre_tokenizer: { type: "Metaspace", prepend_scheme: "first", split: false },
      model: { type: "BPE", vocab, merges: ["▁ a"] },
    };
    expect(await words(tinyConfig(), tokenizer, "ab bb a")).toEqual([
      ["ab", 0, 2],
      ["bb", 2, 5],
      ["a", 5, 6],
    ]);
  });

  test("ids: by how they are spelled", async () => {
    expect(await words(tinyBertConfig(), wordTokenizer(["walk", "##ing"]), { ids: [2, 5, 6, 5, 3] })).toEqual(
      [
        ["[CLS]", 0, 1],
        ["walking", 1, 3],
        ["walk", 3, 4],
        ["[SEP]", 4, 5],
      ],
    );
    const space = 33;
    expect(await words(tinyConfig(), byteTokenizer(), { ids: [98, 99, space, 98, 0] })).toEqual([
      ["ab", 0, 2],
      ["a", 2, 4],
      ["<|endoftext|>", 4, 5],
    ]);
  });

  test("a pair without special tokens between, and ids behind a special token, are not joined", async () => {
    expect(await words(tinyConfig(), byteTokenizer(), { text: "a", pair: "b" })).toEqual([
      ["a", 0, 1],
      ["b", 1, 2],
    ]);
    const space = 33;
    expect(await words(tinyConfig(), byteTokenizer(), { ids: [0, 98, space, 98] })).toEqual([
      ["<|endoftext|>", 0, 1],
      ["a", 1, 2],
      ["a", 2, 4],
    ]);
  });

  test("every token is in one word, in order", async () => {
    const run = await runWith(tinyConfig(), byteTokenizer(), [], "  a \n b");
    const ranges = run
      .words()
      .flatMap(({ tokens: [from, to] }) => Array.from({ length: to - from }, (_, k) => from + k));
    expect(ranges).toEqual(run.tokens.map((_, i) => i));
  });
});

test("rejection() fails a test where nothing is rejected", async () => {
  await expect(rejection(Promise.resolve())).rejects.toThrow("expected a rejection");
});
