// A small scene whose every number is fixed, of words that would do harm or go wrong where they can.

import type { Token } from "heed/models";
import type { RunData, Stage } from "../../web/runner/run_data.ts";
import { AS_TRAINED, DEFAULT_STATE, type ViewState } from "../../web/state.ts";
import { english } from "../../web/strings/index.ts";
import { tokenLabels } from "../../web/views/token_label.ts";
import type { Scene } from "../../web/views/view.ts";
import { normal } from "../js/random.ts";

const TEXT = 'The untired <b>"&" \u0645\u0631\u062d\u0628\u0627 \u{1f642}\u202e cat';
const [LAYERS, HEADS, HEAD_DIM] = [2, 2, 4];
const MODEL_DIM = HEADS * HEAD_DIM;

const WORDS: readonly (readonly [text: string, typed: string])[] = [
  ["[CLS]", ""],
  ["the", "The"],
  ["un", "un"],
  ["##tired", "tired"],
  ["<b>", "<b>"],
  ['"&"', '"&"'],
  ["\u0645\u0631", "\u0645\u0631"],
  ["##\u062d\u0628\u0627", "\u062d\u0628\u0627"],
  ["\u{1f642}\u202e", "\u{1f642}\u202e"],
  ["cat", "cat"],
  ["[SEP]", ""],
];

const n = WORDS.length;

function tokens(): Token[] {
  let cursor = 0;
  return WORDS.map(([text, typed], id) => {
    if (typed === "") return { id, text, start: 0, end: 0, special: true, sequence: 0 };
    const start = TEXT.indexOf(typed, cursor);
    cursor = start + typed.length;
    return { id, text, start, end: cursor, special: false, sequence: 0 };
  });
}

/** Numbers that need not fit one another: pictures only show them. */
const numbers = (seed: number, rows: number, cols: number): Float32Array =>
  Float32Array.from(normal(seed, rows * n * cols));

/** Scores that look at a few places, the future hidden in the second layer's masked ones. */
function stages(): Record<Stage, Float32Array> {
  const products = normal(3, LAYERS * HEADS * n * n).map((value) => Math.fround(6 * value));
  const scores = products.map((value) => value / 2);
  const maskedScores = scores.map((value, i) => {
    const [layer, row, col] = [Math.floor(i / (HEADS * n * n)), Math.floor(i / n) % n, i % n];
    return layer === 1 && col > row ? -Infinity : value;
  });
  const weights = new Float32Array(maskedScores.length);
  for (let at = 0; at < weights.length; at += n) {
    const shares = Array.from(maskedScores.subarray(at, at + n), Math.exp);
    const sum = shares.reduce((total, value) => total + value, 0);
    weights.set(
      shares.map((share) => share / sum),
      at,
    );
  }
  return { products, scores, maskedScores, weights };
}

export function fixedScene(change: Partial<ViewState>, changeRun: Partial<RunData> = {}): Scene {
  const none = new Float32Array();
  const vectors = (seed: number): Float32Array => numbers(seed, LAYERS * HEADS, HEAD_DIM);
  const run: RunData = {
    model: "heed-bert",
    spelling: "wordpiece",
    text: TEXT,
    pair: "",
    leftOut: "",
    tokens: tokens(),
    words: [
      [0, 1, "[CLS]"],
      [1, 2, "The"],
      [2, 4, "untired"],
      [4, 5, "<b>"],
      [5, 6, '"&"'],
      [6, 8, "\u0645\u0631\u062d\u0628\u0627"],
      [8, 9, "\u{1f642}\u202e"],
      [9, 10, "cat"],
      [10, 11, "[SEP]"],
    ].map(([from, to, text]) => ({ text: String(text), tokens: [Number(from), Number(to)] as const })),
    numLayers: LAYERS,
    numHeads: HEADS,
    headDim: HEAD_DIM,
    modelDim: MODEL_DIM,
    isCausal: false,
    projections: { bias: true, outputBias: true, norm: false, rotary: false },
    scales: Array.from({ length: LAYERS }, () => 0.5),
    whatIf: AS_TRAINED,
    maxLength: 128,
    stages: stages(),
    vectors: { query: vectors(11), key: vectors(12), value: vectors(13), context: vectors(14) },
    attentionInput: numbers(15, LAYERS, MODEL_DIM),
    attentionOutput: numbers(16, LAYERS, MODEL_DIM),
    hidden: numbers(17, LAYERS + 1, MODEL_DIM),
    headOutputs: numbers(18, LAYERS * HEADS, MODEL_DIM),
    isReckoned: true,
    statistics: [],
    rollout: none,
    predictions: [],
    milliseconds: 1,
    ...changeRun,
  };
  return {
    run,
    labels: tokenLabels(run),
    state: { ...DEFAULT_STATE, text: TEXT, ...change },
    strings: english,
    window: (_layer, _head, { out: [height, width] }) =>
      Promise.resolve(Float32Array.from({ length: height * width }, (_, i) => (i % 10) / 10)),
  };
}
