// From settings that were made before a run, or for another, to what this run has.
import { headMatrix, isLong, type RunData } from "../runner/run_data.ts";
import { carryOver, strongest } from "../selection.ts";
import type { ViewState } from "../state.ts";

/** A layer and heads that the run has: of those it has not, the first. */
export function withinRun<State extends ViewState>(state: State, run: RunData): State {
  const layer = state.layer < run.numLayers ? state.layer : 0;
  const heads = state.heads.filter((head) => head < run.numHeads);
  if (layer === state.layer && heads.length === state.heads.length) return state;
  return { ...state, layer, heads: heads.length > 0 ? heads : [0] };
}

/** What to change when a run takes another's place: the chosen word stays chosen, wherever it stands now. */
export function carried(state: ViewState, before: RunData | undefined, run: RunData): Partial<ViewState> {
  const { layer, heads } = withinRun(state, run);
  const n = run.tokens.length;
  const fits = { layer, heads, locked: state.locked.filter((token) => token < n) };
  const { cell } = state;
  if (!cell) return fits;
  if (!before || sameTokens(before, run))
    return cell.row < n && cell.col < n ? fits : { ...fits, cell: undefined };
  const row = carryOver(before, cell.row, run);
  const col = isLong(run)
    ? Math.min(cell.col, n - 1)
    : strongest(headMatrix(run, "weights", layer, heads[0] ?? 0), row, n);
  return { ...fits, locked: [], cell: { row, col } };
}

function sameTokens(a: RunData, b: RunData): boolean {
  return a.tokens.length === b.tokens.length && a.tokens.every(({ id }, i) => id === b.tokens[i]?.id);
}
