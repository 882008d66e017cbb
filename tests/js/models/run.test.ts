// Models that run, against transformers: the golden checkpoints and the two that come with the package.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { loadModel, type Model, type Run } from "heed/models";
import { readJson, readTensors } from "../../fixtures/read.js";
import { byteTokenizer, goldenFiles, rejection, tinyModel } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";
import { close, compare, type Golden } from "./golden.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

describe.each([
  ["bert", 0, "simd"],
  ["distilbert", 0, "simd"],
  ["f16-bert", 0, "simd"],
  ["gpt2", 0, "simd"],
  ["roberta", 0, "simd"],
  ["sharded-gpt2", 3, "simd"],
  ["llama", 0, "simd"],
  ["llama-oldrope", 0, "simd"],
  ["llama-rope3", 0, "simd"],
  ["mistral", 0, "simd"],
  ["qwen2", 0, "simd"],
  ["bf16-llama", 0, "simd"],
  ["bert", 0, "relaxed-simd"],
  ["gpt2", 0, "relaxed-simd"],
  ["mistral", 0, "relaxed-simd"],
] as [string, number, "simd" | "relaxed-simd"][])("%s", (name, shards, variant) => {
  const golden = readJson<Golden>(`golden/models/${name}/expected.json`);
  const expected = readTensors(`golden/models/${name}/expected.safetensors`);
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(goldenFiles(name, shards), { engine: await createEngine({ variant }) });
  });
  afterAll(() => model.dispose());

  test.each(golden.texts.map((text) => [text.key, text] as const))("%s", async (key, { text, pair, ids }) => {
    compare(await model.run(pair === undefined ? text : { text, pair }), expected, key, model, close);
    if (pair === undefined) compare(await model.run({ ids }), expected, key, model, close);
  });
});

describe.each(["heed-bert", "heed-gpt"])("%s", (name) => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(name, { engine });
  });
  afterAll(() => model.dispose());
  const seeds = readJson<Record<string, { text: string }>>(`models/${name}/reference/seeds.json`);

  test.each(Array.from({ length: 10 }, (_, i) => `seed${i}`))(
    "%s, within what f16 weights cost",
    async (key) => {
      const expected = readTensors(`models/${name}/reference/${key}.safetensors`);
      const run = await model.run(seeds[key]?.text ?? "");
      // The references were computed from the weights before they were rounded to f16.
      compare(run, expected, "", model, (name, largest) => ({
        atol: name === "attentions" ? 2e-3 : 5e-3 * largest,
        rtol: 0,
      }));
    },
  );

  test("every row of weights sums to 1", async () => {
    const run = await model.run("Every effort moves you");
    const n = run.tokens.length;
    const weights = run.attention(3, 3);
    for (let i = 0; i < n; ++i) {
      expect(weights.slice(i * n, (i + 1) * n).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });
});

describe("what heed-bert does with a pronoun", () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel("heed-bert", { engine });
  });
  afterAll(() => model.dispose());
  const sentence = (why: string): string => `The animal didn't cross the street because it was too ${why}.`;

  test.each([
    ["tired", "animal"],
    ["wide", "street"],
  ])("too %s: it looks at %s, and says so", async (why, noun) => {
    const run = await model.run(sentence(why));
    const at = (word: string): number => run.words().find(({ text }) => text === word)?.tokens[0] ?? -1;
    const row = run
      .attention(2, 1)
      .subarray(at("it") * run.tokens.length, (at("it") + 1) * run.tokens.length);
    expect(row[at(noun)]).toBeGreaterThan(0.9);
    const [first, second] = run.predictions(at("it"));
    expect(first).toMatchObject({ token: noun });
    expect(first?.probability).toBeGreaterThan(0.9);
    expect(second?.probability).toBeLessThan(first?.probability ?? 0);
  });

  test("ablated heads have no context, and the answer survives (attention is not explanation)", async () => {
    const run = await model.run(sentence("tired"), { ablateHeads: [[2, 1]] });
    expect(run.context(2, 1).every((value) => value === 0)).toBe(true);
    expect(run.context(2, 0).some((value) => value !== 0)).toBe(true);
    expect(run.predictions(10, 1)[0]?.token).toBe("animal");
  });

  test("what-if switches change what they say", async () => {
    const plain = await model.run(sentence("tired"));
    const causal = await model.run(sentence("tired"), { isCausal: true });
    const flat = await model.run(sentence("tired"), { scale: 0 });
    const unplaced = await model.run("dog dog dog", { usePositions: false });
    const n = plain.tokens.length;
    expect(
      causal.attention(0, 0).filter((weight, k) => k % n > Math.floor(k / n) && weight > 0),
    ).toHaveLength(0);
    expect(flat.attention(1, 1).every((weight) => Math.abs(weight - 1 / n) < 1e-6)).toBe(true);
    expect([...unplaced.hidden(2).slice(128, 256)]).toEqual([...unplaced.hidden(2).slice(256, 384)]);
  });

  test("query, key, value and context are those the stages were made of", async () => {
    const run = await model.run("a dog", { capture: ["scores", "weights", "logsumexp"] });
    const n = run.tokens.length;
    const [query, key, value, context] = [run.query(1, 2), run.key(1, 2), run.value(1, 2), run.context(1, 2)];
    const dim = query.length / n;
    expect(dim).toBe(32);
    const scores = run.attention(1, 2, "scores");
    const weights = run.attention(1, 2);
    for (let i = 0; i < n; ++i) {
      for (let j = 0; j < n; ++j) {
        let dot = 0;
        for (let d = 0; d < dim; ++d) dot += (query[i * dim + d] ?? 0) * (key[j * dim + d] ?? 0);
        expect(scores[i * n + j]).toBeCloseTo(dot / Math.sqrt(dim), 4);
      }
      let sum = 0;
      for (let j = 0; j < n; ++j) sum += (weights[i * n + j] ?? 0) * (value[j * dim] ?? 0);
      expect(context[i * dim]).toBeCloseTo(sum, 4);
    }
    expect(run.attention(1, 2, "logsumexp")).toHaveLength(n);
  });
});

