// axe-core, widths, themes; and the pictures to look at, in tests/artefacts.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { choose, keepScreenshot, ready, startSite, tokensAre, type Site } from "./site.ts";

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.close());

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.each([1440, 768, 360])("%i pixels wide", (width) => {
  test.each(["light", "dark"] as const)("%s", async (theme) => {
    const { page, problems } = await site.open({ width, theme });
    await ready(page);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await keepScreenshot(page, `${width}-${theme}`);

    await choose(page, "heed-gpt");
    await tokensAre(
      page,
      "The \u2423animal \u2423didn 't \u2423cross \u2423the \u2423street \u2423because \u2423it \u2423was \u2423too \u2423tired .".split(
        " ",
      ),
    );
    await choose(page, "Masked");
    await page
      .locator("details")
      .evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await keepScreenshot(page, `${width}-${theme}-masked-cards`);

    expect(problems).toEqual([]);
    await page.close();
  });
});

test.each([
  [1440, "light"],
  [360, "dark"],
] as const)("a sentence longer than the model, %i pixels wide, %s", async (width, theme) => {
  const { page, problems } = await site.open({ width, theme });
  await ready(page);
  await page.getByLabel("Type a sentence").fill("The quick brown fox jumps over the lazy dog. ".repeat(30));
  await page.getByText("Cut:").waitFor();
  expect(await overflow(page)).toBe(0);
  await keepScreenshot(page, `${width}-${theme}-long`);
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
  await page.close();
});

test("320 pixels wide, which is 1280 at 400 %: nothing scrolls sideways but the matrix", async () => {
  const { page } = await site.open({ width: 320 });
  await ready(page);
  expect(await overflow(page)).toBe(0);
  await page.close();
});

test("forced colours and reduced motion", async () => {
  const { page } = await site.open({ width: 768 });
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await ready(page);
  expect(await violations(page)).toEqual([]);
  await keepScreenshot(page, "768-forced-colors");
  await page.close();
});
