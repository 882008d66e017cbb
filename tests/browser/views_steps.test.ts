// Attention step by step: the numbers, and the followed cell, by pointer and by keyboard.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { decimals, valueOf } from "../../web/views/steps/reckoning.ts";
import { openView, overflow, stateOf, violations, type Shown } from "./gallery.ts";
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

const reckonings = async (): Promise<string[][]> =>
  visit.page
    .locator(".reckoning")
    .evaluateAll((all) => all.map((one) => Array.from(one.children, (line) => line.textContent ?? "")));

/** A line as arithmetic of JavaScript: the left side's value, and the right side as it is written. */
function arithmetic(line: string): { computed: number; written: string } {
  const [left = "", written = ""] = line.split(" = ");
  const code = left
    .replace(/\u2212/g, "-")
    .replace(/e\^/g, "Math.exp")
    .replace(/\u221a(\d+)/g, "Math.sqrt($1)")
    .replace(/\u00d7/g, "*")
    .replace(/\u00f7/g, "/");
  // Nothing but numbers and the signs put in above.
  expect(code.replace(/Math\.(exp|sqrt)/g, "")).toMatch(/^[-+*/(). \d]+$/);
  return { computed: Number(new Function(`return ${code}`)()), written };
}

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
      const { computed, written } = arithmetic(line);
      expect(decimals(computed, written.split(".")[1]?.length ?? 0)).toBe(
        decimals(valueOf(written), written.split(".")[1]?.length ?? 0),
      );
    }
    expect(lines.some((line) => line.includes("\u2248"))).toBe(false);
  });

  test("goes on from the one before", async () => {
    await open();
    const [, , , scores = [], mask = []] = await reckonings();
    const score = scores[0]?.split(" = ")[1];
    expect(scores[0]).toMatch(/^64\.49 \u00f7 \u221a32 = 11\.40$/);
    expect(mask[0]).toBe(`${score} \u2192 ${score}`);
  });
});

describe("the followed cell", () => {
  const chosen = () =>
    visit.page
      .locator("select")
      .evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).selectedIndex));

  test("a click on any matrix moves it in all steps", async () => {
    const page = await open();
    const plates = page.locator(".step-plate");
    const click = async (index: number, x: number, y: number) => {
      const face = plates.nth(index).locator("canvas");
      const box = await face.boundingBox();
      if (!box) throw new Error("no picture");
      await face.click({ position: { x: x * box.width, y: y * box.height } });
    };
    // Products: 16 × 16, both; keys: the row is the token that is looked at; the output: that which looks.
    await click(4, 3.5 / 16, 5.5 / 16);
    expect(await chosen()).toEqual([5, 3]);
    await click(2, 0.5, 7.5 / 16);
    expect(await chosen()).toEqual([5, 7]);
    await click(11, 0.5, 1.5 / 16);
    expect(await chosen()).toEqual([1, 7]);
    expect((await stateOf(page)).cell).toEqual({ row: 1, col: 7 });
    const rows = await plates.evaluateAll((all) =>
      all.map((one) => (one as HTMLElement).style.getPropertyValue("--row")),
    );
    expect(rows).toEqual(["1", "1", "7", "7", "1", "1", "1", "1", "7", "1", "1", "1"]);
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

  test("under the pointer its number is read", async () => {
    const page = await open();
    await page
      .locator(".step-plate.square canvas")
      .last()
      .hover({ position: { x: 5, y: 5 } });
    expect((await page.locator(".plate-read").nth(5).innerText()).replace(/[\u2068\u2069]/g, "")).toMatch(
      /^\u2018\[CLS\]\u2019 \u2192 \u2018\[CLS\]\u2019: \d\.\d{3}$/,
    );
    expect(await page.locator("#hovered").textContent()).toBe('{"row":0,"col":0}');
  });
});

test("a hidden future is minus infinity, and gets nothing", async () => {
  const page = await open({ model: "heed-gpt", cell: { row: 2, col: 6 } });
  const [, , , , mask = [], softmax = []] = await reckonings();
  expect(mask[0]).toMatch(/ \u2192 \u2212\u221e$/);
  expect(softmax[0]).toMatch(/^e\^\(\u2212\u221e \u2212 .* = 0\.000$/);
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
  await keepScreenshot(page, `view-steps-${width}-${theme}`);
});
