// Formulas in a line, of the notation of views/formula.ts: fractions with a slash.
import { parseFormula, type Part } from "../../views/formula.ts";
import type { Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";

export interface FormulaPlace {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
}

interface Letters {
  readonly text: string;
  /** Below the baseline. */
  readonly drop: number;
  readonly size: number;
}

const DROP: Readonly<Record<string, number>> = { sup: -0.38, sub: 0.22, under: 0.22 };
const SMALLER = 0.72;

/** Always from left to right, as formulas are. */
export function formula(look: Look, { x, y, size }: FormulaPlace, text: string): Markup {
  let before = 0;
  const spans = joined(lettersOf(parseFormula(text), 0, size)).map((letters) => {
    const dy = letters.drop - before;
    before = letters.drop;
    const attributes = { dy: dy || undefined, "font-size": letters.size === size ? undefined : letters.size };
    return tag("tspan", attributes, letters.text);
  });
  const font = { "font-family": look.fonts.serif, "font-size": size, "font-style": "italic" };
  return tag("text", { x, y, ...font, direction: "ltr" }, ...spans);
}

function lettersOf(part: Part, drop: number, size: number): Letters[] {
  if (typeof part === "string") return [{ text: spaced(part), drop, size }];
  const { kind, parts } = part;
  const [first = "", second = ""] = parts;
  const sign = (text: string): Letters => ({ text, drop, size });
  const together = (one: Part): Letters[] =>
    typeof one === "string" || one.kind !== "row" || one.parts.length === 1
      ? lettersOf(one, drop, size)
      : [sign("("), ...lettersOf(one, drop, size), sign(")")];
  switch (kind) {
    case "row":
      return parts.flatMap((one) => lettersOf(one, drop, size));
    case "sqrt":
      return [sign("\u221a"), ...together(first)];
    case "frac":
      return [...together(first), sign(" / "), ...together(second)];
    default:
      return [
        ...lettersOf(first, drop, size),
        ...lettersOf(second, drop + (DROP[kind] ?? 0) * size, SMALLER * size),
        ...(kind === "under" ? [sign("\u2009")] : []),
      ];
  }
}

/** What stands at one height as one text. */
function joined(all: readonly Letters[]): Letters[] {
  const parts: Letters[] = [];
  for (const letters of all) {
    const last = parts.at(-1);
    if (last?.drop !== letters.drop) parts.push(letters);
    else parts.splice(-1, 1, { ...last, text: last.text + letters.text });
  }
  return parts;
}

function spaced(sign: string): string {
  return /^[=+\u00b7:\u2190]$/.test(sign) ? ` ${sign} ` : sign === "," ? ", " : sign;
}
