// What is shown of a run's tokens: all, or without the special ones; one by one, or joined to words.
import { headMatrix, keysOf, partOf, type ReadText, type RunData, type Stage } from "../runner/run_data.ts";
import type { ViewState } from "../state.ts";
import { visible, type Labels, type TokenLabel } from "../views/token_label.ts";

/** A stretch of tokens that is shown as one: a token, or the tokens of a word. `to` is not in it. */
export interface Unit {
  readonly from: number;
  readonly to: number;
}

export interface Units {
  /** In the order of the text. */
  readonly shown: readonly Unit[];
  /** One a unit. */
  readonly labels: readonly TokenLabel[];
  /** [n], the unit that each token is part of; −1 where it is hidden. */
  readonly ofToken: Int32Array;
  /** Whether rows are made to sum to 1 over what is shown. */
  readonly renormalise: boolean;
}

/** What a view is made of, as far as it matters here: a Scene is one. */
export interface Shown extends Labels {
  readonly run: RunData;
  readonly state: Pick<ViewState, "words" | "special" | "renormalise">;
}

/** Both sides of a matrix; the same units where a text looks at itself. */
export interface Axes {
  /** Those that look. */
  readonly rows: Units;
  /** Those that are looked at. */
  readonly cols: Units;
}

export function axesOf(shown: Shown, stage: Stage = "weights"): Axes {
  const rows = unitsOf(shown, stage);
  const { run } = shown;
  if (partOf(run) !== "cross") return { rows, cols: rows };
  return { rows, cols: unitsIn(keysOf(run), keyLabelsOf(shown), shown.state, stage) };
}

/** The side that is read in a direction: whom a row looks at, or who looks at a column. */
export function sideRead({ rows, cols }: Axes, direction: ViewState["direction"]): Units {
  return direction === "from" ? rows : cols;
}

/** The side that shares are of, when the other is read. */
export function sideShared(axes: Axes, direction: ViewState["direction"]): Units {
  return sideRead(axes, direction === "from" ? "to" : "from");
}

/** Of the tokens that are looked at, one each. */
export function keyLabelsOf({ labels, keyLabels = labels }: Labels): readonly TokenLabel[] {
  return keyLabels;
}

/** The units that look. Only weights are shares, which can be added: in any other stage tokens are not joined, nor rows changed. */
export function unitsOf({ run, labels, state }: Shown, stage: Stage = "weights"): Units {
  return unitsIn(run, labels, state, stage);
}

function unitsIn(
  text: Pick<ReadText, "tokens" | "words">,
  labels: readonly TokenLabel[],
  state: Shown["state"],
  stage: Stage,
): Units {
  const isShares = stage === "weights";
  const all =
    state.words && isShares
      ? text.words.map(({ tokens: [from, to] }) => ({ from, to }))
      : text.tokens.map(one);
  const names =
    state.words && isShares ? text.words.map((word, i) => wordLabel(word.text, all[i], labels)) : labels;
  const ofToken = new Int32Array(text.tokens.length).fill(-1);
  const shown: Unit[] = [];
  const kept: TokenLabel[] = [];
  all.forEach((unit, i) => {
    const label = names[i];
    if (!label || (label.special && !state.special)) return;
    ofToken.fill(shown.length, unit.from, unit.to);
    shown.push(unit);
    kept.push(label);
  });
  return { shown, labels: kept, ofToken, renormalise: state.renormalise && isShares };
}

/** One head's matrix [rows, cols] over the units that are shown; of a run that holds whole matrices. */
export function unitMatrix(
  { rows, cols }: Axes,
  run: RunData,
  stage: Stage,
  layer: number,
  head: number,
): Float32Array {
  return unitsMatrix({ rows, cols }, headMatrix(run, stage, layer, head));
}

/** Of a matrix of tokens [n, m]. */
export function unitsMatrix({ rows, cols }: Axes, values: Float32Array): Float32Array {
  const matrix = joined(values, cols.ofToken.length, rows.shown, cols.shown);
  if (rows.renormalise) renormaliseRows(matrix, cols.shown.length);
  return matrix;
}

/**
 * A matrix of tokens [·, width] as one of stretches [rows, cols]: what a stretch of rows gives is the mean of its rows, what
 * a stretch of columns gets is the sum of its columns, so that a row of shares stays one (Clark et al. 2019, section 3).
 */
export function joined(
  values: Float32Array,
  width: number,
  rows: readonly Unit[],
  cols: readonly Unit[],
): Float32Array {
  const result = new Float32Array(rows.length * cols.length);
  rows.forEach((row, i) => {
    cols.forEach((col, j) => {
      let sum = 0;
      for (let r = row.from; r < row.to; r++)
        for (let c = col.from; c < col.to; c++) sum += values[r * width + c] ?? 0;
      result[i * cols.length + j] = sum / (row.to - row.from);
    });
  });
  return result;
}

/** Divides each row of a matrix [·, width] by its sum; a row of zeros, which has nothing to share, stays. */
export function renormaliseRows(matrix: Float32Array, width: number): void {
  for (let at = 0; width > 0 && at < matrix.length; at += width) {
    const row = matrix.subarray(at, at + width);
    const sum = row.reduce((total, value) => total + value, 0);
    if (sum > 0) row.forEach((value, j) => (row[j] = value / sum));
  }
}

/** The unit of a token; of a hidden one the nearest that is shown, the later of two; −1 where nothing is. */
export function nearestUnit(units: Units, token: number): number {
  const { ofToken } = units;
  for (let step = 0; step < ofToken.length; step++) {
    const found = Math.max(ofToken[token + step] ?? -1, ofToken[token - step] ?? -1);
    if (found >= 0) return found;
  }
  return -1;
}

/** The token that stands for a unit where a state names a token: the word's first. */
export function tokenOf(units: Units, unit: number): number {
  return units.shown[unit]?.from ?? 0;
}

function one(_: unknown, i: number): Unit {
  return { from: i, to: i + 1 };
}

/** A word as it stands in the text. What is not in the text keeps its token's label: special tokens, unknown words. */
function wordLabel(text: string, unit: Unit | undefined, labels: readonly TokenLabel[]): TokenLabel {
  const first = labels[unit?.from ?? 0];
  const isSingle = unit !== undefined && unit.to - unit.from === 1;
  if (first && isSingle && (first.special || first.plain.startsWith("[UNK]"))) return first;
  const shown = visible(text);
  return { mark: "", text: shown, plain: shown, special: false, piece: false };
}
