// Calculations written out so that whoever checks them by hand gets the number that stands there.

const MINUS = "\u2212";
/** Of powers of ten: a minus, and the digits. */
const RAISED = "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
/** Decimals that the parts of a calculation may have beyond its result's. */
const MORE = 5;

export interface Reckoning {
  readonly parts: readonly string[];
  readonly result: string;
  /** "≈" where the engine's own rounding, in float32, shows in the result. */
  readonly sign: "=" | "\u2248";
}

/**
 * The fewest digits with which the parts, as written, give the result as written; none of the parts has fewer than `places`
 * decimals. `compute` is the calculation, from numbers as many as `parts`.
 */
export function reckon(
  parts: readonly number[],
  result: number,
  places: number,
  compute: (parts: readonly number[]) => number,
  write = (value: number): string => decimals(value, places),
): Reckoning {
  const shown = write(result);
  for (let more = 0; more <= MORE; more++) {
    const texts = parts.map((part) => written(part, places, more));
    if (write(compute(texts.map(valueOf))) === shown) return { parts: texts, result: shown, sign: "=" };
  }
  return { parts: parts.map((part) => written(part, places)), result: shown, sign: "\u2248" };
}

/** Never as mere zeros: with so many decimals, with more where two digits need them, or as "4.9\u00d710\u207b\u2075". */
export function written(value: number, places: number, more = 0): string {
  if (!Number.isFinite(value) || value === 0) return decimals(value, places);
  const power = Math.floor(Math.log10(Math.abs(value)));
  if (power >= -3) return decimals(value, Math.max(places, 1 - power) + more);
  const [size = "", exponent = ""] = Math.abs(value)
    .toExponential(1 + more)
    .split("e");
  return `${value < 0 ? MINUS : ""}${size}\u00d710${exponent.replace(/./g, (sign) => RAISED["-0123456789".indexOf(sign)] ?? "")}`;
}

/** Decimals with which a share is neither 0 nor 1 unless it is: three, as a rule. */
export function sharePlaces(weight: number): number {
  return weight < 1 && weight > 0.9995 ? Math.min(7, Math.ceil(-Math.log10(1 - weight))) : 3;
}

/** "0.734", "0.99995", "4.9\u00d710\u207b\u2075" */
export function shareText(weight: number): string {
  return written(weight, sharePlaces(weight));
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

/** "0.98 × 1.23 + 0.01 × (−0.5) + 0.02 ⁨from 13 others⁩ = 1.22": the rest is one term; none where there is no rest. */
export function writeSum(
  { pairs, rest, others }: Terms,
  total: number,
  places: number,
  fromOthers: (others: number) => string,
): string {
  const numbers = pairs.flat();
  const compute = (parts: readonly number[]): number => {
    let sum = others > 0 ? (parts.at(-1) ?? 0) : 0;
    for (let k = 0; k < pairs.length; k++) sum += (parts[2 * k] ?? 0) * (parts[2 * k + 1] ?? 0);
    return sum;
  };
  const { parts, result, sign } = reckon(others > 0 ? [...numbers, rest] : numbers, total, places, compute);
  const products = pairs.map((_, k) => `${bracketed(parts[2 * k])} \u00d7 ${bracketed(parts[2 * k + 1])}`);
  if (others > 0) products.push(`${bracketed(parts.at(-1))} ${aside(fromOthers(others))}`);
  return `${products.join(" + ") || "0"} ${sign} ${result}`;
}

/** A number with so many decimals and a real minus sign. */
export function decimals(value: number, places: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : value < 0 ? `${MINUS}\u221e` : "NaN";
  const size = Math.abs(value).toFixed(places);
  return value < 0 && Number(size) !== 0 ? MINUS + size : size;
}

/** Words within a calculation. */
export function aside(words: string): string {
  return `\u2068${words}\u2069`;
}

/** The number that a text of decimals() or written() is. */
export function valueOf(text: string): number {
  const plain = text.replace(
    /[\u2070-\u207b\u00b9\u00b2\u00b3]/g,
    (sign) => "-0123456789"[RAISED.indexOf(sign)] ?? "",
  );
  return Number(plain.replace("\u00d710", "e").replace(MINUS, "-").replace("\u221e", "Infinity"));
}

/** A number after a sign of calculation: a negative one in brackets. */
export function bracketed(text = ""): string {
  return text.startsWith(MINUS) ? `(${text})` : text;
}
