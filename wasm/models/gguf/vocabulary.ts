// The vocabulary of a GGUF file as a tokenizer.json, which the tokenizer then reads like any other. The files say less
// than those: what they leave out is put in as llama.cpp (src/llama-vocab.cpp) and the checkpoints' own files have it.

import type { Metadata } from "./metadata.js";
import { knownWords, wordsOf } from "./pre_tokenizers.js";

/** Kinds of tokens (ggml's llama.h, llama_token_type). */
const plainKind = 1;
const unknownKind = 2;
const controlKind = 3;
const typedKind = 4; // "user defined": found in the text as it is typed
const unusedKind = 5;

interface Tokens {
  readonly texts: readonly string[];
  /** Of each token, where the file says. */
  readonly kinds: ArrayLike<number> | undefined;
  readonly vocab: Record<string, number>;
  readonly added: readonly object[];
}

/** Spells a token as a tokenizer.json does. */
type Spell = (text: string, id: number) => string;

function readTokens(metadata: Metadata, spell: Spell = (text) => text): Tokens {
  const texts = metadata.texts("tokenizer.ggml.tokens");
  const kinds = metadata.numbers("tokenizer.ggml.token_type", texts.length);
  const entries: [string, number][] = [];
  const added: object[] = [];
  texts.forEach((text, id) => {
    const kind = kinds?.[id];
    // What fills a vocabulary up to a round number has no text; neither has what no text is ever cut into.
    if (kind === unusedKind || text === "") return;
    entries.push([spell(text, id), id]);
    const special = kind === controlKind || kind === unknownKind;
    if (special || kind === typedKind) added.push({ id, content: text, special, normalized: false });
  });
  // A text that comes twice is the first token's.
  return { texts, kinds, vocab: Object.fromEntries(entries.reverse()), added };
}

interface Edges {
  readonly begin?: number | undefined;
  readonly end?: number | undefined;
}

/** Special tokens around texts; those of the second of a pair are of type 1. */
function template({ texts }: Tokens, { begin, end }: Edges, repeatsBegin: boolean): object {
  const nameOf = (id: number): string => texts[id] ?? "";
  const special = (id: number | undefined, type: number): object[] =>
    id === undefined ? [] : [{ SpecialToken: { id: nameOf(id), type_id: type } }];
  const text = (id: string, type: number): object => ({ Sequence: { id, type_id: type } });
  const single = [...special(begin, 0), text("A", 0), ...special(end, 0)];
  const second = [...(repeatsBegin ? special(begin, 1) : []), text("B", 1), ...special(end, 1)];
  const used = [begin, end].filter((id): id is number => id !== undefined);
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, ...second],
    special_tokens: Object.fromEntries(
      used.map((id) => [nameOf(id), { id: nameOf(id), ids: [id], tokens: [nameOf(id)] }]),
    ),
  };
}

function edgesOf(metadata: Metadata, { texts }: Tokens, addsBegin: boolean): Edges {
  const id = (name: string): number | undefined =>
    metadata.tokenId(`tokenizer.ggml.${name}_token_id`, texts.length);
  const begin = metadata.flag("tokenizer.ggml.add_bos_token", addsBegin) ? id("bos") : undefined;
  const end = metadata.flag("tokenizer.ggml.add_eos_token", false) ? id("eos") : undefined;
  return { begin, end };
}

/** "gpt2": byte-level BPE. */
function byteLevel(metadata: Metadata): object {
  const named =
    metadata.get("tokenizer.ggml.pre") === undefined ? undefined : metadata.text("tokenizer.ggml.pre");
  const words = wordsOf(named, metadata.architecture);
  if (!words) {
    const what = named === undefined ? `no "tokenizer.ggml.pre"` : `the "tokenizer.ggml.pre" "${named}"`;
    throw metadata.unsupported(
      `the file has ${what}, so that it is not known where words end; known: ${knownWords.join(", ")}; ` +
        `give the model's tokenizer.json with it`,
    );
  }
  const tokens = readTokens(metadata);
  return {
    added_tokens: tokens.added,
    normalizer: words.isComposed ? { type: "NFC" } : null,
    pre_tokenizer: { type: "Sequence", pretokenizers: words.steps },
    post_processor: template(tokens, edgesOf(metadata, tokens, words.addsBegin), true),
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      vocab: tokens.vocab,
      merges: metadata.texts("tokenizer.ggml.merges"),
      ignore_merges: words.ignoresMerges,
    },
  };
}

// The longest piece of SentencePiece's own training has 16 characters; parting one takes their square.
const maxPieceLength = 256;

/**
 * The merges by which BPE does what SentencePiece does by scores: of all neighbours whose union is a token it joins those
 * of the highest score. Every way to part a token in two is a merge; those of the better token come first, and of one
 * token's those with the longer left part, as transformers (convert_slow_tokenizer.py) has them.
 */
