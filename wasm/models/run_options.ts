// Checks of what run() and generate() are given.

import { failure, shown } from "./errors.js";
import type { CaptureName } from "../types.js";
import type { NativeAttentionChanges, NativeForwardOptions, NativeModelConfig, TraceName } from "./native.js";
import type { AttentionName, GenerateOptions, RunInput, RunOptions } from "./types.js";
import type { Sampling } from "./probabilities.js";

const captureNames: readonly CaptureName[] = [
  "products",
  "scores",
  "cappedScores",
  "maskedScores",
  "weights",
  "logsumexp",
];

// Small beside the matrices, so that they are always there.
const alwaysTraced: readonly TraceName[] = [
  ...(["hidden", "attentionInput", "attentionOutput"] as const),
  ...(["query", "key", "value", "context", "logsumexp"] as const),
];

function invalid(name: string, value: unknown, expected: string): Error {
  return failure("invalid-argument", `${name} is ${shown(value)}; expected ${expected}`);
}

function flag(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw invalid(name, value, "true or false");
  return value;
}

function signalOf(value: unknown): void {
  if (value !== undefined && typeof (value as { aborted?: unknown } | null)?.aborted !== "boolean") {
    throw invalid("signal", value, "an AbortSignal");
  }
}

function asOptions(value: unknown): void {
  if (typeof value !== "object" || value === null) throw invalid("options", value, "an object");
}

/** The kinds of attention a model has; the first is that of the text that is run to itself. */
function attentionNames({ numDecoderLayers }: NativeModelConfig): readonly AttentionName[] {
  return numDecoderLayers === undefined ? ["encoder"] : ["encoder", "decoder", "cross"];
}

function layersOf(name: AttentionName, { numLayers, numDecoderLayers }: NativeModelConfig): number {
  return name === "encoder" ? numLayers : (numDecoderLayers ?? 0);
}

/** Marks [layers, heads] of every kind of attention that has some. */
function ablated(heads: unknown, config: NativeModelConfig): Partial<Record<AttentionName, Uint8Array>> {
  if (!Array.isArray(heads)) throw invalid("ablateHeads", heads, "an array of [layer, head]");
  const { numHeads } = config;
  const names = attentionNames(config);
  const isIndex = (value: unknown, count: number): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
  const marks: Partial<Record<AttentionName, Uint8Array>> = {};
  heads.forEach((place: unknown, i) => {
    const isPlace = Array.isArray(place) && (place.length === 2 || (place.length === 3 && names.length > 1));
    const [layer, head, name = "encoder"] = (isPlace ? place : []) as [unknown?, unknown?, AttentionName?];
    const numLayers = names.includes(name) ? layersOf(name, config) : 0;
    if (!isIndex(layer, numLayers) || !isIndex(head, numHeads)) {
      const which = names.length > 1 ? `[layer, head, ${names.join(" | ")}]` : "[layer, head]";
      const layers = `a layer from 0 to ${(numLayers || config.numLayers) - 1}`;
      throw invalid(`ablateHeads[${i}]`, place, `${which}, ${layers} and a head from 0 to ${numHeads - 1}`);
    }
    marks[name] ??= new Uint8Array(numLayers * numHeads);
    marks[name][layer * numHeads + head] = 1;
  });
  return marks;
}

/** Which kinds of attention the switches change. */
function changed(attentions: unknown, config: NativeModelConfig): readonly AttentionName[] {
  const names = attentionNames(config);
  if (attentions === undefined) return ["encoder"];
  if (names.length === 1) {
    throw invalid("attentions", attentions, `none: a ${config.architecture} model has one kind of attention`);
  }
  const isKnown = Array.isArray(attentions) && attentions.every((name) => names.includes(name as never));
  if (!isKnown) throw invalid("attentions", attentions, `an array of ${names.join(", ")}`);
  return attentions as readonly AttentionName[];
}

function mask(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw invalid("attnMask", value, "a Uint8Array [n, n]");
  return value;
}

/** A mask's size can be told once the text is tokens. Errors: "shape-mismatch". */
export function checkMask({ attentionMask }: NativeAttentionChanges, n: number, keys = n): void {
  if (attentionMask === undefined || attentionMask.length === n * keys) return;
  const expected =
    keys === n
      ? `[n, n] = ${n * n} for the ${n} tokens of this text`
      : `[${n}, ${keys}] for the tokens of the target and the source`;
  throw failure("shape-mismatch", `attnMask has ${attentionMask.length} values; expected ${expected}`);
}

/** The options of the forward passes of a run: of its text, and, where it has a target, of the target. */
export interface ForwardPlan {
  readonly text: NativeForwardOptions;
  readonly target: NativeForwardOptions & { readonly cross: NativeAttentionChanges };
}

/** In f32, as the engine holds it. */
const isTemperature = (value: unknown): boolean =>
  typeof value === "number" && Math.fround(value) > 0 && Number.isFinite(Math.fround(value));

