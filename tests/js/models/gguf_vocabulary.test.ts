// The vocabulary of GGUF files: ids and offsets as Hugging Face tokenizers', for every golden checkpoint that llama.cpp has
// an architecture for, from what its converter writes of the tokenizer.json; and vocabularies that can't be what they say.

import { describe, expect, test } from "@jest/globals";
import { readGgufHeader } from "../../../wasm/models/gguf/header.js";
import { Metadata } from "../../../wasm/models/gguf/metadata.js";
import { readVocabulary } from "../../../wasm/models/gguf/vocabulary.js";
import { createTokenizer } from "../../../wasm/models/tokenizer/tokenizer.js";
import { readJson } from "../../fixtures/read.js";
import { rejection } from "./checkpoint.js";
import { goldenCheckpoint, vocabularyValues } from "./gguf_checkpoint.js";
import { array, flag, ggufFile, text, uint, type GgufValue } from "./gguf_file.js";

interface Expected {
  texts: {
    text: string;
    pair?: string;
    ids: number[];
    offsets: [number, number][];
    offsets_utf16?: [number, number][];
  }[];
}

async function tokenizerOf(
  values: Record<string, GgufValue>,
  vocabularySize: number,
  architecture = "llama",
) {
  const file = ggufFile({ values: { "general.architecture": text(architecture), ...values } });
  const reader = { size: file.byteLength, read: () => Promise.resolve(new Uint8Array(file)) };
  const metadata = new Metadata(await readGgufHeader(reader, "x.gguf"));
  return createTokenizer(readVocabulary(metadata), vocabularySize);
}

describe.each([
  ...[
    "bert",
    "bf16-llama",
    "distilbert",
    "f16-bert",
    "gpt2",
    "llama",
    "llama-oldrope",
    "llama-rope3",
    "mistral",
  ],
  ...["qwen2"],
])("%s", (name) => {
  const checkpoint = goldenCheckpoint(name);
  const { texts } = readJson<Expected>(`golden/models/${name}/expected.json`);
  const size = checkpoint.config["vocab_size"] as number;

  test.each(texts.map((expected) => [expected.text, expected] as const))("%j", async (_, expected) => {
    const tokenizer = await tokenizerOf(vocabularyValues(checkpoint), size);
    const { tokens } = tokenizer.encode(expected.text, expected.pair);
    expect(tokens.map(({ id }) => id)).toEqual(expected.ids);
    expect(tokens.map(({ start, end }) => [start, end])).toEqual(expected.offsets_utf16 ?? expected.offsets);
  });
});

