// The pre-tokenizers of a tokenizer.json: where words begin and end. Semantics: Hugging Face tokenizers,
// src/pre_tokenizers/ and SplitDelimiterBehavior.

import { AlignedText } from "./aligned_text.js";
import { spellBytes } from "./byte_level.js";
import {
  asFlag,
  asString,
  flattenSequence,
  invalidTokenizer,
  shown,
  unsupportedTokenizer,
  type Json,
} from "./definition.js";
import { compilePattern } from "./normalizers.js";

/** Cuts one piece of text into smaller ones; empty pieces are dropped by readPreTokenizer. */
export type PreTokenize = (text: AlignedText) => AlignedText[];

type Behavior = "removed" | "isolated" | "mergedwithprevious" | "mergedwithnext" | "contiguous";
const behaviors: readonly string[] = [
  "removed",
  "isolated",
  "mergedwithprevious",
  "mergedwithnext",
  "contiguous",
];

// GPT-2's own pattern, with \s as Unicode's White_Space: JavaScript's \s has U+FEFF and lacks U+0085.
const gpt2Pattern =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const spaces = /\p{White_Space}/gu;
const bertPunctuation = /[\p{P}!-/:-@[-`{-~]/gu;
const wordCharacters = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d";
const wordsAndMarks = new RegExp(`[${wordCharacters}]+|[^${wordCharacters}\\p{White_Space}]+`, "gu");

/** Cuts at what the pattern matches, or, inverted, keeps what it matches as the text between cuts. */
function cut(text: AlignedText, pattern: RegExp, behavior: Behavior, invert = false): AlignedText[] {
  const spans: { from: number; to: number; isDelimiter: boolean }[] = [];
  let end = 0;
  for (const [from, to] of text.matches(pattern)) {
    if (from > end) spans.push({ from: end, to: from, isDelimiter: invert });
    if (to > from) spans.push({ from, to, isDelimiter: !invert });
    end = Math.max(end, to);
  }
  if (end < text.length) spans.push({ from: end, to: text.length, isDelimiter: invert });

  const pieces: typeof spans = [];
  let previous: (typeof spans)[number] | undefined;
  for (const span of spans) {
    const last = pieces.at(-1);
    const joins =
      (behavior === "mergedwithprevious" && span.isDelimiter && previous?.isDelimiter === false) ||
      (behavior === "mergedwithnext" && !span.isDelimiter && previous?.isDelimiter === true) ||
      (behavior === "contiguous" && previous?.isDelimiter === span.isDelimiter);
    previous = { ...span };
    if (behavior === "removed" && span.isDelimiter) continue;
    if (joins && last) last.to = span.to;
    else pieces.push(span);
  }
  return pieces.map(({ from, to }) => text.slice(from, to));
}

function byteLevel(config: Json): PreTokenize {
  const where = "pre_tokenizer";
  const addPrefixSpace = asFlag(config["add_prefix_space"], `${where}.add_prefix_space`, true);
  const useRegex = asFlag(config["use_regex"], `${where}.use_regex`, true);
  return (text) => {
    const prefixed = addPrefixSpace && text.chars[0] !== " " ? text.prepend(" ") : text;
    const pieces = useRegex ? cut(prefixed, gpt2Pattern, "isolated") : [prefixed];
    return pieces.map((piece) => piece.mapChars(spellBytes));
  };
}

function metaspace(config: Json): PreTokenize {
  const where = "pre_tokenizer";
  const mark = asString(config["replacement"] ?? "▁", `${where}.replacement`);
  if ([...mark].length !== 1) {
    throw invalidTokenizer(`${where}.replacement is ${shown(mark)}; expected one character`);
  }
  // Before tokenizers 0.15 the scheme was the flag add_prefix_space.
  const fallback = asFlag(config["add_prefix_space"], `${where}.add_prefix_space`, true) ? "always" : "never";
  const scheme = asString(config["prepend_scheme"] ?? fallback, `${where}.prepend_scheme`);
  if (!["first", "always", "never"].includes(scheme)) {
    throw invalidTokenizer(
      `${where}.prepend_scheme is ${shown(scheme)}; expected "first", "always" or "never"`,
    );
  }
  const split = asFlag(config["split"], `${where}.split`, true);
  const atMarks = new RegExp(mark.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"), "gu");
  return (text) => {
    let marked = text.mapChars((char) => (char === " " ? mark : char));
    const isFirst = text.starts[0] === 0;
    if (marked.chars[0] !== mark && (scheme === "always" || (scheme === "first" && isFirst))) {
      marked = marked.prepend(mark);
    }
    return split ? cut(marked, atMarks, "mergedwithnext") : [marked];
  };
}

function split(config: Json): PreTokenize {
  const where = "pre_tokenizer";
  const pattern = compilePattern(config["pattern"], `${where}.pattern`);
  const behavior = asString(config["behavior"] ?? "Isolated", `${where}.behavior`).toLowerCase();
  if (!behaviors.includes(behavior)) throw invalidTokenizer(`${where}.behavior is ${shown(behavior)}`);
  const invert = asFlag(config["invert"], `${where}.invert`, false);
  return (text) => cut(text, pattern, behavior as Behavior, invert);
}

function preTokenizerOf(config: Json): PreTokenize {
  switch (config["type"]) {
    case "BertPreTokenizer":
      return (text) => cut(text, spaces, "removed").flatMap((word) => cut(word, bertPunctuation, "isolated"));
    case "ByteLevel":
      return byteLevel(config);
    case "Metaspace":
      return metaspace(config);
    case "Split":
      return split(config);
    case "Whitespace":
      return (text) => cut(text, wordsAndMarks, "removed", true);
    case "WhitespaceSplit":
      return (text) => cut(text, spaces, "removed");
    case "Punctuation":
      return (text) => cut(text, bertPunctuation, "isolated");
    case "Digits": {
      const individual = asFlag(config["individual_digits"], "pre_tokenizer.individual_digits", false);
      return (text) => cut(text, /\p{N}/gu, individual ? "isolated" : "contiguous");
    }
    default:
      throw unsupportedTokenizer(
        `pre_tokenizer ${String(config["type"])} is not implemented; known: BertPreTokenizer, ByteLevel, Metaspace, ` +
          `Split, Whitespace, WhitespaceSplit, Punctuation, Digits, Sequence`,
      );
  }
}

/**
 * The "pre_tokenizer" of a tokenizer.json as one function; null leaves the text whole.
 * Errors: "invalid-model", "unsupported-model" (a type not listed above).
 */
export function readPreTokenizer(definition: unknown): PreTokenize {
  const steps = flattenSequence(definition, "pretokenizers", "pre_tokenizer").map(preTokenizerOf);
  return (text) =>
    steps.reduce((pieces, step) => pieces.flatMap(step), [text]).filter((piece) => piece.length > 0);
}
