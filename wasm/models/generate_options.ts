// Checks of what generate() is given.

import { checkSignal, demand } from "./argument.js";
import { isBoolean, isCount, isObject } from "./kinds.js";
import type { Sampling } from "./probabilities.js";
import type { GenerateOptions } from "./types.js";

/** Checked GenerateOptions. */
export interface CheckedGeneration extends Sampling {
  readonly maxTokens: number;
  readonly attention: boolean;
  readonly seed: number;
  readonly rules: AskedRules;
}

/** What is not there is as the model's files say. */
export type AskedRules = Pick<GenerateOptions, "repetitionPenalty" | "noRepeatNgramSize" | "forcedBos">;

/** Errors: "invalid-argument". */
export function generationOptions(options: GenerateOptions): CheckedGeneration {
  demand(isObject(options), "options", options, "an object");
  const { maxTokens = 50, temperature = 0, topK, topP, seed = 0, attention = false } = options;
  const { repetitionPenalty, noRepeatNgramSize, forcedBos, signal, onToken } = options;
  checkSignal(signal);
  demand(isBoolean(attention), "attention", attention, "true or false");
  demand(isCount(maxTokens) && maxTokens > 0, "maxTokens", maxTokens, "an integer of at least 1");
  const isTemperature = Number.isFinite(temperature) && temperature >= 0;
  demand(isTemperature, "temperature", temperature, "a finite number of at least 0");
  demand(topK === undefined || (isCount(topK) && topK > 0), "topK", topK, "an integer of at least 1");
  const isShare = typeof topP === "number" && topP > 0 && topP <= 1;
  demand(topP === undefined || isShare, "topP", topP, "a number above 0 and at most 1");
  const isPenalty = Number.isFinite(repetitionPenalty) && Number(repetitionPenalty) > 0;
  demand(
    repetitionPenalty === undefined || isPenalty,
    "repetitionPenalty",
    repetitionPenalty,
    "a finite number above 0",
  );
  demand(
    noRepeatNgramSize === undefined || isCount(noRepeatNgramSize),
    "noRepeatNgramSize",
    noRepeatNgramSize,
    "an integer of at least 0",
  );
  const isToken = forcedBos === undefined || typeof forcedBos === "string" || isCount(forcedBos);
  demand(isToken, "forcedBos", forcedBos, "a token of the vocabulary, or its id");
  demand(Number.isSafeInteger(seed), "seed", seed, "an integer");
  demand(onToken === undefined || typeof onToken === "function", "onToken", onToken, "a function");
  return {
    ...{ maxTokens, temperature, topK, topP, seed, attention },
    rules: {
      ...(repetitionPenalty !== undefined && { repetitionPenalty }),
      ...(noRepeatNgramSize !== undefined && { noRepeatNgramSize }),
      ...(forcedBos !== undefined && { forcedBos }),
    },
  };
}
