// The catalogues: every language says everything, by its own rules; and the page speaks each of them throughout.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { languageOf, LANGUAGES } from "../../web/strings/languages.ts";
import { stringsOf } from "../../web/strings/index.ts";
import { pageEnglish, pageStringsOf, type PageStrings } from "../../web/strings/page.ts";
import { VIEWS } from "../../web/state.ts";
import { ready, startSite, type Site } from "./site.ts";

/** Colours are the same in every language, and take axe the longest. */
const QUICK_AXE = `axe.run("heed-attention", { rules: { "color-contrast": { enabled: false } } })`;

/** Every path of a catalogue, with what stands there. */
function leaves(value: unknown, path = ""): [path: string, leaf: unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** What is the same in every language: formulas, codes, names, and marks. */
const SAME =
  /^\.(language|direction)|formula|head$|layerShort|\.rank$|\.column$|\.row$|\.pair$|arrow|columns\.|maps\.|\.names\.[0-3]$|\.key\.[01]$|\.rows\.\d|hiddenCell|hidden$|exp$|inEnglish|predictions\.|\.cell$|\.view\.list|\.list$|quoted|percent|number|\.value$|\.title$|stays|cellOf|pairOf|product$|times$|layerName|points|numbers\./;

const OTHERS = LANGUAGES.filter((language) => language !== "en");

describe.each(OTHERS)("the catalogue in %s", (language) => {
  let strings: PageStrings;
  beforeAll(async () => {
    strings = await pageStringsOf(language);
  });

  test("has every text that English has, of the same kind, and no other", () => {
    const kinds = (all: unknown) =>
      leaves(all)
        .map(([path, leaf]) => `${path}: ${typeof leaf}`)
        .sort();
    expect(kinds(strings)).toEqual(kinds(pageEnglish));
    expect(leaves(strings).filter(([, leaf]) => leaf === undefined)).toEqual([]);
  });

  test("leaves no text in English", () => {
    const english = new Map(leaves(pageEnglish));
    const left = leaves(strings).filter(
      ([path, leaf]) =>
        typeof leaf === "string" &&
        leaf !== "" &&
        !SAME.test(path) &&
        leaf === english.get(path) &&
        /[a-z]{3}/i.test(leaf),
    );
    // Spanish has these words too.
    const shared = language === "es" ? ["Token", "Tokens", "embeddings"] : [];
    expect(left.map(([, leaf]) => leaf).filter((leaf) => !shared.includes(String(leaf)))).toEqual([]);
  });

  test("the element's own is a part of the page's", async () => {
    expect(strings).toMatchObject(await stringsOf(`${language}-XX`));
  });
});

test("English titles keep their own marks in Arabic, at their own ends", async () => {
  const { sources } = (await pageStringsOf("ar")).whatif.which;
  const titles = pageEnglish.whatif.which.sources.match(/\u201c[^\u201d]+\u201d/gu) ?? [];
  expect(titles).toHaveLength(2);
  expect(sources.match(/\u2066[^\u2069]+\u2069/gu)).toEqual(titles.map((title) => `\u2066${title}\u2069`));
});

test("languages are found by their tags", async () => {
  expect(["es-MX", "ZH_hant", "ar", "fr", ""].map(languageOf)).toEqual([
    "es",
    "zh",
    "ar",
    undefined,
    undefined,
  ]);
  expect((await stringsOf("fr")).language).toBe("en");
});

test("numbers, shares and lists are written as each language does", async () => {
  const written = async (language: string) => {
    const { numbers, reading } = await stringsOf(language);
    return [
      numbers.short(-1.5, "scores"),
      numbers.exact(0.25),
      numbers.tiny(0.5, "weights"),
      numbers.local("8.31 \u00f7 \u221a32 = \u22121.47"),
      reading.percent(0.614),
      reading.list(["a", "b"]).replace(/[\u2068\u2069]/g, ""),
    ];
  };
  expect(await written("en")).toEqual([
    ...["\u22121.50", "0.25", ".50", "8.31 \u00f7 \u221a32 = \u22121.47", "61.4\u00a0%"],
    "\u2018a\u2019 and \u2018b\u2019",
  ]);
  expect(await written("es")).toEqual([
    ...["\u22121,50", "0,25", ",50", "8,31 \u00f7 \u221a32 = \u22121,47", "61,4\u00a0%"],
    "\u00aba\u00bb y \u00abb\u00bb",
  ]);
  expect(await written("zh")).toEqual([
    ...["\u22121.50", "0.25", ".50", "8.31 \u00f7 \u221a32 = \u22121.47", "61.4%"],
    "\u201ca\u201d\u548c\u201cb\u201d",
  ]);
  const [short, exact, , , percent, list] = await written("ar");
  expect(short).toBe("\u200e\u22121.50");
  expect(exact).toBe("0.25");
  expect(percent?.replace(/[\u200e\u2066\u2069]/g, "")).toBe("61.4%");
  expect(list).toBe("\u00aba\u00bb \u0648\u00abb\u00bb");
});

test("sentences end as each language ends them", async () => {
  const said = async (language: string) => {
    const { reading } = await stringsOf(language);
    return [reading.sentence("a"), reading.sentence("a", "L2H1")].join(reading.gap);
  };
  expect(await said("zh")).toBe("a\u3002a\uff08L2H1\uff09\u3002");
  for (const language of ["en", "es", "ar"]) expect(await said(language)).toBe("a. a (L2H1).");
});

test("counts take the form that goes with them", async () => {
  const arabic = await pageStringsOf("ar");
  const said = [1, 2, 3, 11, 100].map((count) => arabic.matrixView.hide.count(count).split(" ", 2).join(" "));
  expect(new Set(said).size).toBe(5);
  const spanish = await pageStringsOf("es");
  expect([1, 2].map((count) => spanish.rowsView.rest(count, "3"))).toEqual([
    "otra m\u00e1s: 3",
    "otras 2 juntas: 3",
  ]);
});

describe("the page", () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  let site: Site;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    site = await startSite();
    ({ page, problems } = await site.open());
    await ready(page);
  });
  afterAll(async () => {
    await site.close();
    expect(problems).toEqual([]);
  });

  const speak = async (language: string): Promise<void> => {
    await page.locator("#language").selectOption(language);
    await page.locator(`html[lang=${language}]`).waitFor();
    await page.locator(`heed-attention .frame[lang=${language}]`).waitFor();
  };
  const show = (view: string) =>
    page.locator("heed-attention").evaluate(async (figure, name) => {
      const element = figure as HeedAttention;
      element.view = name as HeedAttention["view"];
      await element.updateComplete;
    }, view);

  /** Every word of Latin letters that is to be seen or heard, but those of the sentence, of vocabularies and of cards. */
  const latinWords = () =>
    page.evaluate(() => {
      const found = new Set<string>();
      const add = (text: string | null | undefined): void => {
        // What is isolated is quoted: a token, a model.
        const own = (text ?? "").replace(/[\u2066\u2068][^\u2069]*\u2069/g, "");
        for (const [word] of own.matchAll(/[A-Za-z][a-z]{2,}/g)) found.add(word);
      };
      const walk = (node: Node): void => {
        if (node instanceof Text) return add(node.data);
        if (!(node instanceof Element)) return node.childNodes.forEach(walk);
        if (
          node.matches("[lang=en] *, [lang=en], bdi, .prose, math, option, style, script, noscript, textarea")
        )
          return;
        // Of words: a label that names one token.
        if (!node.matches("[role=option], .chip, input[type=radio]"))
          for (const name of ["aria-label", "title", "placeholder"]) add(node.getAttribute(name));
        if (node.shadowRoot) walk(node.shadowRoot);
        node.childNodes.forEach(walk);
      };
      walk(document.body);
      return [...found];
    });

  /** Names that stay what they are in any language, and the units of the sentence in spoken text. */
  const NAMES = new Set(
    (
      "heed bert gpt Transformer softmax MASK endoftext WikiSplit WikiText GAP Nuez Anderton Renslow Apache Vaswani Abnar " +
      "Zuidema and Jain Wallace Wiegreffe Pinter Attention not Explanation attention rollout Clark Xiao sink Shift Ctrl Esc Enter " +
      "Cividis layer norm Concat head SEP CLS RNN Wiki Split Text cividis log animal street tired wide Apple apple making more difficult law cat was were Law"
    ).split(" "),
  );

  test.each(["zh", "ar"])("says in %s all that it says", async (language) => {
    await speak(language);
    for (const view of VIEWS) {
      await show(view);
      const english = (await latinWords()).filter((word) => !NAMES.has(word));
      expect([view, english]).toEqual([view, []]);
    }
  });

  /** Numbers of which a later figure is drawn left of an earlier one. */
  const turnedNumbers = () =>
    page.evaluate(() => {
      const turned: string[] = [];
      const range = document.createRange();
      const read = (node: Text): void => {
        const number =
          /[\u2212.]?\d+(?:\.\d+)*(?:\s?\u00d7\s?10[\u2070-\u207b\u00b9\u00b2\u00b3]+)?(?:\s?%)?/gu;
        for (const { 0: figures, index } of node.data.matchAll(number)) {
          const boxes = Array.from(figures, (_, i) => {
            range.setStart(node, index + i);
            range.setEnd(node, index + i + 1);
            return range.getBoundingClientRect();
          }).filter(({ width }) => width > 0);
          if (boxes.some(({ left, top }, i) => top === boxes[0]?.top && left < (boxes[i - 1]?.left ?? left)))
            turned.push(node.data);
        }
      };
      const walk = (node: Node): void => {
        if (node instanceof Text) read(node);
        // What an attribute says cannot be measured.
        if (node instanceof HTMLElement && node.dataset["share"]) {
          const { direction, unicodeBidi } = getComputedStyle(node, "::after");
          if (direction !== "ltr" || unicodeBidi !== "isolate")
            turned.push(`::after ${node.dataset["share"]}`);
        }
        if (node instanceof Element && node.shadowRoot) walk(node.shadowRoot);
        node.childNodes.forEach(walk);
      };
      walk(document.body);
      return turned;
    });

  test.each([1440, 360])(
    "Arabic runs from right to left, %i pixels wide, and axe finds nothing",
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await speak("ar");
      expect(await page.evaluate(() => document.documentElement.dir)).toBe("rtl");
      await page.evaluate(axe);
      for (const view of VIEWS) {
        await show(view);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect([view, overflow]).toEqual([view, 0]);
        expect([view, await turnedNumbers()]).toEqual([view, []]);
        const { violations } = (await page.evaluate(QUICK_AXE)) as AxeResults;
        expect([view, violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)]).toEqual([
          view,
          [],
        ]);
      }
      await show("matrix");
      // The picture keeps its direction: the first key stands left of the last.
      const boxes = await page.locator("heed-attention").evaluate((figure) => {
        const box = (selector: string) =>
          figure.shadowRoot?.querySelector(selector)?.getBoundingClientRect().left ?? NaN;
        return [box(".column"), box(".column:last-child")];
      });
      expect(boxes).toEqual([...boxes].sort((a, b) => a - b));
    },
  );

  test("on a phone heads' names break between words, and a card holds what is said of a head that is off", async () => {
    await page.setViewportSize({ width: 360, height: 900 });
    await speak("es");
    await show("model");
    const broken = await page.locator("heed-attention .head-name").evaluateAll((names) =>
      names.flatMap((name) => {
        const text = name.lastChild as Text;
        const range = document.createRange();
        return [...text.data.matchAll(/\p{L}+/gu)].flatMap(({ 0: word, index }) => {
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          return range.getClientRects().length === 1 ? [] : [word];
        });
      }),
    );
    expect(broken).toEqual([]);
    const over = await page.locator("heed-attention").evaluate(async (node) => {
      const figure = node as HeedAttention;
      figure.ablate = [[figure.layer, 3]];
      figure.view = "matrix";
      const off = () => figure.shadowRoot?.querySelector<HTMLElement>(".thumbnail.off .caption");
      while (!off()) await new Promise(requestAnimationFrame);
      const said = off();
      const wide = (said?.scrollWidth ?? NaN) - (said?.clientWidth ?? NaN);
      figure.ablate = [];
      return wide;
    });
    expect(over).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("numbers beside an Arabic sentence keep their direction in an English page", async () => {
    await speak("en");
    await page.locator("#text").fill("\u0645\u0631\u062d\u0628\u0627 hello world");
    await page.locator("heed-attention .sentence .items[dir=rtl]").waitFor();
    for (const view of ["matrix", "text"]) {
      await show(view);
      expect([view, await turnedNumbers()]).toEqual([view, []]);
    }
    expect(await page.locator("heed-attention .unit[data-share^='.']").count()).toBeGreaterThan(0);
  });

  test("of a matrix too wide for a phone that part is in sight in which the followed cell stands", async () => {
    await page.setViewportSize({ width: 360, height: 900 });
    await speak("ar");
    await show("matrix");
    await page.locator("#text").fill("The dog saw the cat and the cat saw the dog . ".repeat(4));
    await page.locator("heed-attention .matrix .row").nth(50).waitFor();
    const seen = await page.locator("heed-attention").evaluate(async (node) => {
      const figure = node as HeedAttention;
      // Out of sight it draws nothing.
      figure.scrollIntoView();
      const outside: number[] = [];
      for (const col of [1, 45]) {
        figure.cell = { row: 40, col };
        const isFollowed = () =>
          figure.shadowRoot?.querySelector(`.cell[tabindex='0'][aria-colindex='${col + 2}']`);
        while (!isFollowed()) await new Promise(requestAnimationFrame);
        for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
        const matrix = figure.shadowRoot?.querySelector(".matrix")?.getBoundingClientRect();
        const cell = figure.shadowRoot?.querySelector(".cell[tabindex='0']")?.getBoundingClientRect();
        if (!matrix || !cell) throw new Error("no matrix");
        outside.push(Math.max(0, matrix.left - cell.left), Math.max(0, cell.right - matrix.right));
      }
      return outside;
    });
    expect(seen).toEqual([0, 0, 0, 0]);
  });

  test("a choice is remembered, stands in the state, and a link's counts before it", async () => {
    await speak("es");
    expect(
      await page.locator("heed-attention").evaluate((figure) => (figure as HeedAttention).state.language),
    ).toBe("es");
    // Without a fragment, which would say it too.
    await page.goto("about:blank");
    await page.goto(site.url);
    await page.locator("html[lang=es]").waitFor();
    await page.getByRole("textbox", { name: "Escribe una frase" }).waitFor();
    await page.goto(`${site.url}#lang=zh&v=1`);
    await page.locator("html[lang=zh]").waitFor();
    await page.evaluate(() => localStorage.clear());
  });
});
