// Tokenizers and texts that mean harm, or were damaged on the way.

import { describe, expect, test } from "@jest/globals";
import type { Model } from "heed/models";
import { byteTokenizer, rejection, tinyConfig, tinyModel, wordTokenizer } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

const modelOf = (tokenizer: object): Promise<Model> =>
  fakeModels().loadModel(tinyModel({ config: tinyConfig(), tokenizer }));

describe("a text that is too long", () => {
  test("is refused before anything is done with it", async () => {
    const model = await modelOf(byteTokenizer());
    // Whatever is done with it takes longer than a test may.
    const error = await rejection(model.run("a".repeat(2 ** 28)));
    expect(error).toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("at most 1000000"),
    });
  });

  test("100,000 characters are tokenised in a few seconds", async () => {
    const model = await modelOf(byteTokenizer());
    expect(model.tokenize("a".repeat(100_000))).toHaveLength(100_000);
  });
});

describe("a hostile or damaged tokenizer.json", () => {
  const bert = (): any => wordTokenizer(["a"]);
  const cases: [string, unknown, string, RegExp][] = [
    ["an array", [], "invalid-model", /the file is \[\]; expected an object/],
    ["no model", { added_tokens: [] }, "invalid-model", /"model" is missing/],
    ["model null", byteTokenizer({ model: null }), "invalid-model", /model is null/],
    [
      "an unknown model",
      byteTokenizer({ model: { type: "WordLevel", vocab: {} } }),
      "unsupported-model",
      /WordLevel/,
    ],
    ["no vocabulary", byteTokenizer({ model: { type: "BPE", merges: [] } }), "invalid-model", /model\.vocab/],
    [
      "an id beyond the embeddings",
      byteTokenizer({ model: { type: "BPE", vocab: { a: 300 }, merges: [] } }),
      "invalid-model",
      /model\.vocab\["a"\] is 300; expected a token id from 0 to 299/,
    ],
    [
      "a negative id",
      byteTokenizer({ model: { type: "BPE", vocab: { a: -1 }, merges: [] } }),
      "invalid-model",
      /is -1/,
    ],
    [
      "a fractional id",
      byteTokenizer({ model: { type: "BPE", vocab: { a: 0.5 }, merges: [] } }),
      "invalid-model",
      /is 0\.5/,
    ],
    [
      "an added id beyond the embeddings",
      byteTokenizer({ added_tokens: [{ id: 4e9, content: "x" }] }),
      "invalid-model",
      /added_tokens\[0\]\.id is 4000000000/,
    ],
    [
      "an empty added token",
      byteTokenizer({ added_tokens: [{ id: 0, content: "" }] }),
      "invalid-model",
      /content is empty/,
    ],
    [
      "a merge of three",
      byteTokenizer({ model: { type: "BPE", vocab: { a: 0 }, merges: ["a b c"] } }),
      "invalid-model",
      /merges\[0\]/,
    ],
    [
      "a merge to nowhere",
      byteTokenizer({ model: { type: "BPE", vocab: { a: 0 }, merges: ["a a"] } }),
      "invalid-model",
      /"aa", which is not in model\.vocab/,
    ],
    [
      "merges that are no array",
      byteTokenizer({ model: { type: "BPE", vocab: { a: 0 }, merges: 3 } }),
      "invalid-model",
      /model\.merges is 3/,
    ],
    [
      "WordPiece without its unknown token",
      { ...bert(), model: { type: "WordPiece", vocab: { a: 0 }, unk_token: "[UNK]" } },
      "invalid-model",
      /unk_token/,
    ],
    [
      "a special token of the template beyond the embeddings",
      { ...bert(), post_processor: { type: "BertProcessing", cls: ["[CLS]", 999], sep: ["[SEP]", 3] } },
      "invalid-model",
      /post_processor\.cls\[1\] is 999/,
    ],
    [
      "a template with an unknown special token",
      {
        ...bert(),
        post_processor: {
          type: "TemplateProcessing",
          single: [{ SpecialToken: { id: "__proto__", type_id: 0 } }],
          pair: [],
          special_tokens: {},
        },
      },
      "invalid-model",
      /__proto__/,
    ],
    ["an unknown normaliser", byteTokenizer({ normalizer: { type: "Nmt" } }), "unsupported-model", /Nmt/],
    [
      "an unknown pre-tokenizer",
      byteTokenizer({ pre_tokenizer: { type: "UnicodeScripts" } }),
      "unsupported-model",
      /UnicodeScripts/,
    ],
    [
      "an unknown post-processor",
      byteTokenizer({ post_processor: { type: "Mystery" } }),
      "unsupported-model",
      /Mystery/,
    ],
    [
      "a pattern that is no regular expression",
      byteTokenizer({ pre_tokenizer: { type: "Split", pattern: { Regex: "(" }, behavior: "Isolated" } }),
      "invalid-model",
      /pattern/,
    ],
    [
      "a sequence in a sequence in a …",
      byteTokenizer({
        normalizer: Array.from({ length: 50 }).reduce(
          (inner) => ({ type: "Sequence", normalizers: [inner] }),
          { type: "NFC" },
        ),
      }),
      "invalid-model",
      /nested more than/,
    ],
  ];
  test.each(cases)("%s", async (_, tokenizer, code, message) => {
    const fake = fakeModels();
    const error = await rejection(
      fake.loadModel(tinyModel({ config: tinyConfig(), tokenizer: tokenizer as object })),
    );
    expect({ code: error.code, message: error.message }).toEqual({
      code,
      message: expect.stringMatching(message),
    });
    expect(error.message).toMatch(/^tokenizer\.json: /);
    expect(fake.natives).toHaveLength(0);
  });

  test("tokens named like parts of Object.prototype are ordinary tokens", async () => {
    const json = JSON.stringify(wordTokenizer(["constructor", "a"])).replace('"a":6', '"__proto__":6,"a":7');
    const model = await modelOf(JSON.parse(json) as object);
    expect(model.tokenize("constructor toString a").map(({ id }) => id)).toEqual([2, 5, 1, 7, 3]);
  });
});
