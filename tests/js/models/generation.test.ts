// What a model's files and a caller ask of a text: against a plain loop over run()'s logits, in which transformers' logits
// processors are written out once more, and file by file.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine, type Engine } from "heed";
import { loadModel, type GenerateOptions, type Model, type ModelFiles } from "heed/models";
import { byteTokenizer, goldenFiles, rejection, safetensors, tinyConfig, tinyModel } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";
import { madeBart } from "./made_encoder_decoders.js";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.dispose());

async function idsOf(model: Model, text: string, options: GenerateOptions): Promise<number[]> {
  const ids: number[] = [];
  await model.generate(text, { ...options, onToken: ({ id }) => ids.push(id) });
  return ids;
}

/** A generation_config.json, whole. */
interface Rules {
  eos_token_id: number;
  decoder_start_token_id?: number;
  forced_bos_token_id?: number;
  forced_eos_token_id?: number;
  repetition_penalty: number;
  no_repeat_ngram_size: number;
  suppress_tokens: number[];
  begin_suppress_tokens: number[];
  bad_words_ids: number[][];
}

/** Which tokens may come next, and with which score; the others are left out. */
function scores(logits: Float32Array, so_far: number[], made: number, count: number, rules: Rules) {
  const { forced_bos_token_id: first, forced_eos_token_id: last, no_repeat_ngram_size: n } = rules;
  if (made === count - 1 && last !== undefined) return new Map([[last, 0]]);
  if (made === 0 && first !== undefined) return new Map([[first, 0]]);
  const candidates = new Map<number, number>();
  const grams = new Set(
    so_far.map((_, i) => so_far.slice(i, i + n)).flatMap((g) => (g.length === n ? [String(g)] : [])),
  );
  logits.forEach((logit, id) => {
    const after = [...so_far, id];
    if (n > 0 && grams.has(String(after.slice(-n)))) return;
    if (
      rules.bad_words_ids.some(
        (word) => !word.includes(rules.eos_token_id) && `,${after},`.endsWith(`,${word},`),
      )
    )
      return;
    if (rules.suppress_tokens.includes(id)) return;
    if (made === (first === undefined ? 0 : 1) && rules.begin_suppress_tokens.includes(id)) return;
    const raised = logit > 0 ? logit / rules.repetition_penalty : logit * rules.repetition_penalty;
    candidates.set(id, so_far.includes(id) ? raised : logit);
  });
  return candidates;
}

/** Greedy, each token by a run of its own, up to an end, `count` or two tokens that are as good as equal. */
async function plainLoop(
  logitsOf: (so_far: number[]) => Promise<Float32Array>,
  prompt: number[],
  count: number,
  rules: Rules,
): Promise<{ ids: number[]; tied: boolean }> {
  const ids: number[] = [];
  while (ids.length < count) {
    const so_far = [...prompt, ...ids];
    const ranked = [...scores(await logitsOf(so_far), so_far, ids.length, count, rules)].sort(
      ([, a], [, b]) => b - a,
    );
    const [[id, best], [, second]] = [ranked[0] ?? [rules.eos_token_id, 0], ranked[1] ?? [0, -Infinity]];
    if (best - second < 1e-3) return { ids, tied: true };
    if (id === rules.eos_token_id) break;
    ids.push(id);
  }
  return { ids, tied: false };
}

const free: Rules = {
  ...{ eos_token_id: 3, repetition_penalty: 1, no_repeat_ngram_size: 0 },
  ...{ suppress_tokens: [], begin_suppress_tokens: [], bad_words_ids: [] },
};

const changes: [string, Partial<Rules>][] = [
  ["none", {}],
  ["repetition_penalty", { repetition_penalty: 1.7 }],
  ["a repetition_penalty that rewards", { repetition_penalty: 0.6, forced_bos_token_id: 7 }],
  ["no_repeat_ngram_size 1", { no_repeat_ngram_size: 1 }],
  ["no_repeat_ngram_size 2", { no_repeat_ngram_size: 2 }],
  ["no_repeat_ngram_size 3", { no_repeat_ngram_size: 3 }],
  ["suppress_tokens", { suppress_tokens: [0, 7] }],
  ["begin_suppress_tokens", { begin_suppress_tokens: [0, 5] }],
  ["bad_words_ids", { bad_words_ids: [[1], [0, 0, 0], [5, 0], [3]] }],
  ["forced_eos_token_id", { forced_eos_token_id: 3 }],
  ["forced_bos_token_id", { forced_bos_token_id: 7 }],
  [
    "all of them",
    {
      ...{ forced_bos_token_id: 7, forced_eos_token_id: 3, repetition_penalty: 1.3, no_repeat_ngram_size: 2 },
      ...{
        suppress_tokens: [1],
        begin_suppress_tokens: [0, 5],
        bad_words_ids: [
          [9, 10],
          [10, 6],
        ],
      },
    },
  ],
];

