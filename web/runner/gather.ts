// From a run of heed/models to the plain data that views draw.
import type { Model, Run, RunOptions } from "heed/models";
import { AS_TRAINED, type WhatIf } from "../state.ts";
import { cellsOf, reckonedRow, type Head } from "./reckoned.ts";
import { STAGES, type RunData, type Stage, type WindowRequest } from "./run_data.ts";
import { codeOf } from "./runner.ts";
import { pooledWindow } from "./window.ts";

/** Guesses kept at each position. */
const PREDICTIONS = 5;
/** Of whole matrices, all stages and heads together: beyond, a run holds none, and parts are asked for (see isLong). */
const MOST_BYTES = 64 * 2 ** 20;

/** Weights that differ by less are the same: those of one softmax in float32, summed in another order, differ by 1e-6. */
const RECKONED = 1e-4;

const WORDPIECE: ReadonlySet<string> = new Set(["bert", "distilbert", "electra"]);

export interface GatherInput {
  readonly model: Model;
  /** As it will be shown. */
  readonly name: string;
  readonly text: string;
  readonly pair?: string;
  /** What of the text was too much for the model. */
  readonly leftOut?: string;
  readonly whatIf?: WhatIf;
  /** Where every token's probability is wanted. */
  readonly position?: number | undefined;
}

/** A run, and a way to parts of its weights, for as long as its model is there. */
export interface Gathered {
  readonly data: RunData;
  window(layer: number, head: number, request: WindowRequest): Float32Array;
}

/** Runs a text and copies all that a picture can need. */
export async function gather(input: GatherInput): Promise<RunData> {
  return (await gatherRun(input)).data;
}

/** As gather(), keeping what windows of a long run are made of. */
export async function gatherRun(input: GatherInput): Promise<Gathered> {
  const { model, text, pair = "", whatIf = AS_TRAINED } = input;
  const n = model.tokenize(text, pair === "" ? undefined : pair).length;
  const isLong = 4 * STAGES.length * model.numLayers * model.numHeads * n * n > MOST_BYTES;
  const started = performance.now();
  const run = await model.run(pair === "" ? text : { text, pair }, {
    capture: isLong ? [] : STAGES,
    ...runOptions(whatIf, scaleOf(model, whatIf)),
    ...maskOf(whatIf, n),
  });
  const milliseconds = performance.now() - started;
  const headOf = (layer: number, head: number): Head => ({
    query: run.query(layer, head),
    key: run.key(layer, head),
    headDim: run.query(0, 0).length / n,
    scale: run.scale(layer),
    isCausal: whatIf.causal ?? model.isCausal,
    hidden: whatIf.hidden,
  });
  const isReckoned = !isLong || everyLayer(model).every((layer) => comesOut(headOf(layer, 0), run, layer));
  return {
    data: dataOf(input, run, isLong, isReckoned, milliseconds),
    window: (layer, head, { stage = "weights", ...request }) =>
      stage === "weights"
        ? run.window(layer, head, request)
        : pooledWindow(cellsOf(headOf(layer, head), stage), request),
  };
}

/** Whether the last row of a layer's first head comes out as the model's own. */
function comesOut(head: Head, run: Run, layer: number): boolean {
  const n = run.tokens.length;
  const own = run.window(layer, 0, { rows: [n - 1, n], cols: [0, n] });
  return reckonedRow(head, "weights", n - 1).every(
    (weight, col) => Math.abs(weight - (own[col] ?? NaN)) < RECKONED,
  );
}