function mergesOf(
  metadata: Metadata,
  tokens: ReadonlyMap<string, number>,
  scores: ArrayLike<number>,
): string[][] {
  const merges: { pair: [string, string]; score: number }[] = [];
  for (const [text, id] of tokens) {
    if (text.length > maxPieceLength) {
      throw metadata.unsupported(
        `token ${id} has ${text.length} characters; expected at most ${maxPieceLength}`,
      );
    }
    let at = 0;
    for (const char of text) {
      at += char.length;
      const pair: [string, string] = [text.slice(0, at), text.slice(at)];
      if (tokens.has(pair[0]) && tokens.has(pair[1])) merges.push({ pair, score: scores[id] ?? 0 });
    }
  }
  const longer = (a: string, b: string): number => b.length - a.length;
  merges.sort((a, b) => b.score - a.score || longer(a.pair[0], b.pair[0]) || longer(a.pair[1], b.pair[1]));
  return merges.map(({ pair }) => pair);
}

/** "llama": SentencePiece's BPE, with bytes for what has no token. */
function sentencePiece(metadata: Metadata): object {
  const tokens = readTokens(metadata);
  const { texts, kinds } = tokens;
  const scores = metadata.numbers("tokenizer.ggml.scores", texts.length);
  if (!scores) throw metadata.invalid("tokenizer.ggml.scores", `${texts.length} numbers`);
  // All others are cut out of a text before anything is merged, or stand for bytes.
  const isPlain = (text: string, id: number): boolean =>
    text !== "" && (kinds === undefined || kinds[id] === plainKind);
  const plain = new Map(
    texts.map((text, id) => [text, id] as const).filter(([text, id]) => isPlain(text, id)),
  );
  const marks = { type: "Replace", pattern: { String: " " }, content: "▁" };
  const addsSpace = metadata.flag("tokenizer.ggml.add_space_prefix", true);
  const unknown = metadata.tokenId("tokenizer.ggml.unknown_token_id", texts.length);
  return {
    added_tokens: tokens.added,
    normalizer: {
      type: "Sequence",
      normalizers: addsSpace ? [{ type: "Prepend", prepend: "▁" }, marks] : [marks],
    },
    pre_tokenizer: null,
    post_processor: template(tokens, edgesOf(metadata, tokens, true), true),
    decoder: { type: "ByteFallback" },
    model: {
      type: "BPE",
      vocab: tokens.vocab,
      merges: mergesOf(metadata, plain, scores),
      unk_token: unknown === undefined ? null : texts[unknown],
      fuse_unk: true,
      byte_fallback: true,
    },
  };
}

const hasCapitals = /\p{Lu}/u;

/** "bert": WordPiece, whose tokens that begin words have a mark in front, and not those that continue them. */
function wordPiece(metadata: Metadata): object {
  const isBracketed = (text: string): boolean => text.startsWith("[") && text.endsWith("]");
  const spell: Spell = (text) => {
    if (text.startsWith("▁")) return text.slice(1);
    return isBracketed(text) ? text : `##${text}`;
  };
  const tokens = readTokens(metadata, spell);
  const { texts } = tokens;
  const id = (name: string): number | undefined =>
    metadata.tokenId(`tokenizer.ggml.${name}_token_id`, texts.length);
  const required = (...names: [string, ...string[]]): number => {
    const [found] = names.map(id).filter((value) => value !== undefined);
    if (found === undefined) throw metadata.invalid(`tokenizer.ggml.${names[0]}_token_id`, "a token");
    return found;
  };
  const begin = required("cls", "bos");
  const end = required("seperator", "separator", "eos");
  const specials = [begin, end, ...["padding", "mask", "unknown"].map(id)];
  // Older files don't say; a vocabulary of lower case has no capitals.
  const isLower = !Object.keys(tokens.vocab).some((text) => !isBracketed(text) && hasCapitals.test(text));
  const unique = [...new Set(specials.filter((value) => value !== undefined))];
  return {
    added_tokens: unique.map((token) => ({
      id: token,
      content: texts[token],
      special: true,
      normalized: false,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      lowercase: metadata.flag("tokenizer.ggml.normalizer.lowercase", isLower),
      strip_accents: metadata.flag("tokenizer.ggml.normalizer.strip_accents", isLower),
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: template(tokens, { begin, end }, false),
    decoder: { type: "WordPiece", prefix: "##" },
    model: {
      type: "WordPiece",
      vocab: tokens.vocab,
      unk_token: texts[id("unknown") ?? -1] ?? "[UNK]",
      continuing_subword_prefix: "##",
    },
  };
}

const kindsOfVocabulary: ReadonlyMap<string, (metadata: Metadata) => object> = new Map([
  ["gpt2", byteLevel],
  ["llama", sentencePiece],
  ["bert", wordPiece],
]);

/**
 * The vocabulary of a file as a parsed tokenizer.json.
 *
 * Errors: "invalid-model", "unsupported-model" (another kind of vocabulary, or words of which it is not known where they
 * end).
 */
export function readVocabulary(metadata: Metadata): object {
  if (metadata.get("tokenizer.ggml.model") === undefined) {
    throw metadata.unsupported("the file has no vocabulary; give the model's tokenizer.json with it");
  }
  const model = metadata.text("tokenizer.ggml.model");
  const read = kindsOfVocabulary.get(model);
  if (read) return read(metadata);
  throw metadata.unsupported(
    `the "tokenizer.ggml.model" "${model}" is not implemented; known: ${[...kindsOfVocabulary.keys()].join(", ")}; ` +
      `give the model's tokenizer.json with it`,
  );
}
