// Token ids, spellings and offsets against Hugging Face tokenizers, for every checkpoint, and texts nobody would type.

import { describe, expect, test } from "@jest/globals";
import { loadModel, type Model, type Token } from "heed/models";
import { readJson } from "../../fixtures/read.js";
import { byteTokenizer, tinyBertConfig, tinyModel, wordTokenizer } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

interface Expected {
  text: string;
  pair?: string;
  ids: number[];
  tokens: string[];
  offsets: [number, number][];
  offsets_utf16?: [number, number][];
  type_ids?: number[];
}

const checkpoints = [
  "bert",
  "bf16-llama",
  "distilbert",
  "f16-bert",
  "gpt2",
  "llama",
  "llama-oldrope",
  "llama-rope3",
  "mistral",
  "qwen2",
  "roberta",
  "sharded-gpt2",
];

/** A model with any tokenizer, whose forward pass is a fake: token types are read off what it is given. */
async function withTokenizer(tokenizer: object, vocabularySize = 300, tokenizerConfig?: object) {
  const fake = fakeModels();
  const config = tinyBertConfig({
    vocab_size: vocabularySize,
    max_position_embeddings: 2000,
    type_vocab_size: 2,
  });
  const model = await fake.loadModel({
    ...tinyModel({ config, tokenizer }),
    ...(tokenizerConfig ? { tokenizerConfig } : {}),
  });
  const typeIds = async (text: string, pair?: string): Promise<number[]> => {
    await model.run(pair === undefined ? text : { text, pair });
    return [...(fake.natives[0]?.forwards.at(-1)?.options.tokenTypes ?? [])];
  };
  return { model, typeIds };
}

const spans = (tokens: Token[]): [string, number, number][] =>
  tokens.map(({ text, start, end }) => [text, start, end]);

function checkTokens(model: Model, expected: Expected): void {
  const tokens = model.tokenize(expected.text, expected.pair);
  expect(tokens.map(({ id }) => id)).toEqual(expected.ids);
  expect(tokens.map(({ text }) => text)).toEqual(expected.tokens);
  expect(tokens.map(({ start, end }) => [start, end])).toEqual(expected.offsets_utf16 ?? expected.offsets);
}

describe.each(checkpoints)("%s", (name) => {
  const folder = `golden/models/${name}`;
  const golden = readJson<{ texts: Expected[]; tokenizer_texts: Expected[] }>(`${folder}/expected.json`);
  const { vocab_size } = readJson<{ vocab_size: number }>(`${folder}/config.json`);
  const load = () =>
    withTokenizer(
      readJson<object>(`${folder}/tokenizer.json`),
      vocab_size,
      readJson<object>(`${folder}/tokenizer_config.json`),
    );

  test(`tokenises ${golden.texts.length} texts and ${golden.tokenizer_texts.length} oddities`, async () => {
    const { model } = await load();
    for (const expected of [...golden.texts, ...golden.tokenizer_texts]) checkTokens(model, expected);
  });

  test("gives token types and tells the texts of a pair apart", async () => {
    const { model, typeIds } = await load();
    for (const expected of golden.texts) {
      if (expected.ids.length === 0) continue;
      expect(await typeIds(expected.text, expected.pair)).toEqual(expected.type_ids);
      if (expected.pair === undefined) continue;
      const second = model.tokenize(expected.text, expected.pair).filter((token) => token.sequence === 1);
      const words = second.filter((token) => !token.special);
      expect(words.map(({ start, end }) => expected.pair?.slice(start, end)).join("")).toBe(
        expected.pair.replaceAll(" ", ""),
      );
    }
  });
});

test.each(["heed-bert", "heed-gpt"])("%s tokenises its ten sentences", async (name) => {
  const seeds = readJson<Record<string, Expected>>(`models/${name}/reference/seeds.json`);
  const model = await loadModel(name);
  const sentences = Object.keys(seeds).filter((key) => /^seed\d$/.test(key));
  for (const key of sentences) checkTokens(model, seeds[key] as Expected);
  expect(sentences).toHaveLength(10);
});

