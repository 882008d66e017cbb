// From text to the tokens a model reads, each with the range of the text it stands for.
//
// The steps are those of Hugging Face tokenizers: added tokens are cut out of the text as typed, the stretches between
// them are normalised, added tokens that are written normalised are cut out of these, the rest is cut into words, each
// word into entries of the vocabulary, and special tokens are put around it all. @huggingface/tokenizers 0.2 takes the
// same steps but keeps no offsets, and lower-cases a final sigma and spaces ideographs beyond U+FFFF otherwise than they
// do; so its reading of regular expressions is used, and the rest is here, where every character carries its range along
// (aligned_text.ts). Its merging makes an object for every character, its Unigram one for every node of the lattice, and
// knows no byte_fallback, and its Precompiled is NFKC whatever the file says. Limit: what \p{…} and a grapheme are is for
// the host's version of Unicode to say.

import { HeedError } from "../../errors.js";
import { demand } from "../argument.js";
import { isObject } from "../kinds.js";
import type { Token } from "../types.js";
import { readAddedTokens, tokenFinder, type AddedToken, type Section } from "./added_tokens.js";
import { AlignedText } from "./aligned_text.js";
import { asObject, invalidTokenizer } from "./definition.js";
import { readNormalizer } from "./normalizers.js";
import { readPostProcessor, type Draft } from "./post_processor.js";
import { readPreTokenizer } from "./pre_tokenizers.js";
import { readSubwordModel } from "./subwords.js";
import { readSpelling, TokenDecoder } from "./token_decoder.js";

/** The longest text that is tokenised, in UTF-16 units. */
const maxTextLength = 1_000_000;

/** A text as a model reads it. The arrays run in step. */
export interface Encoding {
  readonly tokens: readonly Token[];
  /** The model's token types: BERT's segments. */
  readonly typeIds: readonly number[];
  /** Number of each token's word within its text; −1: a word of its own. */
  readonly words: readonly number[];
}

/** What a tokenizer.json describes. */
export interface Tokenizer {
  /**
   * The tokens of a text, or of a pair, special tokens added.
   * Errors: "invalid-argument" (no string, or longer than maxTextLength).
   */
  encode(text: string, pair?: string): Encoding;
  /** The token with an id, as the vocabulary spells it; undefined where the vocabulary has a hole. */
  tokenOf(id: number): string | undefined;
  /** The id of a token as the vocabulary spells it; undefined: there is none. */
  idOf(token: string): number | undefined;
  isSpecial(id: number): boolean;
  /** Tokens that part texts: "[SEP]", "<|endoftext|>". */
  readonly separatorIds: ReadonlySet<number>;
  /** A decoder for tokens that continue a text, or begin one. */
  decoder(begins?: boolean): TokenDecoder;
}

function checkText(text: unknown, name: string): string {
  demand(typeof text === "string", name, text, "a string");
  if (text.length > maxTextLength) {
    throw new HeedError(
      "invalid-argument",
      `${name} is ${text.length} characters long; expected at most ${maxTextLength}`,
    );
  }
  return text;
}

function specialNames(config: unknown): string[] {
  const names: string[] = [];
  if (!isObject(config)) return names;
  for (const key of ["sep_token", "eos_token"]) {
    const value = (config as Record<string, unknown>)[key];
    const name = isObject(value) ? (value as Record<string, unknown>)["content"] : value;
    if (typeof name === "string") names.push(name);
  }
  return names;
}

/**
 * Makes the tokenizer of a parsed tokenizer.json, for a model with `vocabularySize` tokens. `config` is
 * tokenizer_config.json, if there is one.
 *
 * Errors: "invalid-model" (a part is missing or of the wrong type, or an id is out of range), "unsupported-model" (a
 * normaliser, pre-tokenizer, model or post-processor that is not implemented; the message names it).
 */
export async function createTokenizer(
  definition: unknown,
  vocabularySize: number,
  config?: unknown,
): Promise<Tokenizer> {
  const parts = asObject(definition, "the file");
  if (!("model" in parts)) throw invalidTokenizer(`"model" is missing`);
  const normalize = await readNormalizer(parts["normalizer"]);
  const preTokenize = readPreTokenizer(parts["pre_tokenizer"]);
  const model = await readSubwordModel(parts["model"], vocabularySize);
  const postProcess = readPostProcessor(parts["post_processor"], vocabularySize);
  const added = readAddedTokens(parts["added_tokens"], vocabularySize);
  const spelling = readSpelling(parts);

  const findTyped = tokenFinder(added.filter((token) => !token.normalized));
  const findNormalized = tokenFinder(
    added.filter((token) => token.normalized),
    normalize,
  );

  const textOf: (string | undefined)[] = [];
  for (const [text, id] of model.idOf) textOf[id] = text;
  for (const { id, content } of added) textOf[id] = content;
  const specialIds = new Set(postProcess.addedIds);
  for (const { id, special } of added) if (special) specialIds.add(id);
  const separatorIds = new Set(postProcess.separatorIds);
  for (const name of specialNames(config)) {
    const id = added.find(({ content }) => content === name)?.id ?? model.idOf.get(name);
    if (id !== undefined) separatorIds.add(id);
  }

  function draftsOf(text: string, sequence: 0 | 1): Draft[] {
    const drafts: Draft[] = [];
    let word = -1;
    const addToken = (token: AddedToken, stretch: AlignedText): void => {
      const [start, end] = stretch.range(0, stretch.length);
      const { id, special } = token;
      drafts.push({ id, text: stretch.text, start, end, special, sequence, typeId: sequence, word: -1 });
    };
    const addWord = (stretch: AlignedText): void => {
      ++word;
      for (const piece of model.split(stretch)) {
        const [start, end] = stretch.range(piece.from, piece.to);
        // Where the pre-tokenizer leaves the text whole, words are told apart by the mark they begin with.
        if (piece.from > 0 && piece.text.startsWith("▁")) ++word;
        drafts.push({
          id: piece.id,
          text: piece.text,
          start,
          end,
          special: false,
          sequence,
          typeId: sequence,
          word,
        });
      }
    };
    const visit = (sections: readonly Section[], inner: (stretch: AlignedText) => void): void => {
      for (const { text: stretch, token } of sections) {
        if (token) addToken(token, stretch);
        else inner(stretch);
      }
    };
    visit(findTyped(AlignedText.from(text)), (typed) =>
      visit(findNormalized(normalize(typed)), (stretch) => preTokenize(stretch).forEach(addWord)),
    );
    return drafts;
  }

  return {
    separatorIds,
    encode(text, pair) {
      const first = draftsOf(checkText(text, "text"), 0);
      const second = pair === undefined ? undefined : draftsOf(checkText(pair, "pair"), 1);
      const drafts = postProcess.apply(first, second);
      return {
        tokens: drafts.map(({ id, text, start, end, special, sequence }) =>
          Object.freeze({ id, text, start, end, special, sequence }),
        ),
        typeIds: drafts.map(({ typeId }) => typeId),
        words: drafts.map(({ word }) => word),
      };
    },
    tokenOf: (id) => textOf[id],
    idOf: (token) => {
      const id = textOf.indexOf(token);
      return id < 0 ? undefined : id;
    },
    isSpecial: (id) => specialIds.has(id),
    decoder: (begins) => new TokenDecoder(spelling, begins),
  };
}