describe("an encoder-decoder against the plain loop:", () => {
  const count = 10;
  const [text, start] = ["the cat sat on", 2];
  let reference: Model;
  let source: number[];
  let spoken: number[];
  beforeAll(async () => {
    reference = await loadModel(madeBart().files, { engine });
    source = reference.tokenize(text).map(({ id }) => id);
  });
  afterAll(() => reference.dispose());
  const logitsOf = async (targetIds: number[]): Promise<Float32Array> => {
    const { target } = await reference.run({ ids: source, targetIds });
    if (!target) throw new Error("the run has no target");
    return target.logits(targetIds.length - 1);
  };
  const expected = async (rules: Rules): Promise<number[]> => {
    const { ids, tied } = await plainLoop(logitsOf, [start], count, rules);
    expect(tied).toBe(false);
    return ids;
  };

  beforeAll(async () => {
    spoken = await expected({ ...free, decoder_start_token_id: start });
  });

  test.each(changes)("%s", async (_, change) => {
    const rules = { ...free, decoder_start_token_id: start, ...change };
    const wanted = await expected(rules);
    expect(wanted.length).toBeGreaterThan(1);
    expect(wanted).not.toEqual(Object.keys(change).length > 0 ? spoken : undefined);
    // Once in generation_config.json, once in config.json.
    const { files } = madeBart();
    const inConfig = madeBart({}, rules).files;
    for (const its of [{ ...files, generationConfig: rules }, inConfig] as ModelFiles[]) {
      const model = await loadModel(its, { engine });
      expect(await idsOf(model, text, { maxTokens: count })).toEqual(wanted);
      model.dispose();
    }
  });

  test("options count more than files, and a token is named by its word or its id", async () => {
    const generationConfig = {
      ...free,
      decoder_start_token_id: start,
      forced_bos_token_id: 6,
      repetition_penalty: 3,
    };
    const model = await loadModel({ ...madeBart().files, generationConfig }, { engine });
    const rules = {
      ...generationConfig,
      forced_bos_token_id: 10,
      repetition_penalty: 1.2,
      no_repeat_ngram_size: 2,
    };
    const wanted = await expected(rules);
    expect(wanted[0]).toBe(10);
    const options = { maxTokens: count, repetitionPenalty: 1.2, noRepeatNgramSize: 2 };
    for (const forcedBos of ["mat", 10])
      expect(await idsOf(model, text, { ...options, forcedBos })).toEqual(wanted);
    expect((await idsOf(model, text, { maxTokens: count }))[0]).toBe(6);
    model.dispose();
  });

  test.each([
    ["matt", /forcedBos is "matt"; expected a token of the vocabulary, or its id/],
    [11, /forcedBos is 11/],
    [-1, /forcedBos is -1/],
    [null, /forcedBos is null/],
  ])("forcedBos %j is refused", async (forcedBos, message) => {
    const refused = await rejection(reference.generate(text, { forcedBos: forcedBos as never }));
    expect(refused).toMatchObject({ code: "invalid-argument", message: expect.stringMatching(message) });
  });
});

describe("a GPT-2 against the plain loop:", () => {
  const [text, count] = ["The animal", 16];
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(goldenFiles("gpt2"), { engine });
  });
  afterAll(() => model.dispose());

  test.each<[string, Partial<Rules>]>([
    ["repetition_penalty", { repetition_penalty: 4 }],
    ["no_repeat_ngram_size 2", { no_repeat_ngram_size: 2 }],
    ["both", { repetition_penalty: 1.1, no_repeat_ngram_size: 3 }],
  ])("%s, of which the prompt is a part", async (_, change) => {
    const prompt = model.tokenize(text).map(({ id }) => id);
    const logitsOf = async (ids: number[]) => (await model.run({ ids })).logits(ids.length - 1);
    const rules = { ...free, eos_token_id: model.config["eos_token_id"] as number, ...change };
    const { ids } = await plainLoop(logitsOf, prompt, count, rules);
    expect(ids.length).toBeGreaterThan(5);
    expect(ids).not.toEqual((await idsOf(model, text, { maxTokens: count })).slice(0, ids.length));
    const options = {
      ...(change.repetition_penalty !== undefined && { repetitionPenalty: change.repetition_penalty }),
      ...(change.no_repeat_ngram_size !== undefined && { noRepeatNgramSize: change.no_repeat_ngram_size }),
    };
    expect((await idsOf(model, text, { maxTokens: count, ...options })).slice(0, ids.length)).toEqual(ids);
  });
});

