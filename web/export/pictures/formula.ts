// Formulas in a line: what stands after _ is lower, after ^ higher, and braces hold several letters together.
import type { Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";

export interface FormulaPlace {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
}

const PART = /([^_^]+)|([_^])(?:\{([^}]*)\}|(.))/gu;
const RAISED: Readonly<Record<string, number>> = { "^": -0.38, _: 0.22 };

/** "a_{ij} = q_i·k_j": always from left to right, as formulas are. */
export function formula(look: Look, { x, y, size }: FormulaPlace, text: string): Markup {
  let height = 0;
  const parts = [...text.matchAll(PART)].map(([, level, sign, several, one]) => {
    const wanted = sign === undefined ? 0 : size * (RAISED[sign] ?? 0);
    const dy = wanted - height;
    height = wanted;
    const attributes = { dy: dy || undefined, "font-size": sign && 0.72 * size };
    return tag("tspan", attributes, level ?? several ?? one);
  });
  const font = { "font-family": look.fonts.serif, "font-size": size, "font-style": "italic" };
  return tag("text", { x, y, ...font, direction: "ltr" }, ...parts);
}
