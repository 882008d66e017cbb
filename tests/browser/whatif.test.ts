// The panels of "What if?" on the page: a newcomer's way through them, by pointer and by keyboard.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { overflow, violations } from "./gallery.ts";
import {
  choose,
  keepScreenshot,
  ready,
  startSite,
  tokensAre,
  type Look,
  type Site,
  type Visit,
} from "./site.ts";

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.close());

afterEach(() => expect(visit.problems).toEqual([]));

async function open(look?: Look): Promise<Page> {
  visit = await site.open(look);
  const { page } = visit;
  await ready(page);
  await page.getByRole("heading", { name: "What if?" }).scrollIntoViewIfNeeded();
  await panel(page, "change").locator("td").first().waitFor();
  return page;
}

const panel = (page: Page, name: string) => page.locator(`.${name}-panel`);
/** Isolates and unbroken spaces are for the eye, not for a test to repeat. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, "").replace(/\u00a0/g, " ");
const verdict = async (page: Page, name: string) =>
  plain(await panel(page, name).locator(".verdict:not(.without)").innerText());
const said = (page: Page, name: string, words: RegExp) =>
  page.waitForFunction(
    ([place, source]) =>
      new RegExp(source ?? "").test(
        (document.querySelector(`.${place}-panel`)?.textContent ?? "")
          .replace(/[\u2068\u2069]/g, "")
          .replace(/\u00a0/g, " "),
      ),
    [name, words.source],
  );
/** What else there is to try is folded. */
const unfold = (page: Page, name: string) => page.locator("summary").filter({ hasText: name }).click();
const ablated = (page: Page) => page.locator("heed-attention").getAttribute("ablate");

test("who looks is found, turned off, and changes almost nothing; who matters is found by trying each", async () => {
  const page = await open();
  const which = panel(page, "which");
  expect(plain((await which.locator("caption").first().textContent()) ?? "")).toBe(
    "Heads by the weight they put from \u2018it\u2019 to \u2018animal\u2019",
  );
  expect(plain(await which.locator("tbody tr").first().innerText())).toMatch(/^Turn L2H1 off\s+over 99\.9 %/);
  await which.getByRole("button", { name: "Turn L2H1 off" }).first().click();
  await said(page, "change", /^The prediction at \u2018it\u2019Almost nothing changed: 1\.0 % /);
  expect(await ablated(page)).toBe("L2H1");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Turn L2H1 on");

  await which.getByRole("button", { name: /^Try each/ }).click();
  await said(page, "which", /Attention is not explanation\./);
  const words = await verdict(page, "which");
  expect(words).toMatch(/^L2H1 puts the greatest weight there, over 99\.9 %\. Turned off, it moves 1\.0 % /);
  expect(words).toContain("it is number 3 of 16.");
  expect(words).toContain("L1H3 changes most: it moves 69.3 %, \u2018animal\u2019 falls to 30.4 %");
  await which.getByRole("button", { name: "Turn L1H3 off" }).last().click();
  await said(
    page,
    "change",
    /Nearly another prediction: 69\.3 % .*the likeliest is now \u2018street\u2019\./,
  );
  // The pair that was asked about stays the one asked about.
  expect(plain((await which.locator("caption").first().textContent()) ?? "")).toContain(
    "to \u2018animal\u2019",
  );
  expect(await violations(page)).toEqual([]);
  // Asked once, it is not asked for again.
  expect(plain(await which.innerText())).not.toContain("Try each.");

  // Another word, chosen while they are tried, is another question.
  for (const [token, word] of [
    [2, "animal"],
    [8, "street"],
  ] as const) {
    await which.evaluate((node, index) => {
      const buttons = [...node.querySelectorAll("button")];
      buttons.find(({ textContent }) => textContent.startsWith("Try each"))?.click();
      const from = node.querySelector("select");
      if (from) from.selectedIndex = index;
      from?.dispatchEvent(new Event("change"));
    }, token);
    await said(page, "which", new RegExp(`Heads by the weight they put from \u2018${word}\u2019`));
    await which.getByRole("button", { name: /^Try each/, disabled: false }).waitFor();
    expect([await which.locator("table").count(), await verdict(page, "which")]).toEqual([1, ""]);
  }
});

