// Pictures to take away: every mark of the vector ones, and the pixels of the others.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { csv } from "../../web/export/csv.ts";
import type { MakeExport } from "../../web/export/formats.ts";
import { json } from "../../web/export/json.ts";
import { LIGHT } from "../../web/export/look.ts";
import { Markup, tag } from "../../web/export/markup.ts";
import { draw } from "../../web/export/svg.ts";
import { headMatrix, headVectors, layerStream } from "../../web/runner/run_data.ts";
import { AS_TRAINED, type ViewState } from "../../web/state.ts";
import { stringsOf } from "../../web/strings/index.ts";
import { LANGUAGES } from "../../web/strings/languages.ts";
import { unitMatrix, axesOf } from "../../web/reading/units.ts";
import { colorAt, colorMaps } from "../../web/views/color.ts";
import { niceAbove } from "../../web/views/scale.ts";
import type { Scene } from "../../web/views/view.ts";
import { fixedScene } from "./export_scene.ts";
import { launchBrowser, PATIENCE } from "./browser.ts";

const at = (path: string): string => new URL(path, import.meta.url).pathname;
const GOLDEN = at("../fixtures/export/");

/** HEED_WRITE_GOLDEN=1 writes the files anew: look at them before they are kept. */
function golden(name: string, source: string): string {
  if (process.env["HEED_WRITE_GOLDEN"]) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(`${GOLDEN}${name}`, source);
  }
  return readFileSync(`${GOLDEN}${name}`, "utf8");
}

const source = async (change: Partial<ViewState>): Promise<string> =>
  (await draw(fixedScene(change), LIGHT)).source;

const GOLDENS: readonly (readonly [name: string, state: Partial<ViewState>])[] = [
  ["matrix", { view: "matrix", heads: [1], cell: { row: 3, col: 8 } }],
  ["matrix_masked", { view: "matrix", layer: 1, stage: "maskedScores", cell: { row: 5, col: 2 } }],
  ["matrix_words", { view: "matrix", words: true, special: false, renormalise: true }],
  ["heads", { view: "heads", heads: [0, 1], cell: { row: 9, col: 2 } }],
  ["text", { view: "text", cell: { row: 9, col: 2 }, locked: [9, 3] }],
  ["rows", { view: "rows", heads: [1], direction: "to", cell: { row: 1, col: 6 } }],
  ["model", { view: "model", sort: "pair", cell: { row: 9, col: 2 } }],
  ["steps", { view: "steps", layer: 1, heads: [1], cell: { row: 9, col: 2 } }],
  ["neuron", { view: "neuron", cell: { row: 9, col: 5 } }],
];

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

