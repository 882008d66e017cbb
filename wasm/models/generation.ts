// What a model's files and a caller ask of a text that is made: how it begins and ends, and what it never says. In the order
// of transformers' logits processors, but that what is forced comes last, and so is said even where it is suppressed. Fetched when the first model comes that has such rules, or a caller sets some.

import { demand } from "./argument.js";
import type { ModelDescription } from "./config.js";
import type { ConfigReader } from "./config_reader.js";
import { failure } from "./errors.js";
import type { AskedRules } from "./generate_options.js";
import { isIndex } from "./kinds.js";
import type { NativeModelConfig } from "./native.js";
import type { Tokenizer } from "./tokenizer/tokenizer.js";

/** What the files of a model say. */
export interface GenerationRules {
  /** Of an encoder-decoder: what the decoder reads before its first token. */
  readonly startId: number | undefined;
  /** Of an encoder-decoder: the token that must come first, where there is one. */
  readonly firstId: number | undefined;
  /** The tokens of which the last must be one, where maxTokens ends the text. */
  readonly lastIds: readonly number[];
  /** Tokens that are never chosen, and those that are not first. */
  readonly suppressed: readonly number[];
  readonly suppressedFirst: readonly number[];
  /** Sequences that are never completed. */
  readonly badWords: readonly (readonly number[])[];
  /** 1: none. */
  readonly repetitionPenalty: number;
  /** 0: none. */
  readonly noRepeatNgramSize: number;
}

const noRules: GenerationRules = {
  ...{ startId: undefined, firstId: undefined, lastIds: [], suppressed: [], suppressedFirst: [] },
  ...{ badWords: [], repetitionPenalty: 1, noRepeatNgramSize: 0 },
};

const startOf: Readonly<Record<string, number>> = { bart: 2, m2m_100: 2, marian: 58100 };

// Those of which the class itself says what begins a text.
const haveStart: ReadonlySet<unknown> = new Set(["bart", "m2m_100", "mbart", "pegasus"]);

/**
 * Reads the keys that transformers' GenerationConfig calls so; `fileOf` says which file has a key. An encoder-decoder's texts
 * begin with decoder_start_token_id or, as transformers has it, the padding token. Marian's padding is in no text.
 * Errors: "invalid-model".
 */
export function readRules(
  type: string,
  native: NativeModelConfig,
  fileOf: (key: string) => ConfigReader,
): GenerationRules {
  const vocabularySize = native.decoderVocabularySize ?? native.vocabularySize;
  const idOf = (key: string, fallback?: number): number | undefined => {
    const file = fileOf(key);
    if (file.get(key) === undefined && fallback === undefined) return undefined;
    const id = file.tokenId(key, fallback ?? 0);
    if (id >= vocabularySize) throw file.invalid(key, `a token id below ${vocabularySize}`);
    return id;
  };
  const idsOf = (key: string): readonly number[] => fileOf(key).tokenIds(key);
  const rules = {
    lastIds: idsOf("forced_eos_token_id").filter((id) => id < vocabularySize),
    suppressedFirst: idsOf("begin_suppress_tokens"),
    badWords: fileOf("bad_words_ids").tokenSequences("bad_words_ids"),
    repetitionPenalty: fileOf("repetition_penalty").positive("repetition_penalty", 1),
    noRepeatNgramSize: fileOf("no_repeat_ngram_size").count("no_repeat_ngram_size", 0),
  };
  const suppressed = idsOf("suppress_tokens");
  if (native.numDecoderLayers === undefined) return { ...noRules, ...rules, suppressed };
  const padding = idOf("pad_token_id");
  const usual = haveStart.has(type) ? undefined : padding;
  return {
    ...rules,
    startId: idOf("decoder_start_token_id", usual ?? startOf[type] ?? 0),
    firstId: idOf("forced_bos_token_id"),
    suppressed: type === "marian" && padding !== undefined ? [...suppressed, padding] : suppressed,
  };
}

/** Changes the logits of the token that follows `ids`, of which `made` are new. */
export type Constraint = (logits: Float32Array, ids: readonly number[], made: number) => void;

/**
 * What the model's files ask, but where the caller asks something else, of a text of `count` new tokens at most.
 * Errors: "invalid-argument".
 */
export function constraintOf(
  description: ModelDescription,
  tokenizer: Tokenizer,
  { forcedBos, ...asked }: AskedRules,
): (count: number) => Constraint {
  const { rules, endIds } = description;
  const first = forcedBos === undefined ? {} : { firstId: firstIdOf(forcedBos, description, tokenizer) };
  const all = { ...noRules, ...rules, ...asked, ...first };
  const { firstId, lastIds, suppressed, suppressedFirst, noRepeatNgramSize } = all;
  // As transformers reads them: the end of a text is no bad word.
  const badWords = all.badWords.filter(([id = -1, ...rest]) => rest.length > 0 || !endIds.has(id));
  return (count) => (logits, ids, made) => {
    penalise(logits, ids, all.repetitionPenalty);
    if (noRepeatNgramSize > 0) forbidRepeats(logits, ids, noRepeatNgramSize);
    for (const word of badWords) if (endsWith(ids, word.slice(0, -1))) forbid(logits, word.at(-1));
    for (const id of suppressed) forbid(logits, id);
    if (made === (firstId === undefined ? 0 : 1)) for (const id of suppressedFirst) forbid(logits, id);
    if (made === 0 && firstId !== undefined) force(logits, [firstId]);
    if (made === count - 1 && lastIds.length > 0) force(logits, lastIds);
  };
}

function firstIdOf(
  forcedBos: string | number,
  { architecture, native }: ModelDescription,
  tokenizer: Tokenizer,
): number {
  if (native.numDecoderLayers === undefined) {
    throw failure(
      "invalid-argument",
      `forcedBos is for encoder-decoders; a ${architecture} model's texts begin with yours`,
    );
  }
  const id = typeof forcedBos === "string" ? tokenizer.idOf(forcedBos) : forcedBos;
  demand(isIndex(id, native.vocabularySize), "forcedBos", forcedBos, "a token of the vocabulary, or its id");
  return id;
}

function forbid(logits: Float32Array, id = -1): void {
  if (id < logits.length) logits[id] = -Infinity;
}

function force(logits: Float32Array, ids: readonly number[]): void {
  logits.fill(-Infinity);
  for (const id of ids) logits[id] = 0;
}

/** Keskar et al. 2019, section 4.1; logits below 0 are multiplied, as by transformers, for division would raise them. */
function penalise(logits: Float32Array, ids: readonly number[], penalty: number): void {
  if (penalty === 1) return;
  for (const id of new Set(ids)) {
    const logit = logits[id] ?? 0;
    logits[id] = logit < 0 ? logit * penalty : logit / penalty;
  }
}

/** Paulus et al. 2017, section 2.5: no n tokens come twice. */
function forbidRepeats(logits: Float32Array, ids: readonly number[], n: number): void {
  const begun = ids.length - (n - 1);
  for (let from = 0; from < begun; ++from) {
    let same = 0;
    while (same < n - 1 && ids[from + same] === ids[begun + same]) ++same;
    if (same === n - 1) forbid(logits, ids[from + same]);
  }
}

function endsWith(ids: readonly number[], end: readonly number[]): boolean {
  const from = ids.length - end.length;
  return from >= 0 && end.every((id, i) => ids[from + i] === id);
}