test("who has scrolled up from a switch stays where they are when it is drawn anew", async () => {
  const page = await open();
  const which = panel(page, "which");
  await which.getByRole("button", { name: /^Try each/ }).click();
  await said(page, "which", /L1H3 changes most/);
  const matters = which.getByRole("table").nth(1).getByRole("button", { name: "Turn L1H3 off" });
  // The picture is far above.
  await matters.evaluate((button) => button.scrollIntoView());
  await matters.click();
  await said(page, "which", /It hardly looked there/);
  // In sight, the picture asks for a run with the switch, and with it the panels are drawn once more.
  const { drawn, fromBar } = await page.evaluate(async () => {
    const bar = document.querySelector(".share-bar");
    bar?.scrollIntoView({ block: "end" });
    const asked = document.activeElement;
    await new Promise((run) => document.addEventListener("heed-run", run, { once: true }));
    while (document.activeElement === asked) await new Promise(requestAnimationFrame);
    const { bottom = NaN } = bar?.getBoundingClientRect() ?? {};
    return { drawn: document.activeElement?.textContent, fromBar: innerHeight - bottom };
  });
  expect(drawn).toBe("Turn L1H3 on");
  // What the picture says of a head that is off may be a line more, or less.
  expect(Math.abs(fromBar)).toBeLessThan(50);
});

test("what is switched and what that does are in sight together, and nothing lies over anything", async () => {
  const page = await open();
  const [picture, change] = [panel(page, "picture"), panel(page, "change")];
  const painted = (): Promise<string[]> =>
    picture
      .locator("canvas")
      .evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  const [before, same] = await painted();
  expect(before).toBe(same);
  expect(await picture.getByRole("button").isDisabled()).toBe(true);
  await panel(page, "heads").getByRole("button", { name: "L1H3" }).click();
  await said(
    page,
    "picture",
    /looked most at \u2018animal\u2019, over 99\.9 %; now at \u2018street\u2019, 99\.6 %\./,
  );
  const [trained, changed] = await painted();
  expect(trained).toBe(before);
  expect(changed).not.toBe(before);
  await panel(page, "heads").evaluate((node) => node.scrollIntoView());
  for (const part of [picture, change]) {
    const box = await part.boundingBox();
    expect(box!.y).toBeGreaterThanOrEqual(0);
    expect(box!.y + box!.height).toBeLessThanOrEqual(900);
  }
  // They go along no further than what they belong to.
  await page.locator(".whatif-more").evaluate((node) => node.scrollIntoView());
  const [effects, more] = [page.locator(".whatif-effects"), page.locator(".whatif-more")];
  const [end, begin] = [await effects.boundingBox(), await more.boundingBox()];
  expect(end!.y + end!.height).toBeLessThanOrEqual(begin!.y);
  await page.setViewportSize({ width: 360, height: 780 });
  await panel(page, "heads").evaluate((node) => node.scrollIntoView());
  const strip = await picture.boundingBox();
  expect(strip!.y + strip!.height).toBeLessThanOrEqual(781);
  expect(strip!.height).toBeLessThan(780 / 4);
  await picture.getByRole("button", { name: "Everything as trained" }).click();
  await said(page, "picture", /looks most at \u2018animal\u2019: over 99\.9 %\./);
  expect(await ablated(page)).toBeNull();
});

describe("switches", () => {
  test("each says what changed, is the element's, and goes back", async () => {
    const page = await open();
    const switches = panel(page, "switches");
    const figure = page.locator("heed-attention");
    await switches
      .getByRole("group", { name: /^Causal/ })
      .getByRole("radio", { name: "on", exact: true })
      .click();
    await said(page, "switches", /Changed: no token sees what comes after it any more/);
    expect(await figure.getAttribute("causal")).not.toBeNull();
    await switches
      .getByRole("group", { name: /^Divide/ })
      .getByRole("radio", { name: "off", exact: true })
      .click();
    await said(page, "switches", /Changed: products go into the softmax 5\.66 times as large/);
    await switches
      .getByRole("group", { name: "Positions" })
      .getByRole("radio", { name: "off", exact: true })
      .click();
    await said(page, "switches", /nothing tells a token where it stands, but for how much it may see/);
    await page.getByRole("slider").focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
    await said(
      page,
      "switches",
      /scores are divided by 2\.00.*had 2\.\d\d bits of entropy; with the switches/,
    );
    expect(await figure.getAttribute("temperature")).toBe("2");
    await panel(page, "picture").getByRole("button", { name: "Everything as trained" }).click();
    await said(page, "switches", /Everything is as trained\. On average/);
    for (const name of ["causal", "scaled", "positions", "temperature"])
      expect([name, await figure.getAttribute(name)]).toEqual([name, null]);
  });

  test("heads are one tab stop, walked by arrows", async () => {
    const page = await open();
    const grid = page.getByRole("toolbar", { name: /^Heads: rows are layers/ });
    expect(await grid.locator("button[tabindex='0']").count()).toBe(1);
    await grid.getByRole("button", { name: "L0H0" }).focus();
    for (const key of ["ArrowDown", "End", "ArrowLeft", "Space"]) await page.keyboard.press(key);
    await said(page, "heads", /Off: L1H2\./);
    expect(await ablated(page)).toBe("L1H2");
    expect(await grid.getByRole("button", { name: "L1H2" }).getAttribute("aria-pressed")).toBe("false");
    await page.getByRole("button", { name: "Only L2H1" }).click();
    await said(page, "heads", /15 of 16 heads are off\./);
  });
});

