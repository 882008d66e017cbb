// The numbers as a real table: those of the picture, reached by keyboard, a part of a long text at a time.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { choose, numbers, ready, startSite, type Site } from "./site.ts";

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

const table = () => page.locator(".number-table table");
const body = () =>
  table().evaluate((element) =>
    Array.from((element as HTMLTableElement).tBodies[0]?.rows ?? [], (row) =>
      Array.from(row.cells, (cell) => cell.textContent ?? ""),
    ),
  );

/** Its rows, all their columns put together, as one who reads goes from part to part. */
async function whole(): Promise<string[][]> {
  const rows = await body();
  const later = page.getByRole("button", { name: "Columns: Later" });
  while ((await later.count()) > 0 && (await later.isEnabled())) {
    const [, before] = await columns();
    await later.click();
    await page.getByText(`Columns: Tokens ${before + 1} to`).waitFor();
    (await body()).forEach((row, i) => rows[i]?.push(...row.slice(1)));
  }
  return rows;
}

/** The first and the last that are shown. */
const columns = async (): Promise<[number, number]> => {
  const said = await page.locator(".col-mover span").innerText();
  const [, from, to] = /Tokens (\d+) to (\d+) of/.exec(said) ?? [];
  return [Number(from), Number(to)];
};

/** Columns that do not stand whole in what is in sight. */
const outside = () =>
  page.locator(".number-table .table").evaluate((region) => {
    const { left, right } = region.getBoundingClientRect();
    return Array.from(region.querySelectorAll("thead th"), (head) => head.getBoundingClientRect()).filter(
      (head) => head.left < left - 1 || head.right > right + 1,
    ).length;
  });

test("opened by keyboard, it says what the picture shows", async () => {
  await page.locator(".number-table summary").focus();
  await page.keyboard.press("Enter");
  await table().waitFor();
  // All 16 rows have room; the columns come as many as have room.
  expect(await page.locator(".row-mover").count()).toBe(0);
  expect(await columns()).toEqual([0, expect.any(Number)]);
  expect(await outside()).toBe(0);
  const rows = await whole();
  const shown = await numbers(page);
  expect(rows.map(([name]) => name).slice(0, 3)).toEqual(["[CLS]", "the", "animal"]);
  expect(rows.flatMap(([, ...cells]) => cells)).toEqual(shown.map((value) => value.toFixed(3)));
  expect(await table().locator("th[scope=row]").count()).toBe(16);
  expect(await table().locator("caption").textContent()).toMatch(/^Weights, L2H1: each row/);
  expect(await violations(page)).toEqual([]);
});

test("it follows head and stage", async () => {
  await choose(page, "Scores");
  await page.getByText("Scores, L2H1: each row").waitFor();
  await choose(page, "Weights");
  await choose(page, "Layer 1");
  await page.getByText("Weights, L1H1: each row").waitFor();
});

test("of a longer text it shows a part, and goes on by buttons", async () => {
  await page
    .getByLabel("Type a sentence")
    .fill("one two three four five six seven eight nine ten ".repeat(3));
  await page.getByText(/Columns: Tokens 0 to \d+ of 32/).waitFor();
  const rows = await whole();
  expect(rows).toHaveLength(20);
  const sums = rows.map(([, ...cells]) => cells.reduce((sum, cell) => sum + Number(cell), 0));
  // 32 numbers of three decimals each.
  sums.forEach((sum) => expect(Math.abs(sum - 1)).toBeLessThan(0.016));
  // The button is spent, and looks it; the keyboard stays beside it.
  const inks = await page
    .locator(".col-mover button")
    .evaluateAll((all) => all.map((button) => getComputedStyle(button).color));
  expect(inks[0]).not.toBe(inks[1]);
  await page.getByText("Rows: Tokens 0 to 19 of 32").waitFor();
  expect(await page.locator(".col-mover button:focus").getAttribute("aria-label")).toBe("Columns: Earlier");
});

test("from part to part the keyboard stays on its button", async () => {
  const earlier = page.getByRole("button", { name: "Columns: Earlier" });
  const later = page.getByRole("button", { name: "Columns: Later" });
  while (await earlier.isEnabled()) {
    const [from] = await columns();
    await earlier.click();
    await page.getByText(new RegExp(`Columns: Tokens \\d+ to (?!${from})\\d+ of`)).waitFor();
    if ((await columns())[0] === 0) break;
  }
  const [, end] = await columns();
  await later.focus();
  await page.keyboard.press("Enter");
  await page.getByText(`Columns: Tokens ${end + 1} to`).waitFor();
  expect(await page.locator("button:focus").getAttribute("aria-label")).toBe("Columns: Later");
});

test("in another width it shows as many columns as have room there", async () => {
  const size = page.viewportSize();
  const { width = 0, height = 0 } = size ?? {};
  const shown = () => table().locator("thead th").count();
  const [from] = await columns();
  await page.getByRole("button", { name: "Columns: Earlier" }).focus();
  const settled = (wanted: "fewer" | "more", than: number) =>
    page.waitForFunction(
      ([compare, before]) => {
        const figure = document.querySelector("heed-attention");
        const region = figure?.shadowRoot?.querySelector(".number-table .table");
        if (!region) return false;
        const { left, right } = region.getBoundingClientRect();
        const heads = Array.from(region.querySelectorAll("thead th"), (head) => head.getBoundingClientRect());
        const isWhole = heads.every((head) => head.left >= left - 1 && head.right <= right + 1);
        return isWhole && (compare === "fewer" ? heads.length < before : heads.length > before);
      },
      [wanted, than] as const,
    );
  const many = await shown();
  await page.setViewportSize({ width: 360, height });
  await settled("fewer", many);
  // What was read is still there, and so is the keyboard.
  const [first, last] = await columns();
  expect(first).toBeLessThanOrEqual(from);
  expect(last).toBeGreaterThanOrEqual(from);
  expect(await page.locator("button:focus").getAttribute("aria-label")).toBe("Columns: Earlier");
  const few = await shown();
  await page.setViewportSize({ width, height });
  await settled("more", few);
});