describe("offsets through BertNormalizer", () => {
  const load = async () =>
    (await withTokenizer(wordTokenizer(["istanbul", "fi", "a", "##b", "strasse", "οδοσ", "你", "cafe", "e"])))
      .model;

  test.each([
    ["a dotted capital I, lower-cased to two", "İstanbul", [["istanbul", 0, 8]]],
    ["a final sigma is an ordinary one", "ΟΔΟΣ", [["οδοσ", 0, 4]]],
    [
      "control characters vanish",
      "a\u0000\u200db",
      [
        ["a", 0, 1],
        ["##b", 3, 4],
      ],
    ],
    [
      "combining marks stay outside",
      "cafe\u0301!",
      [
        ["cafe", 0, 4],
        ["[UNK]", 5, 6],
      ],
    ],
    [
      "an unknown word is one token",
      "zebra a",
      [
        ["[UNK]", 0, 5],
        ["a", 6, 7],
      ],
    ],
    [
      "ideographs are words",
      "a你a",
      [
        ["a", 0, 1],
        ["你", 1, 2],
        ["a", 2, 3],
      ],
    ],
    [
      "an ideograph beyond U+FFFF is one too",
      "a\u{20000}a",
      [
        ["a", 0, 1],
        ["[UNK]", 1, 3],
        ["a", 3, 4],
      ],
    ],
    [
      "a lone surrogate vanishes as U+FFFD does",
      "a\ud800 a",
      [
        ["a", 0, 1],
        ["a", 3, 4],
      ],
    ],
    ["only accents", "\u0301\u0301", []],
  ] as [string, string, [string, number, number][]][])("%s", async (_, text, expected) => {
    const model = await load();
    expect(spans(model.tokenize(text)).slice(1, -1)).toEqual(expected);
  });

  test("a special token that is typed is special and has its range", async () => {
    const model = await load();
    expect(model.tokenize("a[MASK]a")).toEqual([
      { id: 2, text: "[CLS]", start: 0, end: 0, special: true, sequence: 0 },
      { id: 7, text: "a", start: 0, end: 1, special: false, sequence: 0 },
      { id: 4, text: "[MASK]", start: 1, end: 7, special: true, sequence: 0 },
      { id: 7, text: "a", start: 7, end: 8, special: false, sequence: 0 },
      { id: 3, text: "[SEP]", start: 0, end: 0, special: true, sequence: 0 },
    ]);
  });

  test("a word of more than 100 characters is unknown, and quick", async () => {
    const model = await load();
    expect(spans(model.tokenize("a".repeat(101))).slice(1, -1)).toEqual([["[UNK]", 0, 101]]);
  });
});

describe("offsets of bytes", () => {
  test.each([
    [
      "é",
      [
        ["Ã", 0, 1],
        ["©", 0, 1],
      ],
    ],
    [
      "a\ud83d",
      [
        ["a", 0, 1],
        ["ï", 1, 2],
        ["¿", 1, 2],
        ["½", 1, 2],
      ],
    ],
    [
      "\u{1f642}",
      [
        ["ð", 0, 2],
        ["Ł", 0, 2],
        ["Ļ", 0, 2],
        ["Ĥ", 0, 2],
      ],
    ],
    [
      "a<|endoftext|>",
      [
        ["a", 0, 1],
        ["<|endoftext|>", 1, 14],
      ],
    ],
  ] as [string, [string, number, number][]][])("%j", async (text, expected) => {
    const { model } = await withTokenizer(byteTokenizer());
    expect(spans(model.tokenize(text))).toEqual(expected);
  });

  test("every range lies in the text and no token is lost, whatever the text", async () => {
    const { model } = await withTokenizer(byteTokenizer());
    let state = 1;
    const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
    for (let round = 0; round < 200; ++round) {
      const units = Array.from({ length: random(40) }, () =>
        random(8) === 0 ? random(0x10000) : random(128),
      );
      const text = String.fromCharCode(...units);
      let end = 0;
      for (const token of model.tokenize(text)) {
        expect(token.start).toBeGreaterThanOrEqual(0);
        expect(token.end).toBeLessThanOrEqual(text.length);
        expect(token.start).toBeLessThanOrEqual(end);
        expect(token.end).toBeGreaterThanOrEqual(end);
        end = token.end;
      }
      expect(end).toBe(text.length);
    }
  });
});

