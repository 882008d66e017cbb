// The map of a long matrix, over a real run of 4,096 tokens of a made model: by pointer, by wheel and by keyboard.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { createEngine } from "heed";
import { loadModel, type Run } from "heed/models";
import { madeText, serveMade } from "../bench/made_model.mjs";
import { madeCheckpoint } from "../made_checkpoint.mjs";
import { openView, overflow, stateOf, violations, type Shown } from "./gallery.ts";
import { PATIENCE } from "./browser.ts";
import { GALLERY, keepScreenshot, startSite, type Look, type Site, type Visit } from "./site.ts";

const TOKENS = 4096;

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await startSite(GALLERY);
});

afterAll(() => site.close());

afterEach(() => expect(visit.problems).toEqual([]));

async function open(state: Shown = {}, look: Look = {}, tokens = TOKENS) {
  const shown = {
    view: "matrix",
    source: "./made/",
    text: madeText("gpt2", tokens),
    layer: 1,
    heads: [2],
    cell: { row: 3000, col: 7 },
  } as const;
  visit = await openView(
    site,
    { ...shown, ...state },
    { ...look, prepare: (page) => serveMade(page, "gpt2") },
  );
  await settled();
  return visit.page;
}

const settled = () => visit.page.locator(".map-view.settled").waitFor();
const read = async () => (await visit.page.locator(".map-read").innerText()).replace(/[\u2068\u2069]/g, "");

/** What is read once it is as wanted; else what it is in the end. */
async function eventually<T>(readIt: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await readIt();
    if (isWanted(value) || Date.now() > end) return value;
    await visit.page.waitForTimeout(50);
  }
}
const readAs = async (pattern: RegExp) =>
  expect(await eventually(read, (text) => pattern.test(text))).toMatch(pattern);

describe("the numbers", () => {
  let run: Run;
  beforeAll(async () => {
    const model = await loadModel(madeCheckpoint("gpt2"), { engine: await createEngine(), workers: 0 });
    run = await model.run(madeText("gpt2", TOKENS), { capture: [] });
  });

  test("are those of the run, where they are read", async () => {
    const page = await open();
    const weight = (row: number, col: number) =>
      run.window(1, 2, { rows: [row, row + 1], cols: [col, col + 1] })[0] ?? NaN;
    const exactly = async () => Number(await page.locator(".map-read").getAttribute("title"));
    await readAs(/\(3000\) gives .* \(7\) /);
    expect(await exactly()).toBeCloseTo(weight(3000, 7), 6);
    await page.locator(".map-spot").focus();
    for (const key of ["Home", "PageDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await readAs(/\(3008\) gives .* \(2\) /);
    expect(await exactly()).toBeCloseTo(weight(3008, 2), 6);
    expect((await stateOf(page)).cell).toEqual({ row: 3008, col: 2 });
    // Zoomed in, the same comes from a tile.
    for (let i = 0; i < 12; i++) await page.keyboard.press("+");
    await settled();
    await page.keyboard.press("ArrowLeft");
    await readAs(/\(3008\) gives .* \(1\) /);
    expect(await exactly()).toBeCloseTo(weight(3008, 1), 6);
  });
});

describe("moving", () => {
  /** What of the matrix is in sight, by asking what lies under two points. */
  const corner = async (): Promise<{ row: number; col: number }> => {
    const box = await visit.page.locator(".map-face").boundingBox();
    if (!box) throw new Error("no map");
    await visit.page.mouse.move(box.x + 96, box.y + 84);
    return JSON.parse((await visit.page.locator("#hovered").textContent()) || "{}") as {
      row: number;
      col: number;
    };
  };

  test("by wheel, once it is clicked; by dragging; all again by 0", async () => {
    const page = await open();
    const box = await page.locator(".map-face").boundingBox();
    if (!box) throw new Error("no map");
    const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
    await page.mouse.move(...middle);
    await page.mouse.wheel(0, -800);
    expect((await corner()).row).toBeLessThan(40);
    await page.mouse.click(...middle);
    const chosen = (await stateOf(page)).cell;
    expect(chosen?.row).toBeGreaterThan(1500);
    await page.mouse.move(...middle);
    await page.mouse.wheel(0, -1200);
    await settled();
    const before = await corner();
    expect(before.row).toBeGreaterThan(1000);
    await page.mouse.move(...middle);
    await page.mouse.down();
    await page.mouse.move(middle[0] + 100, middle[1] + 50, { steps: 5 });
    await page.mouse.up();
    const after = await corner();
    expect(after.col).toBeLessThan(before.col);
    expect(after.row).toBeLessThan(before.row);
    // A drag chooses nothing.
    expect((await stateOf(page)).cell).toEqual(chosen);
    await page.keyboard.press("0");
    await settled();
    expect((await corner()).row).toBeLessThan(40);
  });

  test("by buttons and on the small picture", async () => {
    const page = await open();
    for (let i = 0; i < 5; i++) await page.getByRole("button", { name: "Closer" }).click();
    const small = await page.locator(".minimap").boundingBox();
    if (!small) throw new Error("no small picture");
    await page.mouse.click(small.x + small.width * 0.9, small.y + small.height * 0.9);
    await settled();
    expect((await corner()).row).toBeGreaterThan(3000);
    await page.getByRole("button", { name: "Show all" }).click();
    expect((await corner()).row).toBeLessThan(40);
  });

  test("the mean is another picture than the largest", async () => {
    const page = await open();
    const ticks = () => page.locator(".ticks").innerText();
    const most = await ticks();
    await page.getByRole("radio", { name: "the mean" }).click();
    expect(await eventually(ticks, (text) => text !== most)).not.toBe(most);
  });
});

test("what the mask hides is hatched, and the legend says so", async () => {
  const page = await open({ stage: "maskedScores" }, {}, 1500);
  expect(await page.locator(".legend-hidden").innerText()).toContain("hidden by the mask");
  /** The share of the small picture's pixels that are drawn, right of the diagonal and left of it. */
  const drawn = await page.locator(".minimap").evaluate((canvas: HTMLCanvasElement) => {
    const side = canvas.width;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, side, side);
    const share = ([left, top]: readonly [number, number]): number => {
      const box = Array.from({ length: 256 }, (_, i) => side * (top + (i >> 4)) + left + (i % 16));
      return box.filter((at) => (data[4 * at + 3] ?? 0) > 0).length / 256;
    };
    return [share([200, 40]), share([40, 200])];
  });
  expect(drawn[0]).toBeGreaterThan(0.1);
  expect(drawn[0]).toBeLessThan(0.5);
  expect(drawn[1]).toBe(1);
});

test("a grid with one tab stop, and as many rows as tokens", async () => {
  const page = await open();
  const grid = page.getByRole("grid");
  expect(await grid.getAttribute("aria-rowcount")).toBe("4096");
  expect(await page.getByRole("gridcell").count()).toBe(1);
  await readAs(/\(3000\) gives/);
  expect(await page.getByRole("gridcell").getAttribute("aria-label")).toContain("(3000) gives");
  expect(await page.getByRole("gridcell").getAttribute("aria-colindex")).toBe("8");
});

test.each([
  [1440, "light"],
  [768, "dark"],
  [360, "light"],
] as const)("at %i pixels, %s: nothing to object to", async (width, theme) => {
  const page = await open({}, { width, theme }, 1500);
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await keepScreenshot(page, `view-map-${width}-${theme}`);
});
