// Questions that take several runs of a model, as functions of a runner's run(). They know nothing of pages: the numbers they
// give are all that a panel may speak of.
import type { Prediction } from "heed/models";
import { headMatrix, keysOf, type RunData } from "../runner/run_data.ts";
import type { Runner, RunRequest } from "../runner/runner.ts";
import { AS_TRAINED, type Cell, type WhatIf } from "../state.ts";

/** A change that moves less of the probability than this is called almost nothing. */
export const ALMOST_NOTHING = 0.02;

/** A change that moves more than this is a change of the answer's chances that anyone would see. */
const MUCH = 0.1;

export type Ask = Runner["run"];

/** What asks for a run of the same texts again. */
export function requestOf({ text, pair, stacks, whatIf }: RunData, model: string): RunRequest {
  if (!stacks) return { model, text, pair, whatIf };
  const { source, part, target = "" } = stacks;
  return { model, text: source.text, pair: source.pair, whatIf, attention: part, target };
}

/** A token's probability in two runs. */
export interface Guess {
  readonly id: number;
  readonly token: string;
  readonly before: number;
  readonly after: number;
}

export interface Comparison {
  /** The likeliest of either run, in order of the larger of their two probabilities. */
  readonly guesses: readonly Guess[];
  /** The likeliest before, and the likeliest after. */
  readonly first: Guess;
  readonly last: Guess;
  /** Total variation distance: half the sum over the vocabulary of |before − after|, in [0, 1]. */
  readonly distance: number;
}

/** What two runs of a text predict at a position; undefined where either was not asked for it. */
export function compareAt(before: RunData, after: RunData, position: number): Comparison | undefined {
  const [p, q] = [before.distribution, after.distribution];
  if (!p || !q || p.length !== q.length) return undefined;
  const [likely, likelyNow] = [before.predictions[position] ?? [], after.predictions[position] ?? []];
  const guess = ({ id, token }: Prediction): Guess => ({ id, token, before: p[id] ?? 0, after: q[id] ?? 0 });
  const named = new Map([...likely, ...likelyNow].map((prediction) => [prediction.id, guess(prediction)]));
  const [first, last] = [named.get(likely[0]?.id ?? -1), named.get(likelyNow[0]?.id ?? -1)];
  if (!first || !last) return undefined;
  const size = ({ before: a, after: b }: Guess): number => Math.max(a, b);
  return {
    guesses: [...named.values()].sort((a, b) => size(b) - size(a)),
    first,
    last,
    distance: totalVariation(p, q),
  };
}

/** Half the sum of absolute differences of two distributions. */
export function totalVariation(p: Float32Array, q: Float32Array): number {
  return p.reduce((sum, value, i) => sum + Math.abs(value - (q[i] ?? 0)), 0) / 2;
}

/** What becomes of a prediction when one head is turned off. */
export interface HeadEffect extends Comparison {
  readonly layer: number;
  readonly head: number;
}

/** What one head that is turned off teaches; "needless": it looked, and the answer stays; "needed": it did not, and the answer goes. */
export type Lesson = "needless" | "needed" | "none";

/** `weight`: what the head put on the pair of words; `distance`: what turning it off moved. */
export function lessonOf(weight: number, distance: number): Lesson {
  if (weight >= 0.5 && distance < ALMOST_NOTHING) return "needless";
  if (weight < 0.1 && distance >= MUCH) return "needed";
  return "none";
}

export interface TryEachOptions {
  readonly position: number;
  /** Heads tried so far. */
  onProgress?(done: number, of: number): void;
  readonly signal?: AbortSignal;
}

/** Turns off every head by itself, all else as trained; the greatest change first. Rejects where the signal is aborted. */
export async function tryEachHead(
  ask: Ask,
  request: RunRequest,
  { position, onProgress, signal }: TryEachOptions,
): Promise<HeadEffect[]> {
  const trained = await ask({ ...request, position, whatIf: AS_TRAINED });
  const effects: HeadEffect[] = [];
  const count = trained.numLayers * trained.numHeads;
  for (let i = 0; i < count; i++) {
    signal?.throwIfAborted();
    const [layer, head] = [Math.floor(i / trained.numHeads), i % trained.numHeads];
    const whatIf: WhatIf = { ...AS_TRAINED, ablated: [[layer, head]] };
    const comparison = compareAt(trained, await ask({ ...request, position, whatIf }), position);
    if (comparison) effects.push({ layer, head, ...comparison });
    onProgress?.(i + 1, count);
  }
  return effects.sort((a, b) => b.distance - a.distance);
}

