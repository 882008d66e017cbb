// Attention step by step: the numbers, and the followed cell, by pointer and by keyboard.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { decimals, valueOf, written } from "../../web/views/steps/reckoning.ts";
import type { Page } from "playwright-core";
import { focused, openView, overflow, stateOf, violations, type Shown } from "./gallery.ts";
import { GALLERY, keepScreenshot, startSite, type Look, type Site, type Visit } from "./site.ts";

const IT: Shown = { view: "steps", layer: 2, heads: [1], cell: { row: 10, col: 2 } };

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await startSite(GALLERY);
});

afterAll(() => site.close());

afterEach(() => expect(visit.problems).toEqual([]));

async function open(state: Shown = {}, look?: Look) {
  visit = await openView(site, { ...IT, ...state }, look);
  return visit.page;
}

/**
 * The lines of each step as they are drawn, read back from their mathematics: a fraction as (a) / (b), a power as e^(a), a root
 * as √(a); words left out.
 */
const reckonings = async (): Promise<string[][]> =>
  visit.page.locator(".reckoning").evaluateAll((all) => {
    const read = (node: Node): string => {
      const parts = Array.from(node.childNodes, read);
      switch (node.nodeName.toLowerCase()) {
        case "#text":
          return node.textContent ?? "";
        case "small":
          return "";
        case "mfrac":
          return `(${parts[0]}) \u00f7 (${parts[1]})`;
        case "msup":
          return `${parts[0]}^(${parts[1]})`;
        case "msqrt":
          return `\u221a(${parts.join("")})`;
        default:
          return parts.join("");
      }
    };
    return all.map((one) => Array.from(one.children, read));
  });

/** A line as arithmetic of JavaScript: the left side's value, and the right side as it is written. */
function arithmetic(line: string): { computed: number; written: string } {
  const [left = "", right = ""] = line.split(" = ");
  const code = left
    .replace(
      /\u00d710([\u2070-\u207b\u00b9\u00b2\u00b3]+)/g,
      (power) => `e${Math.log10(valueOf(`1${power}`)).toFixed(0)}`,
    )
    .replace(/\u2212/g, "-")
    .replace(/e\^/g, "Math.exp")
    .replace(/\u221a/g, "Math.sqrt")
    .replace(/\u00d7/g, "*")
    .replace(/\u00f7/g, "/");
  // Nothing but numbers and the signs put in above.
  expect(code.replace(/Math\.(exp|sqrt)/g, "")).toMatch(/^[-+*/(). \de]+$/);
  return { computed: Number(new Function(`return ${code}`)()), written: right.trim() };
}

/** As a result is written: with as many decimals, or in powers of ten. */
const likewise = (value: number, text: string): string =>
  text.includes("\u00d7") ? written(value, 3) : decimals(value, text.split(".")[1]?.length ?? 0);

describe("each calculation", () => {
  test.each<[string, Shown]>([
    ["of the pronoun's head", {}],
    ["of a head that looks around", { layer: 1, heads: [3], cell: { row: 5, col: 9 } }],
    ["of a causal model", { model: "heed-gpt", layer: 3, heads: [2], cell: { row: 7, col: 3 } }],
    [
      "without the root, and warmer",
      {
        whatIf: {
          causal: undefined,
          hidden: [],
          scaled: false,
          temperature: 2.5,
          positions: true,
          ablated: [],
        },
      },
    ],
  ])("gives by hand what stands there, %s", async (_, state) => {
    await open(state);
    const lines = (await reckonings()).flat();
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const line of lines.filter((one) => one.includes("="))) {
      const { computed, written: text } = arithmetic(line);
      expect(likewise(computed, text)).toBe(text);
    }
    expect(lines.some((line) => line.includes("\u2248"))).toBe(false);
  });

  test("goes on from the one before", async () => {
    await open();
    const [, , , [score] = []] = await reckonings();
    expect(score).toBe("(64.49) \u00f7 (\u221a(32)) = 11.40");
    await open({ model: "heed-gpt", layer: 3, heads: [2], cell: { row: 7, col: 3 } });
    const [, , , scores = [], mask = []] = await reckonings();
    const passed = scores[0]?.split(" = ")[1];
    expect(mask[0]).toBe(`${passed} \u2192 ${passed}`);
  });

  test("names what it divides by and what a rest is made of, and rounds nothing to 0 or 1", async () => {
    const page = await open();
    const softmax = page.locator(".step.softmax .reckoning .line");
    const text = async (line: number): Promise<string> =>
      (await softmax.nth(line).innerText()).replace(/[\u2068\u2069\n]/g, "").replace(/\s+/g, " ");
    expect(await text(0)).toMatch(/ ?\(the sum over the row\) ?= 0\.99995$/);
    expect(await text(1)).toMatch(/ from 13 others = 1\.00000$/);
    const [, , products = [], , , [share, row] = []] = await reckonings();
    expect(share).toMatch(/^\(e\^\(.*\)\) \u00f7 \(1\.00005\) = 0\.99995$/);
    expect(row).toMatch(/^0\.99995 \+ .* = 1\.00000$/);
    expect(products[0]).toMatch(/ \+ 34\.37 = 64\.49$/);
    expect(await page.locator(".step.products .reckoning").innerText()).toContain("from 29 others");
  });

  test("a mask that hides nothing is said in a line, without the picture from before", async () => {
    const page = await open();
    expect(await page.locator(".step.mask").innerText()).toMatch(
      /heed-bert hides nothing here: .* unchanged\.$/,
    );
    expect(await page.locator(".step.mask .step-plate").count()).toBe(0);
    await open({ model: "heed-gpt", cell: { row: 3, col: 2 } });
    expect(await page.locator(".step.mask .step-plate").count()).toBe(1);
  });
});

