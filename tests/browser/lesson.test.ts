// The lesson in Chromium: its figures by keyboard and pointer, the visitor's sentence in all of them, and its looks.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { wordsOf } from "../../web/lesson/pages.mjs";
import { LANGUAGES, LANGUAGE_NAMES } from "../../web/strings/languages.ts";
import { pageStringsOf } from "../../web/strings/page.ts";
import type { HeedAttention } from "../../web/element/element.ts";
import { DEFAULT_STATE } from "../../web/state.ts";
import { violations } from "./axe.ts";
import { keepScreenshot, startSite, type Look, type Site } from "./site.ts";

let site: Site;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.close());

const open = (look: Look = {}, hash = "") => site.open({ ...look, url: `${site.url}lesson.html${hash}` });
const figure = (page: Page, name: string): Locator => page.locator(`[data-figure=${name}]`);

/** Scrolls to every element, as a reader would, and waits for its picture, of this text. */
async function readAll(page: Page, text = DEFAULT_STATE.text): Promise<void> {
  const elements = page.locator("heed-attention");
  for (let i = 0; i < (await elements.count()); i++) {
    await elements.nth(i).scrollIntoViewIfNeeded();
    await page.waitForFunction(
      ([at, wanted]) => document.querySelectorAll("heed-attention")[at]?.run?.text === wanted,
      [i, text] as const,
    );
  }
}

/** They never come, so that nothing is drawn that would move what is below it. */
const withoutModels = async (page: Page): Promise<void> => {
  await page.route("**/*.safetensors", () => undefined);
};

test("wide and narrow, light and dark: no violations, nothing scrolls sideways", async () => {
  const { page, problems } = await open({ width: 360 });
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  await page.locator("[data-figure=softmax] .hand").waitFor();
  const before = await height();
  await readAll(page);
  // Room was kept for what was not drawn yet.
  expect(Math.abs((await height()) / before - 1)).toBeLessThan(0.15);
  expect(await page.locator("math").count()).toBeGreaterThan(50);
  // The sentence is there in full.
  expect(
    await page
      .getByRole("textbox", { name: "Your sentence" })
      .evaluate((field) => [field.scrollWidth - field.clientWidth, field.scrollHeight - field.clientHeight]),
  ).toEqual([0, 0]);
  // On a telephone all columns and whole formulas are in sight, and what is dragged has room.
  expect(
    await page
      .locator(".scroller")
      .evaluateAll((all) =>
        all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent),
      ),
  ).toEqual([]);
  for (const slider of await page.locator("[data-figure]").getByRole("slider").all())
    expect((await slider.boundingBox())?.width).toBeGreaterThan(200);
  for (const width of [360, 1440]) {
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await keepScreenshot(page, `lesson-${width}-${theme}`);
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      ).toBe(0);
      // Contrast is the theme's and what scrolls the width's: axe-core need not see all pairs of them.
      if ((width === 360) === (theme === "dark")) expect(await violations(page)).toEqual([]);
    }
  }
  expect(problems).toEqual([]);
});

