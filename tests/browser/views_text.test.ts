// The text and the ranking, by pointer and by keyboard.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { focused, openView, overflow, stateOf, violations, type Shown } from "./gallery.ts";
import { GALLERY, keepScreenshot, startSite, type Look, type Site, type Visit } from "./site.ts";

const IT: Shown = { layer: 2, heads: [1], cell: { row: 10, col: 2 } };

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await startSite(GALLERY);
});

afterAll(() => site.close());

afterEach(() => expect(visit.problems).toEqual([]));

async function open(state: Shown, look?: Look) {
  visit = await openView(site, { ...IT, ...state }, look);
  return visit.page;
}

const said = () => visit.page.locator(".said").innerText();
/** Isolates and unbroken spaces are for the eye, not for a test to repeat. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, "").replace(/\u00a0/g, " ");

describe("the text", () => {
  test("stands as it was typed, and says whom the chosen word looks at", async () => {
    const page = await open({ view: "text" });
    expect(await page.locator(".prose").textContent()).toBe(
      "[CLS] The animal didn't cross the street because it was too tired. [SEP]",
    );
    expect(plain(await said())).toBe("\u2018it\u2019 looks most at \u2018animal\u2019, over 99.9 %.");
    expect(await page.getByRole("option", { name: "animal, over 99.9 %" }).count()).toBe(1);
    expect(await page.getByRole("option", { selected: true }).allTextContents()).toEqual(["it"]);
  });

  test("a click chooses; Shift and Ctrl lock more and unlock", async () => {
    const page = await open({ view: "text" });
    const word = (text: string) => page.locator(".unit").getByText(text, { exact: true });
    await word("street").click();
    expect(await stateOf(page)).toMatchObject({ cell: { row: 8 }, locked: [] });
    await word("it").click({ modifiers: ["Shift"] });
    await word("too").click({ modifiers: ["ControlOrMeta"] });
    expect((await stateOf(page)).locked).toEqual([8, 10, 12]);
    expect(plain(await said())).toMatch(
      /^\u2018street\u2019, \u2018it\u2019, and \u2018too\u2019 together look most at /,
    );
    await word("it").click({ modifiers: ["Shift"] });
    expect((await stateOf(page)).locked).toEqual([8, 12]);
    await page.getByRole("button", { name: "Unlock all" }).click();
    expect((await stateOf(page)).locked).toEqual([]);
    // Without Shift: a toggle.
    await page.getByRole("button", { name: "Several words", pressed: false }).click();
    await word("street").click();
    await word("too").click();
    expect((await stateOf(page)).locked).toEqual([10, 8, 12]);
    await page.getByRole("button", { name: "Several words", pressed: true }).click();
    await word("street").click();
    expect(await stateOf(page)).toMatchObject({ cell: { row: 8 }, locked: [] });
  });

  test("by keyboard: one stop, arrows go, Space locks, Escape unlocks", async () => {
    const page = await open({ view: "text" });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Several words");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toMatch(/^it, /);
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toMatch(/^was, /);
    await page.keyboard.press("Space");
    expect((await stateOf(page)).locked).toEqual([10, 11]);
    await page.keyboard.press("Home");
    expect(await focused(page)).toMatch(/^\[CLS\], /);
    expect((await stateOf(page)).locked).toEqual([10, 11]);
    await page.keyboard.press("Escape");
    expect(await stateOf(page)).toMatchObject({ locked: [], cell: { row: 0 } });
  });

  test("read the other way, the chosen word stays", async () => {
    const page = await open({ view: "text" });
    await page.getByRole("radio", { name: "who looks at it" }).click();
    expect(await stateOf(page)).toMatchObject({ direction: "to", cell: { row: 2, col: 10 } });
    expect(plain(await said())).toBe("\u2018street\u2019 looks most at \u2018it\u2019, 8.2 %.");
  });

  test("without whole matrices it says the same", async () => {
    for (const direction of ["from", "to"] as const) {
      const flags = { words: true, special: false, renormalise: true, direction, locked: [10, 8] };
      const labels: string[][] = [];
      for (const long of [false, true]) {
        const page = await open({ view: "text", long, ...flags });
        await page.locator(".unit[aria-label*='%']").first().waitFor();
        const names = page.locator(".unit");
        labels.push(await names.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? "")));
      }
      expect(labels[1]).toEqual(labels[0]);
    }
  });

  test("a chosen word far down a long text is brought into sight", async () => {
    const page = await open({ view: "text", tokens: 4096, cell: { row: 2000, col: 1990 } });
    await page.locator(".unit[aria-label^='word2000, ']").waitFor();
    await page.waitForFunction(() => (document.querySelector(".prose-place")?.scrollTop ?? 0) > 1000);
    expect(plain(await said())).toBe("\u2018word2000\u2019 looks most at \u2018word1999\u2019, 50.0 %.");
  });

  test.each(["text", "rows", "heads", "model"] as const)(
    "nothing to show is said in words: %s",
    async (view) => {
      const page = await open({ view, text: "", special: false });
      const words =
        view === "model"
          ? /text too short/
          : /^Every token of this text is a special one, and those are hidden.$/;
      expect(await said()).toMatch(words);
      expect(await violations(page)).toEqual([]);
    },
  );

  test("odd text stays whole and harmless", async () => {
    const text = "a\u202eb <b>x</b> \u05e9\u05dc\u05d5\u05dd \u{1f642} e\u0301";
    const page = await open({ view: "text", text, cell: { row: 1, col: 1 } });
    const shown = await page.locator(".prose").textContent();
    expect(shown).toContain("U+202E");
    expect(shown).toContain("<b>x</b>");
    expect(shown).not.toContain("\u202e");
  });
});

describe("the ranking", () => {
  test("lists both directions, the greatest first, with what is left over", async () => {
    const page = await open({ view: "rows", heads: [1, 2] });
    expect(await page.getByRole("heading", { level: 3 }).allTextContents()).toEqual(["L2H1", "L2H2"]);
    const list = page.getByRole("listbox", { name: /looks at, L2H1/ });
    expect(await list.getByRole("option").first().innerText()).toMatch(/^animal\s+over 99\.9\s%$/);
    const shares = await page.locator(".ranked-share").allTextContents();
    expect(shares.length).toBe(4 * 8);
    expect(await list.getByRole("option", { selected: true }).allInnerTexts()).toEqual([
      expect.stringMatching(/^animal/),
    ]);
    await page.getByRole("button", { name: "Show 8 more" }).click();
    expect(await page.locator(".ranked").count()).toBe(4 * 16);
    expect(plain(await said())).toMatch(/over 99\.9 % \(L2H1\)\.\s.*over 99\.9 % \(L2H2\)\.$/);
  });

  test("a word of a list becomes the followed one, by pointer and by key", async () => {
    const page = await open({ view: "rows" });
    const [from, to] = [page.getByRole("listbox").nth(1), page.getByRole("listbox").nth(2)];
    await from.getByRole("option").nth(1).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    const { cell } = await stateOf(page);
    expect(cell).toMatchObject({ row: 10 });
    expect(cell?.col).not.toBe(2);
    await to.getByRole("option", { name: "street" }).click();
    expect(await stateOf(page)).toMatchObject({ direction: "to", cell: { row: 8, col: 10 } });
  });

  test("a followed word that is not among the first is no other", async () => {
    const page = await open({ view: "rows", cell: { row: 10, col: 12 } });
    const selected = page
      .getByRole("listbox", { name: /looks at, L2H1/ })
      .getByRole("option", { selected: true });
    expect(await selected.count()).toBe(0);
    await page.getByRole("button", { name: "Show 8 more" }).click();
    expect(await selected.allInnerTexts()).toEqual([expect.stringMatching(/^too/)]);
  });

  test("has both directions beside each other where there is room", async () => {
    const page = await open({ view: "rows" });
    const places = () =>
      page.locator(".ranking-place").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    const [from = 0, to = 0] = await places();
    expect(to - from).toBeGreaterThan(240);
    await page.setViewportSize({ width: 360, height: 780 });
    expect(new Set(await places()).size).toBe(1);
  });

  test("heads come and go beside each other, the last one stays", async () => {
    const page = await open({ view: "rows" });
    await page.getByRole("button", { name: "L2H3" }).click();
    expect((await stateOf(page)).heads).toEqual([1, 3]);
    await page.getByRole("button", { name: "L2H1" }).click();
    await page.getByRole("button", { name: "L2H3" }).click();
    expect((await stateOf(page)).heads).toEqual([3]);
  });
});

describe.each(["text", "rows"] as const)("%s", (view) => {
  test.each([
    [1440, "light"],
    [768, "light"],
    [360, "dark"],
  ] as const)("at %i pixels, %s: nothing to object to", async (width, theme) => {
    const page = await open({ view, locked: [10, 12], heads: [1, 2], special: false }, { width, theme });
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await keepScreenshot(page, `view-${view}-${width}-${theme}`);
  });
});
