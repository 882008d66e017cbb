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

test("opened by keyboard, it says what the picture shows", async () => {
  await page.locator(".number-table summary").focus();
  await page.keyboard.press("Enter");
  await table().waitFor();
  const rows = await body();
  const shown = await numbers(page);
  expect(rows.map(([name]) => name).slice(0, 3)).toEqual(["[CLS]", "the", "animal"]);
  expect(rows.flatMap(([, ...cells]) => cells)).toEqual(shown.map((value) => value.toFixed(3)));
  expect(await table().locator("th[scope=col]").count()).toBe(16);
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
  await page.getByText("Columns: Tokens 0 to 19 of 32").waitFor();
  const first = await body();
  await page.getByRole("button", { name: "Columns: Later" }).click();
  await page.getByText("Columns: Tokens 20 to 31 of 32").waitFor();
  const second = await body();
  const sums = first.map((row, i) =>
    [...row.slice(1), ...(second[i] ?? []).slice(1)].reduce((sum, cell) => sum + Number(cell), 0),
  );
  // 32 numbers of three decimals each.
  sums.forEach((sum) => expect(Math.abs(sum - 1)).toBeLessThan(0.016));
  // The button is spent; the keyboard stays beside it.
  expect(await page.locator(".col-mover button:focus").getAttribute("aria-label")).toBe("Columns: Earlier");
});
