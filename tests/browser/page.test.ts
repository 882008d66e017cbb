// What a reader does with the page, by pointer and by keyboard, and what must never happen meanwhile.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../web/serve.mjs";
import type { Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import {
  choose,
  keepScreenshot,
  numbers,
  ready,
  SITE,
  startSite,
  tokensAre,
  type,
  type Site,
  type Visit,
} from "./site.ts";

const ANIMAL = "[CLS] the animal didn ' t cross the street because it was too tired . [SEP]".split(" ");

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.close());

afterEach(() => expect(visit.problems.splice(0)).toEqual([]));

async function open(): Promise<void> {
  visit = await site.open();
  await ready(visit.page);
}
const close = (): Promise<void> => visit.page.close();

const details = (): Promise<string> => visit.page.locator(".details").innerText();

describe("a page just opened", () => {
  beforeEach(open);
  afterEach(close);

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

/** Opened once: which model is to read which text is said before each test. */
describe("a page in use", () => {
  beforeAll(open);
  afterAll(close);

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
      const [words, special, left] = ["joined to words", /SEP.* hidden/, "shares of what is left"].map(
        (name) => page.getByRole("checkbox", { name }),
      );
      const first = async (): Promise<string[]> =>
        (await page.locator(".column").allInnerTexts()).slice(0, 4);
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
      await type(page, "[MASK] pie is delicious.", [
        "[CLS]",
        "[MASK]",
        "pie",
        "is",
        "delicious",
        ".",
        "[SEP]",
      ]);
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
  visit = await site.open({ prepare });
  const { page, requests } = visit;
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
  await page.close();
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
  await page.close();
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
    visit = await site.open({ prepare, url: `${site.url}#lang=es&v=1` });
    const { page, problems } = visit;
    // Spanish may come after the failure.
    await page.getByText("No se pudo cargar heed-bert").waitFor();
    await page.locator("#language").selectOption("en");
    await page.getByText(/heed-bert could not be loaded.*could not be fetched/).waitFor();
    await page.unroute(CODE);
    await type(page, "A dog.", ["[CLS]", "a", "dog", ".", "[SEP]"]);
    expect(problems.splice(0).filter((problem) => !problem.includes("ERR_FAILED"))).toEqual([]);
    await page.close();
  },
);

test("says in words that a model could not be loaded", async () => {
  const { page } = await site.open({
    prepare: async (page) => {
      await page.route("**/*.safetensors", (route) => route.abort());
    },
  });
  await page.getByText("heed-bert could not be loaded").waitFor();
  await keepScreenshot(page, "not-loaded");
  await page.close();
});
