// What is said of heads, without a browser: their hues, names and orders.

import { describe, expect, test } from "@jest/globals";
import type { HeadStatistics, Token } from "heed/models";
import { readFileSync } from "node:fs";
import { evenStatistics, nameHead, type Even } from "../../web/heads/head_names.ts";
import { rankHeads } from "../../web/heads/head_ranks.ts";
import type { RunData } from "../../web/runner/run_data.ts";
import { HEAD_SORTS } from "../../web/state.ts";
import { english } from "../../web/strings/index.ts";
import { luminance, type Rgb } from "../../web/views/color.ts";
import { headMark, HUES } from "../../web/views/head_hues.ts";

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
