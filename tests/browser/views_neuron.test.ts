// Query times key, number by number, by pointer and by keyboard.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { valueOf } from "../../web/views/steps/reckoning.ts";
import { focused, openView, overflow, stateOf, violations, type Shown } from "./gallery.ts";
import { GALLERY, keepScreenshot, startSite, type Look, type Site, type Visit } from "./site.ts";

const IT: Shown = { view: "neuron", layer: 2, heads: [1], cell: { row: 10, col: 2 } };

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

/** The numbers of the pair's rows: query, key, product. */
const pair = async (): Promise<number[][]> => {
  const labels = await visit.page
    .locator(".pair-row")
    .evaluateAll((rows) =>
      rows.map((row) =>
        Array.from(row.querySelectorAll("[role=gridcell]"), (cell) => cell.getAttribute("aria-label") ?? ""),
      ),
    );
  return labels.map((row) => row.map((label) => valueOf(label.split(": ")[1] ?? "")));
};

const cellsOf = (row: number): Promise<string[]> =>
  visit.page.locator(".key-table tbody tr").nth(row).locator("td").allTextContents();

describe("the pair", () => {
  test("multiplies number by number, and adds up to what is said", async () => {
    const page = await open();
    const [query = [], key = [], product = []] = await pair();
    expect(product).toHaveLength(32);
    // Three decimals are written of each: of a product of numbers below 4, half a unit of each factor.
    product.forEach((value, d) =>
      expect(Math.abs(value - (query[d] ?? 0) * (key[d] ?? 0))).toBeLessThan(0.005),
    );
    const sum = product.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - 64.49)).toBeLessThan(0.02);
    expect((await page.locator(".said").innerText()).replace(/[\u2068\u2069]/g, "")).toMatch(
      /^All products together are 64\.49; after scale 11\.40; of all its attention \u2018it\u2019 gives \u2018animal\u2019 over 99\.9\s%\./,
    );
  });

  test("sorts by contribution", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Largest contributions first" }).click();
    const [query = [], key = [], product = []] = await pair();
    expect(product).toEqual([...product].sort((a, b) => b - a));
    expect(Math.abs((product[0] ?? 0) - (query[0] ?? 0) * (key[0] ?? 0))).toBeLessThan(0.005);
  });

  test("is read by pointer and by keys, with one tab stop", async () => {
    const page = await open();
    const cells = page.getByRole("gridcell");
    await cells.nth(33).hover();
    expect(await page.locator(".pair-read").innerText()).toMatch(/^key, number 1: /);
    await cells.first().focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toMatch(/^query \u00d7 key, number 31: /);
    expect(await page.locator(".pair-read").innerText()).toBe(await focused(page));
    expect(await page.locator(".pair-grid [tabindex='0']").count()).toBe(1);
  });
});

describe("every key", () => {
  test("has its sum, its score and its share", async () => {
    await open();
    expect((await cellsOf(2)).slice(2)).toEqual(["64.49", "11.40", "0.99995"]);
    expect(await visit.page.locator(".key-table tbody tr").count()).toBe(16);
  });

  test("becomes the chosen one by a click and by arrows, most attention first or in the order of the text", async () => {
    const page = await open();
    await page.locator(".key-name").nth(8).click();
    expect((await stateOf(page)).cell).toEqual({ row: 10, col: 8 });
    await page.keyboard.press("ArrowDown");
    expect((await stateOf(page)).cell).toEqual({ row: 10, col: 9 });
    expect(await focused(page)).toBe("because");
    await page.getByRole("button", { name: "Most attention first" }).click();
    expect(await page.locator(".key-name").first().innerText()).toBe("animal");
  });

  test("of a hidden future is minus infinity", async () => {
    await open({ model: "heed-gpt", cell: { row: 4, col: 2 } });
    expect((await cellsOf(5)).slice(3)).toEqual(["\u2212\u221e", "0.000"]);
  });

  test("without whole matrices it says the same", async () => {
    for (const model of ["heed-bert", "heed-gpt"]) {
      const texts: string[] = [];
      for (const long of [false, true]) {
        const page = await open({ model, long, cell: { row: 6, col: 2 } });
        texts.push(await page.locator(".neuron-view").innerText());
      }
      expect(texts[1]).toBe(texts[0]);
    }
  });
});

test.each([
  [1440, "light"],
  [768, "dark"],
  [360, "light"],
] as const)("at %i pixels, %s: nothing to object to", async (width, theme) => {
  const page = await open({}, { width, theme });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await keepScreenshot(page, `view-neuron-${width}-${theme}`);
});
