// Cells hidden by hand: masked before the softmax, nothing after it, in the state, undone, and spoken.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { choose, numbers, ready, startSite, type Site } from "./site.ts";

let site: Site;
let page: Page;
let problems: string[];

beforeAll(async () => {
  site = await startSite();
  ({ page, problems } = await site.open());
  await ready(page);
  // Of the first layer the scores do not depend on what is hidden.
  await choose(page, "Layer 0");
});

afterAll(async () => {
  await site.close();
  expect(problems).toEqual([]);
});

const ROW = 10;
const COL = 2;
const N = 16;
const hidden = () =>
  page.locator("heed-attention").evaluate((figure) => (figure as HeedAttention).state.whatIf.hidden);
const cell = (row: number, col: number) =>
  page.locator(".matrix .row:not(.heading)").nth(row).getByRole("gridcell").nth(col);
const row = async () => (await numbers(page)).slice(ROW * N, (ROW + 1) * N);
const button = (name: string) => page.getByRole("button", { name, exact: true });

test("only in its mode does pressing hide", async () => {
  await cell(ROW, COL).click();
  expect(await hidden()).toEqual([]);
});

test("a hidden cell gets 0, and the others what it had, in their proportions", async () => {
  const before = await row();
  await button("Hide cells").click();
  await cell(ROW, COL).click();
  await page.locator(".cell.by-hand").waitFor();
  const after = await row();
  const left = 1 - (before[COL] ?? 0);
  expect(after[COL]).toBe(0);
  after.forEach((weight, j) => {
    if (j !== COL) expect(weight).toBeCloseTo((before[j] ?? 0) / left, 5);
  });
  expect(await hidden()).toEqual([{ row: ROW, col: COL }]);
  expect(await page.locator("heed-attention").getAttribute("hide")).toBe(`${ROW}-${COL}`);
  await page.getByText("\u2019 is now hidden from \u2018").waitFor();
  await page.waitForFunction(() => location.hash.includes("hidden=10-2"));
  await choose(page, "Masked");
  expect((await row())[COL]).toBe(-Infinity);
  expect(await cell(ROW, COL).getAttribute("aria-label")).toMatch(/minus infinity.*token 2 is hidden/);
  await choose(page, "Weights");
});

test("by keyboard, undone, and all shown again", async () => {
  await cell(ROW, COL).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator(".cell.by-hand").nth(1).waitFor();
  expect(await hidden()).toEqual([
    { row: ROW, col: COL },
    { row: ROW, col: COL + 1 },
  ]);
  await button("Undo").click();
  await page.waitForFunction(
    () =>
      document.querySelector("heed-attention")?.shadowRoot?.querySelectorAll(".cell.by-hand").length === 1,
  );
  await button("Show all again").click();
  await page.locator(".cell.by-hand").waitFor({ state: "detached" });
  expect(await hidden()).toEqual([]);
});

test("with another sentence they are forgotten", async () => {
  await cell(ROW, COL).click();
  await page.locator(".cell.by-hand").waitFor();
  await page.getByLabel("Type a sentence").fill("Apple pie is delicious.");
  await page.getByRole("radio", { name: "pie", exact: true }).waitFor();
  expect(await hidden()).toEqual([]);
  // Nor does undoing bring back one of the other sentence's.
  expect(await button("Undo").isDisabled()).toBe(true);
  await cell(3, 1).click();
  await page.locator(".cell.by-hand").waitFor();
  await button("Undo").click();
  await page.locator(".cell.by-hand").waitFor({ state: "detached" });
  expect([await hidden(), await button("Undo").isDisabled()]).toEqual([[], true]);
});