/** RunOptions as the native forward passes take them. Errors: "invalid-argument". */
export function forwardPlan(options: RunOptions, config: NativeModelConfig): ForwardPlan {
  asOptions(options);
  const {
    capture = ["weights"],
    ablateHeads,
    isCausal,
    scale,
    temperature,
    usePositions,
    attnMask,
    signal,
  } = options;
  signalOf(signal);
  if (!Array.isArray(capture)) throw invalid("capture", capture, `an array of ${captureNames.join(", ")}`);
  for (const name of capture) {
    if (!captureNames.includes(name)) throw invalid("capture", name, captureNames.join(", "));
  }
  if (scale !== undefined && (typeof scale !== "number" || !Number.isFinite(Math.fround(scale)))) {
    throw invalid("scale", scale, "a finite number");
  }
  if (temperature !== undefined && !isTemperature(temperature)) {
    throw invalid("temperature", temperature, "a finite number greater than 0");
  }
  const names = changed(options.attentions, config);
  const marks = ablateHeads === undefined ? {} : ablated(ablateHeads, config);
  const trace = [...new Set([...alwaysTraced, ...(capture as readonly CaptureName[])])];
  const switches = {
    ...(isCausal === undefined ? {} : { isCausal: flag("isCausal", isCausal) }),
    ...(scale === undefined ? {} : { scale }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(attnMask === undefined ? {} : { attentionMask: mask(attnMask) }),
  };
  const positions = usePositions === undefined ? {} : { usePositions: flag("usePositions", usePositions) };
  const of = (name: AttentionName): NativeAttentionChanges => ({
    trace,
    ...(marks[name] ? { ablatedHeads: marks[name] } : {}),
    ...(names.includes(name) ? switches : {}),
  });
  const cross = of("cross");
  return {
    text: { ...of("encoder"), ...positions },
    target: {
      ...of("decoder"),
      ...positions,
      // A decoder's stream is traced once, with its attention to itself.
      cross: { ...cross, trace: trace.filter((name) => name !== "hidden") },
    },
  };
}

/** A RunInput, told apart. */
export type CheckedInput =
  | { readonly text: string; readonly pair: string | undefined; readonly target: string | undefined }
  | { readonly ids: readonly number[]; readonly targetIds: readonly number[] | undefined };

function checkIds(name: string, ids: unknown, vocabularySize: number): number[] | undefined {
  if (!Array.isArray(ids) && !ArrayBuffer.isView(ids)) return undefined;
  const list = Array.from(ids as unknown as ArrayLike<unknown>);
  list.forEach((id, i) => {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= vocabularySize) {
      throw invalid(`${name}[${i}]`, id, `a token id from 0 to ${vocabularySize - 1}`);
    }
  });
  return list as number[];
}

const isTextOrNone = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === "string";

/** Errors: "invalid-argument". */
export function checkInput(
  input: RunInput,
  { vocabularySize, decoderVocabularySize, numDecoderLayers, architecture }: NativeModelConfig,
): CheckedInput {
  if (typeof input === "string") return { text: input, pair: undefined, target: undefined };
  if (typeof input === "object" && input !== null) {
    const { text, pair, target, ids, targetIds } = input as Record<string, unknown>;
    if (numDecoderLayers === undefined && (target !== undefined || targetIds !== undefined)) {
      throw failure("invalid-argument", `a ${architecture} model has no decoder to read a target`);
    }
    if (typeof text === "string" && isTextOrNone(pair) && isTextOrNone(target)) return { text, pair, target };
    const list = text === undefined ? checkIds("input.ids", ids, vocabularySize) : undefined;
    const targetList = checkIds("input.targetIds", targetIds, decoderVocabularySize ?? vocabularySize);
    if (list && (targetIds === undefined || targetList)) return { ids: list, targetIds: targetList };
  }
  throw invalid(
    "input",
    input,
    numDecoderLayers === undefined
      ? "a string, { text, pair? } or { ids }"
      : "a string, { text, pair?, target? } or { ids, targetIds? }",
  );
}

/** Checked GenerateOptions. */
export interface CheckedGeneration extends Sampling {
  readonly maxTokens: number;
  readonly attention: boolean;
  readonly seed: number;
  /** undefined: as the model's files say. */
  readonly repetitionPenalty: number | undefined;
  readonly noRepeatNgramSize: number | undefined;
  readonly forcedBos: string | number | undefined;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Errors: "invalid-argument". */
export function generationOptions(options: GenerateOptions): CheckedGeneration {
  asOptions(options);
  const {
    maxTokens = 50,
    temperature = 0,
    topK,
    topP,
    seed = 0,
    attention = false,
    signal,
    onToken,
  } = options;
  signalOf(signal);
  if (typeof attention !== "boolean") throw invalid("attention", attention, "true or false");
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
    throw invalid("maxTokens", maxTokens, "an integer of at least 1");
  }
  if (typeof temperature !== "number" || !Number.isFinite(temperature) || temperature < 0) {
    throw invalid("temperature", temperature, "a finite number of at least 0");
  }
  if (topK !== undefined && (!Number.isSafeInteger(topK) || topK < 1)) {
    throw invalid("topK", topK, "an integer of at least 1");
  }
  if (topP !== undefined && !(typeof topP === "number" && topP > 0 && topP <= 1)) {
    throw invalid("topP", topP, "a number above 0 and at most 1");
  }
  const { repetitionPenalty, noRepeatNgramSize, forcedBos } = options;
  if (repetitionPenalty !== undefined && !(Number.isFinite(repetitionPenalty) && repetitionPenalty > 0)) {
    throw invalid("repetitionPenalty", repetitionPenalty, "a finite number above 0");
  }
  if (noRepeatNgramSize !== undefined && !isCount(noRepeatNgramSize)) {
    throw invalid("noRepeatNgramSize", noRepeatNgramSize, "an integer of at least 0");
  }
  if (forcedBos !== undefined && typeof forcedBos !== "string" && !isCount(forcedBos)) {
    throw invalid("forcedBos", forcedBos, "a token of the vocabulary, or its id");
  }
  if (!Number.isSafeInteger(seed)) throw invalid("seed", seed, "an integer");
  if (onToken !== undefined && typeof onToken !== "function") throw invalid("onToken", onToken, "a function");
  return {
    maxTokens,
    temperature,
    topK,
    topP,
    seed,
    attention,
    repetitionPenalty,
    noRepeatNgramSize,
    forcedBos,
  };
}
