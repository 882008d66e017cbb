// What the views decide, without a browser: keys, prose, focus, lines, ranks and shares.

import { describe, expect, test } from "@jest/globals";
import type { Token } from "heed/models";
import { choosing, followedCell, readUnits, toggling, turning } from "../../web/reading/focus.ts";
import { DEFAULT_STATE, type ViewState } from "../../web/state.ts";
import { pageEnglish } from "../../web/strings/page.ts";
import { axesOf, unitsOf } from "../../web/reading/units.ts";
import { togglingHead } from "../../web/views/head_toggles.ts";
import {
  crosses,
  fanOf,
  linesOf,
  lookOf,
  partWithin,
  segment,
  stepOf,
  STEPS,
  thresholdOf,
} from "../../web/views/lines.ts";
import { target } from "../../web/views/options.ts";
import { directionOf, prosePieces } from "../../web/views/prose_pieces.ts";
import { occurrences, ranked } from "../../web/views/ranking.ts";
import { labelOf, runOf, token } from "./view_run.ts";

test("keys go along a text in its own direction, and stop at its ends", () => {
  expect(target("ArrowRight", 3, 10, false)).toBe(4);
  expect(target("ArrowRight", 3, 10, true)).toBe(2);
  expect(target("ArrowLeft", 9, 10, true)).toBe(9);
  expect(target("ArrowUp", 0, 10, true)).toBe(0);
  expect([target("Home", 5, 10, false), target("End", 5, 10, false), target("a", 5, 10, false)]).toEqual([
    0,
    9,
    undefined,
  ]);
});

describe("prose", () => {
  const pieces = (tokens: readonly Token[], text: string) => {
    const run = runOf(tokens, text);
    const units = unitsOf({ run, labels: tokens.map(labelOf), state: DEFAULT_STATE });
    return prosePieces(run, units).map(({ gap, text: shown, isName }) => [gap, shown, isName]);
  };

  test("is the text as typed, special tokens apart by a space", () => {
    const tokens = [
      token("[CLS]", 0, 0, true),
      token("don", 0, 3),
      token("'", 3, 4),
      token("t", 4, 5),
      token("[SEP]", 0, 0, true),
    ];
    expect(pieces(tokens, "Don't")).toEqual([
      ["", "[CLS]", true],
      [" ", "Don", false],
      ["", "'", false],
      ["", "t", false],
      [" ", "[SEP]", true],
    ]);
  });

  test("a byte of a character that was shown already is named; a space belongs to no word", () => {
    const tokens = [token("a", 0, 1), token(" \u{1f642}", 1, 4), token("\u203982\u203a", 2, 4)];
    expect(pieces(tokens, "a \u{1f642}")).toEqual([
      ["", "a", false],
      [" ", "\u{1f642}", false],
      ["", "\u203982\u203a", true],
    ]);
  });

  test("what a tokenizer left out can still not turn the text around", () => {
    expect(pieces([token("a", 0, 1), token("b", 2, 3)], "a\u202eb")).toEqual([
      ["", "a", false],
      ["U+202E", "b", false],
    ]);
  });

  test("runs as its first letter does", () => {
    expect(["12 \u05e9\u05dc a", "(a \u05e9)", "\u0645\u0631", "", "\u4f60"].map(directionOf)).toEqual([
      "rtl",
      "ltr",
      "rtl",
      "ltr",
      "ltr",
    ]);
  });
});

describe("focus", () => {
  const tokens = ["[CLS]", "a", "b", "c"].map((text, i) => token(text, i, i + 1, i === 0));
  // prettier-ignore
  const weights = [
    1, 0, 0, 0,
    0.1, 0.2, 0.6, 0.1,
    0, 0.9, 0, 0.1,
    0.25, 0.25, 0.25, 0.25,
  ];
  const scene = (state: Partial<ViewState>) => {
    const read = {
      run: runOf(tokens, "[abc", weights),
      state: { ...DEFAULT_STATE, layer: 1, heads: [1], ...state },
    };
    return { ...read, axes: axesOf({ ...read, labels: tokens.map(labelOf) }) };
  };

  test("without a cell, or with one out of range, the strongest link of two words is followed", () => {
    expect(followedCell(scene({}))).toEqual({ row: 2, col: 1 });
    expect(followedCell(scene({ cell: { row: 9, col: 0 } }))).toEqual({ row: 2, col: 1 });
    expect(followedCell(scene({ cell: { row: 3, col: 0 } }))).toEqual({ row: 3, col: 0 });
  });

  test("choosing goes to the strongest other end, and unlocks", () => {
    const { axes, ...read } = scene({ locked: [1, 3] });
    expect(choosing(read, axes, 1)).toEqual({ direction: "from", cell: { row: 1, col: 2 }, locked: [] });
    expect(choosing(read, axes, 1, "to")).toEqual({ direction: "to", cell: { row: 2, col: 1 }, locked: [] });
  });

  test("locking adds to what is read, again takes away, and the other side starts anew", () => {
    const one = scene({ cell: { row: 2, col: 1 } });
    expect(toggling(one, one.axes, 2).locked).toEqual([2]);
    expect(toggling(one, one.axes, 3).locked).toEqual([2, 3]);
    const two = scene({ cell: { row: 2, col: 1 }, locked: [2, 3] });
    expect(readUnits(two, two.axes)).toEqual([2, 3]);
    expect(toggling(two, two.axes, 3).locked).toEqual([2]);
    expect(toggling(two, two.axes, 1, "to")).toMatchObject({ direction: "to", locked: [1] });
  });

  test("what is locked and hidden is not read", () => {
    const { axes, ...read } = scene({ locked: [0], special: false, cell: { row: 2, col: 1 } });
    expect(readUnits(read, axes)).toEqual([1]);
  });

  test("turning keeps the chosen word", () => {
    expect(turning(scene({ cell: { row: 2, col: 1 } }), "to")).toEqual({
      direction: "to",
      cell: { row: 1, col: 2 },
    });
    expect(turning(scene({}), "from")).toEqual({});
  });

  test("one head at least stays", () => {
    expect(togglingHead({ heads: [1] }, 1)).toEqual({});
    expect(togglingHead({ heads: [1, 2] }, 1)).toEqual({ heads: [2] });
    expect(togglingHead({ heads: [1] }, 0)).toEqual({ heads: [1, 0] });
  });
});

