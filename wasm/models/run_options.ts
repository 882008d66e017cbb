// Checks of what run() is given.

import { checkSignal, demand } from "./argument.js";
import { failure } from "./errors.js";
import { isBoolean, isIndex, isObject } from "./kinds.js";
import type { CaptureName } from "../types.js";
import type { NativeAttentionChanges, NativeForwardOptions, NativeModelConfig, TraceName } from "./native.js";
import type { AttentionName, RunCaptureName, RunInput, RunOptions } from "./types.js";

/** What a run's attention() can be asked for. */
export const attentionStages: readonly CaptureName[] = [
  "products",
  "scores",
  "cappedScores",
  "maskedScores",
  "weights",
  "logsumexp",
];

const captureNames: readonly RunCaptureName[] = [...attentionStages, "headOutputs"];

// Small beside the matrices, so that they are always there.
const alwaysTraced: readonly TraceName[] = [
  ...(["hidden", "attentionInput", "attentionOutput"] as const),
  ...(["query", "key", "value", "context", "logsumexp"] as const),
];

/** The kinds of attention a model has; the first is that of the text that is run to itself. */
function attentionNames({ numDecoderLayers }: NativeModelConfig): readonly AttentionName[] {
  return numDecoderLayers === undefined ? ["encoder"] : ["encoder", "decoder", "cross"];
}

function layersOf(name: AttentionName, { numLayers, numDecoderLayers }: NativeModelConfig): number {
  return name === "encoder" ? numLayers : (numDecoderLayers ?? 0);
}

/** Marks [layers, heads] of every kind of attention that has some. */
function ablated(heads: unknown, config: NativeModelConfig): Partial<Record<AttentionName, Uint8Array>> {
  demand(Array.isArray(heads), "ablateHeads", heads, "an array of [layer, head]");
  const { numHeads } = config;
  const names = attentionNames(config);
  const marks: Partial<Record<AttentionName, Uint8Array>> = {};
  heads.forEach((place: unknown, i) => {
    const isPlace = Array.isArray(place) && (place.length === 2 || (place.length === 3 && names.length > 1));
    const [layer, head, name = "encoder"] = (isPlace ? place : []) as [unknown?, unknown?, AttentionName?];
    const numLayers = names.includes(name) ? layersOf(name, config) : 0;
    const which = names.length > 1 ? `[layer, head, ${names.join(" | ")}]` : "[layer, head]";
    const layers = `a layer from 0 to ${(numLayers || config.numLayers) - 1}`;
    const expected = `${which}, ${layers} and a head from 0 to ${numHeads - 1}`;
    demand(isIndex(layer, numLayers) && isIndex(head, numHeads), `ablateHeads[${i}]`, place, expected);
    marks[name] ??= new Uint8Array(numLayers * numHeads);
    marks[name][layer * numHeads + head] = 1;
  });
  return marks;
}

/** Which kinds of attention the switches change. */
function changed(attentions: unknown, config: NativeModelConfig): readonly AttentionName[] {
  const names = attentionNames(config);
  if (attentions === undefined) return ["encoder"];
  const none = `none: a ${config.architecture} model has one kind of attention`;
  demand(names.length > 1, "attentions", attentions, none);
  const isKnown = Array.isArray(attentions) && attentions.every((name) => names.includes(name as never));
  demand(isKnown, "attentions", attentions, `an array of ${names.join(", ")}`);
  return attentions as readonly AttentionName[];
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
const isFiniteFloat = (value: unknown): boolean =>
  typeof value === "number" && Number.isFinite(Math.fround(value));

/** RunOptions as the native forward passes take them. Errors: "invalid-argument". */
export function forwardPlan(options: RunOptions, config: NativeModelConfig): ForwardPlan {
  demand(isObject(options), "options", options, "an object");
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
  checkSignal(signal);
  const known = captureNames.join(", ");
  demand(Array.isArray(capture), "capture", capture, `an array of ${known}`);
  for (const name of capture) demand(captureNames.includes(name), "capture", name, known);
  demand(scale === undefined || isFiniteFloat(scale), "scale", scale, "a finite number");
  const isTemperature =
    temperature === undefined || (isFiniteFloat(temperature) && Math.fround(temperature) > 0);
  demand(isTemperature, "temperature", temperature, "a finite number greater than 0");
  const isMask = attnMask === undefined || attnMask instanceof Uint8Array;
  demand(isMask, "attnMask", attnMask, "a Uint8Array [n, n]");
  for (const [name, flag] of Object.entries({ isCausal, usePositions }))
    demand(flag === undefined || isBoolean(flag), name, flag, "true or false");
  const names = changed(options.attentions, config);
  const marks = ablateHeads === undefined ? {} : ablated(ablateHeads, config);
  const trace = [...new Set([...alwaysTraced, ...(capture as readonly RunCaptureName[])])];
  const switches = {
    ...(isCausal === undefined ? {} : { isCausal }),
    ...(scale === undefined ? {} : { scale }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(attnMask === undefined ? {} : { attentionMask: attnMask }),
  };
  const positions = usePositions === undefined ? {} : { usePositions };
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
  const wrong = list.findIndex((id) => !isIndex(id, vocabularySize));
  demand(wrong < 0, `${name}[${wrong}]`, list[wrong], `a token id from 0 to ${vocabularySize - 1}`);
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
  if (isObject(input)) {
    const { text, pair, target, ids, targetIds } = input as Record<string, unknown>;
    if (numDecoderLayers === undefined && (target !== undefined || targetIds !== undefined)) {
      throw failure("invalid-argument", `a ${architecture} model has no decoder to read a target`);
    }
    const isText = typeof text === "string" && isTextOrNone(pair) && isTextOrNone(target);
    if (isText && ids === undefined && targetIds === undefined) return { text, pair, target };
    const isIds = text === undefined && pair === undefined && target === undefined;
    const list = isIds ? checkIds("input.ids", ids, vocabularySize) : undefined;
    const targetList = checkIds("input.targetIds", targetIds, decoderVocabularySize ?? vocabularySize);
    if (list && (targetIds === undefined || targetList)) return { ids: list, targetIds: targetList };
  }
  const expected =
    numDecoderLayers === undefined
      ? "a string, { text, pair? } or { ids }"
      : "a string, { text, pair?, target? } or { ids, targetIds? }";
  demand(false, "input", input, expected);
}
