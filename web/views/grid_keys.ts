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

/** The next cell of an n × n grid, or undefined for a key that means nothing here. */
export function move(
  { row, col }: Cell,
  { key, ctrlKey, metaKey, altKey }: Key,
  n: number,
): Cell | undefined {
  if (altKey || metaKey) return undefined;
  const last = n - 1;
  if (ctrlKey) {
    if (key === "Home") return { row: 0, col: 0 };
    if (key === "End") return { row: last, col: last };
    return undefined;
  }
  switch (key) {
    case "ArrowUp":
      return { row: Math.max(0, row - 1), col };
    case "ArrowDown":
      return { row: Math.min(last, row + 1), col };
    case "ArrowLeft":
      return { row, col: Math.max(0, col - 1) };
    case "ArrowRight":
      return { row, col: Math.min(last, col + 1) };
    case "Home":
      return { row, col: 0 };
    case "End":
      return { row, col: last };
    case "PageUp":
      return { row: Math.max(0, row - PAGE), col };
    case "PageDown":
      return { row: Math.min(last, row + PAGE), col };
    default:
      return undefined;
  }
}
