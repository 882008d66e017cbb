// What pictures are made of, without a browser: colours, scales, numbers, tokens, and the keys of a grid.

import { describe, expect, test } from "@jest/globals";
import type { Token } from "heed/models";
import type { RunData } from "../../web/runner/run_data.ts";
import { english } from "../../web/strings/index.ts";
import { blueYellow, colorAt, colorMaps, inkOn, luminance, type Rgb } from "../../web/views/color.ts";
import { move } from "../../web/views/grid_keys.ts";
import { pooled } from "../../web/views/heat_map.ts";
import { exact, short, tiny } from "../../web/views/number.ts";
import { niceAbove, place, scaleOf } from "../../web/views/scale.ts";
import { signsOf } from "../../web/views/signs.ts";
import { tokenLabels, visible, vocabularyLabel } from "../../web/views/token_label.ts";

describe("colours", () => {
  const all = (map: Uint8Array): Rgb[] => Array.from({ length: 256 }, (_, i) => colorAt(map, i / 255));

  test("cividis passes through its published colours, ever lighter", () => {
    const colors = all(colorMaps.cividis);
    expect([0, 23, 64, 128, 192, 255].map((level) => colors[level])).toEqual([
      [0, 34, 78],
      [1, 50, 113],
      [67, 78, 108],
      [125, 124, 120],
      [188, 174, 108],
      [254, 232, 56],
    ]);
    const lights = colors.map(luminance);
    // Rounded to 8 bits, neighbours may tie.
    expect(lights.every((light, i) => i === 0 || light >= (lights[i - 1] ?? 0) - 1e-3)).toBe(true);
  });

  test.each(["viridis", "magma", "greys"] as const)("%s is ever lighter, from dark to bright", (name) => {
    const lights = all(colorMaps[name]).map(luminance);
    // Rounded to 8 bits, neighbours may tie.
    expect(lights.every((light, i) => i === 0 || light >= (lights[i - 1] ?? 0) - 1e-3)).toBe(true);
    expect(lights[0]).toBeLessThan(0.02);
    expect(lights[255]).toBeGreaterThan(0.7);
  });

  test("viridis and magma pass through their published colours", () => {
    const at = (name: "viridis" | "magma", level: number): Rgb => colorAt(colorMaps[name], level / 255);
    expect([0, 130, 255].map((level) => at("viridis", level))).toEqual([
      [68, 1, 84],
      [32, 146, 140],
      [253, 231, 37],
    ]);
    expect([0, 130, 255].map((level) => at("magma", level))).toEqual([
      [0, 0, 4],
      [186, 56, 120],
      [252, 253, 191],
    ]);
  });

  test("a stage with signs keeps its map, weights take the chosen one", () => {
    expect(scaleOf("scores", [1], "magma").map).toBe(blueYellow);
    expect(scaleOf("weights", [], "magma").map).toBe(colorMaps.magma);
  });

  test("the map with a sign is darkest at zero and lighter on both sides", () => {
    const lights = all(blueYellow).map(luminance);
    const darkest = lights.indexOf(Math.min(...lights));
    expect(Math.abs(darkest - 127.5)).toBeLessThanOrEqual(1);
    expect(lights.every((light, i) => i <= 128 || light >= (lights[i - 1] ?? 0) - 1e-3)).toBe(true);
    expect(lights.every((light, i) => i > 127 || light >= (lights[i + 1] ?? 0) - 1e-3)).toBe(true);
  });

  test("ink on any colour has a contrast of at least 4.5", () => {
    for (const color of [...Object.values(colorMaps).flatMap(all), ...all(blueYellow)]) {
      const light = luminance(color);
      const contrast = inkOn(color) === "#fff" ? 1.05 / (light + 0.05) : (light + 0.05) / 0.05;
      expect(contrast).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("scales", () => {
  test("weights go from 0 to 1, whatever they are", () => {
    expect(scaleOf("weights", [0.1, 0.2])).toMatchObject({ min: 0, max: 1 });
  });

  test("the others go as far below zero as above, \u2212\u221e not counted", () => {
    const scale = scaleOf("maskedScores", [-Infinity, 3.2, -5.1]);
    expect(scale).toMatchObject({ min: -6, max: 6, ticks: [-6, -3, 0, 3, 6] });
    expect([place(scale, -6), place(scale, 0), place(scale, 6)]).toEqual([0, 0.5, 1]);
    expect(scaleOf("products", [])).toMatchObject({ min: -1, max: 1 });
  });

  test.each([
    [0, 1],
    [1, 1],
    [1.01, 2],
    [0.03, 0.04],
    [79, 80],
    [81, 100],
  ])("%d is rounded up to %d", (value, wanted) => {
    expect(niceAbove(value)).toBeCloseTo(wanted, 12);
  });
});

describe("numbers", () => {
  test("exact names one float32", () => {
    for (const value of [0.1, 1 / 3, 64.491, 1e-30, -0.47764, 3.4e38, 0, 1]) {
      const single = Math.fround(value);
      expect(Math.fround(Number(exact(single).replace("\u2212", "-")))).toBe(single);
    }
    expect(exact(Math.fround(0.1))).toBe("0.1");
    expect(exact(-Infinity)).toBe("\u2212\u221e");
  });

  test("short ones", () => {
    expect(short(0.99995, "weights")).toBe("1.000");
    expect(short(-0.001, "scores")).toBe("0.00");
    expect(short(-4.256, "scores")).toBe("\u22124.26");
    expect([0.004, 0.0051, 0.989, 0.996].map((value) => tiny(value, "weights"))).toEqual([
      "",
      ".01",
      ".99",
      "1.0",
    ]);
    expect([9.97, -12.3, -Infinity].map((value) => tiny(value, "scores"))).toEqual(["10", "\u221212", ""]);
  });
});

describe("tokens", () => {
  const token = (text: string, start: number, end: number, special = false): Token => ({
    id: 0,
    text,
    start,
    end,
    special,
    sequence: 0,
  });

  test("byte-level ones show their space, their bytes, and where they go on with a word", () => {
    const text = "un\u00e9 \u{1f642}";
    const labels = tokenLabels({
      tokens: [
        token("un", 0, 2),
        token("\u00c3\u00a9", 2, 3),
        token("\u0120\u00f0\u0141\u013b", 3, 6),
        token("\u0124", 4, 6),
      ],
      text,
      pair: "",
      spelling: "bytes",
    });
    expect(labels.map(({ mark, text: shown, piece }) => [mark, shown, piece])).toEqual([
      ["", "un", false],
      ["", "\u00e9", true],
      ["\u2423", "\u2039F0\u203a\u20399F\u203a\u203999\u203a", false],
      ["", "\u203982\u203a", false],
    ]);
  });

  test("WordPieces keep their mark; unknown words say what they were", () => {
    const labels = tokenLabels({
      tokens: [
        token("[CLS]", 0, 0, true),
        token("##iled", 4, 8),
        token("[UNK]", 9, 11),
        { ...token("[UNK]", 0, 2), sequence: 1 },
      ],
      text: "unveiled \u{1f642}",
      pair: "\u{1f680}",
      spelling: "wordpiece",
    });
    expect(labels.map(({ mark, text }) => mark + text)).toEqual(["[CLS]", "##iled", "[UNK]", "[UNK]"]);
    expect(labels.map(({ plain }) => plain).slice(2)).toEqual(["[UNK] (\u{1f642})", "[UNK] (\u{1f680})"]);
    expect(vocabularyLabel("\u0120the", "bytes")).toMatchObject({ mark: "\u2423", text: "the" });
    expect(vocabularyLabel("<|endoftext|>", "bytes")).toMatchObject({ special: true });
  });

  test("what can't be seen is named", () => {
    expect(visible("a\u202eb\u0000\n\t\ud800")).toBe("aU+202EbU+0000\u21b5\u21e5U+D800");
    expect(visible("a\u200db \u{1f468}\u200d\u{1f469}")).toBe("aU+200Db \u{1f468}\u200d\u{1f469}");
  });

  test("the signs that are there are explained, and what became [UNK] is named", () => {
    const told = (run: Pick<RunData, "tokens" | "text" | "pair" | "spelling">): string =>
      signsOf({ run: run as RunData, labels: tokenLabels(run), strings: english })
        .join("\n")
        .replace(/[\u2068\u2069]/g, "");
    const long = "a".repeat(10000);
    const tokens = [
      token("[CLS]", 0, 0, true),
      token("[UNK]", 0, 2),
      token("##iled", 3, 7),
      token("[UNK]", 8, 8 + long.length),
      token("[SEP]", 0, 0, true),
    ];
    const text = `\u{1f642} iled ${long}`;
    expect(told({ tokens, text, pair: "", spelling: "wordpiece" }).split("\n")).toEqual([
      "A token is a word or a piece of one",
      "[CLS] stands before the text",
      "[SEP] after it",
      "## goes on with the word before it",
      "[UNK]: \u2018\u{1f642}\u2019 and \u2018aaaaaaaaaaaa\u2026\u2019 are not in this model\u2019s vocabulary",
    ]);
    const bytes = [token("\u00d8", 0, 1), token("\u0120he", 1, 4)];
    expect(
      told({ tokens: bytes, text: "\u0627 he", pair: "", spelling: "bytes" }).split("\n").slice(1),
    ).toEqual(["\u2423 is a space", "\u2039D8\u203a is one byte of a character"]);
    expect(told({ tokens: [token("he", 0, 2)], text: "he", pair: "", spelling: "bytes" })).not.toMatch(/\n/);
  });
});

describe("the keys of a grid", () => {
  const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false });

  test("stop at the edges", () => {
    expect(move({ row: 0, col: 0 }, key("ArrowUp"), 5)).toEqual({ row: 0, col: 0 });
    expect(move({ row: 4, col: 4 }, key("PageDown"), 5)).toEqual({ row: 4, col: 4 });
    expect(move({ row: 2, col: 3 }, key("Home", true), 5)).toEqual({ row: 0, col: 0 });
  });

  test("leave the browser its own", () => {
    expect(move({ row: 0, col: 0 }, key("ArrowDown", true), 5)).toBeUndefined();
    expect(move({ row: 0, col: 0 }, { ...key("ArrowLeft"), altKey: true }, 5)).toBeUndefined();
    expect(move({ row: 0, col: 0 }, key("a"), 5)).toBeUndefined();
  });
});

test("a small picture of a large matrix keeps its largest values", () => {
  const values = new Float32Array([
    0,
    1,
    0,
    -9,
    0,
    0,
    2,
    0,
    -Infinity,
    -Infinity,
    0,
    0,
    -Infinity,
    -Infinity,
    0,
    5,
  ]);
  expect([...pooled(values, [4, 4], [2, 2])]).toEqual([1, -9, -Infinity, 5]);
});
