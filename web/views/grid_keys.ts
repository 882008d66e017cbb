// Where the keys of the WAI-ARIA grid pattern lead.
import type { Cell } from "../state.ts";

export type { Cell };

export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Rows that Page Up and Page Down skip. */
const PAGE = 8;

/** The next cell of a grid [rows, cols], or undefined for a key that means nothing here. */
export function move(
  { row, col }: Cell,
  { key, ctrlKey, metaKey, altKey }: Key,
  rows: number,
  cols = rows,
): Cell | undefined {
  if (altKey || metaKey) return undefined;
  const last = { row: rows - 1, col: cols - 1 };
  if (ctrlKey) {
    if (key === "Home") return { row: 0, col: 0 };
    if (key === "End") return last;
    return undefined;
  }
  switch (key) {
    case "ArrowUp":
      return { row: Math.max(0, row - 1), col };
    case "ArrowDown":
      return { row: Math.min(last.row, row + 1), col };
    case "ArrowLeft":
      return { row, col: Math.max(0, col - 1) };
    case "ArrowRight":
      return { row, col: Math.min(last.col, col + 1) };
    case "Home":
      return { row, col: 0 };
    case "End":
      return { row, col: last.col };
    case "PageUp":
      return { row: Math.max(0, row - PAGE), col };
    case "PageDown":
      return { row: Math.min(last.row, row + PAGE), col };
    default:
      return undefined;
  }
}
