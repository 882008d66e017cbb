// From a run of heed/models to the plain data that views draw.
import type { Model, Run, RunOptions } from "heed/models";
import { AS_TRAINED, type Part, type WhatIf } from "../state.ts";
import { attentionWindows } from "./attention_windows.ts";
import { attentionOf, sizesOf, type Attention } from "./parts.ts";
import { STAGES, type ReadText, type RunData, type Stage, type WindowRequest } from "./run_data.ts";
import { codeOf } from "./runner.ts";
import { softmax } from "./softmax.ts";

/** Guesses kept at each position. */
const PREDICTIONS = 5;
/** Of whole matrices, all stages and heads together: beyond, a run holds none, and parts are asked for (see isLong). */
const MOST_BYTES = 64 * 2 ** 20;

/** Rows of heads' outputs, as wide as the model: 16 MB where it is 1,024 wide. */
const MOST_ROWS = 4096;

const WORDPIECE: ReadonlySet<string> = new Set(["bert", "distilbert", "electra"]);

/** What an encoder-decoder's decoder reads. */
export interface Target {
  readonly text: string;
  /** Whether the model wrote it. */
  readonly isWritten: boolean;
  readonly leftOut: string;
}

export interface GatherInput {
  readonly model: Model;
  /** As it will be shown. */
  readonly name: string;
  readonly text: string;
  readonly pair?: string;
  /** What of the text was too much for the model. */
  readonly leftOut?: string;
  readonly whatIf?: WhatIf;
  /** Of an encoder-decoder; but for the encoder there must be a target. Default "encoder". */
  readonly part?: Part;
  readonly target?: Target | undefined;
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
  const { model, text, pair = "", whatIf = AS_TRAINED, part = "encoder", target } = input;
  const [n, m] = lengthsOf(input);
  const { numLayers, numHeads } = sizesOf(model, part);
  const isLong = 4 * STAGES.length * numLayers * numHeads * n * m > MOST_BYTES;
  const hasParts = !isLong && numLayers * numHeads * n <= MOST_ROWS;
  const texts = { text, ...(pair !== "" && { pair }), ...(target && { target: target.text }) };
  const started = performance.now();
  const run = await model.run(texts, {
    capture: isLong ? [] : hasParts ? [...STAGES, "headOutputs"] : STAGES,
    ...runOptions(whatIf, model.decoder ? part : undefined),
    ...maskOf(whatIf, n, m),
  });
  const milliseconds = performance.now() - started;
  const attention = attentionOf(model, run, part);
  const isCausal = part !== "cross" && (whatIf.causal ?? attention.isCausal);
  // Cross-attention is scaled alike in every layer.
  const scales = Array.from({ length: numLayers }, (_, layer) =>
    part === "cross" ? scaleOf(model, whatIf) : attention.run.scale(layer),
  );
  const windows = attentionWindows(attention, { part, isCausal, hidden: whatIf.hidden, scales });
  const isReckoned = !isLong || windows.isReckoned();
  return {
    data: dataOf(input, run, attention, {
      ...{ isLong, hasParts, isReckoned, isCausal, scales, milliseconds },
    }),
    window: (layer, head, request) => windows.window(layer, head, request),
  };
}

/** Tokens that look, and that are looked at. */
function lengthsOf({ model, text, pair = "", part = "encoder", target }: GatherInput): [number, number] {
  const read = model.tokenize(text, pair === "" ? undefined : pair).length;
  if (part === "encoder" || !target) return [read, read];
  // The token that begins the decoder's texts takes the place of the last.
  const written = Math.max(1, model.tokenize(target.text).length);
  return [written, part === "cross" ? read : written];
}

type AsRun = Pick<RunData, "isReckoned" | "isCausal" | "scales" | "milliseconds"> & {
  readonly isLong: boolean;
  readonly hasParts: boolean;
};

