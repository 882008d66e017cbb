// The model of a tokenizer.json: from one word to the entries of the vocabulary that spell it. Merging is in bpe.ts, Unigram in
// unigram.ts; the longest-match search, unknown characters and ranges are here.

import type { AlignedText } from "./aligned_text.js";
import { BytePairs } from "./bpe.js";
import { byteTokens } from "./byte_fallback.js";
import {
  asArray,
  asFlag,
  asObject,
  asString,
  asTokenId,
  invalidTokenizer,
  isTokenId,
  shown,
  unsupportedTokenizer,
  type Json,
} from "./definition.js";
import { fetched } from "../fetched.js";

/** A part of a word: an entry of the vocabulary and the characters, from … to, it stands for. */
export interface Piece {
  readonly id: number;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The vocabulary and the way a word is cut into entries of it. */
export interface SubwordModel {
  readonly idOf: ReadonlyMap<string, number>;
  /** "##" for WordPiece, else "": what marks a piece that continues a word. */
  readonly continuingPrefix: string;
  split(word: AlignedText): Piece[];
}

function readVocabulary(config: Json, vocabularySize: number): Map<string, number> {
  const entries = Object.entries(asObject(config["vocab"], "model.vocab"));
  if (entries.length === 0) throw invalidTokenizer("model.vocab is empty");
  for (const [token, id] of entries) {
    // Said only where it is wrong: a page waits for thousands of these.
    if (!isTokenId(id, vocabularySize)) asTokenId(id, `model.vocab[${shown(token)}]`, vocabularySize);
  }
  return new Map(entries as [string, number][]);
}

function wordPiece(config: Json, vocabularySize: number): SubwordModel {
  const idOf = readVocabulary(config, vocabularySize);
  const unknown = asString(config["unk_token"] ?? "[UNK]", "model.unk_token");
  const prefix = asString(config["continuing_subword_prefix"] ?? "##", "model.continuing_subword_prefix");
  const maxCharacters = config["max_input_chars_per_word"] ?? 100;
  if (!Number.isSafeInteger(maxCharacters) || (maxCharacters as number) < 0) {
    throw invalidTokenizer(`model.max_input_chars_per_word is ${shown(maxCharacters)}; expected an integer`);
  }
  const unknownId = idOf.get(unknown);
  if (unknownId === undefined)
    throw invalidTokenizer(`model.unk_token ${shown(unknown)} is not in model.vocab`);
  // A word takes time by its length and the square of the longest entry: a file must not raise both without end.
  const longestWord = Math.min(maxCharacters as number, 1000);
  let longestEntry = 0;
  for (const entry of idOf.keys()) longestEntry = Math.max(longestEntry, entry.length);

  function longestFrom(from: number, characters: readonly string[]): Piece | undefined {
    for (let to = Math.min(characters.length, from + longestEntry); to > from; --to) {
      const text = (from > 0 ? prefix : "") + characters.slice(from, to).join("");
      const id = idOf.get(text);
      if (id !== undefined) return { id, text, from, to };
    }
    return undefined;
  }

  return {
    idOf,
    continuingPrefix: prefix,
    split({ chars }) {
      const whole: Piece = { id: unknownId, text: unknown, from: 0, to: chars.length };
      if (chars.length > longestWord) return [whole];
      const pieces: Piece[] = [];
      for (let from = 0; from < chars.length; from = pieces.at(-1)?.to ?? 0) {
        const piece = longestFrom(from, chars);
        if (!piece || piece.id === unknownId) return [whole];
        pieces.push(piece);
      }
      return pieces;
    },
  };
}

function readMerges(config: Json, idOf: ReadonlyMap<string, number>): [string, string][] {
  return asArray(config["merges"], "model.merges").map((merge, i) => {
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    const where = `model.merges[${i}]`;
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw invalidTokenizer(`${where} is ${shown(merge)}; expected two tokens`);
    }
    const [left, right] = [asString(pair[0], where), asString(pair[1], where)];
    if (left === "" || right === "") throw invalidTokenizer(`${where} has an empty token`);
    if (!idOf.has(left + right)) {
      throw invalidTokenizer(`${where} makes ${shown(left + right)}, which is not in model.vocab`);
    }
    return [left, right];
  });
}

function bytePairs(config: Json, vocabularySize: number): SubwordModel {
  const idOf = readVocabulary(config, vocabularySize);
  const merges = readMerges(config, idOf);
  for (const key of ["continuing_subword_prefix", "end_of_word_suffix", "dropout"]) {
    if (config[key]) throw unsupportedTokenizer(`model.${key} ${shown(config[key])} is not implemented`);
  }
  const unknown = config["unk_token"] == null ? undefined : asString(config["unk_token"], "model.unk_token");
  const unknownId = unknown === undefined ? undefined : idOf.get(unknown);
  const byteFallback = asFlag(config["byte_fallback"], "model.byte_fallback", false);
  const fuseUnknown = asFlag(config["fuse_unk"], "model.fuse_unk", false);
  const ignoreMerges = asFlag(config["ignore_merges"], "model.ignore_merges", false);
  const model = new BytePairs(merges);

  /** A character outside the vocabulary: its bytes, where each has a token, else the unknown token, else nothing. */
  function outside(char: string, from: number, to: number, pieces: Piece[]): void {
    const bytes = byteFallback ? byteTokens(char, idOf) : undefined;
    if (bytes) {
      for (const byte of bytes) pieces.push({ ...byte, from, to });
      return;
    }
    if (unknownId === undefined || unknown === undefined) return;
    const last = pieces.at(-1);
    if (fuseUnknown && last?.id === unknownId && last.to === from) {
      pieces[pieces.length - 1] = { ...last, to };
    } else {
      pieces.push({ id: unknownId, text: unknown, from, to });
    }
  }

  return {
    idOf,
    continuingPrefix: "",
    split(word) {
      if (ignoreMerges) {
        const whole = word.text;
        const id = idOf.get(whole);
        if (id !== undefined) return [{ id, text: whole, from: 0, to: word.length }];
      }
      const pieces: Piece[] = [];
      let from = 0;
      model.merge(word.chars, (text, length) => {
        const to = from + length;
        const id = idOf.get(text);
        if (id === undefined) outside(text, from, to, pieces);
        else pieces.push({ id, text, from, to });
        from = to;
      });
      return pieces;
    },
  };
}

/**
 * The "model" of a tokenizer.json. Every id is below `vocabularySize`.
 * Errors: "invalid-model", "unsupported-model" (WordLevel, BPE with suffixes or dropout, Unigram without an unknown token).
 */
export async function readSubwordModel(definition: unknown, vocabularySize: number): Promise<SubwordModel> {
  const config = asObject(definition, "model");
  // Files before tokenizers 0.9 leave the type out.
  const type = config["type"] ?? ("merges" in config ? "BPE" : "WordPiece");
  if (type === "WordPiece") return wordPiece(config, vocabularySize);
  if (type === "BPE") return bytePairs(config, vocabularySize);
  if (type === "Unigram") {
    const { unigram } = await fetched(() => import("./sentencepiece.js"));
    return unigram(config, vocabularySize);
  }
  throw unsupportedTokenizer(`model ${shown(type)} is not implemented; known: BPE, Unigram, WordPiece`);
}
