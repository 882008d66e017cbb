// The page as it opens: by pointer and by keyboard, what it asks for, and without what it would fetch.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../web/serve.mjs";
import type { Page } from "playwright-core";
import { details, onTheSite, open, openReady, site, visit } from "./page_visit.ts";
import { choose, keepScreenshot, numbers, ready, SITE, tokensAre, type } from "./site.ts";

onTheSite();

describe("a page just opened", () => {
  beforeEach(openReady);

  test("opens on it \u2192 animal, the exact value beside it", async () => {
    expect(await details()).toMatch(
      /^it \u2192 animal: over 99\.9\s%\s+weight 0\.9999\d*, token 10 to token 2$/,
    );
    expect(await visit.page.getByRole("radio", { name: "it", exact: true }).isChecked()).toBe(true);
    expect(await visit.page.getByRole("radio", { name: /L2H1/ }).isChecked()).toBe(true);
  });

  test("asks for nothing once it is loaded, and never for anything elsewhere", async () => {
    const { page, requests } = visit;
    const before = requests.length;
    await type(page, "A dog.", ["[CLS]", "a", "dog", ".", "[SEP]"]);
    await choose(page, "heed-gpt");
    await tokensAre(page, ["A", "\u2423dog", "."]);
    await choose(page, "Masked");
    await choose(page, "Layer 3");
    // Chromium asks for a page's icon anew when the page writes its address: it has to be in the page.
    await page.waitForURL(/#/);
    expect(requests.filter((url) => url.endsWith(".svg"))).toEqual([]);
    expect(requests.slice(before)).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(site.url))).toEqual([]);
  });

  describe("by keyboard alone", () => {
    test("the matrix is one tab stop, and the keys of the grid pattern walk it", async () => {
      const { page } = visit;
      await page.getByRole("radio", { name: /L2H1/ }).focus();
      await page.keyboard.press("Tab");
      const focused = () =>
        page.evaluate(() => {
          const cell = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
          const row = cell?.closest("[role=row]");
          return [
            cell?.getAttribute("role"),
            Number(row?.getAttribute("aria-rowindex")) - 2,
            Number(cell?.getAttribute("aria-colindex")) - 2,
          ];
        });
      expect(await focused()).toEqual(["gridcell", 10, 2]);
      const walk: [string, number, number][] = [
        ["ArrowRight", 10, 3],
        ["ArrowDown", 11, 3],
        ["ArrowLeft", 11, 2],
        ["ArrowUp", 10, 2],
        ["End", 10, 15],
        ["Home", 10, 0],
        ["Control+End", 15, 15],
        ["ArrowDown", 15, 15],
        ["PageUp", 7, 15],
        ["PageDown", 15, 15],
        ["Control+Home", 0, 0],
        ["ArrowUp", 0, 0],
      ];
      for (const [key, row, col] of walk) {
        await page.keyboard.press(key);
        expect([key, ...(await focused())]).toEqual([key, "gridcell", row, col]);
      }
      expect(await page.locator("[role=gridcell][tabindex='0']").count()).toBe(1);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      expect(await details()).toMatch(/^the \u2192 animal: \d\.\d\s%\s+weight 0\.\d+, token 1 to token 2$/);
      // The row walked to is the token chosen.
      expect(await page.locator(".sentence input").nth(1).isChecked()).toBe(true);
      await page.keyboard.press("Tab");
      expect((await focused())[0]).not.toBe("gridcell");
    });

    test("from the top of the page: past it, lesson, language, sentence, model, own model, view, stage, token, layer, head", async () => {
      const { page } = visit;
      const active = () =>
        page.evaluate(() => {
          const outer = document.activeElement as HTMLInputElement;
          const element = outer.shadowRoot?.activeElement ?? outer;
          return (
            element.id ||
            element.getAttribute("aria-label") ||
            element.closest("label")?.textContent ||
            element.tagName
          );
        });
      const stops: string[] = [];
      await page.keyboard.press("Tab");
      for (let i = 0; i < 12; i++) {
        stops.push(await active());
        await page.keyboard.press("Tab");
      }
      expect(stops.map((stop) => stop.slice(0, 8))).toEqual(
        [
          "A",
          "A",
          "language",
          "text",
          "examples",
          "heed-bert",
          "SUMMARY",
          "Matrix",
          "Weights",
          "it",
          "Layer 2",
          "Head 1 \u00b7 L2H1",
        ].map((stop) => stop.slice(0, 8)),
      );
      await page.getByRole("radio", { name: "Weights", exact: true }).focus();
      await page.keyboard.press("ArrowLeft");
      expect(await page.getByRole("grid").getAttribute("aria-label")).toMatch(/^Masked/);
      expect(await active()).toBe("Masked");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowRight");
      expect(await details()).toMatch(/^was \u2192 was/);
      await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowLeft");
      expect(await page.getByRole("grid").getAttribute("aria-label")).toMatch(/L1H1/);
      await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowRight");
      expect(await page.getByRole("grid").getAttribute("aria-label")).toMatch(/L1H2/);
    });
  });

  test("the picture begins on the first screen, wide and narrow, and the first link leads past what is above it", async () => {
    const { page } = visit;
    const top = async (): Promise<number> => (await page.locator("heed-attention").boundingBox())?.y ?? NaN;
    expect(await top()).toBeLessThanOrEqual(300);
    await page.setViewportSize({ width: 360, height: 780 });
    expect(await top()).toBeLessThanOrEqual(470);
    // For a finger, and beside nothing else.
    const own = await page.locator(".own > summary").boundingBox();
    const model = await page.locator(".models").boundingBox();
    expect(own?.height).toBeGreaterThanOrEqual(44);
    expect(own?.y).toBeGreaterThanOrEqual((model?.y ?? NaN) + (model?.height ?? NaN));
    await page.locator(".skip").press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("attention");
    expect(new URL(page.url()).hash).not.toBe("#attention");
  });

  test("hovering shows a value and changes nothing", async () => {
    const { page } = visit;
    await page.locator(".details").scrollIntoViewIfNeeded();
    const box = await page.locator(".plate .cells").boundingBox();
    if (!box) throw new Error("no matrix");
    await page.mouse.move(box.x + (8.5 / 16) * box.width, box.y + (10.5 / 16) * box.height);
    expect(await details()).toMatch(/^it \u2192 street: under 0\.1\s%/);
    await page.mouse.move(5, 5);
    expect(await details()).toMatch(/^it \u2192 animal/);
  });

  test("heed-gpt's masked stage hides what comes later, in the picture and in words", async () => {
    const { page } = visit;
    await choose(page, "heed-gpt");
    await tokensAre(
      page,
      "The \u2423animal \u2423didn 't \u2423cross \u2423the \u2423street \u2423because \u2423it \u2423was \u2423too \u2423tired .".split(
        " ",
      ),
    );
    await choose(page, "Masked");
    const values = await numbers(page);
    const n = Math.sqrt(values.length);
    expect(values.map((value) => value === -Infinity)).toEqual(
      values.map((_, i) => i % n > Math.floor(i / n)),
    );
    expect(await page.locator(".legend").innerText()).toContain("\u2212\u221e, hidden by the mask");
    const alpha = await page
      .locator(".plate .cells")
      .evaluate((canvas) =>
        Array.from(
          (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, 2, 1).data ?? [],
        ).filter((_, i) => i % 4 === 3),
      );
    expect(alpha).toEqual([255, 0]);
    await page.getByRole("gridcell").nth(1).click();
    expect(await details()).toMatch(/^The \u2192 \u2423animal: \u2212\u221e/);
    await choose(page, "Weights");
    expect(
      (await numbers(page)).every((value, i) => (i % n > Math.floor(i / n) ? value === 0 : value > 0)),
    ).toBe(true);
  });

  test("keeps the chosen word when the sentence around it changes", async () => {
    const { page } = visit;
    await type(
      page,
      "Yesterday the animal slept because it was tired.",
      "[CLS] yesterday the animal slept because it was tired . [SEP]".split(" "),
    );
    expect(await page.getByRole("radio", { name: "it", exact: true }).isChecked()).toBe(true);
    // Of another sentence it is left: a pronoun is worth looking at.
    await type(
      page,
      "My sister slept because she was tired.",
      "[CLS] my sister slept because she was tired . [SEP]".split(" "),
    );
    expect(await details()).toMatch(/^she \u2192 sister: 9\d\.\d\s%/);
    await page.waitForURL(/cell=5\+2/);
  });
});