/** A made-up GPT-2 of which "a" is always the most probable token, then "b", and so on. */
const alphabet = (files: Partial<ModelFiles> = {}) =>
  fakeModels({
    logits: () => Float32Array.from({ length: 300 }, (_, id) => (id > 97 ? 300 - id : -id - 1)),
  }).loadModel({ ...tinyModel({ config: tinyConfig({ n_positions: 64 }) }), ...files });

describe("the files", () => {
  const say = async (files: Partial<ModelFiles>, options: GenerateOptions = {}): Promise<string> =>
    (await alphabet(files)).generate("p", { maxTokens: 3, ...options });
  const config = (more: object) => tinyConfig({ n_positions: 64, ...more });

  test("as text, bytes, or an object; chance and length are not taken from them", async () => {
    const asked = { bad_words_ids: [[98]], do_sample: true, temperature: 9, max_length: 1, num_beams: 4 };
    const json = JSON.stringify(asked);
    for (const generationConfig of [asked, json, new TextEncoder().encode(json)]) {
      expect(await say({ generationConfig })).toBe("bbb");
    }
  });

  test("generation_config.json's keys count, null too, and config.json's where it has none", async () => {
    const old = { eos_token_id: 98, suppress_tokens: [99] };
    expect(await say({ config: config(old) })).toBe("");
    expect(await say({ config: config(old), generationConfig: {} })).toBe("");
    expect(await say({ config: config(old), generationConfig: { eos_token_id: null } })).toBe("aaa");
    const first = { eos_token_id: [7, 100], begin_suppress_tokens: [98] };
    expect(await say({ config: config(old), generationConfig: first })).toBe("");
    expect(await say({ config: config(old), generationConfig: { ...first, suppress_tokens: null } })).toBe(
      "baa",
    );
  });

  test("the end of a text is no bad word", async () => {
    const generationConfig = { eos_token_id: 98, bad_words_ids: [[98], [99]] };
    expect(await say({ generationConfig })).toBe("");
  });

  test("an end that is forced, and is none, is said", async () => {
    expect(await say({ generationConfig: { forced_eos_token_id: 123 } })).toBe("aaz");
  });

  test("a text ends where nothing may follow", async () => {
    const all = Array.from({ length: 300 }, (_, id) => id);
    const generationConfig = { suppress_tokens: all.filter((id) => id !== 98 && id !== 99) };
    for (const temperature of [0, 1]) {
      const said = await say({ generationConfig }, { noRepeatNgramSize: 1, maxTokens: 9, temperature });
      expect([...said].sort().join("")).toBe("ab");
    }
  });

  test.each([
    ["above 0", 3, 2],
    ["below 0", -1, -1.5],
  ])("a penalty makes repeats rarer where logits are %s", async (_, ofA, ofB) => {
    const logits = () => new Float32Array(300).fill(-100).fill(ofA, 98, 99).fill(ofB, 99, 100);
    const model = await fakeModels({ logits }).loadModel(tinyModel());
    expect(await model.generate("p", { maxTokens: 3 })).toBe("aaa");
    // Twice as far: 3/2 < 2 and -1 · 2 < -1.5.
    expect(await model.generate("p", { maxTokens: 3, repetitionPenalty: 2 })).toBe("aba");
  });

  test("the caller's object is not kept", async () => {
    const generationConfig = { bad_words_ids: [[98]] };
    const model = await alphabet({ generationConfig });
    generationConfig.bad_words_ids.push([99]);
    expect(await model.generate("p", { maxTokens: 2 })).toBe("bb");
  });

  const many = Array.from({ length: 2 ** 16 + 1 }, () => 1);
  test.each<[string, unknown, RegExp]>([
    ["no object", [], /generation_config\.json is \[\]; expected an object/],
    ["null", "null", /generation_config\.json is null/],
    ["no JSON", "{", /generation_config\.json is not JSON/],
    ["a function in it", { a: () => 1 }, /generation_config\.json is too deep, or has values/],
    ["an end that is a word", { eos_token_id: "</s>" }, /generation_config\.json: "eos_token_id" is "<\/s>"/],
    ["an end of lists", { eos_token_id: [[1]] }, /"eos_token_id" is/],
    [
      "a forced end that is a word",
      { forced_eos_token_id: "x" },
      /"forced_eos_token_id" is "x"; expected a token id/,
    ],
    [
      "no penalty at all",
      { repetition_penalty: 0 },
      /"repetition_penalty" is 0; expected a finite number above 0/,
    ],
    ["a penalty that is a word", { repetition_penalty: "1.2" }, /"repetition_penalty" is "1\.2"/],
    ["half an n-gram", { no_repeat_ngram_size: 1.5 }, /"no_repeat_ngram_size" is 1\.5/],
    [
      "a negative token",
      { suppress_tokens: [-1] },
      /"suppress_tokens" is \[-1\]; expected a token id or a list/,
    ],
    ["too many tokens", { begin_suppress_tokens: many }, /"begin_suppress_tokens" is .*at most 65536/],
    [
      "bad words that are an object",
      { bad_words_ids: { length: 1 } },
      /"bad_words_ids" is .*a list of lists/,
    ],
    ["a bad word of nothing", { bad_words_ids: [[]] }, /"bad_words_ids" is/],
    ["a bad word that is none", { bad_words_ids: [3] }, /"bad_words_ids" is \[3\]/],
  ])("%s is refused, and the next model loads", async (_, generationConfig, message) => {
    const refused = await rejection(alphabet({ generationConfig: generationConfig as object }));
    expect(refused).toMatchObject({ code: "invalid-model", message: expect.stringMatching(message) });
    await alphabet();
  });

  test.each([
    [
      "decoder_start_token_id",
      99,
      /generation_config\.json: "decoder_start_token_id" is 99; expected a token id below 11/,
    ],
    ["forced_bos_token_id", "x", /generation_config\.json: "forced_bos_token_id" is "x"/],
    ["pad_token_id", -2, /generation_config\.json: "pad_token_id" is -2/],
  ])("of an encoder-decoder a false %s is refused", async (key, value, message) => {
    const refused = await rejection(
      loadModel({ ...madeBart().files, generationConfig: { [key]: value } }, { engine }),
    );
    expect(refused).toMatchObject({ code: "invalid-model", message: expect.stringMatching(message) });
  });
});

