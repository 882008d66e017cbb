// Regular expressions of tokenizers: those in use run, and those that would never end don't.

import { describe, expect, test } from "@jest/globals";
import { isTame } from "../../../wasm/models/tokenizer/pattern_cost.js";
import { byteTokenizer, rejection, tinyModel } from "./checkpoint.js";
import { fakeModels } from "./fake_native.js";

const split = (pattern: object) => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, use_regex: false },
  ],
});
const load = (pattern: object) =>
  fakeModels().loadModel(tinyModel({ tokenizer: byteTokenizer({ pre_tokenizer: split(pattern) }) }));

describe("patterns in use", () => {
  const known: [model: string, pattern: string, pieces: string[]][] = [
    [
      "GPT-2",
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
      ["Ab", "'s", "123", "!", " "],
    ],
    [
      "Llama 3",
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      ["Ab", "'s", " ", "123", "!", " "],
    ],
    [
      "Qwen 2",
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      ["Ab", "'s", " ", "1", "2", "3", "!", " "],
    ],
    [
      "GPT-4o",
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      ["Ab's", " ", "123", "!", " "],
    ],
    ["digits in threes, from the right", "\\d{1,3}(?=(?:\\d{3})*\\b)", ["Ab's", "123", "!"]],
    ["BLOOM", " ?[^(\\s|[.,!?…。，、।۔،])]+", ["Ab's", "123", "!"]],
  ];
  test.each(known)("%s's", async (_, Regex, pieces) => {
    const model = await load({ Regex });
    // Words are shown without the spaces at their ends.
    expect((await model.run("Ab's 123! ")).words().map(({ text }) => text)).toEqual(pieces);
  });

  test("any literal", async () => {
    const String = `${"(a+)+".repeat(9)} {2,}\\1`;
    expect((await load({ String })).tokenize(String).map(({ start }) => start)).toEqual(
      [...String].map((_, i) => i),
    );
  });
});

describe("patterns that would never end", () => {
  const wild = [
    "(a+)+$",
    "(?:a*)*b",
    "(a|a)*b",
    "(?:a|aa)+$",
    "((a{1,20}){1,20}){1,20}b",
    `${"a?".repeat(40)}${"a".repeat(40)}`,
    "(a{0,9}){30}b",
    "a*a*a*b",
    "(?=(a+)+$)a",
    "(?<=(a+)+)b",
    "(?:[ab]+\\s?)+$",
    "(a)\\1*",
    "(?:\\p{L}+|\\p{N}+)*!",
    "a{1,5000}".repeat(3),
    `(?:${"x".repeat(6000)})`,
  ];
  test.each(wild)("%s", async (Regex) => {
    expect(await rejection(load({ Regex }))).toMatchObject({
      code: "unsupported-model",
      message: expect.stringMatching(/^tokenizer\.json: pre_tokenizer\.pattern is .*for ever/),
    });
  });

  test("what is left takes no longer than the cube of the text", () => {
    const text = `${"a".repeat(400)}!`;
    for (const tame of ["a*a*b", "[^b]*\\p{L}+b", "(?:aaa)*a*b", "a{3,}(?!a+b)b", "(?:a?b?c?)a*b"]) {
      expect(isTame(new RegExp(tame, "gu"))).toBe(true);
      expect([...text.matchAll(new RegExp(tame, "gu"))]).toEqual([]);
    }
  });
});
