// The lines and the picture of all heads, by pointer and by keyboard.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { AS_TRAINED, DEFAULT_STATE } from "../../web/state.ts";
import { english } from "../../web/strings/index.ts";
import { headTitle } from "../../web/views/head_title.ts";
import { focused, openView, overflow, stateOf, violations, type Shown } from "./gallery.ts";
import { GALLERY, keepScreenshot, startSite, type Look, type Site, type Visit } from "./site.ts";

const IT: Shown = { layer: 2, heads: [1], cell: { row: 10, col: 2 } };

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await startSite(GALLERY);
});

afterAll(() => site.close());

afterEach(() => expect(visit.problems).toEqual([]));

async function open(state: Shown, look?: Look): Promise<Page> {
  visit = await openView(site, { ...IT, ...state }, look);
  return visit.page;
}

/** How many lines are on the canvas, once it is drawn. */
async function drawn(page: Page): Promise<number> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return Number(await page.locator(".lines-canvas").getAttribute("data-drawn"));
}

/** Pixels of the canvas that anything is drawn on. */
const inked = (page: Page): Promise<number> =>
  page.locator(".lines-canvas").evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const data = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
    return Array.from(data).filter((value, i) => i % 4 === 3 && value > 0).length;
  });

const column = (page: Page, side: "look" | "are looked at") =>
  page.getByRole("listbox", { name: `Words that ${side}`, exact: true });

describe("the lines", () => {
  test("are one for every weight, and the words say theirs", async () => {
    const page = await open({ view: "heads" });
    // 16 · 16 faint ones and the 16 of ‘it’ again.
    expect(await drawn(page)).toBe(272);
    expect(await inked(page)).toBeGreaterThan(10000);
    expect(await page.locator(".aside").innerText()).toMatch(/^Every line is drawn/);
    const animal = column(page, "are looked at").getByRole("option", { name: /^animal, L2H1 over 99\.9\s%/ });
    expect(await animal.locator(".column-share").getAttribute("data-share")).toBe("1.0");
  });

  test("of words that are locked or under the pointer stand alone", async () => {
    const page = await open({ view: "heads", heads: [1, 2] });
    await column(page, "look").getByRole("option", { name: "street" }).hover();
    expect(await drawn(page)).toBe(2 * 16);
    // The sentence speaks of the same word, but nobody is told aloud of every word passed over.
    expect(await page.locator(".said").innerText()).toMatch(/^.{2}street/);
    expect(await page.locator(".said").getAttribute("aria-live")).toBe("off");
    await page.mouse.move(700, 5);
    expect(await drawn(page)).toBe(2 * 272);
    expect(await page.locator(".said").innerText()).toMatch(/^.{2}it\b/);
    await column(page, "look")
      .getByRole("option", { name: "street" })
      .click({ modifiers: ["Shift"] });
    await page.mouse.move(700, 5);
    expect((await stateOf(page)).locked).toEqual([10, 8]);
    expect(await drawn(page)).toBe(2 * 2 * 16);
    expect(await page.locator(".aside").innerText()).toMatch(/^Only the lines of the chosen words/);
  });

  test("a word that is looked at is chosen on its own side, by keyboard too", async () => {
    const page = await open({ view: "heads" });
    await column(page, "are looked at").getByRole("option", { name: "animal" }).click();
    expect(await stateOf(page)).toMatchObject({ direction: "to", cell: { col: 2 } });
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toMatch(/^didn/);
    expect(await stateOf(page)).toMatchObject({ direction: "to", cell: { col: 3 } });
    await page.keyboard.press("Shift+Tab");
    expect((await focused(page)) ?? "").not.toMatch(/^didn/);
  });

  test("of a long text keep to a threshold that is stated, and the chosen word keeps all of its", async () => {
    const page = await open({
      view: "heads",
      tokens: 512,
      heads: [0, 1, 2, 3],
      cell: { row: 300, col: 299 },
    });
    // More than 6,000 lines, of a half and of quarters: the quarters are left out.
    expect(await page.locator(".aside").innerText()).toMatch(/^Lines under 30\s% are not drawn, except/);
    expect(await drawn(page)).toBeLessThan(400);
    await page.mouse.move(5, 5);
    const word = column(page, "look").getByRole("option", { name: "word300" });
    expect(await word.isVisible()).toBe(true);
    await word.hover();
    // One before, the first, ten before: of each of four heads.
    expect(await drawn(page)).toBe(12);
  });

  test("of 4,096 tokens are those of the chosen words, with few elements", async () => {
    const page = await open({ view: "heads", tokens: 4096, cell: { row: 2000, col: 1990 }, locked: [2000] });
    await page.locator("[data-share='.50']").waitFor();
    expect(await drawn(page)).toBe(3);
    expect(await page.getByRole("option").count()).toBeLessThan(250);
    expect(await page.locator(".said").innerText()).toMatch(/word1999.*50\.0\s%/);
    await column(page, "look").getByRole("option", { name: "word2000" }).focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.activeElement?.textContent?.startsWith("word4095"));
    expect(await stateOf(page)).toMatchObject({ cell: { row: 4095 }, locked: [2000] });
  });
});

