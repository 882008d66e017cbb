// What the views decide, without a browser: hues, keys, prose, focus, lines, names and orders of heads.

import { describe, expect, test } from "@jest/globals";
import type { HeadStatistics, Token } from "heed/models";
import { readFileSync } from "node:fs";
import { choosing, followedCell, readUnits, toggling, turning } from "../../web/reading/focus.ts";
import { evenStatistics, nameHead, type Even } from "../../web/heads/head_names.ts";
import { rankHeads } from "../../web/heads/head_ranks.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import { DEFAULT_STATE, HEAD_SORTS, type ViewState } from "../../web/state.ts";
import { english } from "../../web/strings/index.ts";
import { pageEnglish } from "../../web/strings/page.ts";
import { axesOf, unitsOf } from "../../web/reading/units.ts";
import { luminance, type Rgb } from "../../web/views/color.ts";
import { headMark, HUES } from "../../web/views/head_hues.ts";
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
import type { TokenLabel } from "../../web/views/token_label.ts";

const token = (text: string, start: number, end: number, special = false): Token =>
  ({ id: text.length, text, start, end, special, sequence: 0 }) as Token;
const labelOf = ({ text, special }: Token): TokenLabel => ({
  mark: "",
  text,
  plain: text,
  special,
  piece: text.startsWith("##"),
});

/** Two layers of two heads over n tokens, the last head of all with given weights. */
function runOf(tokens: readonly Token[], text: string, weights: readonly number[] = []): RunData {
  const size = tokens.length ** 2;
  const all = new Float32Array(4 * size).fill(1 / tokens.length);
  all.set(weights, 3 * size);
  return {
    tokens,
    text,
    pair: "",
    words: tokens.map((one, i) => ({ text: one.text, tokens: [i, i + 1] as const })),
    numLayers: 2,
    numHeads: 2,
    stages: { weights: all },
    statistics: [],
  } as unknown as RunData;
}

