// Numbers as people read them, and as they are.
import type { Stage } from "../runner/run_data.ts";

const MINUS = "\u2212";

/** Three decimals of a weight, two of the rest, with a real minus sign. */
export function short(value: number, stage: Stage): string {
  return sign(value, Math.abs(value).toFixed(stage === "weights" ? 3 : 2));
}

/** The fewest digits that still name this float32 and no other. */
export function exact(value: number): string {
  if (!Number.isFinite(value)) return sign(value, "");
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return sign(value, String(Math.abs(Number(text))));
  }
  return sign(value, String(Math.abs(Number(value.toPrecision(9)))));
}

/** A few characters for inside a cell: ".98", "1", "-4.2". */
export function tiny(value: number, stage: Stage): string {
  if (!Number.isFinite(value)) return "";
  if (stage === "weights") return value < 0.005 ? "" : value >= 0.995 ? "1.0" : value.toFixed(2).slice(1);
  const size = Math.abs(value);
  return sign(value, size < 9.95 ? size.toFixed(1) : size.toFixed(0));
}

/** With so many decimals and a real minus sign. */
export function fixed(value: number, digits: number): string {
  return sign(value, Math.abs(value).toFixed(digits));
}

/** Two figures and a power of ten. */
export function power(value: number): string {
  const [figures = "", exponent = ""] = value.toExponential(1).split("e");
  const raised = exponent.replace(/\D/g, (sign) => (sign === "-" ? "\u207b" : ""));
  return `${figures} \u00d7 10${raised.replace(/\d/g, (digit) => "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[Number(digit)] ?? "")}`;
}

/** For a legend. */
export function tick(value: number): string {
  return sign(value, String(Number(Math.abs(value).toPrecision(3))));
}

function sign(value: number, magnitude: string): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : `${MINUS}\u221e`;
  return value < 0 && Number(magnitude) !== 0 ? MINUS + magnitude : magnitude;
}
