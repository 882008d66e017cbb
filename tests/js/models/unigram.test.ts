// Vocabularies of SentencePiece, Unigram with its table of replacements: T5's, XLM-RoBERTa's, Marian's.

import { describe, expect, test } from "@jest/globals";
import { loadModel, type Token } from "heed/models";
import { readJson } from "../../fixtures/read.js";
import { base64, charsmapBytes } from "./charsmap.js";
import { rejection, safetensors, tinyBertConfig, tinyModel } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";
import { madeT5 } from "./made_encoder_decoders.js";

interface Fixture {
  cases: {
    name: string;
    definition: Record<string, unknown>;
    texts: { text: string; ids: number[]; offsets?: [number, number][] }[];
  }[];
}

const marked = { type: "Metaspace", replacement: "▁", prepend_scheme: "always" };
const special: [string, number][] = [
  ["<pad>", 0],
  ["</s>", 0],
  ["<unk>", 0],
];

/** A tokenizer.json of these pieces and their scores, as T5's. */
const unigram = (pieces: [string, number][], changes: object = {}, model: object = {}): object => ({
  added_tokens: [{ id: 1, content: "</s>", special: true }],
  normalizer: null,
  pre_tokenizer: marked,
  post_processor: {
    type: "TemplateProcessing",
    single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "</s>", type_id: 0 } }],
    pair: [],
    special_tokens: { "</s>": { id: "</s>", ids: [1], tokens: ["</s>"] } },
  },
  decoder: marked,
  model: { type: "Unigram", unk_id: 2, vocab: [...special, ...pieces], ...model },
  ...changes,
});

const withMap = (map: unknown): object => ({
  normalizer: { type: "Precompiled", precompiled_charsmap: map },
});

const config = tinyBertConfig({ vocab_size: 2000, max_position_embeddings: 2000 });

async function tokenize(tokenizer: object, text: string): Promise<Token[]> {
  const model = await fakeModels().loadModel(tinyModel({ config, tokenizer }));
  return model.tokenize(text);
}

describe("ids and offsets of Hugging Face tokenizers", () => {
  const { cases } = readJson<Fixture>("unigram.json");
  test.each(cases)("$name", async ({ definition, texts }) => {
    const model = await fakeModels().loadModel(tinyModel({ config, tokenizer: definition }));
    expect(texts.length).toBeGreaterThan(20);
    for (const { text, ids, offsets } of texts) {
      const tokens = model.tokenize(text);
      expect({ text, ids: tokens.map(({ id }) => id) }).toEqual({ text, ids });
      if (!offsets) continue;
      const got = tokens.map(({ start, end }) => [start, end]);
      expect({ text, offsets: got }).toEqual({ text, offsets });
    }
  });
});

describe("by hand", () => {
  test("the best sum wins, not the longest piece first", async () => {
    // abc + d: -9; ab + cd: -4.
    const pieces: [string, number][] = [
      ["▁abc", -1],
      ["d", -8],
      ["▁ab", -2],
      ["cd", -2],
    ];
    const tokens = await tokenize(unigram(pieces), "abcd");
    expect(tokens.map(({ text, start, end }) => [text, start, end])).toEqual([
      ["▁ab", 0, 2],
      ["cd", 2, 4],
      ["</s>", 0, 0],
    ]);
  });

  test("of cuts of the same sum, the one whose last piece is longest", async () => {
    const pieces: [string, number][] = ["▁ab", "c", "▁a", "bc"].map((piece) => [piece, -2]);
    const tokens = await tokenize(unigram(pieces), "abc");
    expect(tokens.map(({ text }) => text)).toEqual(["▁a", "bc", "</s>"]);
  });

  test("unknown neighbours are one token, which stands for all of them", async () => {
    const tokens = await tokenize(unigram([["▁a", -1]]), "a🙂zb");
    expect(tokens.map(({ id, start, end }) => [id, start, end])).toEqual([
      [3, 0, 1],
      [2, 1, 5],
      [1, 0, 0],
    ]);
  });

  test("behind a replacement that is longer or empty, ranges still are those of the text", async () => {
    const map = withMap(base64(charsmapBytes({ ﬁ: "fi", "\u0001": "" })));
    const pieces: [string, number][] = ["▁fi", "sh", "▁s"].map((piece) => [piece, -1]);
    const text = "ﬁsh \u0001s";
    const tokens = (await tokenize(unigram(pieces, map), text)).slice(0, -1);
    expect(tokens.map(({ text: piece, start, end }) => [piece, text.slice(start, end).trim()])).toEqual([
      ["▁fi", "ﬁ"],
      ["sh", "sh"],
      ["▁s", "\u0001s"],
    ]);
  });

  test("a text of 200,000 characters is read in its length's time", async () => {
    const pieces: [string, number][] = ["a", "aa", "aaa", "▁a"].map((piece, i) => [piece, -3 + i]);
    const map = withMap(base64(charsmapBytes({ "\t": " " })));
    const tokens = await tokenize(unigram(pieces, map), "a".repeat(200_000));
    expect(tokens.at(-2)?.end).toBe(200_000);
  });
});

