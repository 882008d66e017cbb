// Which lines of the bipartite picture are drawn, and how each looks; as numbers, without a canvas.

export interface Line {
  /** The row, on the side of the queries. */
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** The picture of all lines keeps to so many: each is one curve, and some thousands fill a frame's time. */
const MOST_LINES = 6000;

/** Shares that a threshold can be; 0 draws all. */
const THRESHOLDS = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7] as const;

/** The least threshold that leaves few enough lines of all the matrices [m, m] together. */
export function thresholdOf(matrices: readonly Float32Array[], most = MOST_LINES): number {
  const counts = THRESHOLDS.map(() => 0);
  for (const matrix of matrices) {
    for (const weight of matrix) {
      if (weight <= 0) continue;
      for (let k = 0; k < THRESHOLDS.length && weight >= (THRESHOLDS[k] ?? 1); k++)
        counts[k] = (counts[k] ?? 0) + 1;
    }
  }
  return THRESHOLDS.find((_, k) => (counts[k] ?? 0) <= most) ?? THRESHOLDS[THRESHOLDS.length - 1] ?? 0;
}

/** The lines of a matrix [m, m] from a threshold on; those of weight 0 are none. */
export function linesOf(matrix: Float32Array, m: number, threshold: number): Line[] {
  const lines: Line[] = [];
  matrix.forEach((weight, at) => {
    if (weight > 0 && weight >= threshold) lines.push({ from: Math.floor(at / m), to: at % m, weight });
  });
  return lines;
}

/** The lines of one unit by its shares [m]: however thin, every one. */
export function fanOf(shares: Float32Array, unit: number, direction: "from" | "to"): Line[] {
  return [...shares].flatMap((weight, other) => {
    if (!(weight > 0)) return [];
    return [direction === "from" ? { from: unit, to: other, weight } : { from: other, to: unit, weight }];
  });
}

/** Whether any of a line lies between two rows. */
export function crosses({ from, to }: Line, first: number, last: number): boolean {
  return Math.max(from, to) >= first && Math.min(from, to) <= last;
}

/** Steps of weight that are drawn alike, so that a thousand lines are ten strokes; finer where weights are small. */
export const STEPS = 10;

export function stepOf(weight: number): number {
  return Math.min(STEPS - 1, Math.floor(Math.sqrt(weight) * STEPS));
}

/** Width in CSS pixels and opacity of a step. Rising with the weight; the faintest can still be seen. */
export function lookOf(step: number, isFaint: boolean): { width: number; opacity: number } {
  const weight = ((step + 0.5) / STEPS) ** 2;
  return { width: 0.6 + 3.6 * weight, opacity: weight ** 0.6 * (isFaint ? 0.5 : 1) };
}

export type Cubic = readonly [number, number, number, number];

/** Where the curve 3t² − 2t³ from y to z enters and leaves the rows between `least` and `most`. */
export function partWithin(y: number, z: number, least: number, most: number): [from: number, to: number] {
  if (y === z) return [0, 1];
  const at = (edge: number): number => {
    const share = Math.min(1, Math.max(0, (edge - y) / (z - y)));
    return 0.5 - Math.sin(Math.asin(1 - 2 * share) / 3);
  };
  return y < z ? [at(least), at(most)] : [at(most), at(least)];
}

/** The part of a Bézier curve from a to b as a curve of its own, by its polar form. */
export function segment(points: Cubic, a: number, b: number): Cubic {
  const polar = (u: number, v: number, w: number): number => {
    const mix = (p: number, q: number, t: number): number => p + (q - p) * t;
    const [p, q, r, s] = points;
    const [pq, qr, rs] = [mix(p, q, u), mix(q, r, u), mix(r, s, u)];
    return mix(mix(pq, qr, v), mix(qr, rs, v), w);
  };
  return [polar(a, a, a), polar(a, a, b), polar(a, b, b), polar(b, b, b)];
}