test("shuffled words, the two apples, the road, rollout", async () => {
  const page = await open();
  for (const name of ["Shuffle the words", "two sentences", "RNN", "rollout"]) await unfold(page, name);
  await panel(page, "shuffle").getByRole("button").click();
  await said(
    page,
    "shuffle",
    /no weight differs by more than \d\.\d \u00d7 10\u207b[\u2077\u2078], which is rounding/,
  );
  await said(
    page,
    "two",
    /begin with a cosine of 1\.000, are furthest apart after layer 2 \(0\.736\), and end at 0\.775/,
  );
  const two = panel(page, "two");
  expect(await two.getByRole("img").count()).toBe(2);
  expect(await two.locator(".query.framed").allTextContents()).toEqual(["apple", "apple"]);
  const cells = async (token: string) =>
    plain((await two.getByRole("row").filter({ hasText: token }).first().innerText()).replace(/\s+/g, " "));
  expect(await cells("[CLS]")).toBe("[CLS] 15.7 % 27.2 % + 11.6");
  expect(await cells("delicious")).toBe("delicious not in it 51.0 % \u2013");
  await two.getByRole("combobox", { name: "Layer" }).selectOption("0");
  await said(page, "two", /looks at in each, by L0H1/);
  expect(await page.locator("heed-attention").getAttribute("layer")).toBeNull();
  expect(await verdict(page, "road")).toMatch(
    /^For \u2018it\u2019 to hear of \u2018animal\u2019, an RNN carries it through 8 steps/,
  );
  expect(await verdict(page, "rollout")).toMatch(/^What arrives at \u2018it\u2019 comes 14\.6 % from itself/);
  const rollout = panel(page, "rollout");
  const tokens = "[CLS] the animal didn ' t cross the street because it was too tired . [SEP]".split(" ");
  for (const axis of [".query", ".key"])
    expect(await rollout.locator(axis).allTextContents()).toEqual(tokens);
  expect(await rollout.locator(".framed").allTextContents()).toEqual(["it"]);

  await choose(page, "heed-gpt");
  await panel(page, "two").scrollIntoViewIfNeeded();
  await said(page, "two", /are the same in every layer/);
  await panel(page, "shuffle").getByRole("button").click();
  await said(page, "shuffle", /the causal mask itself tells order/);
  expect(await violations(page)).toEqual([]);

  const text = page.getByLabel("Type a sentence");
  await text.fill("one two three four five six seven eight nine ten ".repeat(5));
  await rollout.scrollIntoViewIfNeeded();
  await rollout.getByText(/The names of \d+ tokens have no room beside the picture; the table/).waitFor();
  expect(await rollout.locator(".query").count()).toBe(0);
  expect(await rollout.getByRole("row").count()).toBe(7);
});

test("the chosen word is masked, replaced and deleted", async () => {
  const page = await open();
  const text = page.getByLabel("Type a sentence");
  await panel(page, "word").getByLabel("Another word").fill("he");
  await page.keyboard.press("Enter");
  // What is out of sight waits.
  await text.scrollIntoViewIfNeeded();
  await tokensAre(
    page,
    "[CLS] the animal didn ' t cross the street because he was too tired . [SEP]".split(" "),
  );
  await panel(page, "word").scrollIntoViewIfNeeded();
  await said(page, "word", /Change \u2018he\u2019/);
  await panel(page, "word").getByRole("button", { name: "Mask" }).click();
  await said(page, "word", /Change \u2018\[MASK\]\u2019/);
  expect(await text.inputValue()).toContain("because [MASK] was");
  await panel(page, "word").getByRole("button", { name: "Delete" }).click();
  await said(page, "word", /Change \u2018was\u2019/);
  expect(await text.inputValue()).toContain("because was too");
});

test.each([
  [1440, "dark"],
  [768, "light"],
  [360, "dark"],
] as const)("%i pixels wide, %s", async (width, theme) => {
  const page = await open({ width, theme });
  await panel(page, "which")
    .getByRole("button", { name: /^Try each/ })
    .click();
  await said(page, "which", /Attention is not explanation\./);
  await panel(page, "heads").getByRole("button", { name: "L1H3" }).click();
  await said(page, "change", /Nearly another prediction/);
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await keepScreenshot(page, `whatif-${width}-${theme}`);
});
