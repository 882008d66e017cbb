// axe-core, widths, themes; and the pictures to look at, in tests/artefacts.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { choose, keepScreenshot, ready, startSite, tokensAre, type Site, type Visit } from "./site.ts";

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.close());

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** As if opened so: everything is laid out anew. */
async function look(page: Page, width: number, theme: "light" | "dark"): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  });
}

async function showMasked(page: Page): Promise<void> {
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
}

describe.each([
  ["as it opens", "", ready],
  ["masked, all unfolded", "-masked-cards", showMasked],
] as const)("%s", (_, name, arrange) => {
  let visit: Visit;

  beforeAll(async () => {
    visit = await site.open({ width: 360 });
    await ready(visit.page);
    await arrange(visit.page);
  });
  afterAll(() => visit.page.close());
  afterEach(() => expect(visit.problems).toEqual([]));

  // Contrast is the theme's and what scrolls the width's: axe-core need not see all pairs of them.
  test.each([
    [360, "light"],
    [768, "dark"],
    [1440, "light"],
  ] as const)("%i pixels wide, axe-core %s", async (width, examined) => {
    const { page } = visit;
    for (const theme of ["light", "dark"] as const) {
      await look(page, width, theme);
      expect(await overflow(page)).toBe(0);
      await keepScreenshot(page, `${width}-${theme}${name}`);
      if (theme === examined) expect(await violations(page)).toEqual([]);
    }
  });

  test("320 pixels wide, which is 1280 at 400 %: nothing scrolls sideways but the matrix", async () => {
    await look(visit.page, 320, "light");
    expect(await overflow(visit.page)).toBe(0);
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
});

test("forced colours and reduced motion", async () => {
  const { page } = await site.open({ width: 768 });
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await ready(page);
  expect(await violations(page)).toEqual([]);
  await keepScreenshot(page, "768-forced-colors");
});
