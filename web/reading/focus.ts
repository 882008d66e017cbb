// Which words are read, and what choosing, moving and locking ask for. The chosen word is the followed cell's row where
// one reads whom it looks at, and its column where one reads who looks at it.
import { headMatrix, isLong, keysOf, partOf } from "../runner/run_data.ts";
import type { Cell, Part, ViewState, WhatIf } from "../state.ts";
import { nearestUnit, sideRead, tokenOf, type Axes } from "./units.ts";
import type { Scene } from "../views/view.ts";

export type Direction = ViewState["direction"];
type Read = Pick<Scene, "run" | "state">;

/** The state's cell where the run has it; else the largest weight between two different words, or words of two texts. */
export function followedCell({ run, state }: Read): Cell {
  const { tokens } = keysOf(run);
  const m = tokens.length;
  const { cell } = state;
  if (cell && cell.row < run.tokens.length && cell.col < m) return cell;
  const wordsOf = (text: typeof tokens): number[] => text.flatMap(({ special }, i) => (special ? [] : [i]));
  const [rows, cols] = [wordsOf(run.tokens), wordsOf(tokens)];
  const isCross = partOf(run) === "cross";
  let best: Cell = { row: rows[0] ?? 0, col: cols[0] ?? 0 };
  if (isLong(run)) return best;
  const weights = headMatrix(run, "weights", state.layer, state.heads[0] ?? 0);
  let most = 0;
  for (const row of rows) {
    for (const col of cols) {
      const weight = weights[row * m + col] ?? 0;
      if ((row === col && !isCross) || weight <= most) continue;
      most = weight;
      best = { row, col };
    }
  }
  return best;
}

/** The unit that the followed cell begins (from) or ends with (to); −1 where nothing is shown. */
export function chosenUnit(scene: Read, axes: Axes, direction: Direction = scene.state.direction): number {
  const { row, col } = followedCell(scene);
  return nearestUnit(sideRead(axes, direction), direction === "from" ? row : col);
}

/** The units that are read together: the locked ones, or the chosen one alone. */
export function readUnits(scene: Read, axes: Axes): number[] {
  const units = sideRead(axes, scene.state.direction);
  const locked = scene.state.locked.map((token) => units.ofToken[token] ?? -1).filter((unit) => unit >= 0);
  const all = locked.length > 0 ? locked : [chosenUnit(scene, axes)].filter((unit) => unit >= 0);
  return [...new Set(all)];
}

/** Goes to a unit; what is locked stays so. */
export function movingTo(
  scene: Read,
  axes: Axes,
  unit: number,
  direction: Direction = scene.state.direction,
): Partial<ViewState> {
  const token = tokenOf(sideRead(axes, direction), unit);
  const other = otherEnd(scene, token, direction);
  return {
    direction,
    cell: direction === "from" ? { row: token, col: other } : { row: other, col: token },
  };
}

/** Chooses one unit and unlocks all. */
export function choosing(
  scene: Read,
  axes: Axes,
  unit: number,
  direction: Direction = scene.state.direction,
): Partial<ViewState> {
  return { ...movingTo(scene, axes, unit, direction), locked: [] };
}

/** Locks a unit beside those that are read, or unlocks it. */
export function toggling(
  scene: Read,
  axes: Axes,
  unit: number,
  direction: Direction = scene.state.direction,
): Partial<ViewState> {
  const isTurned = direction !== scene.state.direction;
  const read = isTurned ? [] : readUnits(scene, axes);
  const isLocked = !isTurned && scene.state.locked.length > 0 && read.includes(unit);
  const next = isLocked ? read.filter((other) => other !== unit) : [...new Set([...read, unit])];
  return {
    ...movingTo(scene, axes, unit, direction),
    locked: next.map((locked) => tokenOf(sideRead(axes, direction), locked)),
  };
}

/** Reads the other way; the chosen word stays the chosen one, but between two texts, where each has a side. */
export function turning(scene: Read, direction: Direction): Partial<ViewState> {
  if (direction === scene.state.direction) return {};
  const { row, col } = followedCell(scene);
  if (partOf(scene.run) === "cross") return { direction, cell: { row, col }, locked: [] };
  return { direction, cell: { row: col, col: row } };
}

/** Another attention of an encoder-decoder: what was chosen or hidden in the one before is no part of it. */
export function choosingPart(whatIf: WhatIf, part: Part): Partial<ViewState> {
  const ofOne = { causal: undefined, hidden: [], ablated: [] };
  return { attention: part, cell: undefined, locked: [], whatIf: { ...whatIf, ...ofOne } };
}

/** The other end of a token's strongest line; in a run too long to hold whole matrices, as it was. */
export function otherEnd({ run, state }: Read, token: number, direction: Direction): number {
  const m = keysOf(run).tokens.length;
  const others = direction === "from" ? m : run.tokens.length;
  if (isLong(run)) {
    const { row, col } = followedCell({ run, state });
    return direction === "from" ? col : row;
  }
  const weights = headMatrix(run, "weights", state.layer, state.heads[0] ?? 0);
  let best = 0;
  const at = (other: number): number =>
    weights[direction === "from" ? token * m + other : other * m + token] ?? 0;
  for (let other = 1; other < others; other++) if (at(other) > at(best)) best = other;
  return best;
}
