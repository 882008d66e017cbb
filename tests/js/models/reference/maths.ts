// The transformer's formulas in plain double precision, one row at a time: what models are compared with for which nobody
// computed golden numbers. It shares nothing with the engine.
//
// Sources: Vaswani et al. (2017), section 3; Ba et al. (2016); Zhang and Sennrich (2019); Hendrycks and Gimpel (2016).

export type Vector = number[];
/** Rows. */
export type Matrix = Vector[];

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

export const add = (a: Matrix, b: Matrix): Matrix =>
  a.map((row, i) => row.map((x, d) => x + (b[i]?.[d] ?? NaN)));
export const scaled = (a: Matrix, factor: number): Matrix => a.map((row) => row.map((x) => factor * x));
export const mapped = (a: Matrix, f: (x: number) => number): Matrix => a.map((row) => row.map(f));

/** x Wᵀ + b, W [out, in]. */
export const linear = (x: Matrix, weight: Matrix, bias?: Vector): Matrix =>
  x.map((row) => weight.map((w, out) => dot(row, w) + (bias ? (bias[out] ?? NaN) : 0)));

export const layerNorm = (x: Matrix, weight: Vector, bias: Vector, epsilon: number): Matrix =>
  x.map((row) => {
    const mean = row.reduce((a, b) => a + b) / row.length;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / row.length;
    return row.map(
      (v, d) => ((v - mean) / Math.sqrt(variance + epsilon)) * (weight[d] ?? NaN) + (bias[d] ?? NaN),
    );
  });

export const rmsNorm = (x: Matrix, weight: Vector, epsilon: number): Matrix =>
  x.map((row) => {
    const square = row.reduce((sum, v) => sum + v * v, 0) / row.length;
    return row.map((v, d) => (v / Math.sqrt(square + epsilon)) * (weight[d] ?? NaN));
  });

export function softmax(row: Vector): Vector {
  const most = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** erf by its Taylor series, which in doubles is good to 1e-13 for |x| < 3, and beyond to 1e-9. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export const gelu = (x: number): number => (x / 2) * (1 + erf(x / Math.SQRT2));
export const geluTanh = (x: number): number =>
  (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
export const relu = (x: number): number => Math.max(x, 0);
export const silu = (x: number): number => x / (1 + Math.exp(-x));

export interface Attention {
  /** [heads][queries][keys] */
  weights: Matrix[];
  /** [queries, heads · dim] */
  context: Matrix;
}

/** softmax(scale · Q Kᵀ + bias) V, a head at a time; `query` [n, heads · dim], `bias`: -Infinity hides a key. */
export function attention(
  { query, key, value }: { query: Matrix; key: Matrix; value: Matrix },
  heads: number,
  scale: number,
  bias: (head: number, i: number, j: number) => number = () => 0,
): Attention {
  const dim = (query[0]?.length ?? 0) / heads;
  const part = (rows: Matrix, head: number): Matrix =>
    rows.map((row) => row.slice(head * dim, (head + 1) * dim));
  const weights: Matrix[] = [];
  const context: Matrix = query.map(() => []);
  for (let head = 0; head < heads; head++) {
    const [q, k, v] = [part(query, head), part(key, head), part(value, head)];
    const rows = q.map((row, i) => softmax(k.map((other, j) => scale * dot(row, other) + bias(head, i, j))));
    weights.push(rows);
    rows.forEach((row, i) => {
      for (let d = 0; d < dim; d++)
        context[i]?.push(
          dot(
            row,
            v.map((other) => other[d] ?? NaN),
          ),
        );
    });
  }
  return { weights, context };
}

/** Hides what comes after. */
export const causal = (_: number, i: number, j: number): number => (j > i ? -Infinity : 0);