/** The weight that every head puts from a cell's row to its column, [layers · heads]. */
export function weightsAt(run: RunData, { row, col }: Cell): Float32Array {
  const m = keysOf(run).tokens.length;
  return Float32Array.from({ length: run.numLayers * run.numHeads }, (_, i) => {
    const matrix = headMatrix(run, "weights", Math.floor(i / run.numHeads), i % run.numHeads);
    return matrix[row * m + col] ?? 0;
  });
}

/** How far apart the attention of a text and of its shuffled words is, over all heads, after the shuffle is undone. */
export interface Difference {
  readonly largest: number;
  readonly mean: number;
}

export interface ShuffleResult {
  /** The shuffled text. */
  readonly text: string;
  readonly positionsOff: Difference;
  readonly positionsOn: Difference;
  /** Positions off, and the future not hidden either; undefined where it never is. */
  readonly unmasked: Difference | undefined;
}

/**
 * Shuffles the words and compares all attention weights. Undefined where the text can't be shuffled: fewer than two words that
 * may move, or tokens that would become others.
 */
export async function shuffleWords(
  ask: Ask,
  request: RunRequest,
  random: () => number,
): Promise<ShuffleResult | undefined> {
  const trained = await ask({ ...request, whatIf: AS_TRAINED });
  const shuffle = shuffled(trained, random);
  if (!shuffle) return undefined;
  const { text, places } = shuffle;
  const differenceWith = async (whatIf: WhatIf): Promise<Difference | undefined> => {
    const before = await ask({ ...request, text: trained.text, whatIf });
    const after = await ask({ ...request, text, whatIf });
    const isSame =
      after.tokens.length === before.tokens.length &&
      before.tokens.every(({ id }, i) => after.tokens[places[i] ?? -1]?.id === id);
    return isSame ? difference(before, after, places) : undefined;
  };
  const positionsOn = await differenceWith(AS_TRAINED);
  const positionsOff = await differenceWith({ ...AS_TRAINED, positions: false });
  if (!positionsOn || !positionsOff) return undefined;
  const unmasked = trained.isCausal
    ? await differenceWith({ ...AS_TRAINED, positions: false, causal: false })
    : undefined;
  return { text, positionsOn, positionsOff, unmasked };
}

/** Where each token goes: what is between spaces moves as one. A vocabulary that marks spaces keeps the first, which has none. */
export function shuffled(
  run: RunData,
  random: () => number,
): { text: string; places: Int32Array } | undefined {
  const chunks = [...run.text.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
    text,
    tokens: [...run.tokens.keys()].filter((i) => {
      const token = run.tokens[i];
      // A token that begins with the space before its word ends within it all the same.
      return (
        token &&
        !token.special &&
        token.sequence === 0 &&
        token.end > index &&
        token.end <= index + text.length
      );
    }),
  }));
  const stays = run.spelling === "bytes" ? 1 : 0;
  const movable = chunks.slice(stays);
  if (new Set(movable.map(({ text }) => text)).size < 2) return undefined;
  const moved = [...movable];
  // A shuffle that changes nothing shows nothing.
  while (moved.every(({ text }, i) => text === movable[i]?.text)) {
    for (let i = moved.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      const [a, b] = [moved[i], moved[j]];
      if (a && b) [moved[i], moved[j]] = [b, a];
    }
  }
  const order = [...chunks.slice(0, stays), ...moved];
  const places = Int32Array.from(run.tokens, (_, i) => i);
  let at = chunks[0]?.tokens[0] ?? 0;
  for (const token of order.flatMap(({ tokens }) => tokens)) places[token] = at++;
  return { text: order.map(({ text }) => text).join(" "), places };
}

