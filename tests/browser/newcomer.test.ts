// The page's story, as someone lives it who has never met attention: which head links two words, what it is worth to the
// answer, which head the answer needs, and the picture passed on. Nothing is known here but what the page says.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { keepScreenshot, startSite, tokensAre, type Look, type Site, type Visit } from "./site.ts";

const OTHER = "The animal was tired.";
const TIRED = "The animal didn't cross the street because it was too tired.";
const TOKENS = "[CLS] the animal didn ' t cross the street because it was too tired . [SEP]".split(" ");

let site: Site;
let theirs: Site;
let folder: string;

beforeAll(async () => {
  site = await startSite();
  folder = await mkdtemp(join(tmpdir(), "heed-newcomer-"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Theirs</title>");
  theirs = await startSite(folder);
});

afterAll(async () => {
  await site.close();
  await theirs.close();
  await rm(folder, { recursive: true });
});

/** Isolates and unbroken spaces are for the eye, not for a test to repeat. */
const plain = (text: string | null): string =>
  (text ?? "").replace(/[\u2068\u2069]/g, "").replace(/\u00a0/g, " ");

/** Waits until it says so, and gives all that it says. */
async function says(place: Locator, words: RegExp): Promise<string> {
  for (;;) {
    const text = plain(await place.textContent());
    if (words.test(text)) return text;
    await place.page().waitForTimeout(50);
  }
}

const panel = (page: Page, name: string): Locator =>
  page
    .locator("section")
    .filter({
      has: page.getByRole("heading", { name, level: 3 }),
    })
    .last();

async function openPage(look?: Look): Promise<Visit> {
  const visit = await site.open(look);
  await tokensAre(visit.page, TOKENS);
  return visit;
}

/** Where its middle stands in the window: a newcomer does not scroll for what is named beside the hand. */
async function isInSight(part: Locator): Promise<boolean> {
  const box = await part.boundingBox();
  const height = part.page().viewportSize()?.height ?? 0;
  return box !== null && box.y + box.height / 2 > 0 && box.y + box.height / 2 < height;
}

interface Picture {
  readonly cells: (string | null)[];
  readonly tokens: string[];
  readonly changed: string;
  /** Colours of the heat map, one a cell, as numbers. */
  readonly colors: number[];
  /** All of its pixels, as an address. */
  readonly pixels: string;
}

async function pictureOf(place: Page | Frame): Promise<Picture> {
  const cells = place.getByRole("gridcell");
  await cells.first().waitFor();
  const painted = await place
    .locator("heed-attention .view canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement, n) => {
      const { width } = canvas;
      const image = canvas.getContext("2d")!.getImageData(0, 0, width, width);
      const words = new Uint32Array(image.data.buffer);
      const colors = Array.from({ length: n * n }, (_, i) => {
        // Above the number, which stands in the middle.
        const [x, y] = [((i % n) + 0.5) / n, (Math.floor(i / n) + 0.15) / n];
        return words[Math.floor(y * width) * width + Math.floor(x * width)] ?? 0;
      });
      return { colors, pixels: canvas.toDataURL() };
    }, TOKENS.length);
  return {
    cells: await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute("data-value"))),
    tokens: await place
      .locator("heed-attention")
      .evaluate((figure) => (figure as HeedAttention).run?.tokens.map(({ text }) => text) ?? []),
    changed: plain(await place.locator("heed-attention .changed").textContent()),
    ...painted,
  };
}

const isDrawn = (place: Page | Frame, ablate: string): Promise<unknown> =>
  place.waitForFunction((wanted) => {
    const figure = document.querySelector("heed-attention") as HeedAttention | null;
    return figure?.run?.whatIf.ablated.map(([layer, head]) => `L${layer}H${head}`).join(" ") === wanted;
  }, ablate);

