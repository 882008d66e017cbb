// Vector pictures to take away: every mark of them, and that all stands where it belongs.

import { describe, expect, test } from "@jest/globals";
import { LIGHT } from "../../web/export/look.ts";
import { Markup, tag } from "../../web/export/markup.ts";
import { draw } from "../../web/export/svg.ts";
import { headVectors } from "../../web/runner/run_data.ts";
import { AS_TRAINED, type ViewState } from "../../web/state.ts";
import { stringsOf } from "../../web/strings/index.ts";
import { LANGUAGES } from "../../web/strings/languages.ts";
import { unitMatrix, axesOf } from "../../web/reading/units.ts";
import { colorAt, colorMaps } from "../../web/views/color.ts";
import { niceAbove } from "../../web/views/scale.ts";
import { golden, GOLDENS } from "./export_golden.ts";
import { fixedScene } from "./export_scene.ts";

const source = async (change: Partial<ViewState>): Promise<string> =>
  (await draw(fixedScene(change), LIGHT)).source;

interface Line {
  readonly text: string;
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

function linesIn(drawn: string): Line[] {
  return (
    [...drawn.matchAll(/<text x="([-\d.]+)" y="([-\d.]+)"([^>]*)>(.*?)<\/text>/gs)]
      // Turned ones stand on lines of their own.
      .filter(([, , , more]) => !more?.includes("transform"))
      .map(([, x, y, more = "", inner = ""]) => {
        const text = inner.replace(/<[^>]*>/g, "").replace(/&\w+;/g, "&");
        const size = Number(/font-size="([\d.]+)"/.exec(more)?.[1]);
        const width = LIGHT.measure(text, { family: "sans", size });
        const anchor = /text-anchor="(\w+)"/.exec(more)?.[1] ?? "start";
        const side = more.includes('direction="rtl"')
          ? { start: 1, middle: 0.5, end: 0 }
          : { start: 0, middle: 0.5, end: 1 };
        const left = Number(x) - width * side[anchor as "start" | "middle" | "end"];
        return { text, y: Number(y), left, right: left + width };
      })
  );
}

/** Pairs of texts of one line that share some of it. */
function overlapping(drawn: string): string[] {
  const lines = linesIn(drawn);
  return lines.flatMap((a, i) =>
    lines
      .slice(i + 1)
      .filter((b) => Math.abs(a.y - b.y) < 4 && a.left < b.right - 0.5 && b.left < a.right - 0.5)
      .map((b) => `${a.text} | ${b.text}`),
  );
}

/** Two columns of the widest labels; 120 tokens of 16 pixels a cell. */
const LIMIT: Partial<Record<string, number>> = { heads: 808, matrix: 2200 };

describe("vector pictures", () => {
  test.each(GOLDENS)("%s is what is kept", async (name, state) => {
    const drawn = await source(state);
    expect(drawn).toBe(golden(`${name}.svg`, drawn));
  });

  test("hold no bitmap, no script, no style and no address of anything else", async () => {
    for (const [, state] of GOLDENS) {
      const drawn = await source(state);
      expect(drawn).not.toMatch(
        /<(image|script|style|foreignObject|use|a)\b|\bon\w+=|href|javascript:|data:/i,
      );
      const addresses = [...drawn.matchAll(/https?:[^"]*|url\([^)]*\)/g)].map(([address]) => address);
      expect(new Set(addresses).size).toBeGreaterThan(0);
      for (const address of addresses)
        expect(["http://www.w3.org/2000/svg", "url(#hatch)", "url(#scale)"]).toContain(address);
    }
  });

  test("say what they are: the model, the layer, the head and the sentence, its text as text", async () => {
    const drawn = await source({ view: "matrix", layer: 1, heads: [1], stage: "scores" });
    expect(drawn).toContain("<title>Matrix: heed-bert, L1H1, Scores</title>");
    expect(drawn).toContain("<desc>Text: The untired &lt;b&gt;&quot;&amp;&quot; ");
    expect(drawn).not.toContain("\u202e");
  });

  test("steps: numbers that have no room are left out whole, and the colours have their key", async () => {
    const drawn = await source({ view: "steps", layer: 1, heads: [1] });
    const cut = [...drawn.matchAll(/>([^<>]*)\u2026<\/text>/g)].map(([, line = ""]) => line);
    expect(cut.length).toBeGreaterThan(0);
    // As the page writes them: two decimals at least, or a power of ten.
    for (const line of cut) expect(line).toMatch(/(\.\d{2,}|10\S+)\u2002$/);
    expect(drawn).toContain('fill="url(#scale)"');
  });

  test("steps: what each head adds to the output is drawn where the run has it, and else said to be left out", async () => {
    const state = { view: "steps", layer: 1, heads: [1] } as const;
    const whole = fixedScene(state);
    const run = { ...whole.run };
    delete (run as { headOutputs?: Float32Array }).headOutputs;
    const scenes = [whole, { ...whole, run }];
    const drawn = await Promise.all(scenes.map(async (scene) => (await draw(scene, LIGHT)).source));
    const words = drawn.map((one) => one.replace(/<[^>]*>\s*/g, " "));
    const { heads, unparted } = whole.strings.stepsView.output;
    const start = (sentence: string): string => sentence.slice(0, 30);
    expect(words.map((one) => [one.includes(start(heads)), one.includes(start(unparted))])).toEqual([
      [true, false],
      [false, true],
    ]);
    // Three rows: two heads and the bias.
    expect(drawn.map((one) => one.includes("3 \u00d7 8"))).toEqual([true, false]);
  });

  test("query times key: the colours have their key, and each of its scales how far it reaches", async () => {
    const scene = fixedScene({ view: "neuron", cell: { row: 9, col: 5 } });
    const { source: drawn } = await draw(scene, LIGHT);
    expect(drawn).toContain('fill="url(#scale)"');
    expect(drawn.replace(/<\/text>\s*<text[^>]*>/g, " ")).toContain(scene.strings.stepsView.colors);
    const query = headVectors(scene.run, "query", 0, 0).subarray(9 * 4, 10 * 4);
    const keys = headVectors(scene.run, "key", 0, 0);
    const products = keys.map((value, i) => value * (query[i % 4] ?? 0));
    const reach = (values: Float32Array): string =>
      `\u00b1${niceAbove(Math.max(...values.map((value) => Math.abs(value))))}`;
    const own = keys.subarray(5 * 4, 6 * 4);
    const both = reach(Float32Array.of(...query, ...own));
    const wanted = [both, both, reach(products.subarray(5 * 4, 6 * 4))];
    wanted.push(`k\u2002${reach(keys)}`, `q \u00d7 k\u2002${reach(products)}`);
    expect([...drawn.matchAll(/>([^<>]*\u00b1[\d.]+)</g)].map(([, text]) => text)).toEqual(wanted);
  });

  test("say what was changed about the model, for all to see and in the description, where it was", async () => {
    const whatIf = { ...AS_TRAINED, scaled: false, ablated: [[0, 1]] as const };
    for (const [, state] of GOLDENS) {
      const { source: changed } = await draw(fixedScene(state, { whatIf }), LIGHT);
      expect(changed).toMatch(/<desc>[^<]*\nNot as trained: L0H1 off; /);
      expect(changed).toMatch(/>Not as trained: L0H1 off; [^<]*<\/text>/);
    }
    expect(await source({})).not.toContain("Not as trained");
  });

  test.each(LANGUAGES)("%s: no words stand on others, and none beyond the picture", async (language) => {
    const weights = Float32Array.from({ length: 4 * 11 * 11 }, (_, i) =>
      i % 11 === 3 ? 0.99995 : 9.7e-7 * (1 + (i % 7)),
    );
    const { stages } = fixedScene({}).run;
    for (const [name, state] of GOLDENS) {
      const scene = fixedScene(state, { stages: { ...stages, weights } });
      const { source: drawn, width } = await draw({ ...scene, strings: await stringsOf(language) }, LIGHT);
      expect([name, overlapping(drawn)]).toEqual([name, []]);
      // Within the padding on either side.
      const beyond = linesIn(drawn).filter(({ left, right }) => left < -24 || right > width - 24);
      expect([name, beyond]).toEqual([name, []]);
      // What keeps a name in one piece is not for reading.
      expect(drawn).not.toContain("U+2068");
    }
  });

  test("one shape a cell, in the colours of the screen", async () => {
    const drawn = await source({ view: "matrix", heads: [1] });
    const paths = [...drawn.matchAll(/<path fill="#([0-9a-f]{6})" d="([^"]*)"/g)];
    const cells = paths.flatMap(([, fill, d]) =>
      (d ?? "")
        .split("M")
        .slice(1)
        .map(() => fill),
    );
    expect(cells.length).toBe(11 * 11);
    const scene = fixedScene({ heads: [1] });
    const wanted = [...unitMatrix(axesOf(scene), scene.run, "weights", 0, 1)].map((weight) =>
      colorAt(colorMaps.cividis, weight)
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join(""),
    );
    expect(cells.sort()).toEqual(wanted.sort());
  });

  test.each([
    ["one endless word", "a".repeat(20000), [20000]],
    ["one word of many pieces", "ab".repeat(100), Array.from({ length: 100 }, () => 2)],
    ["Chinese, without spaces", "\u6ce8\u610f".repeat(60), Array.from({ length: 120 }, () => 1)],
  ])("%s stays within the picture", async (_, text, lengths) => {
    let end = 0;
    const tokens = lengths.map((length, id) => {
      end += length;
      const [start, of] = [end - length, text.slice(end - length, end)];
      return { id, text: of, start, end, special: false, sequence: 0 as const };
    });
    const words = tokens.map((token, i) => ({ text: token.text, tokens: [i, i + 1] as const }));
    const weights = new Float32Array(4 * tokens.length ** 2).fill(1 / tokens.length);
    const none = { products: weights, scores: weights, maskedScores: weights };
    for (const view of ["text", "rows", "heads", "matrix", "model", "neuron", "steps"] as const) {
      const scene = fixedScene({ view }, { text, tokens, words, stages: { ...none, weights } });
      const { width, source: drawn } = await draw(scene, LIGHT);
      expect(width).toBeLessThanOrEqual(LIMIT[view] ?? 784);
      const ends = [...drawn.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
        ([, x, wide]) => Number(x) + Number(wide),
      );
      expect(Math.max(0, ...ends)).toBeLessThanOrEqual(width - 24);
      expect(
        Math.max(...[...drawn.matchAll(/>([^<]*)<\/text>/g)].map(([, one]) => one?.length ?? 0)),
      ).toBeLessThan(140);
    }
  });

  test("in a language that runs to the left, those that look stand on the right", async () => {
    const scene = fixedScene({ view: "heads" });
    const turned = { ...scene, strings: { ...scene.strings, direction: "rtl" as const } };
    const xOf = async (one: typeof scene): Promise<number> =>
      Number(/<text x="([\d.]+)"[^>]*>looks</.exec((await draw(one, LIGHT)).source)?.[1]);
    const { width } = await draw(scene, LIGHT);
    expect(await xOf(scene)).toBeLessThan(width / 2);
    expect(await xOf(turned)).toBeGreaterThan(width / 2);
  });

  test("of a text too long to hold, an overview", async () => {
    const none = new Float32Array();
    const scene = fixedScene(
      {},
      { stages: { products: none, scores: none, maskedScores: none, weights: none } },
    );
    const { source: drawn } = await draw(scene, LIGHT);
    expect(drawn).toContain("All 11 tokens in 11 cells a side; each shows the largest weight under it.");
    for (const view of ["heads", "text", "rows", "model", "neuron", "steps"] as const)
      await expect(draw({ ...scene, state: { ...scene.state, view } }, LIGHT)).resolves.toMatchObject({});
  });
});

describe("markup", () => {
  test("escapes text and attributes, and what XML can't hold", () => {
    const { source: written } = tag(
      "text",
      { x: 1.005, "data-a": `"><script>&` },
      "</text>&\u0000\ud800\uffff\u{1f642}",
    );
    expect(written).toBe(
      '<text x="1" data-a="&quot;&gt;&lt;script&gt;&amp;">&lt;/text&gt;&amp;\ufffd\ufffd\ufffd\u{1f642}</text>',
    );
    expect(tag("g", {}, tag("a", {}), false, new Markup("<b/>")).source).toBe("<g>\n<a/>\n<b/>\n</g>");
  });
});
