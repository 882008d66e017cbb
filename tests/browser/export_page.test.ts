// Exports in a page, under a strict Content-Security-Policy: pixels, and what a browser reads of the vector ones.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { LIGHT } from "../../web/export/look.ts";
import { draw } from "../../web/export/svg.ts";
import type { ViewState } from "../../web/state.ts";
import { unitMatrix, axesOf } from "../../web/reading/units.ts";
import { colorAt, colorMaps } from "../../web/views/color.ts";
import { launchBrowser, PATIENCE } from "./browser.ts";
import { GOLDENS } from "./export_golden.ts";
import { fixedScene } from "./export_scene.ts";

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const entry = `
    export { png } from "../../web/export/png.ts";
    export { svg } from "../../web/export/svg.ts";
    export { lookOf } from "../../web/export/look.ts";
    export { fixedScene } from "./export_scene.ts";`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
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
  for (const scale of [0, 0.5, 4.5, NaN]) expect(await refusal(scale)).toMatch(/^invalid-argument: scale is/);
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