test("a link of the contents leads there, and what is drawn afterwards, all of it, does not lead away", async () => {
  const { page } = await open();
  await page.locator("heed-attention:defined").first().waitFor();
  const drawn = page.locator("heed-attention[data-drawn]");
  const count = await page.locator("heed-attention").count();
  const heading = (name: string) => page.getByRole("heading", { name });
  for (const name of ["All words at once: the matrix view", "What came of it", "One head is not enough"]) {
    const link = page.locator(".contents").getByRole("link", { name: name.split(": ").pop()!, exact: false });
    await link.evaluate((a) => (a as HTMLElement).click());
    await page.waitForFunction((hash) => location.hash === hash, await link.getAttribute("href"));
    await isNear(heading(name));
  }
  // Nobody has seen most of them.
  await page.waitForFunction(
    (all) => document.querySelectorAll("heed-attention[data-drawn]").length === all,
    count,
  );
  expect(await drawn.count()).toBe(count);
  await isNear(heading("One head is not enough"));
  // Side by side and one below another, they speak of one word.
  const words = () =>
    page.locator("heed-attention").evaluateAll((all) =>
      (all as HeedAttention[]).map(({ run, cell }) => {
        const { start = 0, end = 0 } = run?.tokens[cell?.row ?? -1] ?? {};
        return run?.text.slice(start, end).trim();
      }),
    );
  expect(new Set(await words())).toEqual(new Set(["it"]));
  const pair = page.locator("#family heed-attention");
  await pair.first().locator(".word-column").first().getByText("tired", { exact: true }).click();
  expect((await words()).slice(-2)).toEqual(["tired", "tired"]);
  // Another sentence, another word, in all of them; those that nobody sees are drawn anew too.
  await page.getByLabel("Your sentence").getByRole("textbox").fill("The girl told her mother.");
  await page.waitForFunction(() =>
    [...document.querySelectorAll("heed-attention")].every(({ run }) => run?.text.startsWith("The girl")),
  );
  expect(new Set(await words())).toEqual(new Set(["her"]));
  expect(await page.getByRole("link", { name: "main page" }).first().getAttribute("href")).toMatch(
    /\/index\.html#text=The\+girl\+told\+her\+mother\./,
  );
});

/** Below the sentence, which stays in reach, and well within the window: what has just grown is made up for in its frame. */
const isNear = (heading: Locator): Promise<unknown> =>
  heading.evaluate(async (node) => {
    const top = (): number => node.getBoundingClientRect().top;
    while (!(top() > 60 && top() < 160)) await new Promise(requestAnimationFrame);
  });

test("the sentence reaches every figure, stays in the address, and comes back from it", async () => {
  const { page } = await open({}, "#softmax");
  await page.getByLabel("Your sentence").getByRole("textbox").fill("Cats sleep.");
  await page.waitForFunction(() => location.hash === "#softmax&text=Cats+sleep.&v=1");
  await readAll(page, "Cats sleep.");
  expect(await figure(page, "memory").locator(".word").allTextContents()).toEqual(["Cats", "sleep."]);
  // Enter asks at once, and breaks no line; nor does what is pasted.
  const field = page.getByLabel("Your sentence").getByRole("textbox");
  expect(
    await field.evaluate((input: HTMLTextAreaElement) => {
      input.value = "Cats slept";
      input.dispatchEvent(new InputEvent("beforeinput", { inputType: "insertLineBreak", cancelable: true }));
      return location.hash;
    }),
  ).toBe("#softmax&text=Cats+slept&v=1");
  await field.press("End");
  await field.press("Enter");
  await page.keyboard.insertText(".\nDogs ran.");
  expect(await field.inputValue()).toBe("Cats slept. Dogs ran.");
  await field.fill("Cats sleep.");
  await page.waitForFunction(() => location.hash === "#softmax&text=Cats+sleep.&v=1");
  // A link to a section keeps it.
  await page.getByRole("link", { name: "Hiding the future" }).click();
  await page.waitForFunction(() => location.hash === "#future&text=Cats+sleep.&v=1");

  const again = await open({}, "#softmax&text=Cats+sleep.");
  // The page is there before what brings it to life.
  await again.page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>("#text")?.value === "Cats sleep.",
  );
  expect(await again.page.getByLabel("Your sentence").getByRole("textbox").inputValue()).toBe("Cats sleep.");
  await again.page.waitForFunction(
    () => (document.querySelector("#softmax")?.getBoundingClientRect().top ?? NaN) < 200,
  );
});