describe("where they come from", () => {
  const files: Record<string, BlobPart> = {
    "config.json": JSON.stringify(tinyConfig({ n_positions: 64 })),
    "tokenizer.json": JSON.stringify(byteTokenizer()),
    "model.safetensors": safetensors({}),
  };
  const answering = (site: Record<string, BlobPart>) => async (input: URL | string | Request) => {
    const found = site[new URL(String(input)).pathname.slice(3)];
    return found === undefined ? new Response("", { status: 404 }) : new Response(found as BodyInit);
  };
  const fakes = () => fakeModels({ logits: () => new Float32Array(300).fill(1, 98).fill(2, 98, 99) });
  const bad = { "generation_config.json": '{ "bad_words_ids": [[98]] }' };

  test("a folder's address", async () => {
    const said = async (site: Record<string, BlobPart>) => {
      const model = await fakes().loadModel("https://example.org/m", {
        fetch: answering(site) as typeof fetch,
      });
      return model.generate("p", { maxTokens: 2 });
    };
    expect(await said(files)).toBe("aa");
    expect(await said({ ...files, ...bad })).toBe("bb");
    const long = { ...files, "generation_config.json": `{}${" ".repeat(1 << 20)}` };
    expect(await rejection(said(long))).toMatchObject({
      code: "invalid-model",
      message: "generation_config.json is longer than 1048576 bytes",
    });
  });

  test("dropped files", async () => {
    const dropped = Object.entries({ ...files, ...bad }).map(([name, content]) => new File([content], name));
    expect(await (await fakes().loadModel(dropped)).generate("p", { maxTokens: 2 })).toBe("bb");
  });
});

test.each<[string, object, RegExp]>([
  ["a penalty of 0", { repetitionPenalty: 0 }, /repetitionPenalty is 0; expected a finite number above 0/],
  ["a penalty that is a word", { repetitionPenalty: "2" }, /repetitionPenalty is "2"/],
  ["an endless penalty", { repetitionPenalty: Infinity }, /repetitionPenalty is/],
  ["a negative n", { noRepeatNgramSize: -1 }, /noRepeatNgramSize is -1; expected an integer of at least 0/],
  ["forcedBos without a decoder", { forcedBos: "a" }, /forcedBos is for encoder-decoders; a gpt2 model's/],
])("generate() refuses %s", async (_, options, message) => {
  const model = await alphabet();
  const refused = await rejection(model.generate("p", options));
  expect(refused).toMatchObject({ code: "invalid-argument", message: expect.stringMatching(message) });
  expect(await model.generate("p", { maxTokens: 2 })).toBe("aa");
});