const spoken = async (page: Page): Promise<string> =>
  ((await focused(page)) ?? "").replace(/[\u2068\u2069]/g, "");

describe("the followed cell", () => {
  const chosen = () =>
    visit.page
      .locator("select")
      .evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).selectedIndex));

  test("a click on any matrix moves it in all steps", async () => {
    const page = await open();
    const plates = page.locator(".step-plate");
    const click = async (index: number, x: number, y: number) => {
      const face = plates.nth(index).locator(".plate-frame");
      const box = await face.boundingBox();
      if (!box) throw new Error("no picture");
      await face.click({ position: { x: x * box.width, y: y * box.height } });
    };
    // Products: 16 × 16, both; keys: the row is the token that is looked at; the output: that which looks.
    await click(4, 3.5 / 16, 5.5 / 16);
    expect(await chosen()).toEqual([5, 3]);
    await click(2, 0.5, 7.5 / 16);
    expect(await chosen()).toEqual([5, 7]);
    await click(10, 0.5, 1.5 / 16);
    expect(await chosen()).toEqual([1, 7]);
    expect((await stateOf(page)).cell).toEqual({ row: 1, col: 7 });
    const rows = await plates.evaluateAll((all) =>
      all.map((one) => (one as HTMLElement).style.getPropertyValue("--row")),
    );
    // Of what each head adds the row is the head's.
    expect(rows).toEqual(["1", "1", "7", "7", "1", "1", "1", "1", "1", "1", "1"]);
  });

  test("by keyboard, from the lists", async () => {
    const page = await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    expect(await chosen()).toEqual([9, 3]);
    expect((await stateOf(page)).cell).toEqual({ row: 9, col: 3 });
    expect((await page.locator(".step-said").nth(2).innerText()).replace(/[\u2068\u2069]/g, "")).toMatch(
      /^The query of \u2018because\u2019 times the key of \u2018didn\u2019,/,
    );
  });

  test("by keyboard, in any matrix: one tab stop, arrows, each number spoken", async () => {
    const page = await open();
    const grids = page.locator(".step-plate [role=grid]");
    expect(await grids.count()).toBe(11);
    expect(await grids.locator("[tabindex='0']").count()).toBe(11);
    const query = grids.nth(1).locator("[role=gridcell]");
    await query.focus();
    expect(await spoken(page)).toMatch(/^Q 0, \u2018it\u2019: \u22123\.25$/);
    await page.keyboard.press("ArrowRight");
    expect(await spoken(page)).toMatch(/^Q 1, \u2018it\u2019: 1\.84$/);
    await page.keyboard.press("ArrowUp");
    expect(await spoken(page)).toMatch(/^Q 1, \u2018because\u2019: /);
    expect(await chosen()).toEqual([9, 2]);
    expect(await page.locator(".plate-read").nth(1).innerText()).toMatch(/^Q 1/);
    await page.keyboard.press("End");
    expect(await query.getAttribute("aria-colindex")).toBe("32");
    await grids.nth(4).locator("[role=gridcell]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    expect(await chosen()).toEqual([10, 3]);
    expect(await spoken(page)).toMatch(/^\u2018it\u2019 \u2192 \u2018didn\u2019: \u22124\.60$/);
  });

  test("by keyboard, from head to head in what each adds", async () => {
    const page = await open();
    const parts = page.locator(".step.output .step-plate").first();
    await parts.locator("[role=gridcell]").focus();
    expect(await spoken(page)).toBe("L2H1: head\u00b7W\u1d3c 0, 0.63");
    expect(
      (await parts.locator(".plate-row > span").allInnerTexts()).map((line) => line.split("\u2016")[1]),
    ).toEqual(["3.93", "1.27", "5.51", "1.52", "1.17"]);
    await page.keyboard.press("ArrowDown");
    expect(await spoken(page)).toMatch(/^L2H2: /);
    expect(await page.locator(".step.concat .step-said").innerText()).toMatch(/head 2 are framed/);
    // The last row is the bias, which is no head's.
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await page.locator(".step.concat .step-said").innerText()).toMatch(/head 3 are framed/);
  });

  test("has all numbers of its step as tables, made when they are opened", async () => {
    const page = await open();
    expect(await page.locator(".steps table").count()).toBe(0);
    await page.locator(".step.project summary").click();
    const tables = page.locator(".step.project table");
    await tables.nth(2).waitFor();
    expect(await tables.locator("caption").allInnerTexts()).toEqual([
      "Q: Queries of all tokens",
      "K: Keys of all tokens",
      "V: Values of all tokens",
    ]);
    const cells = tables.first().locator("tbody tr").nth(10).locator("td");
    expect((await cells.allInnerTexts()).slice(0, 2)).toEqual(["\u22123.25", "1.84"]);
    await page.getByRole("button", { name: "Columns: Later" }).first().click();
    await page.getByText(/^Columns: Numbers [1-9]\d* to \d+ of 32$/).waitFor();
    await page.locator(".step.softmax summary").click();
    const weights = page.locator(".step.softmax tbody tr").nth(10);
    await weights.waitFor();
    expect((await weights.locator("td").allInnerTexts()).slice(1, 3)).toEqual([
      "1.5\u00d710\u207b\u2075",
      "0.99995",
    ]);
    expect(await violations(page)).toEqual([]);
  });

  test("under the pointer its number is read", async () => {
    const page = await open();
    await page
      .locator(".step-plate.square .plate-frame")
      .last()
      .hover({ position: { x: 5, y: 5 } });
    expect((await page.locator(".plate-read").nth(5).innerText()).replace(/[\u2068\u2069]/g, "")).toMatch(
      /^\u2018\[CLS\]\u2019 \u2192 \u2018\[CLS\]\u2019: \d\.\d{3}$/,
    );
    expect(await page.locator("#hovered").textContent()).toBe('{"row":0,"col":0}');
  });
});

