// Checks of what run() and generate() are given.

import { failure, shown } from "./errors.js";
import type { CaptureName } from "../types.js";
import type { NativeForwardOptions, NativeModelConfig, TraceName } from "./native.js";
import type { GenerateOptions, RunInput, RunOptions } from "./types.js";
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

function ablated(heads: unknown, { numLayers, numHeads }: NativeModelConfig): Uint8Array {
  if (!Array.isArray(heads)) throw invalid("ablateHeads", heads, "an array of [layer, head]");
  const isIndex = (value: unknown, count: number): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
  const marks = new Uint8Array(numLayers * numHeads);
  heads.forEach((pair: unknown, i) => {
    const [layer, head] = (Array.isArray(pair) && pair.length === 2 ? pair : []) as unknown[];
    if (!isIndex(layer, numLayers) || !isIndex(head, numHeads)) {
      const layers = `a layer from 0 to ${numLayers - 1}`;
      throw invalid(
        `ablateHeads[${i}]`,
        pair,
        `[layer, head], ${layers} and a head from 0 to ${numHeads - 1}`,
      );
    }
    marks[layer * numHeads + head] = 1;
  });
  return marks;
}

function mask(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw invalid("attnMask", value, "a Uint8Array [n, n]");
  return value;
}

/** A mask's size can be told once the text is tokens. Errors: "shape-mismatch". */
export function checkMask({ attentionMask }: NativeForwardOptions, n: number): void {
  if (attentionMask === undefined || attentionMask.length === n * n) return;
  throw failure(
    "shape-mismatch",
    `attnMask has ${attentionMask.length} values; expected [n, n] = ${n * n} for the ${n} tokens of this text`,
  );
}

/** RunOptions as the native forward pass takes them. Errors: "invalid-argument". */
export function forwardOptions(options: RunOptions, config: NativeModelConfig): NativeForwardOptions {
  asOptions(options);
  const { capture = ["weights"], ablateHeads, isCausal, scale, usePositions, attnMask, signal } = options;
  signalOf(signal);
  if (!Array.isArray(capture)) throw invalid("capture", capture, `an array of ${captureNames.join(", ")}`);
  for (const name of capture) {
    if (!captureNames.includes(name)) throw invalid("capture", name, captureNames.join(", "));
  }
  if (scale !== undefined && (typeof scale !== "number" || !Number.isFinite(Math.fround(scale)))) {
    throw invalid("scale", scale, "a finite number");
  }
  return {
    trace: [...new Set([...alwaysTraced, ...(capture as readonly CaptureName[])])],
    ...(ablateHeads === undefined ? {} : { ablatedHeads: ablated(ablateHeads, config) }),
    ...(isCausal === undefined ? {} : { isCausal: flag("isCausal", isCausal) }),
    ...(scale === undefined ? {} : { scale }),
    ...(usePositions === undefined ? {} : { usePositions: flag("usePositions", usePositions) }),
    ...(attnMask === undefined ? {} : { attentionMask: mask(attnMask) }),
  };
}

/** A RunInput, told apart. */
export type CheckedInput =
  { readonly text: string; readonly pair: string | undefined } | { readonly ids: readonly number[] };

/** Errors: "invalid-argument". */
export function checkInput(input: RunInput, vocabularySize: number): CheckedInput {
  if (typeof input === "string") return { text: input, pair: undefined };
  if (typeof input === "object" && input !== null) {
    const { text, pair, ids } = input as { text?: unknown; pair?: unknown; ids?: unknown };
    if (typeof text === "string" && (pair === undefined || typeof pair === "string")) return { text, pair };
    if (text === undefined && (Array.isArray(ids) || ArrayBuffer.isView(ids))) {
      const list = Array.from(ids as ArrayLike<unknown>);
      list.forEach((id, i) => {
        if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= vocabularySize) {
          throw invalid(`input.ids[${i}]`, id, `a token id from 0 to ${vocabularySize - 1}`);
        }
      });
      return { ids: list as number[] };
    }
  }
  throw invalid("input", input, "a string, { text, pair? } or { ids }");
}

/** Checked GenerateOptions. */
export interface CheckedGeneration extends Sampling {
  readonly maxTokens: number;
  readonly seed: number;
}

/** Errors: "invalid-argument". */
export function generationOptions(options: GenerateOptions): CheckedGeneration {
  asOptions(options);
  const { maxTokens = 50, temperature = 0, topK, topP, seed = 0, signal, onToken } = options;
  signalOf(signal);
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
  if (!Number.isSafeInteger(seed)) throw invalid("seed", seed, "an integer");
  if (onToken !== undefined && typeof onToken !== "function") throw invalid("onToken", onToken, "a function");
  return { maxTokens, temperature, topK, topP, seed };
}