describe("a figure", () => {
  let page: Page;

  beforeAll(async () => {
    ({ page } = await open());
    await readAll(page);
  });
  afterAll(() => page.close());

  test("made by hand answers to the keyboard", async () => {
    const softmax = figure(page, "softmax");
    const shares = () => softmax.locator("tbody .strong").allTextContents();
    await softmax.locator("tbody .strong").first().waitFor();
    const before = await shares();
    await softmax.getByRole("button", { name: "Add 1 to every score" }).press("Enter");
    expect(await softmax.getByLabel("Score of a").inputValue()).toBe("3");
    expect(await shares()).toEqual(before);
    await softmax.getByLabel("Score of b").press("ArrowRight");
    expect(await shares()).not.toEqual(before);
    await softmax.getByLabel("hide a").press("Space");
    expect((await shares())[0]).toBe("0\u00a0%");

    const lookup = figure(page, "lookup");
    await lookup.getByLabel("Temperature").press("End");
    expect(await lookup.locator(".reading").textContent()).toMatch(
      /A mixture; \u2018apple\u2019 has the most, 2\d/,
    );
    await lookup.getByLabel("Temperature").press("Home");
    await lookup.getByLabel("apple, value: price").fill("7");
    expect(await lookup.locator(".reading").textContent()).toMatch(/^Answer: 7\.00 A hard lookup/);

    const spread = figure(page, "spread");
    await spread.getByLabel("Length of the lists, d").press("End");
    expect(await spread.locator(".reading").textContent()).toMatch(/^At length 1024: .* theory 32\.00/);
    await spread.getByLabel("Seed").fill("5");
    const seeded = await spread.locator(".reading").textContent();
    await spread.getByLabel("Seed").fill("6");
    expect(await spread.locator(".reading").textContent()).not.toBe(seeded);

    const memory = figure(page, "memory");
    await memory.getByLabel("Each step keeps").press("End");
    expect(new Set(await memory.locator(".fading .share").allTextContents())).toEqual(
      new Set(["100\u00a0%"]),
    );
  });

  test("of arrows follows the pointer and the sliders", async () => {
    const vectors = figure(page, "vectors");
    const product = vectors.locator(".product");
    expect(await product.textContent()).toMatch(/= 8\.00$/);
    await vectors.getByLabel("query q, right").press("ArrowRight");
    expect(await product.textContent()).toMatch(/= 8\.20$/);
    await vectors.locator("svg").scrollIntoViewIfNeeded();
    const tip = await vectors.locator(".query .tip").boundingBox();
    const box = await vectors.locator("svg").boundingBox();
    if (!tip || !box) throw new Error("no picture of the arrows");
    await page.mouse.move(tip.x + tip.width / 2, tip.y + tip.height / 2);
    await page.mouse.down();
    // To (−2, 2) of −4.5 … 4.5: at a right angle with the key's (2, 2).
    await page.mouse.move(box.x + (2.5 / 9) * box.width, box.y + (2.5 / 9) * box.height, { steps: 4 });
    await page.mouse.up();
    expect(await product.textContent()).toMatch(/= 0\.00$/);
    expect(await vectors.locator(".reading").textContent()).toMatch(/90\u00b0/);
    expect(await vectors.getByLabel("query q, right").inputValue()).toBe("-2");
  });

  test("of arrows follows a finger, and the page scrolls beside the arrows", async () => {
    const { page } = await open({ width: 360, height: 780, prepare: withoutModels }, "#dot");
    const vectors = figure(page, "vectors");
    const tip = vectors.locator(".tip").first();
    await tip.scrollIntoViewIfNeeded();
    const finger = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", x = 0, y = 0): Promise<unknown> =>
      finger.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
    const drag = async (from: { x: number; y: number }, dx: number, dy: number): Promise<void> => {
      await touch("touchStart", from.x, from.y);
      for (let i = 1; i <= 10; i++) await touch("touchMove", from.x + (i * dx) / 10, from.y + (i * dy) / 10);
      await touch("touchEnd");
    };
    const middle = async (part: Locator): Promise<{ x: number; y: number }> => {
      const { x, y, width, height } = (await part.boundingBox())!;
      return { x: x + width / 2, y: y + height / 2 };
    };
    const scrolled = () => page.evaluate(() => scrollY);
    const [before, unit] = [await scrolled(), (await vectors.locator(".arrows").boundingBox())!.width / 9];
    // Three to the left and two down: from (3, 1) to (0, −1).
    await drag(await middle(tip), -3 * unit, 2 * unit);
    await vectors.getByText("0.0 \u00d7 2.0 + \u22121.0 \u00d7 2.0", { exact: false }).waitFor();
    expect(await scrolled()).toBe(before);
    await drag(await middle(vectors.locator(".axis").first()), 60, -150);
    await page.waitForFunction((y) => scrollY > y + 50, before);
  });

  test("of a context vector shows it as the sum that it is, and tables side by side are followed together", async () => {
    const mix = figure(page, "mix");
    expect(await mix.locator("li").first().textContent()).toMatch(/^value of .*animal.*\u00d7 1\.000$/);
    expect(await figure(page, "concat").locator("canvas").count()).toBe(4);
    const pair = page.locator("#future heed-attention");
    const cell = { row: 4, col: 2 };
    await pair.first().evaluate((element, at) => {
      (element as HTMLElement & { cell: unknown }).cell = at;
      element.dispatchEvent(new CustomEvent("heed-select", { detail: at, bubbles: true }));
    }, cell);
    expect(await pair.last().getAttribute("cell")).toBe("4 2");
  });
});

