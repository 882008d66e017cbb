// Every view as it was when somebody last looked at it: screenshots against those in tests/fixtures/screens.
//
// Machines have other fonts, so that all words and formulas are set in two that come with the tests. Edges are smoothed in
// each machine's way: pixelmatch leaves smoothed edges out, and of the rest one pixel in a thousand may differ, which is
// about as much as five strange letters on the narrow screen.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Page } from "playwright-core";
import { openView, type Shown } from "./gallery.ts";
import { GALLERY, startSite, type Site } from "./site.ts";

const REFERENCES = fileURLToPath(new URL("../fixtures/screens/", import.meta.url));
const DIFFERENCES = fileURLToPath(new URL("../artefacts/screens/", import.meta.url));
/** Set, the references are made anew instead of compared. */
const isUpdate = process.env["HEED_UPDATE_SCREENS"] === "1";

const MOST = 0.001;
const HEIGHT = 900;

const STATE = { layer: 2, heads: [1], cell: { row: 10, col: 2 } } as const;
const VIEWS: Readonly<Record<string, Shown>> = {
  matrix: { ...STATE, view: "matrix", whole: true },
  text: { ...STATE, view: "text" },
  rows: { ...STATE, view: "rows" },
  heads: { ...STATE, view: "heads", heads: [0, 1] },
  model: { ...STATE, view: "model" },
  steps: { ...STATE, view: "steps" },
  neuron: { ...STATE, view: "neuron" },
  map: { view: "matrix", tokens: 300, cell: { row: 40, col: 39 } },
};

let site: Site;
let comparer: Worker;
/** In base64. */
let fonts: { regular: string; bold: string; math: string };

beforeAll(async () => {
  const { resolve } = createRequire(import.meta.url);
  const file = (path: string): Promise<string> => readFile(resolve(`@fontsource/${path}.woff2`), "base64");
  fonts = {
    regular: await file("noto-sans/files/noto-sans-latin-400-normal"),
    bold: await file("noto-sans/files/noto-sans-latin-600-normal"),
    math: await file("noto-sans-math/files/noto-sans-math-latin-400-normal"),
  };
  site = await startSite(GALLERY);
  comparer = new Worker(new URL("screens_worker.mjs", import.meta.url));
  await mkdir(REFERENCES, { recursive: true });
});

afterAll(async () => {
  await site.close();
  await comparer.terminate();
});

/** All words in the tests' fonts, and nothing that moves. */
const setInFont = async (page: Page): Promise<void> => {
  await page.addInitScript(({ regular, bold, math }) => {
    const bytes = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    document.fonts.add(new FontFace("Tests", bytes(regular), { weight: "100 500" }));
    document.fonts.add(new FontFace("Tests", bytes(bold), { weight: "501 900" }));
    document.fonts.add(new FontFace("Tests math", bytes(math)));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ':root { --heed-serif: Tests, "Tests math"; --heed-sans: var(--heed-serif) }' +
        'math { font-family: Tests, "Tests math" }' +
        "* { transition: none !important; animation: none !important; caret-color: transparent !important }",
    );
    document.adoptedStyleSheets.push(sheet);
  }, fonts);
};

/** Loaded, laid out, and all canvases painted. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await Promise.all([...document.fonts].map((face) => face.load()));
    await document.fonts.ready;
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  });
  if (await page.locator(".map-view").count()) await page.locator(".map-view.settled").waitFor();
}

async function compare(name: string, seen: Buffer): Promise<void> {
  comparer.postMessage({
    seen,
    reference: `${REFERENCES}${name}.png`,
    differs: `${DIFFERENCES}${name}.png`,
    most: MOST,
    isUpdate,
  });
  const [share] = (await once(comparer, "message")) as [number | undefined];
  const verdict = share !== undefined && share <= MOST ? "the same" : `${share} differs: see ${DIFFERENCES}`;
  expect([name, verdict]).toEqual([name, "the same"]);
}

describe.each(Object.entries(VIEWS))("%s", (view, shown) => {
  test.each(["light", "dark"] as const)("%s", async (theme) => {
    const { page, problems } = await openView(site, shown, { theme, height: HEIGHT, prepare: setInFont });
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: HEIGHT });
      await settle(page);
      await compare(`${view}-${width}-${theme}`, await page.screenshot());
    }
    expect(problems).toEqual([]);
  });
});
