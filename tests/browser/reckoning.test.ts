// Calculations written out: whoever checks them by hand gets what stands there.

import { describe, expect, test } from "@jest/globals";
import {
  bracketed,
  decimals,
  largestTerms,
  reckon,
  shareText,
  valueOf,
  writeSum,
  written,
} from "../../web/views/steps/reckoning.ts";
import { normal } from "../js/random.js";

/** What a line of calculation gives, by hand: its own numbers, signs and brackets, and nothing else. */
function byHand(line: string): { computed: number; written: number; places: number } {
  const [left = "", right = ""] = line.replace(/ \u2068[^\u2069]*\u2069/g, "").split(/ [=\u2248] /);
  const terms = left.split(" + ").map((term) =>
    term
      .split(" \u00d7 ")
      .map((number) => valueOf(number.replace(/[()]/g, "")))
      .reduce((product, number) => product * number, 1),
  );
  return {
    computed: terms.reduce((sum, term) => sum + term, 0),
    written: valueOf(right),
    places: right.split(".")[1]?.length ?? 0,
  };
}

const others = (count: number): string => `of ${count}`;

describe("a calculation", () => {
  test("has as few decimals as give its result", () => {
    const root = Math.sqrt(32);
    const over = ([product = 0]: readonly number[]): number => product / root;
    expect(reckon([8.3149], 8.3149 / root, 2, over)).toEqual({ parts: ["8.31"], result: "1.47", sign: "=" });
    // 64.492 / √32 = 11.4007: 64.49 gives 11.40 as well; 64.515 / √32 = 11.4048, of 64.52 it would be 11.41.
    expect(reckon([64.515], 64.515 / root, 2, over)).toEqual({
      parts: ["64.515"],
      result: "11.40",
      sign: "=",
    });
  });

  test("says so where the engine's rounding shows", () => {
    expect(reckon([1], 1.011, 2, ([a = 0]) => a)).toEqual({
      parts: ["1.00"],
      result: "1.01",
      sign: "\u2248",
    });
  });

  test("of any sum of products gives by hand the number that stands there", () => {
    for (let round = 0; round < 300; round++) {
      const [a, b] = [normal(round, 1 + (round % 40)), normal(1000 + round, 1 + (round % 40))];
      const total = a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
      const line = writeSum(largestTerms(a, b, 3), total, 2, others);
      expect(line).toContain(" = ");
      const { computed, written, places } = byHand(line);
      expect(decimals(computed, places)).toBe(decimals(written, places));
    }
  });

  test("leaves out what is nothing, and adds up the rest", () => {
    expect(largestTerms([1, 0, -3, 2], [1, 9, 1, 0.25], 1)).toEqual({
      pairs: [[-3, 1]],
      rest: 1.5,
      others: 2,
    });
    expect(writeSum(largestTerms([1, 0], [0, 1], 3), 0, 2, others)).toBe("0 = 0.00");
    expect(writeSum(largestTerms([3, 2, 1], [1, 1, 1], 1), 6, 0, others)).toBe(
      "3.0 \u00d7 1.0 + 3.0 \u2068of 2\u2069 = 6",
    );
    expect(writeSum(largestTerms([2], [-1.5], 3), -3, 2, others)).toBe(
      "2.00 \u00d7 (\u22121.50) = \u22123.00",
    );
  });

  test("writes small numbers with two digits, and no share as 0 or 1", () => {
    expect([written(0.0042, 2), written(-0.000049, 3), written(0, 3), written(12.345, 2)]).toEqual([
      "0.0042",
      "\u22124.9\u00d710\u207b\u2075",
      "0.000",
      "12.35",
    ]);
    expect([0.7341, 0.99995, 0.99999994, 1, 0, 9.7e-7].map(shareText)).toEqual([
      "0.734",
      "0.99995",
      "0.9999999",
      "1.000",
      "0.000",
      "9.7\u00d710\u207b\u2077",
    ]);
    for (const value of [4.9e-5, -1.25e-12, 0.25, -3])
      expect(Math.abs(valueOf(written(value, 2)) / value - 1)).toBeLessThan(0.05);
  });

  test("writes numbers with a real minus, and reads them again", () => {
    expect([decimals(-0.004, 2), decimals(-1.5, 1), decimals(-Infinity, 2)]).toEqual([
      "0.00",
      "\u22121.5",
      "\u2212\u221e",
    ]);
    expect([valueOf("\u22121.5"), valueOf("\u2212\u221e")]).toEqual([-1.5, -Infinity]);
    expect([bracketed("\u22121"), bracketed("1")]).toEqual(["(\u22121)", "1"]);
  });
});
