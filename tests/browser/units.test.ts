// Joining, hiding and sharing out, for any run.

import { describe, expect, test } from "@jest/globals";
import type { Token, Word } from "heed/models";
import type { RunData } from "../../web/runner/run_data.ts";
import {
  axesOf,
  nearestUnit,
  tokenOf,
  unitMatrix,
  unitsOf,
  type Shown,
  type Units,
} from "../../web/reading/units.ts";
import type { TokenLabel } from "../../web/views/token_label.ts";
import { normal } from "../js/random.ts";

/** A run of words of one to three tokens between two special ones, with rows that sum to 1. */
function made(
  seed: number,
  flags: Partial<Shown["state"]> = {},
): Shown & { weights: Float32Array; n: number } {
  const numbers = normal(seed, 4096);
  const lengths = Array.from({ length: 1 + (seed % 9) }, (_, i) => 1 + Math.floor(Math.abs(numbers[i] ?? 0)));
  const sizes = [1, ...lengths, 1];
  let at = 0;
  const words: Word[] = sizes.map((size, i) => ({ text: `w${i}`, tokens: [at, (at += size)] }));
  const n = at;
  const isSpecial = (i: number): boolean => i === 0 || i === n - 1;
  const tokens = Array.from({ length: n }, (_, i) => ({ text: `t${i}`, special: isSpecial(i) }) as Token);
  const labels = tokens.map(({ text, special }): TokenLabel => ({
    mark: "",
    text,
    plain: text,
    special,
    piece: false,
  }));
  const weights = Float32Array.from({ length: n * n }, (_, i) => Math.exp(2 * (numbers[100 + i] ?? 0)));
  for (let i = 0; i < n; i++) {
    const row = weights.subarray(i * n, (i + 1) * n);
    const sum = row.reduce((total, value) => total + value, 0);
    row.forEach((value, j) => (row[j] = value / sum));
  }
  const run = { tokens, words, numHeads: 1, stages: { weights, scores: weights } } as unknown as RunData;
  const state = { words: false, special: true, renormalise: false, ...flags };
  return { run, labels, state, weights, n };
}

const matrixOf = (units: Units, { run }: Shown): Float32Array =>
  unitMatrix({ rows: units, cols: units }, run, "weights", 0, 0);

const sums = (matrix: Float32Array, m: number): number[] =>
  Array.from({ length: m }, (_, i) =>
    matrix.subarray(i * m, (i + 1) * m).reduce((total, value) => total + value, 0),
  );

/** The property holds for forty made runs. */
function forAll(property: (seed: number) => void): () => void {
  return () => Array.from({ length: 40 }, (_, i) => i + 1).forEach(property);
}

describe("of any run", () => {
  test(
    "as it is, nothing changes",
    forAll((seed) => {
      const shown = made(seed);
      const units = unitsOf(shown);
      expect(matrixOf(units, shown)).toEqual(shown.weights);
      expect(units.labels).toEqual(shown.labels);
    }),
  );

  test(
    "rows of words sum to 1 and columns carry what their tokens got",
    forAll((seed) => {
      const shown = made(seed, { words: true });
      const units = unitsOf(shown);
      const m = units.shown.length;
      expect(m).toBe(shown.run.words.length);
      const matrix = matrixOf(units, shown);
      for (const sum of sums(matrix, m)) expect(sum).toBeCloseTo(1, 5);
      // All that a word gives, counted by its tokens, is all that it got counted by words.
      for (let j = 0; j < m; j++) {
        const { from, to } = units.shown[j] ?? { from: 0, to: 0 };
        let byTokens = 0;
        for (let i = 0; i < shown.n; i++)
          for (let c = from; c < to; c++) byTokens += shown.weights[i * shown.n + c] ?? 0;
        let byWords = 0;
        units.shown.forEach((unit, i) => (byWords += (unit.to - unit.from) * (matrix[i * m + j] ?? 0)));
        expect(byWords).toBeCloseTo(byTokens, 4);
      }
    }),
  );

  test.each([false, true])(
    "hidden tokens take their share with them, unless it is shared out (words: %s)",
    (words) =>
      forAll((seed) => {
        const hidden = made(seed, { words, special: false });
        const m = unitsOf(hidden).shown.length;
        const left = matrixOf(unitsOf(hidden), hidden);
        for (const sum of sums(left, m)) expect(sum).toBeLessThan(1);
        const again = made(seed, { words, special: false, renormalise: true });
        const full = matrixOf(unitsOf(again), again);
        for (const sum of sums(full, m)) expect(sum).toBeCloseTo(1, 5);
        // Sharing out keeps the proportions.
        sums(left, m).forEach((sum, i) => {
          for (let j = 0; j < m; j++) expect(full[i * m + j]).toBeCloseTo((left[i * m + j] ?? 0) / sum, 5);
        });
      })(),
  );

  test.each([false, true])("units and tokens find each other (words: %s)", (words) =>
    forAll((seed) => {
      const shown = made(seed, { words, special: false });
      const units = unitsOf(shown);
      units.shown.forEach(({ from, to }, unit) => {
        expect(units.ofToken[tokenOf(units, unit)]).toBe(unit);
        for (let token = from; token < to; token++) expect(nearestUnit(units, token)).toBe(unit);
      });
      expect([units.ofToken[0], units.ofToken[shown.n - 1]]).toEqual([-1, -1]);
      expect(nearestUnit(units, 0)).toBe(0);
      expect(nearestUnit(units, shown.n - 1)).toBe(units.shown.length - 1);
    })(),
  );

  test(
    "scores are neither added nor shared out",
    forAll((seed) => {
      const shown = made(seed, { words: true, renormalise: true });
      expect(unitMatrix(axesOf(shown, "scores"), shown.run, "scores", 0, 0)).toEqual(shown.weights);
    }),
  );
});

test("a row that looks at hidden tokens only has nothing to share out", () => {
  const shown = made(3, { special: false, renormalise: true });
  shown.weights.fill(0, shown.n, 2 * shown.n);
  shown.weights[shown.n] = 1;
  const units = unitsOf(shown);
  const row = matrixOf(units, shown).subarray(0, units.shown.length);
  expect([...row]).toEqual(Array.from(row, () => 0));
});

test("words are shown as they are written; unknown and special ones as what the model saw", () => {
  const tokens = ["[CLS]", "un", "##veil", "[UNK]", "b"];
  const shown = {
    run: {
      tokens: tokens.map((text, i) => ({ text, special: i === 0 })),
      words: [
        { text: "[CLS]", tokens: [0, 1] },
        { text: "Unveil", tokens: [1, 3] },
        { text: "\u{1f642}", tokens: [3, 4] },
        { text: "b\u202e", tokens: [4, 5] },
      ],
    } as unknown as RunData,
    labels: tokens.map((text, i) => ({
      mark: "",
      text,
      plain: i === 3 ? "[UNK] (\u{1f642})" : text,
      special: i === 0,
      piece: i === 2,
    })),
    state: { words: true, special: true, renormalise: false },
  };
  expect(unitsOf(shown).labels.map(({ text }) => text)).toEqual(["[CLS]", "Unveil", "[UNK]", "bU+202E"]);
});

test("a text of special tokens only, hidden, shows nothing", () => {
  const shown = made(1, { special: false });
  const none = { ...shown, labels: shown.labels.map((label) => ({ ...label, special: true })) };
  const units = unitsOf(none);
  expect([units.shown.length, nearestUnit(units, 0), matrixOf(units, none).length]).toEqual([0, -1, 0]);
});