test("asks for every file once, and for what can wait only after the first picture", async () => {
  const prepare = async (page: Page): Promise<void> => {
    await page.addInitScript(() => {
      const asked = (): string[] => performance.getEntriesByType("resource").map(({ name }) => name);
      addEventListener("heed-run", () => Object.assign(globalThis, { askedBefore: asked() }), {
        once: true,
      });
      // A picture that takes longer than two seconds is not waited for: here it is, for a machine may be slow.
      const { setTimeout: later } = globalThis;
      const patient = (work: TimerHandler, ms = 0, ...given: unknown[]): number =>
        ms === 2000 ? 0 : (later as Window["setTimeout"])(work, ms, ...given);
      Object.assign(globalThis, { setTimeout: patient });
    });
  };
  const { page, requests } = await open({ prepare });
  await ready(page);
  await page.locator(".whatif").waitFor();
  const before = await page.evaluate(() => (globalThis as { askedBefore?: string[] }).askedBefore);
  const rest = /\/rest-.*\.js$/;
  expect(before?.filter((url) => rest.test(url))).toEqual([]);
  expect(requests.filter((url) => rest.test(url))).toHaveLength(1);
  expect(requests.filter((url) => /\/model-.*\.safetensors$/.test(url))).toHaveLength(2);
  // What heed/models needs for other models than these.
  expect(
    requests.filter((url) => /\/(addresses|architectures|gguf|sentencepiece|shards)-/.test(url)),
  ).toEqual([]);
  expect(requests.filter((url, i) => requests.indexOf(url) < i && !url.startsWith("data:"))).toEqual([]);
});