function dataOf(
  input: GatherInput,
  run: Run,
  isLong: boolean,
  isReckoned: boolean,
  milliseconds: number,
): RunData {
  const { model, name, text, pair = "", leftOut = "", whatIf = AS_TRAINED, position } = input;
  const heads = everyHead(model);
  const layers = everyLayer(model);
  const all = (of: (layer: number, head: number) => Float32Array): Float32Array =>
    joined(heads.map(([layer, head]) => of(layer, head)));
  const stage = (which: Stage): Float32Array =>
    isLong ? new Float32Array() : all((layer, head) => run.attention(layer, head, which));
  return {
    model: name,
    spelling: WORDPIECE.has(model.architecture) ? "wordpiece" : "bytes",
    text,
    pair,
    leftOut,
    tokens: run.tokens,
    words: run.words(),
    numLayers: model.numLayers,
    numHeads: model.numHeads,
    headDim: run.query(0, 0).length / run.tokens.length,
    modelDim: run.hidden(0).length / run.tokens.length,
    isCausal: whatIf.causal ?? model.isCausal,
    scales: layers.map((layer) => run.scale(layer)),
    whatIf,
    maxLength: model.maxLength,
    stages: {
      products: stage("products"),
      scores: stage("scores"),
      maskedScores: stage("maskedScores"),
      weights: stage("weights"),
    },
    vectors: {
      query: all((layer, head) => run.query(layer, head)),
      key: all((layer, head) => run.key(layer, head)),
      value: all((layer, head) => run.value(layer, head)),
      context: all((layer, head) => run.context(layer, head)),
    },
    hidden: joined(Array.from({ length: model.numLayers + 1 }, (_, layer) => run.hidden(layer))),
    attentionInput: joined(layers.map((layer) => run.attentionInput(layer))),
    attentionOutput: joined(layers.map((layer) => run.attentionOutput(layer))),
    isReckoned,
    statistics: (isLong ? [] : layers).map((layer) =>
      Array.from({ length: model.numHeads }, (_, head) => run.headStatistics(layer, head)),
    ),
    rollout: isLong ? new Float32Array() : run.rollout(),
    ...saidOf(run, isLong, position),
    milliseconds,
  };
}

/** The buffers that a message can hand over instead of copying. */
export function buffersOf(data: RunData): ArrayBuffer[] {
  const { stages, vectors, hidden, attentionInput, attentionOutput, rollout } = data;
  const streams = [hidden, attentionInput, attentionOutput, rollout];
  if (data.distribution) streams.push(data.distribution);
  return [...Object.values(stages), ...Object.values(vectors), ...streams].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
}

function runOptions(whatIf: WhatIf, scale: number): RunOptions {
  const isChanged = !whatIf.scaled || whatIf.temperature !== 1;
  return {
    ...(whatIf.causal === undefined ? {} : { isCausal: whatIf.causal }),
    ...(isChanged ? { scale } : {}),
    ...(whatIf.positions ? {} : { usePositions: false }),
    ...(whatIf.ablated.length > 0 ? { ablateHeads: whatIf.ablated } : {}),
  };
}

/** Cells hidden by hand, as the run's mask; those that a shorter text no longer has are left out. */
function maskOf({ hidden }: WhatIf, n: number): Pick<RunOptions, "attnMask"> {
  if (hidden.length === 0) return {};
  const attnMask = new Uint8Array(n * n).fill(1);
  for (const { row, col } of hidden) if (row < n && col < n) attnMask[row * n + col] = 0;
  return { attnMask };
}

/** The model's own over the temperature, or none where it is switched off. */
function scaleOf(model: Model, { scaled, temperature }: WhatIf): number {
  return (scaled ? model.scale : 1) / temperature;
}

/**
 * What the model says. Of a long run only what comes next: each position costs a product with the whole vocabulary. A
 * checkpoint that says nothing of words (without a language-model head, or a discriminator) has attention all the same.
 */
function saidOf(
  run: Run,
  isLong: boolean,
  position: number | undefined,
): Pick<RunData, "predictions" | "distribution"> {
  const last = run.tokens.length - 1;
  try {
    return {
      predictions: run.tokens.map((_, at) => (isLong && at < last ? [] : run.predictions(at, PREDICTIONS))),
      ...(run.tokens[position ?? -1] ? { distribution: softmax(run.logits(position ?? 0)) } : {}),
    };
  } catch (error) {
    if (codeOf(error) !== "invalid-argument") throw error;
    return { predictions: run.tokens.map(() => []) };
  }
}

function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

function everyLayer({ numLayers }: Model): number[] {
  return Array.from({ length: numLayers }, (_, layer) => layer);
}

function everyHead({ numLayers, numHeads }: Model): (readonly [number, number])[] {
  return Array.from({ length: numLayers * numHeads }, (_, i) => [Math.floor(i / numHeads), i % numHeads]);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
