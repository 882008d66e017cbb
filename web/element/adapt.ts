// From settings that were made before a run, or for another, to what this run has.
import { headMatrix, isLong, keysOf, partOf, type ReadText, type RunData } from "../runner/run_data.ts";
import { carryOver, strongest } from "../reading/selection.ts";
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
  const keys = keysOf(run);
  const [n, m] = [run.tokens.length, keys.tokens.length];
  const read = state.direction === "from" ? n : m;
  const fits = { layer, heads, locked: state.locked.filter((token) => token < read) };
  const { cell } = state;
  if (!cell) return fits;
  // Cells of another part are of other words.
  if (before && partOf(before) !== partOf(run)) return { ...fits, locked: [], cell: undefined };
  if (!before || (sameTokens(before, run) && sameTokens(keysOf(before), keys)))
    return cell.row < n && cell.col < m ? fits : { ...fits, cell: undefined };
  const row = carryOver(before, cell.row, run);
  const col = isLong(run)
    ? Math.min(cell.col, m - 1)
    : strongest(headMatrix(run, "weights", layer, heads[0] ?? 0), row, m);
  return { ...fits, locked: [], cell: { row, col } };
}

function sameTokens(a: ReadText, b: ReadText): boolean {
  return a.tokens.length === b.tokens.length && a.tokens.every(({ id }, i) => id === b.tokens[i]?.id);
}
