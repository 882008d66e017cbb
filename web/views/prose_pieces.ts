// A run's text as its units stand in it, with what lies between them.
import type { RunData } from "../runner/run_data.ts";
import type { Units } from "../reading/units.ts";
import { visible, type TokenLabel } from "./token_label.ts";

export interface Piece {
  /** What stands before it and is part of no unit. */
  readonly gap: string;
  readonly text: string;
  readonly label: TokenLabel;
  /** Whether the text is not what was typed, but the name of a token. */
  readonly isName: boolean;
}

/**
 * One piece a unit. A unit is written as it was typed, or by its label where that is not to be had: special tokens, parts of one
 * character. Nothing invisible is left that could turn or hide its neighbours.
 */
export function prosePieces(run: Pick<RunData, "tokens" | "text" | "pair">, units: Units): Piece[] {
  let sequence = 0;
  let cursor = 0;
  let wasTag = false;
  return units.shown.map(({ from, to }, i) => {
    const [first, last, label] = [run.tokens[from], run.tokens[to - 1], units.labels[i]];
    if (!first || !last || !label) throw new RangeError(`unit ${i} is not of this run`);
    const apart = i > 0 && (wasTag || first.special) ? " " : "";
    wasTag = first.special;
    if (first.special) return { gap: apart, text: label.text, label, isName: true };
    if ((first.sequence ?? 0) !== sequence) [sequence, cursor] = [first.sequence, 0];
    const source = sequence === 1 ? run.pair : run.text;
    const typed = source.slice(first.start, last.end);
    const text = typed.trim();
    if (first.start < cursor || text === "") return { gap: apart, text: label.text, label, isName: true };
    const space = typed.slice(0, typed.length - typed.trimStart().length);
    const gap = source.slice(cursor, first.start).replace(/\S+/gu, visible) + space;
    cursor = last.end;
    return { gap: /^\s/.test(gap) ? gap : apart + gap, text: visible(text), label, isName: false };
  });
}

/** The direction of a text: that of its first strong character (Unicode Bidirectional Algorithm, P2 and P3). */
export function directionOf(text: string): "ltr" | "rtl" {
  const first = /\p{L}/u.exec(text)?.[0] ?? "";
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(first)
    ? "rtl"
    : "ltr";
}