test("from a first sentence to a figure in somebody else's page", async () => {
  const { page, problems } = await openPage();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const sentence = page.getByLabel("Type a sentence");
  const output = page.locator(".predictions");

  // Types; the first screen answers.
  await sentence.fill(OTHER);
  await tokensAre(page, ["[CLS]", "the", "animal", "was", "tired", ".", "[SEP]"]);
  await sentence.fill(TIRED);
  await tokensAre(page, TOKENS);
  await page.getByRole("radio", { name: "it", exact: true }).click();
  expect(await says(output, /output at it/)).toContain("animal99.6 %");

  // The first screen leads to the question, and the question stands beside the prediction.
  await page.getByRole("button", { name: "Which head does it?" }).click();
  const which = panel(page, "Which head does it?");
  const change = panel(page, "The prediction at");
  const to = which.getByRole("combobox", { name: "to", exact: true });
  await to.selectOption(String(TOKENS.indexOf("animal")));
  // Equal words are told apart.
  const listed = (await to.getByRole("option").allTextContents()).map((text) =>
    text.replace(/\u2066|\u2069/g, ""),
  );
  expect(listed.map(plain)).toEqual(TOKENS.map((token, i) => `${i} ${token}`));
  await says(which, /from ‘it’ to ‘animal’/);
  expect([await isInSight(which.getByRole("table").first()), await isInSight(change)]).toEqual([true, true]);
  const first = which.getByRole("row").nth(1);
  expect(plain(await first.innerText())).toMatch(/^Turn L2H1 off\s+over 99\.9 %$/);

  // The head that looks there is worth almost nothing, and that is said.
  await first.getByRole("button").click();
  const needless = await says(which, /attention is not explanation/);
  expect(needless).toContain(
    "L2H1, which put over 99.9 % there, is off: ‘animal’ goes from 99.6 % to 98.6 %.",
  );
  expect(needless).toContain("2 other heads put more than half of their attention there too.");
  expect(await says(change, /Almost nothing changed: 1\.0 %/)).not.toContain("the likeliest is now");
  expect([await isInSight(which.locator(".without")), await isInSight(change)]).toEqual([true, true]);
  await keepScreenshot(page, "newcomer-needless");

  // The one that matters is found by trying each, and turning it off changes the answer.
  await which.getByRole("button", { name: /^Try each/ }).click();
  await says(which, /L1H3 changes most: it moves 69\.3 %/);
  await which.getByRole("table").nth(1).getByRole("button", { name: "Turn L1H3 off" }).click();
  await says(change, /Nearly another prediction: 69\.3 % .*the likeliest is now ‘street’/);
  expect(await says(which, /L1H3, which put/)).toContain(
    "It hardly looked there, and yet the answer hangs on it",
  );
  expect(await isInSight(change)).toBe(true);

  // Elsewhere a copied link opens the same picture, and it says what is changed about the model.
  const copy = page.getByRole("button", { name: "Copy link" });
  // The picture follows when it is in sight.
  await copy.scrollIntoViewIfNeeded();
  await isDrawn(page, "L1H3");
  await copy.click();
  await page.getByText("Link copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(await says(output, /output at it\s*street/)).toContain("animal30.4 %");
  const here = await pictureOf(page);
  expect(here).toMatchObject({
    tokens: TOKENS,
    changed:
      "Not as trained: L1H3 off. Where L1H3 looks is still drawn, but nothing that it finds is passed on.",
  });
  expect(here.cells).toHaveLength(TOKENS.length ** 2);
  const elsewhere = await site.open({ url: link });
  await isDrawn(elsewhere.page, "L1H3");
  expect(await pictureOf(elsewhere.page)).toEqual(here);
  expect(await says(elsewhere.page.locator(".predictions"), /output at it/)).toBe(
    await says(output, /output at it/),
  );
  // Back to the model as trained is one press away from where it says that it is not.
  await elsewhere.page
    .locator("heed-attention")
    .getByRole("button", { name: "Everything as trained" })
    .click();
  await isDrawn(elsewhere.page, "");
  await says(elsewhere.page.locator(".predictions"), /animal99\.6 %/);

  // And so does another site's page, with what the dialog wrote.
  await page.getByRole("button", { name: "Embed" }).click();
  const snippet = await page.getByRole("textbox", { name: "In a frame" }).inputValue();
  await writeFile(
    join(folder, "figure.html"),
    `<!doctype html><title>Theirs</title><link rel="icon" href="data:,">${snippet}`,
  );
  const host = await theirs.open({ url: `${theirs.url}figure.html` });
  expect(new URL(host.page.url()).origin).not.toBe(new URL(link).origin);
  const frame = host.page.frames()[1];
  if (!frame) throw new Error("no frame");
  await isDrawn(frame, "L1H3");
  const embedded = await pictureOf(frame);
  expect({ ...embedded, pixels: "" }).toEqual({ ...here, pixels: "" });
  await keepScreenshot(host.page, "newcomer-embedded");
  expect([...problems, ...elsewhere.problems, ...host.problems]).toEqual([]);
});

test.each([
  [360, 780],
  [768, 800],
])("%i pixels wide, what a switch does is in sight beside the switch", async (width, height) => {
  const { page, problems } = await site.open({ width, height });
  await tokensAre(page, TOKENS);
  await page.getByRole("button", { name: "Which head does it?" }).click();
  const which = panel(page, "Which head does it?");
  await says(which, /from \u2018it\u2019 to \u2018animal\u2019/);
  const outcome = page.locator(".picture-panel .outcome");
  await which.getByRole("button", { name: "Turn L2H1 off" }).click();
  expect(await says(outcome, /animal/)).toBe(
    "\u2018animal\u2019: 99.6 % \u2192 98.6 %. Attention is not explanation.",
  );
  expect(await isInSight(outcome)).toBe(true);
  await keepScreenshot(page, `newcomer-${width}`);
  await which.getByRole("button", { name: /^Try each/ }).click();
  await says(which, /L1H3 changes most/);
  const other = which
    .getByRole("table")
    .nth(1)
    .getByRole("button", { name: /^Turn L1H3/ });
  // What was found is clear of the strip, and all of it that is read first in the window.
  const strip = page.locator(".picture-panel");
  const edges = async (part: Locator): Promise<[top: number, bottom: number]> => {
    const { y, height } = (await part.boundingBox())!;
    return [y, y + height];
  };
  expect((await edges(other))[1]).toBeLessThanOrEqual((await edges(strip))[0]);
  expect((await edges(which.locator(".verdict").first()))[0]).toBeGreaterThanOrEqual(0);
  await other.click();
  expect(await says(outcome, /street/)).toBe(
    "\u2018animal\u2019: 99.6 % \u2192 30.4 %; likeliest now: \u2018street\u2019. Attention is not explanation.",
  );
  expect([await isInSight(other), await isInSight(outcome)]).toEqual([true, true]);
  // The strip leaves most of the window to what it goes along with.
  expect((await strip.boundingBox())!.height).toBeLessThan(160);
  expect(problems).toEqual([]);
});

test("the same by keyboard alone, even where the panels come after the question", async () => {
  let deliver = (): void => {};
  const pressed = new Promise<void>((resolve) => (deliver = resolve));
  const { page, problems } = await openPage({
    prepare: async (page) => {
      await page.route("**/rest-*.js", async (route) => {
        await pressed;
        await route.continue();
      });
    },
  });
  await page.getByRole("button", { name: "Which head does it?" }).press("Enter");
  deliver();
  const which = panel(page, "Which head does it?");
  await says(which, /from ‘it’ to ‘animal’/);
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press("Tab");
      if (name.test(await page.evaluate(() => document.activeElement?.textContent ?? ""))) return;
    }
    throw new Error(`no tab stop ${String(name)}`);
  };
  await tabTo(/^Turn L2H1 off$/);
  await page.keyboard.press("Enter");
  await says(which, /attention is not explanation/);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Turn L2H1 on");
  await tabTo(/^Try each/);
  await page.keyboard.press("Enter");
  await says(which, /L1H3 changes most/);
  await tabTo(/^Turn L1H3 off$/);
  await page.keyboard.press("Space");
  await says(which, /It hardly looked there/);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Turn L1H3 on");
  expect(problems).toEqual([]);
});
