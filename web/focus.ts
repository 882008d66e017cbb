// Which words are read, and what choosing, moving and locking ask for. The chosen word is the followed cell's row where
// one reads whom it looks at, and its column where one reads who looks at it.
import { headMatrix, isLong } from "./runner/run_data.ts";
import type { Cell, ViewState } from "./state.ts";
import { nearestUnit, tokenOf, type Units } from "./units.ts";
import type { Scene } from "./views/view.ts";

export type Direction = ViewState["direction"];
type Read = Pick<Scene, "run" | "state">;

/** The state's cell where the run has it; else the largest weight between two different words. */
export function followedCell({ run, state }: Read): Cell {
  const n = run.tokens.length;
  const { cell } = state;
  if (cell && cell.row < n && cell.col < n) return cell;
  const words = run.tokens.flatMap(({ special }, i) => (special ? [] : [i]));
  let best: Cell = { row: words[0] ?? 0, col: words[0] ?? 0 };
  if (isLong(run)) return best;
  const weights = headMatrix(run, "weights", state.layer, state.heads[0] ?? 0);
  let most = 0;
  for (const row of words) {
    for (const col of words) {
      const weight = weights[row * n + col] ?? 0;
      if (row === col || weight <= most) continue;
      most = weight;
      best = { row, col };
    }
  }
  return best;
}

/** The unit that the followed cell begins (from) or ends with (to); −1 where nothing is shown. */
export function chosenUnit(scene: Read, units: Units, direction: Direction = scene.state.direction): number {
  const { row, col } = followedCell(scene);
  return nearestUnit(units, direction === "from" ? row : col);
}

/** The units that are read together: the locked ones, or the chosen one alone. */
export function readUnits(scene: Read, units: Units): number[] {
  const locked = scene.state.locked.map((token) => units.ofToken[token] ?? -1).filter((unit) => unit >= 0);
  const all = locked.length > 0 ? locked : [chosenUnit(scene, units)].filter((unit) => unit >= 0);
  return [...new Set(all)];
}

/** Goes to a unit; what is locked stays so. */
export function movingTo(
  scene: Read,
  units: Units,
  unit: number,
  direction: Direction = scene.state.direction,
): Partial<ViewState> {
  const token = tokenOf(units, unit);
  const other = otherEnd(scene, token, direction);
  return {
    direction,
    cell: direction === "from" ? { row: token, col: other } : { row: other, col: token },
  };
}

/** Chooses one unit and unlocks all. */
export function choosing(
  scene: Read,
  units: Units,
  unit: number,
  direction: Direction = scene.state.direction,
): Partial<ViewState> {
  return { ...movingTo(scene, units, unit, direction), locked: [] };
}

/** Locks a unit beside those that are read, or unlocks it. */
export function toggling(
  scene: Read,
  units: Units,
  unit: number,
  direction: Direction = scene.state.direction,
): Partial<ViewState> {
  const isTurned = direction !== scene.state.direction;
  const read = isTurned ? [] : readUnits(scene, units);
  const isLocked = !isTurned && scene.state.locked.length > 0 && read.includes(unit);
  const next = isLocked ? read.filter((other) => other !== unit) : [...new Set([...read, unit])];
  return {
    ...movingTo(scene, units, unit, direction),
    locked: next.map((locked) => tokenOf(units, locked)),
  };
}

/** Reads the other way; the chosen word stays the chosen one. */
export function turning(scene: Read, direction: Direction): Partial<ViewState> {
  if (direction === scene.state.direction) return {};
  const { row, col } = followedCell(scene);
  return { direction, cell: { row: col, col: row } };
}

/** The other end of a token's strongest line; in a run too long to hold whole matrices, as it was. */
function otherEnd({ run, state }: Read, token: number, direction: Direction): number {
  const n = run.tokens.length;
  if (isLong(run)) {
    const { row, col } = followedCell({ run, state });
    return direction === "from" ? col : row;
  }
  const weights = headMatrix(run, "weights", state.layer, state.heads[0] ?? 0);
  let best = 0;
  const at = (other: number): number =>
    weights[direction === "from" ? token * n + other : other * n + token] ?? 0;
  for (let other = 1; other < n; other++) if (at(other) > at(best)) best = other;
  return best;
}