describe("lines", () => {
  test("a threshold is the least that leaves few enough", () => {
    const matrix = Float32Array.of(0, 0.004, 0.015, 0.3, 0.6, 0.9);
    expect([5, 4, 3, 2, 1].map((most) => thresholdOf([matrix], most))).toEqual([0, 0.01, 0.02, 0.5, 0.7]);
    expect(thresholdOf([], 0)).toBe(0);
  });

  test("go from row to column; nothing is no line, and a focused word keeps its thinnest", () => {
    expect(linesOf(Float32Array.of(0, 0.5, 0.01, 1), 2, 0.5)).toEqual([
      { from: 0, to: 1, weight: 0.5 },
      { from: 1, to: 1, weight: 1 },
    ]);
    const thin = Math.fround(1e-7);
    expect(fanOf(Float32Array.of(0, thin), 5, "to")).toEqual([{ from: 1, to: 5, weight: thin }]);
  });

  test("are in sight where any part of them is", () => {
    const line = { from: 2, to: 40, weight: 1 };
    expect([crosses(line, 10, 20), crosses(line, 41, 50), crosses(line, 0, 1)]).toEqual([true, false, false]);
  });

  test("are drawn from where they come into sight to where they leave it", () => {
    for (const [y, z] of [
      [-1000, 3000],
      [3000, -1000],
      [50, 4000],
      [10, 90],
      [30, 30],
    ] as const) {
      const [a, b] = partWithin(y, z, 0, 100);
      const [first, , , last] = segment([y, y, z, z], a, b);
      const within = (edge: number): number => Math.min(100, Math.max(0, edge));
      expect(first).toBeCloseTo(within(y), 6);
      expect(last).toBeCloseTo(within(z), 6);
    }
    expect(segment([0, 1, 5, 9], 0, 1)).toEqual([0, 1, 5, 9]);
  });

  test("are wider and darker the more weight", () => {
    for (let step = 1; step < STEPS; step++) {
      expect(lookOf(step, false).width).toBeGreaterThan(lookOf(step - 1, false).width);
      expect(lookOf(step, true).opacity).toBeGreaterThan(lookOf(step - 1, true).opacity);
    }
    expect([stepOf(0), stepOf(1), stepOf(1.0001)]).toEqual([0, STEPS - 1, STEPS - 1]);
  });
});

test("words are ranked by their shares, equals by place", () => {
  expect(ranked(Float32Array.of(0.1, 0.5, 0.1, 0.3))).toEqual([1, 3, 0, 2]);
});

test("words spelt alike are told apart by their order", () => {
  const labels = ["the", "dog", "the", "the"].map((text) => labelOf(token(text, 0, 0)));
  expect(occurrences(labels)).toEqual([1, 0, 2, 3]);
});

test("shares are said with one decimal, everywhere alike, never as more certain than they are", () => {
  const written = [
    "0.0\u00a0%",
    "under 0.1\u00a0%",
    "0.1\u00a0%",
    "61.4\u00a0%",
    "over 99.9\u00a0%",
    "100.0\u00a0%",
  ];
  const shares = [0, 0.0004, 0.0005, 0.614, 0.9999509, 1];
  const { numbers, reading, whatif } = pageEnglish;
  expect(shares.map(numbers.percent)).toEqual(written);
  expect([reading.percent, whatif.percent]).toEqual([numbers.percent, numbers.percent]);
  expect([numbers.said(0.614, "weights"), numbers.said(0.614, "scores")]).toEqual(["61.4\u00a0%", "0.61"]);
  expect(numbers.power(2.7e-7)).toBe("2.7 \u00d7 10\u207b\u2077");
});
