// Which cell is chosen when a new run arrives.
import type { Look } from "../examples.ts";
import type { RunData } from "../runner/run_data.ts";
import type { Cell } from "../views/grid_keys.ts";
import type { TokenLabel } from "../views/token_label.ts";

/** The row with the same word as before, the nearest if there are several; else the row in the same place. */
export function carryOver(before: RunData, row: number, next: RunData): number {
  const old = before.tokens[row];
  if (!old) return firstWord(next);
  const word = wordAt(before, row);
  let best = -1;
  next.tokens.forEach((token, i) => {
    if (token.special !== old.special || wordAt(next, i) !== word) return;
    const nearer =
      Math.abs(token.start - old.start) < Math.abs((next.tokens[best]?.start ?? Infinity) - old.start);
    if (best < 0 || nearer) best = i;
  });
  if (best >= 0) return best;
  const over = next.tokens.findIndex(
    (token) => !token.special && token.start <= old.start && old.start < token.end,
  );
  return over >= 0 ? over : Math.min(row, next.tokens.length - 1);
}

/** The cell an example speaks of. */
export function lookedFor(
  look: Look,
  labels: readonly TokenLabel[],
  run: RunData,
  weights: Float32Array,
): Cell {
  const named = (text: string): number[] =>
    labels.flatMap((label, i) => (label.text.toLowerCase() === text ? [i] : []));
  const row = named(look.query)[(look.nth ?? 1) - 1] ?? firstWord(run);
  const col = look.key === undefined ? undefined : named(look.key)[0];
  return { row, col: col ?? strongest(weights, row, labels.length) };
}

/** The column with the largest weight of a row. */
export function strongest(weights: Float32Array, row: number, n: number): number {
  const values = weights.subarray(row * n, (row + 1) * n);
  return Math.max(0, values.indexOf(Math.max(...values)));
}

function firstWord(run: RunData): number {
  return Math.max(
    0,
    run.tokens.findIndex((token) => !token.special),
  );
}

function wordAt(run: RunData, position: number): string {
  const token = run.tokens[position];
  if (!token) return "";
  return (token.special ? token.text : run.text.slice(token.start, token.end)).trim().toLowerCase();
}