function dataOf(input: GatherInput, whole: Run, attention: Attention, asRun: AsRun): RunData {
  const { model, name, whatIf = AS_TRAINED, part = "encoder", target, position } = input;
  const { isLong, hasParts, isReckoned, isCausal, scales, milliseconds } = asRun;
  const { run, numLayers, numHeads } = attention;
  const heads = everyHead(attention);
  const layers = Array.from({ length: numLayers }, (_, layer) => layer);
  const all = (of: (layer: number, head: number) => Float32Array): Float32Array =>
    joined(heads.map(([layer, head]) => of(layer, head)));
  const stage = (which: Stage): Float32Array =>
    isLong ? new Float32Array() : all((layer, head) => attention.weights(layer, head, which));
  const source = readText(whole, input);
  const isSource = run === whole;
  return {
    model: name,
    spelling: WORDPIECE.has(model.architecture) ? "wordpiece" : "bytes",
    ...(isSource ? source : readText(run, { text: target?.text ?? "", leftOut: target?.leftOut ?? "" })),
    ...(model.decoder && {
      stacks: {
        ...{ part, source, target: target?.text, isWritten: target?.isWritten ?? false },
        memory: whole.hidden(model.numLayers),
      },
    }),
    ...{ numLayers, numHeads },
    headDim: run.query(0, 0).length / run.tokens.length,
    modelDim: run.hidden(0).length / run.tokens.length,
    ...{ isCausal, scales, projections: model.projections },
    whatIf,
    maxLength: model.maxLength,
    stages: {
      products: stage("products"),
      scores: stage("scores"),
      maskedScores: stage("maskedScores"),
      weights: stage("weights"),
    },
    vectors: {
      query: all((layer, head) => attention.query(layer, head)),
      key: all((layer, head) => attention.key(layer, head)),
      value: all((layer, head) => attention.value(layer, head)),
      context: all((layer, head) => attention.context(layer, head)),
    },
    hidden: joined(Array.from({ length: numLayers + 1 }, (_, layer) => run.hidden(layer))),
    attentionInput: joined(layers.map((layer) => attention.input(layer))),
    attentionOutput: joined(layers.map((layer) => attention.output(layer))),
    ...(hasParts && { headOutputs: all((layer, head) => attention.headOutput(layer, head)) }),
    isReckoned,
    statistics: (isLong ? [] : layers).map((layer) =>
      Array.from({ length: numHeads }, (_, head) => attention.statistics(layer, head)),
    ),
    rollout: isLong || !isSource ? new Float32Array() : run.rollout(),
    ...saidOf(run, isLong, position),
    milliseconds,
  };
}

function readText(
  run: Run,
  { text, pair = "", leftOut = "" }: Pick<GatherInput, "text" | "pair" | "leftOut">,
): ReadText {
  return { text, pair, leftOut, tokens: run.tokens, words: run.words() };
}

/** The buffers that a message can hand over instead of copying. */
export function buffersOf(data: RunData): ArrayBuffer[] {
  const { stages, vectors, hidden, attentionInput, attentionOutput, rollout } = data;
  const streams = [hidden, attentionInput, attentionOutput, rollout];
  for (const values of [data.headOutputs, data.distribution]) if (values) streams.push(values);
  if (data.stacks) streams.push(data.stacks.memory);
  return [...Object.values(stages), ...Object.values(vectors), ...streams].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
}

/** `part`: of an encoder-decoder, the attention that is changed. */
function runOptions(whatIf: WhatIf, part: Part | undefined): RunOptions {
  const heads = part ? whatIf.ablated.map(([layer, head]) => [layer, head, part] as const) : whatIf.ablated;
  return {
    ...(part && { attentions: [part] }),
    // Between two texts there is no future to hide.
    ...(whatIf.causal === undefined || part === "cross" ? {} : { isCausal: whatIf.causal }),
    ...(whatIf.scaled ? {} : { scale: 1 }),
    ...(whatIf.temperature === 1 ? {} : { temperature: whatIf.temperature }),
    ...(whatIf.positions ? {} : { usePositions: false }),
    ...(whatIf.ablated.length > 0 ? { ablateHeads: heads } : {}),
  };
}

/** Cells hidden by hand, as the run's mask; those that a shorter text no longer has are left out. */
function maskOf({ hidden }: WhatIf, n: number, m: number): Pick<RunOptions, "attnMask"> {
  if (hidden.length === 0) return {};
  const attnMask = new Uint8Array(n * m).fill(1);
  for (const { row, col } of hidden) if (row < n && col < m) attnMask[row * m + col] = 0;
  return { attnMask };
}

/** Where a model scales all layers alike: its own over the temperature, or none where it is switched off. */
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

function everyHead({ numLayers, numHeads }: Attention): (readonly [number, number])[] {
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
