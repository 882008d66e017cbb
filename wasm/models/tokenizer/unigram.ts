// Unigram (Kudo 2018, "Subword Regularization", section 3): every piece of the vocabulary has a score, the logarithm of its
// probability; a word is cut where the scores of the pieces add up to the most, which Viterbi's algorithm finds. Semantics:
// Hugging Face tokenizers, src/models/unigram/: a character that is no piece costs the least score less 10, unknown
// neighbours are one token, and of cuts that add up to the same the one whose last piece is longest is taken.

import { byteTokens } from "./byte_fallback.js";
import {
  asArray,
  asFlag,
  asString,
  asTokenId,
  invalidTokenizer,
  shown,
  unsupportedTokenizer,
  type Json,
} from "./definition.js";
import type { Piece, SubwordModel } from "./subwords.js";

const unknownPenalty = 10;

// A text takes time by its length times this. SentencePiece's own limit is 16; pieces written by hand may be longer.
const longestPiece = 256;

/** A piece in a word: the entry `id`, up to the UTF-16 unit `to`. */
interface Step {
  readonly id: number;
  readonly to: number;
}

/**
 * The pieces in order, so that those a text goes on with are found unit by unit, each unit narrowing the range of pieces
 * that begin so. Beside the pieces themselves it takes 4 bytes each, where a tree of nodes takes some for every unit.
 */
class Lexicon {
  readonly #pieces: readonly string[];
  readonly #ids: Int32Array;
  /** Where the pieces end that begin with a unit or a lower one. */
  readonly #ends = new Int32Array(0x10000);

  constructor(idOf: ReadonlyMap<string, number>) {
    this.#pieces = [...idOf.keys()].filter((piece) => piece !== "").sort();
    this.#ids = Int32Array.from(this.#pieces, (piece) => idOf.get(piece) ?? 0);
    this.#pieces.forEach((piece, i) => (this.#ends[piece.charCodeAt(0)] = i + 1));
    this.#ends.forEach((end, unit, ends) => (ends[unit] = Math.max(end, ends[unit - 1] ?? 0)));
  }

  /** Tells of every piece that `text` has at `from`, shortest first. */
  find(text: string, from: number, found: (id: number, to: number) => void): void {
    const first = text.charCodeAt(from);
    let low = this.#ends[first - 1] ?? 0;
    let high = this.#ends[first] ?? 0;
    for (let to = from + 1; low < high; ++to) {
      if (this.#pieces[low]?.length === to - from) found(this.#ids[low] ?? 0, to);
      if (to === text.length) return;
      const unit = text.charCodeAt(to);
      low = this.#firstFrom(unit, to - from, low, high);
      high = this.#firstFrom(unit + 1, to - from, low, high);
    }
  }

  /** The first piece of low … high with `unit`, or a higher one, at `depth`; one that ends before it comes earlier. */
  #firstFrom(unit: number, depth: number, low: number, high: number): number {
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.charCodeAt(depth) ?? 0) >= unit) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function readPieces(
  config: Json,
  vocabularySize: number,
): { idOf: Map<string, number>; scores: Float64Array } {
  const list = asArray(config["vocab"], "model.vocab");
  if (list.length === 0) throw invalidTokenizer("model.vocab is empty");
  asTokenId(list.length - 1, "the last id of model.vocab", vocabularySize);
  const idOf = new Map<string, number>();
  const scores = new Float64Array(list.length);
  for (const [id, entry] of list.entries()) {
    const where = (): string => `model.vocab[${id}]`;
    if (!Array.isArray(entry))
      throw invalidTokenizer(`${where()} is ${shown(entry)}; expected [piece, score]`);
    const [piece, score] = entry as unknown[];
    if (typeof piece !== "string" || /\p{Surrogate}/u.test(piece)) {
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
    scores[id] = score;
  }
  return { idOf, scores };
}

/** The "model" of a tokenizer.json whose type is "Unigram". Errors: "invalid-model", "unsupported-model". */
export function unigram(config: Json, vocabularySize: number): SubwordModel {
  const { idOf, scores } = readPieces(config, vocabularySize);
  const unknownId = config["unk_id"];
  if (unknownId === undefined || unknownId === null) {
    throw unsupportedTokenizer(
      "model.unk_id is missing; Unigram without an unknown token is not implemented",
    );
  }
  const unknown = asTokenId(unknownId, "model.unk_id", scores.length);
  const unknownText = asString(
    (asArray(config["vocab"], "model.vocab")[unknown] as unknown[])[0],
    "model.unk_id",
  );
  const byteFallback = asFlag(config["byte_fallback"], "model.byte_fallback", false);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - unknownPenalty;
  const lexicon = new Lexicon(idOf);

  /** The best way through a word, from its first piece to its last. */
  function bestSteps(text: string): Step[] {
    const best = new Float64Array(text.length + 1);
    const begins = new Int32Array(text.length + 1).fill(-1);
    const ids = new Int32Array(text.length + 1);
    for (let from = 0, next; from < text.length; from = next) {
      next = from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
      const offer = (id: number, to: number, score: number): void => {
        const sum = (best[from] ?? 0) + score;
        if (begins[to] !== -1 && sum <= (best[to] ?? 0)) return;
        best[to] = sum;
        begins[to] = from;
        ids[to] = id;
      };
      let isKnown = false;
      lexicon.find(text, from, (id, to) => {
        isKnown ||= to === next;
        offer(id, to, scores[id] ?? 0);
      });
      if (!isKnown) offer(unknown, next, unknownScore);
    }
    const steps: Step[] = [];
    for (let to = text.length; to > 0; to = begins[to] ?? 0) steps.push({ id: ids[to] ?? 0, to });
    return steps.reverse();
  }

  return {
    idOf,
    continuingPrefix: "",
    split(word) {
      const { text } = word;
      const pieces: Piece[] = [];
      const steps = bestSteps(text);
      let unit = 0;
      let from = 0;
      steps.forEach(({ id, to: end }, i) => {
        if (id === unknown && steps[i + 1]?.id === unknown) return;
        const part = text.slice(unit, end);
        const to = from + [...part].length;
        const known = idOf.get(part);
        const tokens =
          known !== undefined
            ? [{ id: known, text: part }]
            : (byteFallback && byteTokens(part, idOf)) || [{ id: unknown, text: unknownText }];
        for (const token of tokens) pieces.push({ ...token, from, to });
        unit = end;
        from = to;
      });
      return pieces;
    },
  };
}
