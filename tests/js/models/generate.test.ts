// Texts continued: transformers' greedy tokens, sampling, and everything that ends it.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { loadModel, type GeneratedToken, type GenerateOptions, type Model } from "heed/models";
import { difference, readJson } from "../../fixtures/read.js";
import {
  byteTokenizer,
  goldenFiles,
  rejection,
  safetensors,
  tinyBertConfig,
  tinyConfig,
  tinyModel,
} from "./checkpoint.js";
import { chooseToken, randomNumbers, softmax, type Sampling } from "../../../wasm/models/probabilities.js";
import { fakeModels, type FakeNative } from "./fake_native.js";

interface Greedy {
  prompt: string;
  generated_ids: number[];
  top1_minus_top2: number[];
}

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

/** A made-up model that says one letter after the other: the logits of the n-th step are chosen by a test. */
async function speaker(logitsOf: (step: number) => Record<number, number>, config: object = {}) {
  let step = 0;
  const fake = fakeModels({
    forward: (ids) => ({ finalHidden: new Float32Array(4 * ids.length) }),
    logits: () => {
      const logits = new Float32Array(300).fill(-1000);
      for (const [id, logit] of Object.entries(logitsOf(step++))) logits[Number(id)] = logit;
      return logits;
    },
  });
  const model = await fake.loadModel({
    config: tinyConfig({ n_positions: 64, ...config }),
    tokenizer: byteTokenizer(),
    weights: safetensors({}),
  });
  return { model, native: () => fake.natives[0] as FakeNative, restart: () => (step = 0) };
}

const id = (byte: number): number => byte + 1;
const letters = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  return (step: number): Record<number, number> => ({ [step < bytes.length ? id(bytes[step] ?? 0) : 0]: 5 });
};

describe.each([
  ["gpt2", 0],
  ["sharded-gpt2", 3],
  ["llama", 0],
  ["llama-oldrope", 0],
  ["llama-rope3", 0],
  ["mistral", 0],
  ["qwen2", 0],
  ["bf16-llama", 0],
] as [string, number][])("greedy, as transformers: %s", (name, shards) => {
  const { greedy } = readJson<{ greedy: Greedy }>(`golden/models/${name}/expected.json`);
  const { eos_token_id } = readJson<{ eos_token_id: number }>(`golden/models/${name}/config.json`);
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(goldenFiles(name, shards), { engine });
  });
  afterAll(() => model.dispose());

  test("token for token", async () => {
    // The reference goes on behind an end token; where the two best are as good as equal, either is right.
    const end = greedy.generated_ids.indexOf(eos_token_id);
    const tie = greedy.top1_minus_top2.findIndex((margin) => margin < 1e-3);
    const count = Math.min(...[end, tie, greedy.generated_ids.length].filter((k) => k >= 0));
    expect(count).toBeGreaterThan(8);
    const ids: number[] = [];
    let said = "";
    const text = await model.generate(greedy.prompt, {
      maxTokens: count,
      onToken: (token) => {
        ids.push(token.id);
        said += token.text;
      },
    });
    expect(ids).toEqual(greedy.generated_ids.slice(0, count));
    expect(text.startsWith(said)).toBe(true);
    expect(text.slice(said.length)).toMatch(/^\ufffd?$/);
  });

  test("is what run() predicts, without a cache", async () => {
    const ids: number[] = [];
    await model.generate(greedy.prompt, { maxTokens: 4, onToken: (token) => ids.push(token.id) });
    const so_far = model.tokenize(greedy.prompt).map((token) => token.id);
    for (const next of ids) {
      const run = await model.run({ ids: so_far });
      expect(run.predictions(so_far.length - 1, 1)[0]?.id).toBe(next);
      so_far.push(next);
    }
  });

  test("attention: each token's is what a run looks at where it is predicted", async () => {
    const tokens: GeneratedToken[] = [];
    const onToken = (token: GeneratedToken): unknown => tokens.push(token);
    await model.generate(greedy.prompt, { maxTokens: 3, attention: true, onToken });
    const soFar = model.tokenize(greedy.prompt).map((token) => token.id);
    for (const { id, attention, crossAttention } of tokens) {
      const run = await model.run({ ids: soFar });
      for (let layer = 0; layer < model.numLayers; layer++) {
        for (let head = 0; head < model.numHeads; head++) {
          const row = run.attention(layer, head).slice(-soFar.length);
          expect(difference(attention?.(layer, head) ?? [], row, { atol: 1e-5, rtol: 0 })).toBe("");
        }
      }
      expect(() => attention?.(model.numLayers, 0)).toThrow(
        expect.objectContaining({ code: "invalid-argument" }),
      );
      expect(crossAttention).toBeUndefined();
      soFar.push(id);
    }
    await model.generate(greedy.prompt, { maxTokens: 1, onToken });
    expect(tokens.map(({ attention }) => typeof attention)).toEqual([
      ...["function", "function", "function"],
      "undefined",
    ]);
  });
});

