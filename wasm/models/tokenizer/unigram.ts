// Unigram (Kudo 2018, "Subword Regularization", section 3): every piece of the vocabulary has a score, the logarithm of its
// probability; a word is cut where the scores of the pieces add up to the most, which Viterbi's algorithm finds. Semantics:
// Hugging Face tokenizers, src/models/unigram/: a character that is no piece costs the least score less 10, unknown
// neighbours are one token, and of cuts that add up to the same the one whose last piece is longest is taken.

import { byteTokens } from "./byte_fallback.js";
import {
  asArray,
  asFlag,
  asTokenId,
  invalidTokenizer,
  shown,
  unsupportedTokenizer,
  type Json,
} from "./definition.js";
import { charactersTo } from "./aligned_text.js";
import { PieceTrie } from "./piece_trie.js";
import type { Piece, SubwordModel } from "./subwords.js";

const unknownPenalty = 10;

// A text takes time by its length times this. SentencePiece's own limit is 16; pieces written by hand may be longer.
const longestPiece = 256;

const halfCharacter = /\p{Surrogate}/u;

function readPieces(
  config: Json,
  vocabularySize: number,
): { idOf: Map<string, number>; texts: string[]; scores: Float64Array } {
  const list = asArray(config["vocab"], "model.vocab");
  if (list.length === 0) throw invalidTokenizer("model.vocab is empty");
  asTokenId(list.length - 1, "the last id of model.vocab", vocabularySize);
  const idOf = new Map<string, number>();
  const texts = new Array<string>(list.length);
  const scores = new Float64Array(list.length);
  for (let id = 0; id < list.length; ++id) {
    const where = (): string => `model.vocab[${id}]`;
    const entry = list[id];
    if (!Array.isArray(entry))
      throw invalidTokenizer(`${where()} is ${shown(entry)}; expected [piece, score]`);
    const piece: unknown = entry[0];
    const score: unknown = entry[1];
    if (typeof piece !== "string" || halfCharacter.test(piece)) {
      throw invalidTokenizer(`${where()}[0] is ${shown(piece)}; expected a string, without half characters`);
    }
    if (piece.length > longestPiece) {
      throw unsupportedTokenizer(
        `${where()}[0] has ${piece.length} UTF-16 units; a piece may have ${longestPiece}, for a text takes time by the longest`,
      );
    }
    if (typeof score !== "number" || !Number.isFinite(score)) {
      throw invalidTokenizer(`${where()}[1] is ${shown(score)}; expected a finite score`);
    }
    // Of a piece that is there twice the last counts.
    idOf.set(piece, id);
    texts[id] = piece;
    scores[id] = score;
  }
  return { idOf, texts, scores };
}

/** The "model" of a tokenizer.json whose type is "Unigram". Errors: "invalid-model", "unsupported-model". */
export function unigram(config: Json, vocabularySize: number): SubwordModel {
  const { idOf, texts, scores } = readPieces(config, vocabularySize);
  const unknownId = config["unk_id"];
  if (unknownId === undefined || unknownId === null) {
    throw unsupportedTokenizer(
      "model.unk_id is missing; Unigram without an unknown token is not implemented",
    );
  }
  const unknown = asTokenId(unknownId, "model.unk_id", scores.length);
  const unknownText = texts[unknown] ?? "";
  const byteFallback = asFlag(config["byte_fallback"], "model.byte_fallback", false);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - unknownPenalty;
  const trie = new PieceTrie(texts);
  const path = new Path();

  /** Finds the best way through a word, whose pieces are then the path's steps. */
  function walk(text: string): void {
    path.begin(text.length);
    for (let from = 0, next; from < text.length; from = next) {
      next = from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
      const count = trie.find(text, from);
      let isKnown = false;
      for (let k = 0; k < count; ++k) {
        const id = trie.found[k] as number;
        const to = from + (trie.lengths[k] as number);
        isKnown ||= to === next;
        path.offer(from, to, id, scores[id] as number);
      }
      if (!isKnown) path.offer(from, next, unknown, unknownScore);
    }
    path.end(text.length);
  }

  return {
    idOf,
    continuingPrefix: "",
    split(word) {
      const { text } = word;
      const parts: Piece[] = [];
      walk(text);
      let unit = 0;
      let from = 0;
      for (let step = path.numSteps - 1; step >= 0; --step) {
        const id = path.id(step);
        if (id === unknown && step > 0 && path.id(step - 1) === unknown) continue;
        const part = text.slice(unit, path.to(step));
        const to = charactersTo(word, from, part.length);
        const known = id === unknown ? idOf.get(part) : id;
        const tokens =
          known !== undefined
            ? [{ id: known, text: part }]
            : (byteFallback && byteTokens(part, idOf)) || [{ id: unknown, text: unknownText }];
        for (const token of tokens) parts.push({ ...token, from, to });
        unit = path.to(step);
        from = to;
      }
      return parts;
    },
  };
}

/** Viterbi's: by unit of a word the best sum of a way to it, and that way's last piece. Used again from word to word. */
class Path {
  #sums = new Float64Array(64);
  #begins = new Int32Array(64);
  #ids = new Int32Array(64);
  /** The units that the best way's steps lead to, the last one first. */
  #steps = new Int32Array(64);
  numSteps = 0;

  begin(length: number): void {
    if (length >= this.#sums.length) {
      this.#sums = new Float64Array(2 * length);
      this.#begins = new Int32Array(2 * length);
      this.#ids = new Int32Array(2 * length);
      this.#steps = new Int32Array(2 * length);
    }
    this.#sums[0] = 0;
    this.#begins.fill(-1, 0, length + 1);
  }

  /** A piece; of those that add up to the same the one that begins first is kept. */
  offer(from: number, to: number, id: number, score: number): void {
    const sum = (this.#sums[from] as number) + score;
    if (this.#begins[to] !== -1 && sum <= (this.#sums[to] as number)) return;
    this.#sums[to] = sum;
    this.#begins[to] = from;
    this.#ids[to] = id;
  }

  end(length: number): void {
    this.numSteps = 0;
    for (let to = length; to > 0; to = this.#begins[to] as number) this.#steps[this.numSteps++] = to;
  }

  to(step: number): number {
    return this.#steps[step] as number;
  }

  id(step: number): number {
    return this.#ids[this.to(step)] as number;
  }
}