/** A vocabulary of SentencePiece: bytes, then these, each with its score and kind. */
function pieces(
  list: readonly [text: string, score: number, kind?: number][],
  changes: Record<string, GgufValue> = {},
) {
  const bytes = Array.from({ length: 256 }, (_, byte): [string, number, number] => [
    `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
    0,
    6,
  ]);
  const all: (readonly [string, number, number?])[] = [
    ["<unk>", 0, 2],
    ["<s>", 0, 3],
    ["</s>", 0, 3],
    ...bytes,
    ...list,
  ];
  return {
    "tokenizer.ggml.model": text("llama"),
    "tokenizer.ggml.tokens": array(
      "string",
      all.map(([token]) => token),
    ),
    "tokenizer.ggml.scores": array(
      "float32",
      all.map(([, score]) => score),
    ),
    "tokenizer.ggml.token_type": array(
      "int32",
      all.map(([, , kind]) => kind ?? 1),
    ),
    "tokenizer.ggml.bos_token_id": uint(1),
    "tokenizer.ggml.eos_token_id": uint(2),
    "tokenizer.ggml.unknown_token_id": uint(0),
    ...changes,
  };
}

describe("SentencePiece", () => {
  const letters = ["▁", "a", "b", "c"].map((letter): [string, number] => [letter, -100]);
  const words = async (values: Record<string, GgufValue>, typed: string): Promise<string[]> =>
    (await tokenizerOf(values, 400)).encode(typed).tokens.map(({ text: spelled }) => spelled);

  test("joins what has the best score first, not what comes first", async () => {
    const early = pieces([...letters, ["ab", -1], ["bc", -2], ["▁a", -3]]);
    const late = pieces([...letters, ["ab", -2], ["bc", -1], ["▁a", -3]]);
    expect(await words(early, "abc")).toEqual(["<s>", "▁", "ab", "c"]);
    expect(await words(late, "abc")).toEqual(["<s>", "▁a", "bc"]);
  });

  test("spells what it has no token for by its bytes", async () => {
    expect(await words(pieces(letters), "é")).toEqual(["<s>", "▁", "<0xC3>", "<0xA9>"]);
  });

  test("puts a space in front, and the marks of beginning and end, where the file says so", async () => {
    const changes = {
      "tokenizer.ggml.add_space_prefix": flag(false),
      "tokenizer.ggml.add_bos_token": flag(false),
      "tokenizer.ggml.add_eos_token": flag(true),
    };
    expect(await words(pieces(letters, changes), "a b")).toEqual(["a", "▁", "b", "</s>"]);
  });

  test("finds typed tokens as they are typed, and never those that are unused", async () => {
    const list: [string, number, number?][] = [...letters, ["<turn>", 0, 4], ["ab", 0, 5], ["[PAD9]", 0, 5]];
    expect(await words(pieces(list), "<turn>ab[PAD9]")).toEqual(
      ["<s>", "<turn>", "▁", "a", "b", ..."[PAD9]"].flatMap((token, i) => (i < 5 ? [token] : bytesOf(token))),
    );
  });
  const bytesOf = (char: string): string[] => [`<0x${char.charCodeAt(0).toString(16).toUpperCase()}>`];

  test("a token of 300 characters is refused: parting it would take its square", async () => {
    const error = await rejection(tokenizerOf(pieces([["a".repeat(300), 0]]), 400));
    expect(error).toMatchObject({ code: "unsupported-model" });
    expect(error.message).toMatch(/token 259 has 300 characters; expected at most 256/);
  });
});

describe("BERT's", () => {
  const values = (words: string[], changes: Record<string, GgufValue> = {}) => ({
    "tokenizer.ggml.model": text("bert"),
    "tokenizer.ggml.tokens": array("string", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ...words]),
    "tokenizer.ggml.cls_token_id": uint(2),
    "tokenizer.ggml.seperator_token_id": uint(3),
    "tokenizer.ggml.unknown_token_id": uint(1),
    ...changes,
  });
  const spelled = async (given: Record<string, GgufValue>, typed: string): Promise<string[]> =>
    (await tokenizerOf(given, 30, "bert")).encode(typed).tokens.map(({ text: token }) => token);

  test("capitals are kept by a vocabulary that has some, and by none that has not", async () => {
    expect(await spelled(values(["▁a", "▁b", "s"]), "As b")).toEqual(["[CLS]", "a", "##s", "b", "[SEP]"]);
    expect(await spelled(values(["▁A", "▁b", "s"]), "As b")).toEqual(["[CLS]", "A", "##s", "b", "[SEP]"]);
  });

  test("what the file says of capitals and accents wins", async () => {
    const changes = {
      "tokenizer.ggml.normalizer.lowercase": flag(false),
      "tokenizer.ggml.normalizer.strip_accents": flag(true),
    };
    expect(await spelled(values(["▁a", "▁e"], changes), "A é")).toEqual(["[CLS]", "[UNK]", "e", "[SEP]"]);
  });

  test("needs its separators", async () => {
    const file = { ...values(["▁a"]) } as Record<string, GgufValue>;
    delete file["tokenizer.ggml.seperator_token_id"];
    expect(await rejection(tokenizerOf(file, 30, "bert"))).toMatchObject({
      code: "invalid-model",
      message: expect.stringContaining('"tokenizer.ggml.seperator_token_id" is undefined'),
    });
  });
});

describe("byte-level", () => {
  const values = (changes: Record<string, GgufValue>) => ({
    ...vocabularyValues(goldenCheckpoint("gpt2")),
    ...changes,
  });
  const words = async (pre: string, typed: string): Promise<number> =>
    new Set(
      (await tokenizerOf(values({ "tokenizer.ggml.pre": text(pre) }), 400))
        .encode(typed)
        .words.filter((word) => word >= 0),
    ).size;

  test("words end where the name says", async () => {
    // "12345": one word, one of three digits and one of two, or five.
    expect(await words("gpt-2", "12345")).toBe(1);
    expect(await words("llama-bpe", "12345")).toBe(2);
    expect(await words("qwen2", "12345")).toBe(5);
    expect(await words("smollm", "12345")).toBe(5);
  });

  test("a file from before there were names: by its architecture, where that says enough", async () => {
    const old: Record<string, GgufValue> = values({});
    delete old["tokenizer.ggml.pre"];
    expect((await tokenizerOf(old, 400, "gpt2")).encode("a").tokens).toHaveLength(1);
    expect(await rejection(tokenizerOf(old, 400, "llama"))).toMatchObject({
      code: "unsupported-model",
      message: expect.stringContaining('no "tokenizer.ggml.pre"'),
    });
  });

  test("a text that two tokens have is the first one's", async () => {
    const tokens = ["a", "b", "a"];
    const file = {
      "tokenizer.ggml.model": text("gpt2"),
      "tokenizer.ggml.pre": text("gpt-2"),
      "tokenizer.ggml.tokens": array("string", tokens),
      "tokenizer.ggml.merges": array("string", []),
    };
    expect((await tokenizerOf(file, 3)).encode("aba").tokens.map(({ id }) => id)).toEqual([0, 1, 0]);
  });
});