test("heed-gpt: its verb agrees with a subject that is far off", async () => {
  const model = await loadModel("heed-gpt", { engine });
  const text = await model.generate("The cat near the dogs,", { maxTokens: 8 });
  expect((await model.generate("The cat near the dogs,")).startsWith(text)).toBe(true);
  expect(text.length).toBeGreaterThan(0);
  expect(await model.generate("The cat near the dogs,", { maxTokens: 8 })).toBe(text);
  model.dispose();
});

describe("the cache", () => {
  test("has room for all, takes the prompt at once and then a token at a time, and is freed", async () => {
    const { model, native } = await speaker(letters("xyz"));
    expect(await model.generate("ab", { maxTokens: 10 })).toBe("xyz");
    expect(native().forwards.map(({ tokenIds }) => tokenIds)).toEqual([[98, 99], [121], [122], [123]]);
    expect(native().forwards.every(({ options }) => options.useCache === true)).toBe(true);
    expect(native().caches).toEqual([12, 0]);
  });

  test("is freed after a failure", async () => {
    const { model, native } = await speaker(letters("xyz"));
    const onToken = (): never => {
      throw new Error("mine");
    };
    await expect(model.generate("ab", { maxTokens: 3, onToken })).rejects.toThrow("mine");
    expect(native().caches.at(-1)).toBe(0);
    expect(await model.generate("ab", { maxTokens: 1 })).toBe("y");
  });

  test("is never shared: a second text waits for the first", async () => {
    const slow = fakeModels({
      forward: (ids) => {
        const until = performance.now() + 20;
        while (performance.now() < until);
        return { finalHidden: new Float32Array(4 * ids.length) };
      },
      logits: () => new Float32Array(300).fill(1, 98, 99),
    });
    const model = await slow.loadModel(tinyModel());
    const texts = [model.generate("p", { maxTokens: 2 }), model.generate("q", { maxTokens: 2 })];
    expect(await Promise.all(texts)).toEqual(["aa", "aa"]);
    expect(slow.natives[0]?.caches).toEqual([3, 0, 3, 0]);
    expect(slow.natives[0]?.forwards.map(({ tokenIds }) => tokenIds[0])).toEqual([113, 98, 114, 98]);
  });
});

describe("the end", () => {
  test("is maxTokens", async () => {
    const { model } = await speaker(letters("abcdef"));
    expect(await model.generate("p", { maxTokens: 3 })).toBe("abc");
  });

  test("is an end token, which is not said", async () => {
    const { model } = await speaker(letters("ab"));
    const said: string[] = [];
    expect(await model.generate("p", { maxTokens: 9, onToken: ({ text }) => said.push(text) })).toBe("ab");
    expect(said).toEqual(["a", "b"]);
  });

  test("is any of several end tokens", async () => {
    const { model } = await speaker(letters("ab"), { eos_token_id: [7, id(98)] });
    expect(await model.generate("p", { maxTokens: 9 })).toBe("a");
  });

  test("is the model's length", async () => {
    const { model } = await speaker(letters("a".repeat(99)));
    expect(await model.generate("p".repeat(60), { maxTokens: 99 })).toBe("aaaa");
    expect(await model.generate("p".repeat(64), { maxTokens: 99 })).toBe("");
    expect(await rejection(model.generate("p".repeat(65), { maxTokens: 1 }))).toMatchObject({
      code: "invalid-argument",
      message: "the text is 65 tokens long; the model takes at most 64, 1 fewer",
    });
  });
});

describe("characters spread over tokens", () => {
  test("are said when they are whole", async () => {
    const { model } = await speaker(letters("aé👍"));
    const said: string[] = [];
    expect(await model.generate("p", { maxTokens: 9, onToken: ({ text }) => said.push(text) })).toBe("aé👍");
    expect(said).toEqual(["a", "", "é", "", "", "", "👍"]);
  });

  test("that the end cuts apart become U+FFFD", async () => {
    const { model } = await speaker(letters("a👍"));
    expect(await model.generate("p", { maxTokens: 3 })).toBe("a\ufffd");
  });
});