describe("every number of a view", () => {
  const STATES = {
    steps: { view: "steps", layer: 1, heads: [1], cell: { row: 9, col: 2 } },
    neuron: { view: "neuron", layer: 1, heads: [1], cell: { row: 5, col: 2 } },
    model: { view: "model" },
  } as const;
  type Name = keyof typeof STATES;
  const NAMES = Object.keys(STATES) as Name[];
  const written = async (make: MakeExport, scene: Scene): Promise<string> => (await make(scene, {})).text();
  interface Read {
    readonly shape: number[];
    readonly layout: string[];
    readonly query?: number;
    readonly values: (number | null)[];
  }
  const arraysIn = (text: string): Record<string, Read> =>
    (JSON.parse(text) as { arrays: Record<string, Read> }).arrays;

  test("JSON and CSV of one query against every key are what is kept", async () => {
    const scene = fixedScene(STATES.neuron);
    for (const [type, make] of Object.entries({ json, csv })) {
      const text = await written(make, scene);
      expect(text).toBe(golden(`neuron.${type}`, text));
    }
  });

  test("all arrays of all steps, of all heads, with their shapes", async () => {
    const shapes = async (name: Name, changed = {}): Promise<Record<string, number[]>> =>
      Object.fromEntries(
        Object.entries(arraysIn(await written(json, fixedScene(STATES[name], changed)))).map(
          ([one, { shape }]) => [one, shape],
        ),
      );
    const matrices = { products: [11, 11], scores: [11, 11], maskedScores: [11, 11], weights: [11, 11] };
    const vectors = { query: [11, 4], key: [11, 4], value: [11, 4], context: [11, 4] };
    const streams = { input: [11, 8], concat: [11, 8], output: [11, 8] };
    expect(await shapes("steps")).toEqual({ ...streams, ...vectors, ...matrices, headOutputs: [2, 11, 8] });
    expect(await shapes("model")).toEqual({ weights: [2, 2, 11, 11] });
    // Of a run without whole matrices the row that the view shows.
    const none = new Float32Array();
    const stages = { products: none, scores: none, maskedScores: none, weights: none };
    expect(await shapes("steps", { stages })).toMatchObject({ ...vectors, products: [11], weights: [11] });
  });

  test("are the run's own", async () => {
    const { run } = fixedScene(STATES.steps);
    const { input, weights, concat } = arraysIn(await written(json, fixedScene(STATES.steps)));
    const float32 = (one?: Read): number[] =>
      Array.from(one?.values ?? [], (value) => Math.fround(value ?? NaN));
    expect(float32(input)).toEqual([...layerStream(run, "attentionInput", 1)]);
    expect(float32(weights)).toEqual([...headMatrix(run, "weights", 1, 1)]);
    // The second head's context is the second half of each row.
    expect(float32(concat).slice(4, 8)).toEqual([...headVectors(run, "context", 1, 1).subarray(0, 4)]);
    const all = arraysIn(await written(json, fixedScene(STATES.model)));
    expect(float32(all["weights"])).toEqual([...run.stages.weights]);
  });

  test.each(NAMES)("%s: CSV is the same numbers, each with its place, and no formula", async (name) => {
    const scene = fixedScene(STATES[name]);
    const arrays = arraysIn(await written(json, scene));
    const [heading = "", ...lines] = (await written(csv, scene)).replace("\ufeff", "").trim().split("\r\n");
    const columns = heading.split(",");
    const values = Object.values(arrays).flatMap(({ values: all }) => all);
    expect(lines.map((line) => line.split(",").at(-1))).toEqual(
      values.map((value) => (value === null ? "-Infinity" : String(value))),
    );
    const [last, { shape, layout }] = Object.entries(arrays).at(-1) as [string, Read];
    const cells = lines.at(-1)?.split(",") ?? [];
    expect(cells[0]).toBe(last);
    layout.forEach((axis, i) => expect(cells[columns.indexOf(axis)]).toBe(String((shape[i] ?? 0) - 1)));
    const token = name === "steps" ? "query_token" : "key_token";
    expect(cells[columns.indexOf(token)]).toBe("[SEP]");
    for (const line of lines) expect(line).not.toMatch(/(^|,)"?[=+@]/);
  });

  test("a token that looks like a formula is text", async () => {
    const { run } = fixedScene({});
    const tokens = run.tokens.map((token) => ({ ...token, text: '=HYPERLINK("x")' }));
    for (const name of NAMES)
      expect(await written(csv, fixedScene(STATES[name], { tokens }))).toContain(`,"'=HYPERLINK(""x"")",`);
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

describe("in a browser", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const entry = `
      export { png } from "../../web/export/png.ts";
      export { svg } from "../../web/export/svg.ts";
      export { lookOf } from "../../web/export/look.ts";
      export { fixedScene } from "./export_scene.ts";`;
    const { outputFiles } = await build({
      stdin: { contents: entry, resolveDir: at("."), loader: "ts" },
      bundle: true,
      write: false,
      format: "iife",
      globalName: "heedExport",
      external: ["heed/models"],
    });
    browser = await launchBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    const policy =
      "default-src 'none'; script-src 'self'; img-src blob: data:; require-trusted-types-for 'script'; trusted-types test 'allow-duplicates'";
    await page.route("http://heed.test/**", (route) =>
      route.request().url().endsWith(".js")
        ? route.fulfill({ contentType: "text/javascript", body: outputFiles[0]?.text ?? "" })
        : route.fulfill({
            contentType: "text/html; charset=utf-8",
            headers: { "Content-Security-Policy": policy },
            body: "<!doctype html><title>Export</title><script src=export.js></script>",
          }),
    );
    await page.goto("http://heed.test/");
  });

  afterAll(() => browser.close());

  /** Its size, and the colours at places in it. */
  const pixels = (state: Partial<ViewState>, scale: number, places: readonly (readonly [number, number])[]) =>
    page.evaluate(
      async ([change, factor, wanted]) => {
        const { png, fixedScene: scene } = (globalThis as any).heedExport;
        const blob: Blob = await png(scene(change), { scale: factor });
        const image = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
        context.drawImage(image, 0, 0);
        const colors = wanted.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
        return { type: blob.type, width: image.width, height: image.height, colors };
      },
      [state, scale, places] as const,
    );

  const MATRIX = { view: "matrix", heads: [1], cell: { row: 3, col: 8 } } as const;

  test.each([1, 2, 4])("PNG at %i×: its size, and every cell in its colour", async (scale) => {
    const scene = fixedScene(MATRIX);
    const { width, height, source: drawn } = await draw(scene, LIGHT);
    const n = scene.run.tokens.length;
    // The first cell's corner: the one that is leftmost and topmost.
    const corners = [...drawn.matchAll(/M([\d.]+) ([\d.]+)h45v45/g)].map(
      ([, x, y]) => [Number(x), Number(y)] as const,
    );
    const left = Math.min(...corners.map(([x]) => x));
    const top = Math.min(...corners.map(([, y]) => y));
    // Above the number and beside the frames.
    const places = Array.from(
      { length: n * n },
      (_, i) =>
        [(24 + left + (i % n) * 46 + 6) * scale, (24 + top + Math.floor(i / n) * 46 + 6) * scale] as const,
    );
    const result = await pixels(MATRIX, scale, places);
    expect(result).toMatchObject({ type: "image/png", width: width * scale, height: height * scale });
    const weights = unitMatrix(axesOf(scene), scene.run, "weights", 0, 1);
    expect(result.colors).toEqual([...weights].map((weight) => [...colorAt(colorMaps.cividis, weight), 255]));
  });

  test.each(GOLDENS)("%s can be drawn, and is well-formed", async (_, state) => {
    const { width } = await pixels(state, 1, []);
    expect(width).toBeGreaterThan(300);
    const parsed = await page.evaluate(async (change) => {
      const { svg, fixedScene: scene } = (globalThis as any).heedExport;
      const blob: Blob = await svg(scene(change), {});
      const policy = (globalThis as any).trustedTypes.createPolicy("test", {
        createHTML: (text: string) => text,
      });
      const read = new DOMParser().parseFromString(policy.createHTML(await blob.text()), "image/svg+xml");
      return {
        type: blob.type,
        root: read.documentElement.tagName,
        texts: read.querySelectorAll("text").length,
      };
    }, state);
    expect(parsed).toMatchObject({ type: "image/svg+xml;charset=utf-8", root: "svg" });
    expect(parsed.texts).toBeGreaterThan(5);
  });

  const refusal = (scale: number, tokens = 0) =>
    page.evaluate(
      async ([factor, more]) => {
        const { png, fixedScene: make } = (globalThis as any).heedExport;
        const scene = make({ view: "heads" });
        const many = Array.from({ length: more }, () => scene.labels[1]);
        const token = scene.run.tokens[1];
        const run = { ...scene.run, tokens: [...scene.run.tokens, ...many.map(() => token)] };
        if (more > 0) run.stages = { ...run.stages, weights: new Float32Array() };
        const labels = [...scene.labels, ...many];
        return png({ ...scene, run, labels }, { scale: factor }).then(
          () => "drawn",
          (error: Error & { code: string }) => `${error.code}: ${error.message}`,
        );
      },
      [scale, tokens] as const,
    );

  test("refuses a scale that makes no sense, and a picture no canvas can hold; the next one is drawn", async () => {
    for (const scale of [0, 0.5, 4.5, NaN])
      expect(await refusal(scale)).toMatch(/^invalid-argument: scale is/);
    expect(await refusal(4, 300)).toMatch(/^invalid-argument: the picture would be \d+ × 3\d{4} pixels/);
    expect(await refusal(4)).toBe("drawn");
  });

  test("colours and fonts are those of where it stands, resolved", async () => {
    const look = await page.evaluate(() => {
      const { lookOf } = (globalThis as any).heedExport;
      const node = document.createElement("div");
      for (const [name, value] of [
        ["color-scheme", "dark"],
        ["--paper", "light-dark(#fff, #102030)"],
        ["--ink", "oklch(1 0 0)"],
        ["--head-1", "rebeccapurple"],
        ["--sans", 'Verdana,\n "Noto Sans"'],
      ])
        node.style.setProperty(name ?? "", value ?? "");
      document.body.append(node);
      const { colors, hues, fonts, measure } = lookOf(node);
      const narrow = measure("iii", { family: "sans", size: 20 });
      return {
        colors,
        hues,
        fonts,
        left: node.childNodes.length,
        wide: measure("WWW", { family: "sans", size: 20 }) > 2 * narrow,
      };
    });
    expect(look.colors).toMatchObject({ paper: "#102030", ink: "#ffffff", tint: LIGHT.colors.tint });
    expect(look.hues.slice(0, 2)).toEqual([LIGHT.hues[0], "#663399"]);
    expect(look.fonts).toEqual({ serif: LIGHT.fonts.serif, sans: 'Verdana, "Noto Sans"' });
    expect([look.left, look.wide]).toEqual([0, true]);
  });
});
