// Calculations written out so that whoever checks them by hand gets the number that stands there.

const MINUS = "\u2212";
/** Decimals that the parts of a calculation may have beyond its result's. */
const MORE = 5;

export interface Reckoning {
  readonly parts: readonly string[];
  readonly result: string;
  /** "≈" where the engine's own rounding, in float32, shows in the result. */
  readonly sign: "=" | "\u2248";
}

/**
 * The fewest decimals with which the parts, as written, give the result as written with `places` decimals; none of the parts
 * has fewer. `compute` is the calculation, from numbers as many as `parts`.
 */
export function reckon(
  parts: readonly number[],
  result: number,
  places: number,
  compute: (parts: readonly number[]) => number,
): Reckoning {
  const shown = decimals(result, places);
  for (let more = 0; more <= MORE; more++) {
    const written = parts.map((part) => decimals(part, places + more));
    if (decimals(compute(written.map(valueOf)), places) === shown)
      return { parts: written, result: shown, sign: "=" };
  }
  return { parts: parts.map((part) => decimals(part, places)), result: shown, sign: "\u2248" };
}

/** A sum of products a·b and a rest: reckon()'s parts, calculation and way of writing. */
export interface Terms {
  /** [a, b] of each product. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly rest: number;
  /** Products that make the rest. */
  readonly others: number;
}

/** The products that matter most of Σ a[k]·b[k], by magnitude, and what the others add up to. */
export function largestTerms(a: ArrayLike<number>, b: ArrayLike<number>, most: number): Terms {
  const product = (k: number): number => (a[k] ?? 0) * (b[k] ?? 0);
  const order = Array.from({ length: a.length }, (_, k) => k)
    .filter((k) => product(k) !== 0)
    .sort((x, y) => Math.abs(product(y)) - Math.abs(product(x)));
  const rest = order.slice(most);
  return {
    pairs: order.slice(0, most).map((k) => [a[k] ?? 0, b[k] ?? 0] as const),
    rest: rest.reduce((sum, k) => sum + product(k), 0),
    others: rest.length,
  };
}

/** "0.98 × 1.23 + 0.01 × (−0.5) + 0.02 = 1.22": the rest is the last number; none where there is no rest. */
export function writeSum({ pairs, rest, others }: Terms, total: number, places: number): string {
  const numbers = pairs.flat();
  const compute = (parts: readonly number[]): number => {
    let sum = others > 0 ? (parts.at(-1) ?? 0) : 0;
    for (let k = 0; k < pairs.length; k++) sum += (parts[2 * k] ?? 0) * (parts[2 * k + 1] ?? 0);
    return sum;
  };
  const { parts, result, sign } = reckon(others > 0 ? [...numbers, rest] : numbers, total, places, compute);
  const products = pairs.map((_, k) => `${bracketed(parts[2 * k])} \u00d7 ${bracketed(parts[2 * k + 1])}`);
  if (others > 0) products.push(bracketed(parts.at(-1)));
  return `${products.join(" + ") || "0"} ${sign} ${result}`;
}

/** A number with so many decimals and a real minus sign. */
export function decimals(value: number, places: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : value < 0 ? `${MINUS}\u221e` : "NaN";
  const size = Math.abs(value).toFixed(places);
  return value < 0 && Number(size) !== 0 ? MINUS + size : size;
}

/** The number that a text of decimals() writes. */
export function valueOf(written: string): number {
  return Number(written.replace(MINUS, "-").replace("\u221e", "Infinity"));
}

/** A number after a sign of calculation: a negative one in brackets. */
export function bracketed(written = ""): string {
  return written.startsWith(MINUS) ? `(${written})` : written;
}
