// What a model reads: tokens, made of texts or given as ids, no more of them than it takes.

import type { ModelDescription } from "./config.js";
import { failure } from "./errors.js";
import type { CheckedInput } from "./run_options.js";
import type { Encoding, Tokenizer } from "./tokenizer/tokenizer.js";

/** Errors of the first three: "invalid-argument", and the tokenizer's. */
export interface Reader {
  text(text: string, pair?: string): Encoding;
  source(input: CheckedInput): Encoding;
  /** What the decoder reads, where it is given something. Errors: "unsupported-model" too. */
  target(input: CheckedInput): Encoding | undefined;
  /** Refuses to make or read a target whose words are not known. Errors: "unsupported-model". */
  requireTarget(): void;
  /** As the vocabulary spells it; undefined: that is not known. */
  tokenOf(id: number, isTarget: boolean): string | undefined;
  /** What a decoder reads before its first token. */
  readonly startId: number;
}

/** `hasOtherTarget`: the decoder's tokens are others than the tokenizer's, whose words they have not. */
export function createReader(
  tokenizer: Tokenizer,
  { native: { maxLength }, rules }: ModelDescription,
  hasOtherTarget: boolean,
): Reader {
  const startId = rules?.startId ?? 0;

  const isKnown = (isTarget: boolean): boolean => !(isTarget && hasOtherTarget);

  const tokenOf = (id: number, isTarget: boolean): string | undefined =>
    isKnown(isTarget) ? tokenizer.tokenOf(id) : undefined;

  const text = (given: string, pair?: string): Encoding => checked(tokenizer.encode(given, pair), "the text");

  /** Ids as they are: no special tokens are added, and there is no text for them to stand for. */
  function ofIds(ids: readonly number[], isTarget: boolean): Encoding {
    return {
      tokens: ids.map((id) =>
        Object.freeze({
          id,
          text: tokenOf(id, isTarget) ?? "",
          start: 0,
          end: 0,
          special: isKnown(isTarget) && tokenizer.isSpecial(id),
          sequence: 0,
        }),
      ),
      typeIds: ids.map(() => 0),
      words: ids.map(() => -1),
    };
  }

  /** transformers' shift_tokens_right: what the decoder reads to say the text. */
  function shifted(said: string): Encoding {
    requireTarget();
    const { tokens, typeIds, words } = tokenizer.encode(said);
    const start = ofIds([startId], false);
    return {
      tokens: [...start.tokens, ...tokens.slice(0, -1)],
      typeIds: [0, ...typeIds.slice(0, -1)],
      words: [-1, ...words.slice(0, -1)],
    };
  }

  function requireTarget(): void {
    if (!hasOtherTarget) return;
    throw failure(
      "unsupported-model",
      "the decoder's vocabulary is another than tokenizer.json's: give ids, run({ ids, targetIds })",
    );
  }

  function checked(encoding: Encoding, what: string): Encoding {
    const { length } = encoding.tokens;
    if (length === 0) throw failure("invalid-argument", `${what} has no tokens; expected at least one`);
    if (length <= maxLength) return encoding;
    throw failure(
      "invalid-argument",
      `${what} is ${length} tokens long; the model takes at most ${maxLength}, ${length - maxLength} fewer`,
    );
  }

  return {
    text,
    source: (input) =>
      "ids" in input ? checked(ofIds(input.ids, false), "input.ids") : text(input.text, input.pair),
    target(input) {
      if ("ids" in input) return input.targetIds && checked(ofIds(input.targetIds, true), "input.targetIds");
      return input.target === undefined ? undefined : checked(shifted(input.target), "the target");
    },
    requireTarget,
    tokenOf,
    startId,
  };
}
