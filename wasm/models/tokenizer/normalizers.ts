// The normalisers of a tokenizer.json, on aligned text. Semantics: Hugging Face tokenizers, src/normalizers/.

import { ReplaceNormalizer } from "@huggingface/tokenizers";
import { AlignedText } from "./aligned_text.js";
import { fetched } from "../fetched.js";
import {
  asFlag,
  asString,
  flattenSequence,
  invalidTokenizer,
  shown,
  unsupportedTokenizer,
  type Json,
} from "./definition.js";
import { isTame } from "./pattern_cost.js";

/** One step from the text as typed to the text that is split. */
export type Normalize = (text: AlignedText) => AlignedText;

const whitespace = /^\p{White_Space}$/u;
const control = /^[\p{Cc}\p{Cf}\p{Co}]$/u;
const nonspacingMark = /^\p{Mn}$/u;
const combiningMark = /^\p{M}$/u;

// The blocks that HF's BertNormalizer puts spaces around, its 2B920 (Unicode's block starts at 2B820) included.
const chineseBlocks = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
] as const;

function isChinese(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code >= 0x3400 && chineseBlocks.some(([first, last]) => code >= first && code <= last);
}

function cleaned(char: string): string {
  if (char === "\t" || char === "\n" || char === "\r") return " ";
  if (char === "\0" || char === "\ufffd" || control.test(char)) return "";
  return whitespace.test(char) ? " " : char;
}

function withoutAccents(char: string): string {
  if (char < "\x80") return char;
  return [...char.normalize("NFD")].filter((part) => !nonspacingMark.test(part)).join("");
}

/** Character by character, so that, as in HF, a final sigma is an ordinary one. */
function lowerCased(char: string): string {
  return char.toLowerCase();
}

/** BertNormalizer: clean_text, then handle_chinese_chars, then strip_accents, then lowercase. */
function bert(config: Json): Normalize {
  const where = "normalizer";
  const lowercase = asFlag(config["lowercase"], `${where}.lowercase`, true);
  const stripAccents = asFlag(config["strip_accents"], `${where}.strip_accents`, lowercase);
  const cleanText = asFlag(config["clean_text"], `${where}.clean_text`, true);
  const spaceChinese = asFlag(config["handle_chinese_chars"], `${where}.handle_chinese_chars`, true);
  return (text) =>
    text.mapChars((typed) => {
      let char = cleanText ? cleaned(typed) : typed;
      if (char === "") return "";
      if (spaceChinese && isChinese(char)) char = ` ${char} `;
      let rest = "";
      for (const part of char) {
        const plain = stripAccents ? withoutAccents(part) : part;
        for (const letter of plain) rest += lowercase ? lowerCased(letter) : letter;
      }
      return rest;
    });
}

/**
 * NFC, NFD, NFKC, NFKD. The decomposition of every character is aligned with it; the n-th character of the whole text's
 * decomposition is then taken for the n-th of these (marks that change places inside one letter may swap ranges), and a
 * composed character has the range of the first part it was composed of, as in HF.
 */
function unicodeForm(form: "NFC" | "NFD" | "NFKC" | "NFKD"): Normalize {
  const decomposed = form === "NFC" || form === "NFD" ? "NFD" : "NFKD";
  return (text) => {
    const parts = text.mapChars((char) => (char < "\x80" ? char : char.normalize(decomposed)));
    const result = new AlignedText();
    let part = 0;
    for (const char of text.text.normalize(form)) {
      result.pushFrom(parts, part, char);
      part += char < "\x80" ? 1 : [...char.normalize("NFD")].length;
    }
    return result;
  };
}

/** Replace: the inserted characters share the range of the last replaced one. */
function replace(config: Json): Normalize {
  const content = asString(config["content"], "normalizer.content");
  const pattern = compilePattern(config["pattern"], "normalizer.pattern");
  return (text) => {
    const result = new AlignedText();
    let next = 0;
    for (const [from, to] of text.matches(pattern)) {
      for (; next < from; ++next) result.pushFrom(text, next);
      for (const char of content) result.pushFrom(text, Math.max(to - 1, 0), char);
      next = to;
    }
    for (; next < text.length; ++next) result.pushFrom(text, next);
    return result;
  };
}

/**
 * A { "String": … } or { "Regex": … } of a tokenizer.json as a RegExp with the flags "gu".
 * Errors: "invalid-model"; "unsupported-model" (it may take for ever: pattern_cost.ts).
 */
export function compilePattern(pattern: unknown, where: string): RegExp {
  let compiled: RegExp | null;
  try {
    // The library knows how to say Oniguruma's syntax in JavaScript's.
    compiled = new ReplaceNormalizer({
      type: "Replace",
      pattern: pattern as { Regex?: string; String?: string },
      content: "",
    }).pattern;
  } catch (error) {
    throw invalidTokenizer(`${where} is no regular expression that can be read`, error);
  }
  if (!(compiled instanceof RegExp)) throw invalidTokenizer(`${where} has neither "String" nor "Regex"`);
  if (!isTame(compiled)) {
    throw unsupportedTokenizer(
      `${where} is ${shown(compiled.source)}: with repetitions inside repetitions, or more than two in a row, it may take ` +
        `for ever on a short text`,
    );
  }
  return compiled;
}

function strip(config: Json): Normalize {
  const left = asFlag(config["strip_left"], "normalizer.strip_left", true);
  const right = asFlag(config["strip_right"], "normalizer.strip_right", true);
  return (text) => {
    let from = 0;
    let to = text.length;
    while (left && from < to && whitespace.test(text.chars[from] ?? "")) ++from;
    while (right && to > from && whitespace.test(text.chars[to - 1] ?? "")) --to;
    return text.slice(from, to);
  };
}

async function normalizerOf(config: Json): Promise<Normalize> {
  switch (config["type"]) {
    case "BertNormalizer":
      return bert(config);
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return unicodeForm(config["type"]);
    case "Lowercase":
      return (text) => text.mapChars(lowerCased);
    case "StripAccents":
      return (text) => text.mapChars((char) => (combiningMark.test(char) ? "" : char));
    case "Strip":
      return strip(config);
    case "Prepend": {
      const prefix = asString(config["prepend"], "normalizer.prepend");
      return (text) => text.prepend(prefix);
    }
    case "Replace":
      return replace(config);
    case "Precompiled":
      return (await fetched(() => import("./sentencepiece.js"))).precompiled(config);
    default:
      throw unsupportedTokenizer(
        `normalizer ${String(config["type"])} is not implemented; known: BertNormalizer, NFC, NFD, NFKC, NFKD, ` +
          `Lowercase, StripAccents, Strip, Prepend, Replace, Precompiled, Sequence`,
      );
  }
}

/**
 * The "normalizer" of a tokenizer.json as one function; null is the identity.
 * Errors: "invalid-model", "unsupported-model" (a type not listed above).
 */
export async function readNormalizer(definition: unknown): Promise<Normalize> {
  const parts = flattenSequence(definition, "normalizers", "normalizer");
  const steps = await Promise.all(parts.map(normalizerOf));
  return (text) => steps.reduce((result, step) => step(result), text);
}