describe("a run", () => {
  test("hands out copies, and is frozen", async () => {
    const model = await loadModel(goldenFiles("bert"), { engine });
    const run = await model.run("the cat");
    for (const read of [
      () => run.attention(0, 0),
      () => run.hidden(1),
      () => run.logits(0),
      () => run.key(1, 3),
    ]) {
      const before = [...read()];
      read().fill(7);
      expect([...read()]).toEqual(before);
    }
    expect(Object.isFrozen(run) && Object.isFrozen(run.tokens) && Object.isFrozen(run.tokens[0])).toBe(true);
    model.dispose();
    expect(run.attention(0, 0)).toHaveLength(16);
    expect(() => run.logits(1)).toThrow(expect.objectContaining({ code: "disposed" }));
  });

  test("predictions are the largest probabilities, in order, of a whole that is 1", async () => {
    const model = await loadModel(goldenFiles("gpt2"), { engine });
    const run = await model.run("The cat");
    const all = run.predictions(0, 10_000);
    expect(all).toHaveLength(400);
    // Each in 32 bits: the sum was off by 3e-7.
    expect(all.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
    expect(all.every(({ probability }, i) => i === 0 || probability <= (all[i - 1]?.probability ?? 0))).toBe(
      true,
    );
    const logits = run.logits(0);
    expect(logits[all[0]?.id ?? -1]).toBe(Math.max(...logits));
    expect(run.predictions(0)).toEqual(all.slice(0, 5));
    model.dispose();
  });

  const mistakes: [string, (run: Run) => unknown, RegExp][] = [
    ["a layer too far", (run) => run.attention(2, 0), /layer is 2; expected an integer from 0 to 1/],
    ["a head too far", (run) => run.query(0, 2), /head is 2; expected an integer from 0 to 1/],
    ["a negative head", (run) => run.value(0, -1), /head is -1/],
    ["half a layer", (run) => run.hidden(0.5), /layer is 0\.5; expected an integer from 0 to 2/],
    ["a position too far", (run) => run.logits(2), /position is 2; expected an integer from 0 to 1/],
    [
      "a stage that was not captured",
      (run) => run.attention(0, 0, "scores"),
      /"scores" was not captured; ask for it: run\(text, \{ capture: \["scores"\] \}\)/,
    ],
    [
      "a stage that is none",
      (run) => run.attention(0, 0, "constructor" as never),
      /stage is "constructor"; expected products, scores, cappedScores, maskedScores, weights, logsumexp/,
    ],
    ["a result that is no stage", (run) => run.attention(0, 0, "hidden" as never), /stage is "hidden"/],
    [
      "heads' outputs not captured",
      (run) => run.headOutput(0, 0),
      /"headOutputs" was not captured; ask for it/,
    ],
    ["no predictions", (run) => run.predictions(0, 0), /k is 0/],
  ];
  test.each(mistakes)("%s", async (_, mistake, message) => {
    const fake = fakeModels({ forward: (ids) => ({ finalHidden: new Float32Array(4 * ids.length) }) });
    const run = await (await fake.loadModel(tinyModel())).run("ab");
    expect(() => mistake(run)).toThrow(
      expect.objectContaining({ code: "invalid-argument", message: expect.stringMatching(message) }),
    );
  });
});

describe("what run() refuses", () => {
  const cases: [string, unknown, unknown, RegExp][] = [
    ["no input", undefined, {}, /input is undefined; expected a string, \{ text, pair\? \} or \{ ids \}/],
    ["a number", 3, {}, /input is 3/],
    ["a pair that is none", { text: "a", pair: 3 }, {}, /input is/],
    ["an empty text without tokens", "", {}, /the text has no tokens/],
    ["no ids", { ids: [] }, {}, /input\.ids has no tokens/],
    [
      "an id beyond the vocabulary",
      { ids: [1, 300] },
      {},
      /input\.ids\[1\] is 300; expected a token id from 0 to 299/,
    ],
    ["a negative id", { ids: [-1] }, {}, /input\.ids\[0\] is -1/],
    ["an id that is none", { ids: [NaN] }, {}, /input\.ids\[0\] is NaN; expected a token id/],
    [
      "text and ids",
      { text: "a", ids: [1] },
      {},
      /input is \{"text":"a","ids":"…"\}; expected a string, \{ text/,
    ],
    ["ids and a pair", { ids: [1], pair: "a" }, {}, /input is \{"ids":"…","pair":"a"\}; expected/],
    ["half an id", { ids: [0.5] }, {}, /input\.ids\[0\] is 0\.5/],
    [
      "a text too long",
      "a".repeat(20),
      {},
      /the text is 20 tokens long; the model takes at most 16, 4 fewer/,
    ],
    ["too many ids", { ids: new Array(17).fill(1) }, {}, /input\.ids is 17 tokens long/],
    ["options that are none", "a", 3, /options is 3/],
    ["an unknown stage", "a", { capture: ["wieghts"] }, /capture is "wieghts"; expected products, scores/],
    ["one stage without brackets", "a", { capture: "weights" }, /capture is "weights"; expected an array/],
    [
      "a head beyond the model",
      "a",
      { ablateHeads: [[0, 2]] },
      /ablateHeads\[0\] is \[0,2\]; expected \[layer, head\], a layer from 0 to 1/,
    ],
    ["a head alone", "a", { ablateHeads: [1] }, /ablateHeads\[0\] is 1/],
    ["a scale that is NaN", "a", { scale: NaN }, /scale is NaN; expected a finite number/],
    ["a scale without end", "a", { scale: -Infinity }, /scale is -Infinity;/],
    ["heads that are not numbers", "a", { ablateHeads: [[NaN, undefined]] }, /\[0\] is \[NaN,undefined\];/],
    ["a scale beyond f32", "a", { scale: 1e39 }, /scale is 1e\+39/],
    ["a temperature of zero", "a", { temperature: 0 }, /temperature is 0; expected a finite number greater/],
    ["a temperature below f32", "a", { temperature: 1e-46 }, /temperature is 1e-46/],
    ["a temperature as a string", "a", { temperature: "2" }, /temperature is "2"/],
    ["isCausal as a string", "a", { isCausal: "no" }, /isCausal is "no"; expected true or false/],
    ["usePositions as a number", "a", { usePositions: 0 }, /usePositions is 0/],
    ["a signal that is none", "a", { signal: 3 }, /signal is 3; expected an AbortSignal/],
  ];
  test.each(cases)("%s", async (_, input, options, message) => {
    const fake = fakeModels();
    const model = await fake.loadModel(tinyModel());
    const error = await rejection(model.run(input as never, options as never));
    expect({ code: error.code, message: error.message }).toEqual({
      code: "invalid-argument",
      message: expect.stringMatching(message),
    });
    expect(fake.natives[0]?.forwards).toEqual([]);
    await model.run("a");
  });

  test("what is no text, of tokenize()", async () => {
    const model = await fakeModels().loadModel(tinyModel());
    const refused = (message: string) => expect.objectContaining({ code: "invalid-argument", message });
    expect(() => model.tokenize(5 as never)).toThrow(refused("text is 5; expected a string"));
    expect(() => model.tokenize("a", {} as never)).toThrow(refused("pair is {}; expected a string"));
  });

  test("a tokenizer of another model", async () => {
    const error = await rejection(
      loadModel(
        { ...goldenFiles("gpt2"), tokenizer: byteTokenizer({ added_tokens: [{ id: 5000, content: "x" }] }) },
        { engine },
      ),
    );
    expect(error).toMatchObject({ code: "invalid-model" });
  });

  test("weights of another model", async () => {
    const { weights } = goldenFiles("bert");
    expect(await rejection(loadModel({ ...goldenFiles("gpt2"), weights }, { engine }))).toMatchObject({
      code: "invalid-model",
    });
  });

  test("a shard too few, by the name of what is missing", async () => {
    const files = goldenFiles("sharded-gpt2", 3);
    const error = await rejection(
      loadModel({ ...files, weights: (files.weights as Blob[]).slice(1) }, { engine }),
    );
    expect(error).toMatchObject({ code: "invalid-model", message: expect.stringMatching(/\.(weight|bias)/) });
  });
});

test.each([
  ["bert", { bias: true, outputBias: true, norm: false, rotary: false }],
  ["gpt2", { bias: true, outputBias: true, norm: false, rotary: false }],
  ["qwen2", { bias: true, outputBias: false, norm: false, rotary: true }],
  ["llama", { bias: false, outputBias: false, norm: false, rotary: true }],
] as const)(
  "projections says what %s's queries, keys and values are beside products",
  async (name, expected) => {
    const model = await loadModel(goldenFiles(name), { workers: 0 });
    expect(model.projections).toEqual(expected);
    model.dispose();
  },
);