describe("hostile or damaged", () => {
  const bytes = charsmapBytes({ a: "b" });
  const trieToNowhere = bytes.slice();
  new DataView(trieToNowhere.buffer).setUint32(4, 0x3fffff << 10, true);
  const badText = charsmapBytes({ a: "b" });
  badText[badText.length - 2] = 0xff;
  const cases: [string, object, string, RegExp][] = [
    ["no pieces", unigram([], {}, { vocab: [] }), "invalid-model", /model\.vocab is empty/],
    ["an object of pieces", unigram([], {}, { vocab: { a: 0 } }), "invalid-model", /model\.vocab/],
    ["a piece without a score", unigram([["a", undefined as never]]), "invalid-model", /vocab\[3\]\[1\]/],
    ["a score that is no number", unigram([["a", NaN]]), "invalid-model", /finite score/],
    ["half a character", unigram([["\ud83d", -1]]), "invalid-model", /half characters/],
    ["an endless piece", unigram([["a".repeat(257), -1]]), "unsupported-model", /257 UTF-16 units/],
    ["no unknown token", unigram([], {}, { unk_id: null }), "unsupported-model", /unk_id is missing/],
    ["an unknown token beyond the pieces", unigram([], {}, { unk_id: 3 }), "invalid-model", /unk_id is 3/],
    ["a table that is no text", unigram([], withMap(3)), "invalid-model", /precompiled_charsmap/],
    ["a table that is not base64", unigram([], withMap("!")), "invalid-model", /not base64/],
    ["an empty table", unigram([], withMap("")), "invalid-model", /precompiled_charsmap/],
    ["half a table", unigram([], withMap(base64(bytes.slice(0, 40)))), "invalid-model", /bytes and says/],
    ["replacements not in UTF-8", unigram([], withMap(base64(badText))), "invalid-model", /not UTF-8/],
  ];
  test.each(cases)("%s", async (_, tokenizer, code, message) => {
    const fake = fakeModels();
    const error = await rejection(fake.loadModel(tinyModel({ config, tokenizer })));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(fake.natives).toHaveLength(0);
  });

  test("a trie that leads out of the table is found where a text leads there, and the next text is read", async () => {
    const tokenizer = unigram([["▁", -1]], withMap(base64(trieToNowhere)));
    const model = await fakeModels().loadModel(tinyModel({ config, tokenizer }));
    expect(() => model.tokenize("a")).toThrow(expect.objectContaining({ code: "invalid-model" }));
    expect(model.tokenize("")).toHaveLength(1);
  });
});

test("a T5 with its vocabulary reads, looks and speaks", async () => {
  const spoken = ["▁the", "▁cat", "▁sat", "▁on", "▁a", "▁mat", "▁", "s"];
  const { files } = madeT5({}, { eos_token_id: 1 });
  const tokenizer = unigram(spoken.map((piece) => [piece, -1]));
  const folder = Object.entries({ "config.json": files.config, "tokenizer.json": tokenizer }).map(
    ([name, content]) => new File([JSON.stringify(content)], name),
  );
  const model = await loadModel([...folder, new File([files.weights as ArrayBuffer], "model.safetensors")]);
  const run = await model.run({ text: "the cat sat", target: "a mat" });
  expect(run.tokens.map(({ id }) => id)).toEqual([3, 4, 5, 1]);
  expect(run.target?.tokens.map(({ id }) => id)).toEqual([0, 7, 8]);
  expect(run.target?.crossAttention(0, 0)).toHaveLength(3 * 4);
  const said: number[] = [];
  const options = {
    maxTokens: 8,
    temperature: 20,
    seed: 3,
    onToken: ({ id }: { id: number }) => said.push(id),
  };
  const text = await model.generate("the cat sat", options);
  // Its weights are drawn at random: hot enough, it says words.
  expect(said.filter((id) => id > 2).length).toBeGreaterThan(3);
  const spelled = said.map((id) => spoken[id - 3]?.replace("▁", " ") ?? special[id]?.[0]);
  expect(text).toBe(spelled.join("").replace(/^ /, ""));
  model.dispose();
});

test("a folder with SentencePiece's own file alone is refused by that file's name", async () => {
  const names = ["source.spm", "vocab.json"].map((name) => new File(["{}"], name));
  const json = new File([JSON.stringify(config)], "config.json");
  const error = await rejection(
    loadModel([json, ...names, new File([safetensors({})], "model.safetensors")]),
  );
  expect([error.code, error.message]).toEqual(["unsupported-model", expect.stringMatching(/source\.spm/)]);
});