describe("sampling", () => {
  // Probabilities of a, b, c, d: 0.4, 0.3, 0.2, 0.1.
  const four = (): Record<number, number> => ({
    [id(97)]: Math.log(4),
    [id(98)]: Math.log(3),
    [id(99)]: Math.log(2),
    [id(100)]: Math.log(1),
  });
  const say = async (options: Partial<GenerateOptions>): Promise<string> => {
    const { model } = await speaker(four, { n_positions: 4096 });
    return model.generate("p", { maxTokens: 2000, ...options });
  };
  const share = (text: string, letter: string): number => text.split(letter).length - 1;

  test("temperature 0, the default, takes the best", async () => {
    expect(await say({ maxTokens: 20 })).toBe("a".repeat(20));
  });

  test("where no logit is a number or above −Infinity, nothing is probable", () => {
    for (const nothing of [-Infinity, NaN]) {
      const logits = new Float32Array(4).fill(nothing);
      expect([...softmax(logits, 0.5)]).toEqual([0, 0, 0, 0]);
      const sampling = { temperature: 1, topK: undefined, topP: undefined };
      expect(chooseToken(logits, sampling, () => 0.9)).toBe(0);
    }
  });

  /** The choice among all tokens sorted, as it is defined. */
  function chooseSorted(logits: Float32Array, sampling: Sampling, random: () => number): number {
    const { topK, topP } = sampling;
    const probabilities = softmax(logits, sampling.temperature);
    const of = (id: number): number => probabilities[id] ?? 0;
    let ids = [...probabilities.keys()].sort((a, b) => of(b) - of(a) || a - b).slice(0, topK);
    const sum = (): number => ids.reduce((total, id) => total + of(id), 0);
    const least = (topP ?? 1) * sum();
    let reached = 0;
    if (topP !== undefined) ids = ids.slice(0, ids.findIndex((id) => (reached += of(id)) >= least) + 1);
    let left = random() * sum();
    return ids.find((id) => (left -= of(id)) < 0) ?? ids[0] ?? 0;
  }

  const noise = randomNumbers(7);
  const vocabularies = {
    "one token": () => 0,
    "equal tokens": () => 1,
    "a few values, many times each": () => Math.floor(4 * noise()),
    "much alike": () => 0.1 * noise(),
    "few probable": () => 20 * noise() ** 4,
    "some forbidden": () => (noise() < 0.5 ? -Infinity : 3 * noise()),
  };
  test.each(Object.entries(vocabularies))(
    "a seed's choices are those among all sorted: %s",
    (name, logit) => {
      const logits = Float32Array.from({ length: name === "one token" ? 1 : 100 }, logit);
      const random = { heap: randomNumbers(5), sort: randomNumbers(5) };
      for (const temperature of [0.5, 2]) {
        for (const topK of [undefined, 1, 7, 99, 9000]) {
          for (const topP of [undefined, 1e-9, 0.3, 0.6, 0.9, 1]) {
            const sampling = { temperature, topK, topP };
            const sorted = chooseSorted(logits, sampling, random.sort);
            expect([sampling, chooseToken(logits, sampling, random.heap)]).toEqual([sampling, sorted]);
          }
        }
      }
    },
  );

  test("temperature 1 follows the probabilities", async () => {
    const text = await say({ temperature: 1 });
    for (const [letter, probability] of Object.entries({ a: 0.4, b: 0.3, c: 0.2, d: 0.1 })) {
      expect(Math.abs(share(text, letter) / 2000 - probability)).toBeLessThan(0.04);
    }
  });

  test("a low temperature sharpens, a high one flattens", async () => {
    expect(share(await say({ temperature: 0.2 }), "a")).toBeGreaterThan(1400);
    expect(share(await say({ temperature: 100 }), "d")).toBeGreaterThan(400);
  });

  test("topK keeps the k best", async () => {
    expect(new Set(await say({ temperature: 1, topK: 2 }))).toEqual(new Set("ab"));
    expect(await say({ temperature: 1, topK: 1, maxTokens: 9 })).toBe("a".repeat(9));
  });

  test("topP keeps the fewest that reach p", async () => {
    expect(new Set(await say({ temperature: 1, topP: 0.39 }))).toEqual(new Set("a"));
    expect(new Set(await say({ temperature: 1, topP: 0.69 }))).toEqual(new Set("ab"));
    expect(new Set(await say({ temperature: 1, topP: 1 }))).toEqual(new Set("abcd"));
  });

  test("the same seed says the same, another seed something else", async () => {
    const text = await say({ temperature: 1, seed: 5, maxTokens: 40 });
    expect(await say({ temperature: 1, seed: 5, maxTokens: 40 })).toBe(text);
    expect(await say({ temperature: 1, seed: 6, maxTokens: 40 })).not.toBe(text);
  });

  test("logits far apart, infinite or NaN do not break it", async () => {
    const { model } = await speaker(() => ({ [id(97)]: 3e38, [id(98)]: -Infinity, [id(99)]: NaN }));
    expect(await model.generate("p", { maxTokens: 3, temperature: 0.01 })).toBe("aaa");
    expect(await model.generate("p", { maxTokens: 3 })).toBe("aaa");
    const { model: certain } = await speaker(() => ({ [id(97)]: Infinity, [id(98)]: 1 }));
    expect(await certain.generate("p", { maxTokens: 3, temperature: 1 })).toBe("aaa");
  });
});