describe("added tokens", () => {
  const added = (changes: object) =>
    byteTokenizer({
      added_tokens: [{ id: 0, content: "<x>", special: true, normalized: false, ...changes }],
    });

  test.each([
    [
      "the leftmost",
      {},
      "a<x><x>",
      [
        ["a", 0, 1],
        ["<x>", 1, 4],
        ["<x>", 4, 7],
      ],
    ],
    [
      "lstrip takes the spaces before",
      { lstrip: true },
      "a  <x> b",
      [
        ["a", 0, 1],
        ["  <x>", 1, 6],
        ["Ġ", 6, 7],
        ["b", 7, 8],
      ],
    ],
    [
      "rstrip takes the spaces behind",
      { rstrip: true },
      "<x>  b",
      [
        ["<x>  ", 0, 5],
        ["b", 5, 6],
      ],
    ],
    [
      "single_word is not found inside a word",
      { single_word: true },
      "a<x>",
      [
        ["a", 0, 1],
        ["<", 1, 2],
        ["x", 2, 3],
        [">", 3, 4],
      ],
    ],
  ] as [string, object, string, [string, number, number][]][])("%s", async (_, changes, text, expected) => {
    const { model } = await withTokenizer(added(changes));
    expect(spans(model.tokenize(text))).toEqual(expected);
  });
});

describe("BPE without bytes", () => {
  const metaspace = (model: object, changes: object = {}): object => ({
    added_tokens: [{ id: 9, content: "<s>", special: true, normalized: false }],
    pre_tokenizer: { type: "Metaspace", prepend_scheme: "first", split: false },
    model: {
      type: "BPE",
      vocab: { "▁": 0, a: 1, "<unk>": 2, ab: 3 },
      merges: [],
      unk_token: "<unk>",
      ...model,
    },
    ...changes,
  });
  const tokens = async (tokenizer: object, text: string) =>
    spans((await withTokenizer(tokenizer)).model.tokenize(text));

  test("the mark goes in front of the text, not of what follows a special token", async () => {
    expect(await tokens(metaspace({}), "<s>a")).toEqual([
      ["<s>", 0, 3],
      ["a", 3, 4],
    ]);
    expect(await tokens(metaspace({}), "a<s>")).toEqual([
      ["▁", 0, 1],
      ["a", 0, 1],
      ["<s>", 1, 4],
    ]);
  });

  test("fuse_unk joins neighbours that are unknown", async () => {
    expect(await tokens(metaspace({ fuse_unk: true }), "axya")).toEqual([
      ["▁", 0, 1],
      ["a", 0, 1],
      ["<unk>", 1, 3],
      ["a", 3, 4],
    ]);
    expect(await tokens(metaspace({ fuse_unk: false }), "xy")).toEqual([
      ["▁", 0, 1],
      ["<unk>", 0, 1],
      ["<unk>", 1, 2],
    ]);
  });

  test("without an unknown token the unknown is left out, and the rest stays where it is", async () => {
    expect(await tokens(metaspace({ unk_token: null }), "axa")).toEqual([
      ["▁", 0, 1],
      ["a", 0, 1],
      ["a", 2, 3],
    ]);
  });

  test("ignore_merges takes a word of the vocabulary whole", async () => {
    const words = { pre_tokenizer: { type: "WhitespaceSplit" } };
    expect(await tokens(metaspace({ ignore_merges: true }, words), "ab")).toEqual([["ab", 0, 2]]);
    expect(await tokens(metaspace({}, words), "ab")).toEqual([
      ["a", 0, 1],
      ["<unk>", 1, 2],
    ]);
  });
});