describe("all heads", () => {
  const cell = (page: Page, name: RegExp) => page.getByRole("gridcell", { name });

  test("are named by what they do, and the chosen one is explained", async () => {
    const page = await open({ view: "model", heads: [2], layer: 1 });
    expect(await page.getByRole("gridcell").count()).toBe(16);
    expect(await cell(page, /^L1H2: token before$/).getAttribute("aria-selected")).toBe("true");
    expect(await page.locator(".said").innerText()).toMatch(
      /^L1H2: token before\. On average \d+\s% of a token\u2019s attention goes to the token before; looking evenly it would be 6\s%\.$/,
    );
    // What the model's card knows of a head stands by its name, and by no other model's.
    const pronoun = cell(
      page,
      /^L2H1: pronoun \u2192 its noun, 98\s% in sentences made for it \(model card\)$/,
    );
    expect(await pronoun.count()).toBe(1);
    // And at length where that ends.
    await pronoun.click();
    await page
      .locator(".said", { hasText: /With nouns that it never saw 67\s%, in real text 45\s%\.$/ })
      .waitFor();
    const title = (model: string) =>
      headTitle(
        { state: { ...DEFAULT_STATE, model }, strings: english },
        { layer: 2, head: 1 },
        { kind: "none", strength: "mostly", value: 2, even: 4 },
      );
    expect(title("heed-bert")).toMatch(/^pronoun/);
    expect([title("https://example.org/heed-bert"), title("toString")]).toEqual(
      Array(2).fill("no clear pattern"),
    );
  });

  test("that are off are hatched and struck, and said to be off", async () => {
    const whatIf = { ...AS_TRAINED, ablated: [[2, 1]] as const };
    const page = await open({ view: "model", whatIf });
    const off = cell(page, /^L2H1: off: adds nothing$/);
    expect(await page.locator(".head-cell.off").count()).toBe(1);
    const styles = await off.evaluate((node) => [
      getComputedStyle(node.querySelector("canvas")!).maskImage,
      getComputedStyle(node.querySelector("b")!).textDecorationLine,
    ]);
    expect(styles).toEqual([expect.stringContaining("repeating-linear-gradient"), "line-through"]);
    await open({ view: "rows", whatIf });
    expect(await page.getByRole("heading", { level: 3 }).allTextContents()).toEqual([
      "L2H1 off: adds nothing",
    ]);
    expect(await page.getByRole("button", { name: "L2H1", description: "off: adds nothing" }).count()).toBe(
      1,
    );
  });

  test("ranked by a pair of words show first the head that links them", async () => {
    const page = await open({ view: "model", layer: 0, heads: [0] });
    await page.getByRole("button", { name: /^Rank by .it. \u2192 .animal.$/, pressed: false }).click();
    expect((await stateOf(page)).sort).toBe("pair");
    expect(await page.getByRole("button", { name: "Rank by", pressed: true }).count()).toBe(1);
    expect(await page.getByRole("combobox", { name: "Order" }).inputValue()).toBe("pair");
    const values = await page.locator(".head-value").allTextContents();
    expect(values.length).toBe(16);
    const first = page.getByRole("gridcell").first();
    expect(await first.getAttribute("aria-label")).toMatch(/^L2H1: .*, over 99\.9\s%$/);
    await first.click();
    expect(await stateOf(page)).toMatchObject({ layer: 2, heads: [1] });
    await page.getByRole("button", { name: "Several heads" }).click();
    await page.getByRole("gridcell", { name: /^L2H3/ }).click();
    expect(await stateOf(page)).toMatchObject({ layer: 2, heads: [1, 3] });
  });

  test("by keyboard: one stop, arrows, Enter chooses, Shift and Space add", async () => {
    const page = await open({ view: "model" });
    await page.getByLabel("Order").focus();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toMatch(/^L2H1/);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+Space");
    expect((await stateOf(page)).heads).toEqual([1, 2]);
    expect(await focused(page)).toMatch(/^L2H2/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    expect(await stateOf(page)).toMatchObject({ layer: 3, heads: [3] });
    await page.keyboard.press("Control+Home");
    expect(await focused(page)).toMatch(/^L0H0/);
  });

  test("of a long text are pictures without names", async () => {
    const page = await open({ view: "model", tokens: 1024 });
    expect(await cell(page, /^L2H1: not measured$/).count()).toBe(1);
    await page.waitForFunction(() => document.querySelectorAll("canvas[width='48']").length === 16);
    await page.getByLabel("Order").selectOption("pair");
    await page.locator(".head-value").first().waitFor();
  });
});

describe.each(["heads", "model"] as const)("%s", (view) => {
  test.each([
    [1440, "light"],
    [768, "light"],
    [360, "dark"],
  ] as const)("at %i pixels, %s: nothing to object to", async (width, theme) => {
    const page = await open({ view, locked: [10, 12], heads: [1, 2], special: false }, { width, theme });
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await keepScreenshot(page, `view-${view}-${width}-${theme}`);
  });
});