describe("an AbortSignal", () => {
  test("that has fired stops it at once", async () => {
    const { model, native } = await speaker(letters("abc"));
    const error = await rejection(model.generate("p", { maxTokens: 3, signal: AbortSignal.abort("enough") }));
    expect(error).toMatchObject({ code: "aborted", cause: "enough" });
    expect(native().forwards).toEqual([]);
  });

  test("stops it between tokens, and the model goes on", async () => {
    const { model, native } = await speaker(letters("abcdefgh"));
    const controller = new AbortController();
    const onToken = ({ text }: { text: string }): void => {
      if (text === "c") controller.abort();
    };
    expect(
      await rejection(model.generate("p", { maxTokens: 8, signal: controller.signal, onToken })),
    ).toMatchObject({ code: "aborted" });
    expect(native().forwards).toHaveLength(3);
    expect(await model.generate("p", { maxTokens: 2 })).toBe("de");
  });

  test("is heard while it works: the event loop has its turns", async () => {
    const busy = fakeModels({
      forward: (ids) => {
        const until = performance.now() + 5;
        while (performance.now() < until);
        return { finalHidden: new Float32Array(4 * ids.length) };
      },
      logits: () => new Float32Array(300).fill(0, 1).fill(1, 5, 6),
    });
    const model = await busy.loadModel(tinyModel({ config: tinyConfig({ n_positions: 4096 }) }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 0);
    expect(
      await rejection(model.generate("p", { maxTokens: 4000, signal: controller.signal })),
    ).toMatchObject({ code: "aborted" });
    // The first turn comes after 16 ms: at least 5 of them are each token's.
    expect(busy.natives[0]?.forwards.length).toBeLessThanOrEqual(4);
  });
});

describe("what generate() refuses", () => {
  const cases: [string, unknown, unknown, RegExp][] = [
    ["options that are none", "p", null, /options is null/],
    ["no tokens at all", "p", { maxTokens: 0 }, /maxTokens is 0/],
    ["half a token", "p", { maxTokens: 1.5 }, /maxTokens is 1\.5/],
    ["a negative temperature", "p", { maxTokens: 1, temperature: -1 }, /temperature is -1/],
    ["an infinite temperature", "p", { maxTokens: 1, temperature: Infinity }, /temperature is/],
    ["topK 0", "p", { maxTokens: 1, topK: 0 }, /topK is 0/],
    ["topP 0", "p", { maxTokens: 1, topP: 0 }, /topP is 0; expected a number above 0 and at most 1/],
    ["topP above 1", "p", { maxTokens: 1, topP: 1.1 }, /topP is 1\.1/],
    ["a seed that is a word", "p", { maxTokens: 1, seed: "x" }, /seed is "x"/],
    ["onToken that is no function", "p", { maxTokens: 1, onToken: 3 }, /onToken is 3/],
    ["a text without tokens", "", { maxTokens: 1 }, /the text has no tokens/],
    ["no text", null, { maxTokens: 1 }, /text is null; expected a string/],
  ];
  test.each(cases)("%s", async (_, text, options, message) => {
    const { model } = await speaker(letters("a"));
    const error = await rejection(model.generate(text as never, options as never));
    expect({ code: error.code, message: error.message }).toEqual({
      code: "invalid-argument",
      message: expect.stringMatching(message),
    });
  });

  test("a model that is not causal", async () => {
    const model = await fakeModels().loadModel(tinyModel({ config: tinyBertConfig() }));
    expect(await rejection(model.generate("a", { maxTokens: 1 }))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/bert model fills gaps/),
    });
  });

  test("a checkpoint without a head", async () => {
    const { model, native } = await speaker(letters("a"));
    native().hasHead = false;
    expect(await rejection(model.generate("a", { maxTokens: 1 }))).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/no language-model head/),
    });
    const run = await model.run("a");
    expect(() => run.logits(0)).toThrow(/no language-model head/);
  });
});