describe("hues of heads", () => {
  const css = (path: string): string =>
    readFileSync(new URL(`../../web/styles/${path}`, import.meta.url), "utf8");
  const sheets = css("hues.css") + css("tokens.css");
  /** A custom property's colour: light-dark() has one a theme, a plain colour serves both. */
  const colorOf = (name: string, theme: "light" | "dark"): Rgb => {
    const [, value = ""] = new RegExp(`--${name}: ([^;]*);`).exec(sheets) ?? [];
    const colors = [...value.matchAll(/#([0-9a-f]{6})/g)].map(([, hex = ""]) => hex);
    const hex = (theme === "light" ? colors[0] : colors.at(-1)) ?? "";
    expect(hex).toHaveLength(6);
    return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
  };

  /** Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
  const EYES: Readonly<Record<string, readonly (readonly number[])[]>> = {
    all: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    protanopia: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    deuteranopia: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
    tritanopia: [
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ],
  };
  const linear = (byte: number): number =>
    byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4;
  /** OKLab (Ottosson 2020). */
  function oklab([r = 0, g = 0, b = 0]: readonly number[]): number[] {
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  }
  const seen = (color: Rgb, eye: readonly (readonly number[])[]): number[] => {
    const light = color.map(linear);
    return oklab(eye.map((row) => row.reduce((sum, k, i) => sum + k * (light[i] ?? 0), 0)));
  };

  test.each(["light", "dark"] as const)(
    "%s: a contrast of 3 to the paper, and every two differ to every eye",
    (theme) => {
      const hues = Array.from({ length: HUES }, (_, i) => colorOf(`head-${i}`, theme));
      for (const hue of hues) {
        for (const ground of [colorOf("paper", theme), colorOf("raised", theme)]) {
          const [dark, light] = [luminance(hue), luminance(ground)].sort((a, b) => a - b) as [number, number];
          expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(3);
        }
      }
      for (const eye of Object.values(EYES)) {
        hues.forEach((one, i) => {
          for (const other of hues.slice(i + 1)) {
            const [a, b] = [seen(one, eye), seen(other, eye)];
            const apart = Math.hypot(...a.map((value, k) => value - (b[k] ?? 0)));
            // The least two of Okabe and Ito's own colours differ by, to deuteranopes: 0.076.
            expect(apart).toBeGreaterThan(0.075);
          }
        });
      }
    },
  );

  test("twelve heads differ in hue or stroke", () => {
    const marks = Array.from({ length: 12 }, (_, head) => JSON.stringify(headMark(head)));
    expect(new Set(marks).size).toBe(12);
  });
});

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

describe("names of heads", () => {
  const tokens = (ids: readonly number[], special: readonly number[] = []): Token[] =>
    ids.map((id, i) => ({
      id,
      text: `t${id}`,
      start: i,
      end: i + 1,
      special: special.includes(i),
      sequence: 0,
    }));
  const even = (n: number, isCausal = false): Even =>
    evenStatistics({
      tokens: tokens(
        Array.from({ length: n }, (_, i) => i),
        [0, n - 1],
      ),
      isCausal,
    });
  const flat = (values: Partial<HeadStatistics>): HeadStatistics => ({
    entropy: 2,
    previousToken: 0,
    nextToken: 0,
    self: 0,
    firstToken: 0,
    separator: 0,
    sameToken: 0,
    induction: 0,
    meanDistance: 1,
    ...values,
  });

  test("even attention is what the definition gives", () => {
    const ids = [7, 8, 7, 9];
    const both = evenStatistics({ tokens: tokens(ids, [0, 3]), isCausal: false });
    expect(both.shares).toMatchObject({
      previousToken: 0.25,
      nextToken: 0.25,
      separator: 0.25,
      sameToken: 0.25,
    });
    expect(both.rows).toMatchObject({ previousToken: 3, sameToken: 2, induction: 1, firstToken: 3 });
    expect(both.entropy).toBe(2);
    const causal = evenStatistics({ tokens: tokens(ids), isCausal: true });
    expect(causal.shares.nextToken).toBe(0);
    expect(causal.shares.previousToken).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 4) / 3, 12);
    expect(causal.shares.sameToken).toBeCloseTo(1 / 3, 12);
    expect(causal.rows.separator).toBe(0);
    expect(causal.entropy).toBeCloseTo((0 + 1 + Math.log2(3) + 2) / 4, 12);
  });

  test.each([
    ["more than half is mostly", { previousToken: 0.6 }, 16, "previousToken", "mostly"],
    ["a half is not", { previousToken: 0.5, self: 0.1 }, 16, "previousToken", "partly"],
    ["the sink", { firstToken: 0.8 }, 16, "firstToken", "mostly"],
    ["separators, too", { separator: 0.7, firstToken: 0.2 }, 16, "separator", "mostly"],
    ["the larger of two", { previousToken: 0.3, self: 0.4 }, 16, "self", "partly"],
    ["less than a quarter is nothing", { previousToken: 0.24 }, 16, "none", "mostly"],
    ["a quarter of eight is no more than three times chance", { previousToken: 0.26 }, 8, "none", "mostly"],
    ["nearly even", { entropy: 3.7, self: 0.1 }, 16, "broad", "mostly"],
    ["one at a time", { entropy: 0.8 }, 16, "sharp", "mostly"],
    ["too short for any name", { previousToken: 0.9 }, 5, "tooShort", "mostly"],
    ["no repeated token, no name for it", { sameToken: 0.9 }, 16, "none", "mostly"],
  ] as const)("%s", (_, values, n, kind, strength) => {
    expect(nameHead(flat(values), even(n), n)).toMatchObject({ kind, strength });
  });

  test("every name can be said and explained, and a sink is explained as one", () => {
    const all = [
      flat({ firstToken: 0.9 }),
      flat({ separator: 0.9 }),
      flat({ self: 0.3 }),
      flat({ entropy: 4 }),
      flat({ entropy: 0.1 }),
      flat({}),
    ].map((statistics) => nameHead(statistics, even(16), 16));
    const { name, explain } = english.headNames;
    expect(all.map(name)).toEqual([
      "first token",
      "separator",
      "leans to itself",
      "spread evenly",
      "picks one token",
      "no clear pattern",
    ]);
    expect(all.map(explain).map((text) => text.includes("attention sink"))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(explain(all[0]!)).toMatch(/^On average 90\u00a0% .* looking evenly it would be 6\u00a0%\./);
  });
});

describe("orders of heads", () => {
  const run = {
    numLayers: 2,
    numHeads: 2,
    statistics: [
      [{ entropy: 1 }, { entropy: 3 }],
      [{ entropy: 3 }, { entropy: 2 }],
    ],
  } as unknown as RunData;
  const order = (...args: Parameters<typeof rankHeads>) =>
    rankHeads(...args).map(({ layer, head }) => `${layer}${head}`);

  test("the greatest first, equals as in the model", () => {
    expect(order(run, "place", undefined)).toEqual(["00", "01", "10", "11"]);
    expect(order(run, "entropy", undefined)).toEqual(["01", "10", "11", "00"]);
    expect(order(run, "pair", [0, 0.5, 0.25, 0.5])).toEqual(["01", "11", "10", "00"]);
  });

  test("what can't be measured stands as in the model", () => {
    const long = { ...run, statistics: [] };
    for (const sort of HEAD_SORTS) expect(order(long, sort, undefined)).toEqual(["00", "01", "10", "11"]);
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