test("works under any path", async () => {
  const folder = await mkdtemp(join(tmpdir(), "heed-site-"));
  await cp(SITE, folder, { recursive: true });
  await cp(SITE, join(folder, "deep/er"), { recursive: true });
  const elsewhere = await serve(folder);
  const { page, problems, requests } = await site.open({ url: `${elsewhere.url}deep/er/` });
  await ready(page);
  expect(problems).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(`${elsewhere.url}deep/er/`))).toEqual([]);
  await elsewhere.close();
  await rm(folder, { recursive: true });
});

test.each(["worker", "work"])(
  "without the worker's code (%s-*.js) says so, in the language of the page, and tries again",
  async (name) => {
    const CODE = `**/${name}-*.js`;
    const prepare = async (page: Page): Promise<void> => {
      await page.route(CODE, (route) => route.abort());
    };
    const { page, problems } = await open({ prepare, url: `${site.url}#lang=es&v=1` });
    // Spanish may come after the failure.
    await page.getByText("No se pudo cargar heed-bert").waitFor();
    await page.locator("#language").selectOption("en");
    await page.getByText(/heed-bert could not be loaded.*could not be fetched/).waitFor();
    await page.unroute(CODE);
    await type(page, "A dog.", ["[CLS]", "a", "dog", ".", "[SEP]"]);
    expect(problems.splice(0).filter((problem) => !problem.includes("ERR_FAILED"))).toEqual([]);
  },
);

test("says in words that a model could not be loaded", async () => {
  const { page } = await open({
    prepare: async (page) => {
      await page.route("**/*.safetensors", (route) => route.abort());
    },
  });
  await page.getByText("heed-bert could not be loaded").waitFor();
  await keepScreenshot(page, "not-loaded");
});