function difference(before: RunData, after: RunData, places: Int32Array): Difference {
  const n = before.tokens.length;
  const [a, b] = [before.stages.weights, after.stages.weights];
  let [largest, sum] = [0, 0];
  for (let at = 0; at < a.length; at += n * n) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const there = at + (places[i] ?? 0) * n + (places[j] ?? 0);
        const apart = Math.abs((a[at + i * n + j] ?? 0) - (b[there] ?? 0));
        largest = Math.max(largest, apart);
        sum += apart;
      }
    }
  }
  return { largest, mean: sum / a.length };
}

/** A word that two sentences share, with its tokens in each; `to` is not among them. */
export interface SharedWord {
  readonly text: string;
  readonly first: readonly [from: number, to: number];
  readonly second: readonly [from: number, to: number];
}

/** Words of both, spelt alike but for case, in the order of the first; of several alike the first. */
export function sharedWords(a: RunData, b: RunData): SharedWord[] {
  const letters = /[\p{L}\p{N}]/u;
  const shared = new Map<string, SharedWord>();
  for (const { text, tokens } of a.words) {
    const key = text.toLowerCase();
    const other = b.words.find((word) => word.text.toLowerCase() === key && !isSpecial(b, word.tokens[0]));
    if (other && letters.test(text) && !isSpecial(a, tokens[0]) && !shared.has(key))
      shared.set(key, { text, first: tokens, second: other.tokens });
  }
  return [...shared.values()];
}

/** Cosines of a word's hidden states in two runs, [layers + 1], 0 = embeddings; of several tokens their mean states. */
export function cosinesOf(a: RunData, b: RunData, { first, second }: SharedWord): number[] {
  return Array.from({ length: Math.min(a.numLayers, b.numLayers) + 1 }, (_, layer) =>
    cosine(stateOf(a, layer, first), stateOf(b, layer, second)),
  );
}

/** A token that is looked at from a word of two runs: how much in each; undefined where it does not stand. */
export interface SharedLook {
  readonly label: number;
  readonly of: "first" | "second";
  readonly first: number | undefined;
  readonly second: number | undefined;
}

/** The rows of a word in two runs, token beside the same token of the other, the one that gets most in either first. */
export function looksOf(
  [a, b]: readonly [RunData, RunData],
  { first, second }: SharedWord,
  layer: number,
  head: number,
): SharedLook[] {
  const [mine, theirs] = [rowOf(a, layer, head, first[0]), rowOf(b, layer, head, second[0])];
  const left = new Map(nthTokens(b).map((key, i) => [key, i]));
  const looks = nthTokens(a).map((key, label): SharedLook => {
    const other = left.get(key);
    left.delete(key);
    return {
      label,
      of: "first",
      first: mine[label],
      second: other === undefined ? undefined : theirs[other],
    };
  });
  for (const label of left.values())
    looks.push({ label, of: "second", first: undefined, second: theirs[label] });
  const most = (look: SharedLook): number => Math.max(look.first ?? 0, look.second ?? 0);
  return looks.sort((x, y) => most(y) - most(x));
}

function rowOf(run: RunData, layer: number, head: number, token: number): Float32Array {
  const n = run.tokens.length;
  return headMatrix(run, "weights", layer, head).subarray(token * n, (token + 1) * n);
}

/** Each token with which of its like it is. */
function nthTokens({ tokens }: RunData): string[] {
  const counts = new Map<number, number>();
  return tokens.map(({ id }) => {
    const nth = (counts.get(id) ?? 0) + 1;
    counts.set(id, nth);
    return `${id} ${nth}`;
  });
}

function isSpecial(run: RunData, token: number): boolean {
  return run.tokens[token]?.special ?? true;
}

function stateOf(run: RunData, layer: number, [from, to]: readonly [number, number]): Float64Array {
  const { modelDim } = run;
  const state = new Float64Array(modelDim);
  for (let token = from; token < to; token++) {
    const at = (layer * run.tokens.length + token) * modelDim;
    state.forEach((sum, k) => (state[k] = sum + (run.hidden[at + k] ?? 0)));
  }
  return state;
}

function cosine(a: Float64Array, b: Float64Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, k) => {
    const other = b[k] ?? 0;
    ab += value * other;
    aa += value * value;
    bb += other * other;
  });
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