test("is offered in the reader's language, and in every one keeps section and sentence, and its figures speak it", async () => {
  const hash = "#softmax&text=Cats+sleep.&v=1";
  const { page, problems } = await site.open({
    width: 360,
    url: `${site.url}lesson.html${hash}`,
    prepare: async (page) => {
      await page.addInitScript(() =>
        Object.defineProperty(navigator, "languages", { get: () => ["eo", "es-MX", "en"] }),
      );
    },
  });
  await page.getByRole("link", { name: wordsOf("es").other.offer }).waitFor();
  expect(await page.locator(".offer:visible").count()).toBe(1);
  const others = LANGUAGES.filter((language) => language !== "en");
  for (const language of others) {
    await page.getByRole("link", { name: LANGUAGE_NAMES[language], exact: true }).click();
    await page.waitForURL(`${site.url}lesson.${language}.html${hash}`);
    const { lesson } = await pageStringsOf(language);
    await page.getByText(lesson.memory.keep, { exact: true }).waitFor();
    await page.locator("heed-attention").first().scrollIntoViewIfNeeded();
    await page.locator(`heed-attention .frame[lang=${language}] .prose`).first().waitFor();
    expect(await page.getByRole("textbox", { name: wordsOf(language).sentenceLabel }).inputValue()).toBe(
      "Cats sleep.",
    );
    expect(await page.locator(".offer:visible").count()).toBe(0);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
    // Colours are the same in every language, and take axe the longest.
    expect([language, await violations(page, { "color-contrast": { enabled: false } })]).toEqual([
      language,
      [],
    ]);
  }
  expect(
    await page
      .locator("math")
      .first()
      .evaluate((formula) => getComputedStyle(formula).direction),
  ).toBe("ltr");
  // What was chosen here holds for the main page, which leads back to it.
  await page.getByRole("link", { name: "heed", exact: true }).click();
  await page.locator(`html[lang=ar] a[href^="./lesson.ar.html#text=Cats+sleep."]`).waitFor();
  expect(problems).toEqual([]);
});

test("reads without scripts, and on paper", async () => {
  const { page } = await open({ prepare: withoutModels });
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".sentence-bar").isVisible()).toBe(false);
  expect(await page.locator(".contents").isVisible()).toBe(false);
  // Printed before a figure is drawn: its words.
  const words = page.getByText("Four layers of four heads: sixteen tables");
  await page.locator("[data-figure=softmax] .hand").waitFor();
  for (const [moment, count] of [
    ["beforeprint", 2],
    ["afterprint", 1],
  ] as const) {
    await page.evaluate((name) => dispatchEvent(new Event(name)), moment);
    expect(await words.count()).toBe(count);
  }
  const html = await (await fetch(`${site.url}lesson.html`)).text();
  for (const said of [
    "It must wait.",
    "28.4 points",
    "eight P100 GPUs",
    "q · k = 3 × 2 + 1 × 2 = 8",
    "animal</q> (1.000",
  ]) {
    expect(html.replace(/\s+/g, " ")).toContain(said);
  }
  expect(html).not.toMatch(/temml/i);
});