test("under a plate stand whole numbers in one line, and a token beside its mark", async () => {
  const page = await open({ model: "heed-gpt" });
  const lines = await page.locator(".plate-row > span").evaluateAll((all) =>
    all.map((line) => {
      const end = line.getBoundingClientRect().right;
      const height = line.getBoundingClientRect().height;
      const mark = line.querySelector(".mark")?.getBoundingClientRect();
      const word = line.querySelector(".token")?.lastChild as Text | null;
      const range = document.createRange();
      if (word) range.selectNodeContents(word);
      return {
        isTall: height > 30,
        isApart: mark !== undefined && mark.top > range.getBoundingClientRect().bottom - 2,
        isBroken: mark !== undefined && Math.abs(mark.bottom - range.getBoundingClientRect().bottom) > 2,
        // A box goes out of sight whole where the line has an ellipsis.
        isBox: Array.from(line.querySelectorAll(":scope > span"), (one) => getComputedStyle(one).display),
        isCut: line.scrollWidth > end - line.getBoundingClientRect().left,
      };
    }),
  );
  expect(lines.some(({ isCut }) => isCut)).toBe(true);
  for (const { isTall, isBroken, isBox } of lines) {
    expect([isTall, isBroken]).toEqual([false, false]);
    expect(new Set(isBox)).toEqual(new Set(["inline-block"]));
  }
});

test("a hidden future is minus infinity, and gets nothing", async () => {
  const page = await open({ model: "heed-gpt", cell: { row: 2, col: 6 } });
  const [, , , , mask = [], softmax = []] = await reckonings();
  expect(mask[0]).toMatch(/ \u2192 \u2212\u221e$/);
  expect(softmax[0]).toMatch(/^\(e\^\(\u2212\u221e\u2212.* = 0\.000$/);
  expect(await page.locator(".step-said").nth(4).innerText()).toContain("the future is hidden");
});

test("a cell hidden by hand is hidden in every layer", async () => {
  const whatIf = {
    causal: undefined,
    hidden: [{ row: 10, col: 2 }],
    scaled: true,
    temperature: 1,
    positions: true,
    ablated: [],
  };
  for (const layer of [0, 2]) {
    const page = await open({ whatIf, layer });
    expect(await page.locator(".step-said").nth(4).innerText()).toContain("You have hidden");
  }
});

test("without whole matrices it says why it is empty", async () => {
  const page = await open({ tokens: 900 });
  expect(await page.locator(".nothing").last().innerText()).toMatch(/^With 900 tokens/);
});

test.each([
  [1440, "light"],
  [768, "dark"],
  [360, "light"],
] as const)("at %i pixels, %s: nothing to object to", async (width, theme) => {
  const page = await open({}, { width, theme });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  const tall = await page.locator(".steps-view").evaluate((node) => node.getBoundingClientRect().height);
  if (width === 1440) expect(tall).toBeLessThan(2800);
  // Cells are square.
  const sides = await page.locator(".plate-frame").evaluateAll((all) =>
    all.map((one) => {
      const { rows = "", cols = "" } = Object.fromEntries(
        ["rows", "cols"].map((name) => [name, getComputedStyle(one).getPropertyValue(`--${name}`)]),
      );
      return one.clientWidth / Number(cols) / (one.clientHeight / Number(rows));
    }),
  );
  for (const side of sides) expect(Math.abs(side - 1)).toBeLessThan(0.1);
  await keepScreenshot(page, `view-steps-${width}-${theme}`);
});
