// The page in use, opened once: which model is to read which text is said before each test.

import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { HeedAttention } from "../../web/element/element.ts";
import { ANIMAL, details, onTheSite, openReady, visit } from "./page_visit.ts";
import { choose, numbers, tokensAre, type } from "./site.ts";

onTheSite();
beforeAll(openReady);

describe("the picture", () => {
  test.each([
    [1440, 900, 190],
    [360, 780, 300],
  ])("%i by %i: begins at most %i pixels below the element, and is whole", async (width, height, most) => {
    const { page } = visit;
    await page.setViewportSize({ width, height });
    // As it is where a page is opened so narrow.
    if (width < 640) await page.locator(".signs summary").click();
    const { top, unseen, cell } = await page.locator("heed-attention").evaluate(async (figure) => {
      for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
      const matrix = figure.shadowRoot?.querySelector(".matrix");
      if (!matrix) throw new Error("no matrix");
      return {
        top: matrix.getBoundingClientRect().top - figure.getBoundingClientRect().top,
        unseen: [
          matrix.scrollWidth - matrix.clientWidth,
          matrix.scrollHeight - matrix.clientHeight,
          matrix.getAttribute("data-more"),
        ],
        cell: matrix.querySelector(".cell")?.getBoundingClientRect().width ?? 0,
      };
    });
    expect(top).toBeLessThanOrEqual(most);
    expect(unseen).toEqual([0, 0, ""]);
    expect(cell).toBeGreaterThanOrEqual(width > 1000 ? 31 : 14);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("is of words, without special tokens, of what is left: as one asks", async () => {
    const { page } = visit;
    const [words, special, left] = ["joined to words", /SEP.* hidden/, "shares of what is left"].map((name) =>
      page.getByRole("checkbox", { name }),
    );
    const first = async (): Promise<string[]> => (await page.locator(".column").allInnerTexts()).slice(0, 4);
    expect(await left?.isDisabled()).toBe(true);
    await words?.check();
    expect(await first()).toEqual(["[CLS]", "The", "animal", "didn"]);
    await special?.check();
    await left?.check();
    expect(await first()).toEqual(["The", "animal", "didn", "'"]);
    const all = await numbers(page);
    const across = await page.locator(".column").count();
    expect(all.slice(0, across).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    // Scores are no shares: neither added nor shared anew.
    await choose(page, "Scores");
    expect([await words?.isDisabled(), await left?.isDisabled()]).toEqual([true, true]);
    await choose(page, "Weights");
    await choose(page, "Ranking");
    expect(await words?.isChecked()).toBe(true);
    await choose(page, "Query \u00d7 key");
    expect(await words?.isVisible()).toBe(false);
    await choose(page, "Matrix");
    for (const box of [left, special, words]) await box?.uncheck();
    expect(await first()).toEqual(["[CLS]", "the", "animal", "didn"]);
  });

  test("stays where it is while a shorter sentence is typed", async () => {
    const { page } = visit;
    const top = () =>
      page.locator("heed-attention").evaluate((figure) => {
        const matrix = figure.shadowRoot?.querySelector(".matrix");
        return (matrix?.getBoundingClientRect().top ?? NaN) - figure.getBoundingClientRect().top;
      });
    await page.setViewportSize({ width: 360, height: 780 });
    const before = await top();
    await type(page, "A dog.", ["[CLS]", "a", "dog", ".", "[SEP]"]);
    expect(await top()).toBeCloseTo(before, 0);
    // Once nobody types, it takes the room that it needs.
    await choose(page, "heed-gpt");
    await tokensAre(page, ["A", "\u2423dog", "."]);
    expect(await top()).toBeLessThan(before - 30);
    // After a long text there is no hole.
    const box = page.getByLabel("Type a sentence");
    await box.fill("one two three ".repeat(20));
    await page.locator(".chip").nth(50).waitFor();
    await box.fill("A dog.");
    await tokensAre(page, ["A", "\u2423dog", "."]);
    expect(await top()).toBeLessThan(before - 30);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("begins at the same edge in views without the heads' cards, under the layers", async () => {
    const { page } = visit;
    const lefts: number[] = [];
    for (const view of ["Lines", "Ranking", "All heads"]) {
      await choose(page, view);
      const figure = await page.locator("heed-attention .figure").boundingBox();
      const layers = page.locator("heed-attention .rail");
      lefts.push(figure?.x ?? NaN);
      if (view === "All heads") continue;
      const rail = await layers.boundingBox();
      expect((rail?.y ?? NaN) + (rail?.height ?? NaN)).toBeLessThanOrEqual(figure?.y ?? NaN);
    }
    expect(new Set(lefts).size).toBe(1);
    await choose(page, "Matrix");
  });

  test("the text shows its own shading, not the tokens' too", async () => {
    const { page } = visit;
    for (const view of ["Text", "Ranking"]) {
      await choose(page, view);
      expect(await page.locator(".sentence").isVisible()).toBe(false);
    }
    await choose(page, "Matrix");
    expect(await page.locator(".sentence").isVisible()).toBe(true);
  });
});

describe("predictions", () => {
  beforeEach(async () => {
    const { page } = visit;
    await choose(page, "heed-bert");
    await type(page, "The animal didn't cross the street because it was too tired.", ANIMAL);
    await choose(page, "it");
    await page.locator(".predictions li", { hasText: "animal" }).waitFor();
  });

  const guesses = () => visit.page.locator(".predictions li").allInnerTexts();

  test("at a pronoun heed-bert names the antecedent, and the page says so", async () => {
    expect((await guesses())[0]).toMatch(/^animal\s+99\.[4-8]\s%$/);
    expect(await visit.page.locator(".predictions").innerText()).toContain("what the pronoun stands for");
  });

  test("a hidden word is guessed", async () => {
    const { page } = visit;
    await type(page, "[MASK] pie is delicious.", ["[CLS]", "[MASK]", "pie", "is", "delicious", ".", "[SEP]"]);
    await choose(page, "[MASK]");
    expect((await guesses())[0]).toMatch(/^apple\s+4[5-7]\.\d\s%$/);
  });

  test("a word can be hidden where it stands", async () => {
    const { page } = visit;
    await page.getByRole("button", { name: /^Hide it/ }).click();
    await tokensAre(
      page,
      ANIMAL.map((token) => (token === "it" ? "[MASK]" : token)),
    );
    expect(await page.getByLabel("Type a sentence").inputValue()).toBe(
      "The animal didn't cross the street because [MASK] was too tired.",
    );
    expect((await guesses())[0]).toMatch(/^it\s/);
  });

  test("heed-gpt names the next token", async () => {
    const { page } = visit;
    await choose(page, "heed-gpt");
    await page.getByLabel("or pick one").selectOption("Your journey starts with one step");
    await tokensAre(page, [
      "Y",
      "our",
      "\u2423journey",
      "\u2423starts",
      "\u2423with",
      "\u2423one",
      "\u2423step",
    ]);
    expect((await guesses())[0]).toMatch(/^s\s+8[01]\.\d\s%$/);
  });
});

test("what is said of an example is said of it as it is, and the picture hardly moves for it", async () => {
  const { page } = visit;
  await choose(page, "heed-bert");
  await page.getByLabel("or pick one").selectOption("0");
  await tokensAre(page, ANIMAL);
  const note = page.locator(".note");
  const top = async (): Promise<number> => (await page.locator(".plate").boundingBox())?.y ?? NaN;
  const before = await top();
  const change = (ablate: [number, number][]): Promise<void> =>
    page.locator("heed-attention").evaluate((figure, heads) => {
      (figure as HeedAttention).ablate = heads;
    }, ablate);
  expect(await note.innerText()).toContain("looks at");
  await change([[2, 1]]);
  await page.waitForFunction(() => document.querySelector(".note")?.textContent === "");
  // The element says what is changed; the note's room makes up for most of that line's.
  await page.locator("heed-attention .changed").filter({ hasText: "L2H1" }).waitFor();
  expect(Math.abs((await top()) - before)).toBeLessThan(30);
  await change([]);
  await note.filter({ hasText: "looks at" }).waitFor();
  await choose(page, "heed-gpt");
  await page.locator("#hint").filter({ hasText: "heed-gpt reads from left to right" }).waitFor();
  await choose(page, "heed-bert");
});

test("the sentence goes along to the lesson", async () => {
  const { page } = visit;
  await type(page, "A dog & a cat.", ["[CLS]", "a", "dog", "&", "a", "cat", ".", "[SEP]"]);
  const href = await page.getByRole("link", { name: /Take the lesson/ }).getAttribute("href");
  expect(href).toBe("./lesson.html#text=A+dog+%26+a+cat.&v=1");
  // And so does it come back: a link to a sentence alone shows what is worth looking at.
  await page.evaluate(() => (location.hash = "#text=My+sister+slept+because+she+was+tired.&v=1"));
  await tokensAre(page, "[CLS] my sister slept because she was tired . [SEP]".split(" "));
  expect(await details()).toMatch(/^she \u2192 sister: 95\.9\s%/);
});

describe("what is typed", () => {
  beforeEach(async () => {
    await choose(visit.page, "heed-bert");
    await type(visit.page, "A cat.", ["[CLS]", "a", "cat", ".", "[SEP]"]);
  });

  test("stays text", async () => {
    const { page } = visit;
    await page
      .getByLabel("Type a sentence")
      .fill(
        '<img src=x onerror="document.title=1"> <b>it</b> </textarea><script>1</script> \u202e\u0000\u0007',
      );
    await page.locator(".chip .word", { hasText: "<" }).first().waitFor();
    expect(await page.locator("main img, main b, main script").count()).toBe(0);
    await choose(page, "heed-gpt");
    await page.locator(".chip .word", { hasText: "\u2423" }).first().waitFor();
    expect(await page.locator("main img, main b, main script").count()).toBe(0);
    expect(await page.title()).toBe("heed: attention, in your browser");
  });

  test("may be nothing", async () => {
    const { page } = visit;
    await page.getByLabel("Type a sentence").fill("  \n");
    await page.getByText("Nothing to read yet").waitFor();
    expect(await page.getByRole("grid").count()).toBe(0);
    expect(await page.locator(".note").innerText()).toBe("");
    for (const name of ["Copy link", "Embed", "SVG"])
      expect(await page.getByRole("button", { name }).isDisabled()).toBe(true);
    await type(page, "A dog.", ["[CLS]", "a", "dog", ".", "[SEP]"]);
    expect(await page.getByText("Nothing to read yet").isVisible()).toBe(false);
    expect(await page.getByRole("button", { name: "Copy link" }).isEnabled()).toBe(true);
  });

  test.each(["heed-bert", "heed-gpt"])(
    "may be longer than %s reads: the page says what was cut",
    async (model) => {
      const { page } = visit;
      await choose(page, model);
      const words = Array.from({ length: 3000 }, (_, i) => (i % 7 === 6 ? "dog." : "the"));
      await page.getByLabel("Type a sentence").fill(words.join(" "));
      await page.getByText("Cut:").waitFor();
      const message = await page.locator(".cut").innerText();
      const [, read, left] =
        /first ([\d,]+) words; the last ([\d,]+) words/
          .exec(message)
          ?.map((part) => Number(part.replace(",", ""))) ?? [];
      expect((read ?? 0) + (left ?? 0)).toBe(3000);
      const tokens = await page.locator(".chip").count();
      expect(tokens).toBeGreaterThan(120);
      expect(tokens).toBeLessThanOrEqual(128);
      expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe(String(tokens + 1));
      // Only the rows near the chosen one are elements; walking brings the others.
      await page.locator("[role=gridcell][tabindex='0']").focus();
      await page.keyboard.press("Control+End");
      expect(await details()).toContain(`token ${tokens - 1} to token ${tokens - 1}`);
    },
  );

  test("may be a paste of a million characters", async () => {
    const { page } = visit;
    await page.getByLabel("Type a sentence").fill("attention ".repeat(100000));
    await page.getByText("Cut:").waitFor();
    // A script that writes no spaces is cut within a word: in characters.
    await page.getByLabel("Type a sentence").fill("\u52a8\u7269".repeat(5000));
    await page.getByText("It read the first 126 characters; the rest was left out").waitFor();
    await type(page, "A dog.", ["[CLS]", "a", "dog", ".", "[SEP]"]);
  });

  test("counts as it stands last, however fast it came", async () => {
    const { page } = visit;
    const input = page.getByLabel("Type a sentence");
    await input.fill("");
    await input.pressSequentially("The dog was tired because it ran.", { delay: 15 });
    await tokensAre(page, "[CLS] the dog was tired because it ran . [SEP]".split(" "));
  });
});
