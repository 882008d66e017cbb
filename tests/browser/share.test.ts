// A picture passed on: by the page's address, by a copied link, as a file, and in other people's pages.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Frame, Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { EMBEDS } from "../../web/share/embeds.ts";
import { fragmentOf } from "../../web/share/link.ts";
import type { ViewState } from "../../web/state.ts";
import { overflow, violations } from "./gallery.ts";
import { choose, keepScreenshot, ready, SITE, startSite, type Site, type Visit } from "./site.ts";

let site: Site;
let host: Site;
let folder: string;
let visit: Visit;

beforeAll(async () => {
  site = await startSite();
  folder = await mkdtemp(join(tmpdir(), "heed-host-"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Someone else's page</title>");
  host = await startSite(folder);
});

afterAll(async () => {
  await site.close();
  await host.close();
  await rm(folder, { recursive: true });
});

afterEach(() => expect(visit.problems).toEqual([]));

const shown = (page: Page | Frame): Promise<ViewState> =>
  page.locator("heed-attention").evaluate((figure) => (figure as HeedAttention).state);

/** Its run is there, and drawn. */
const drawn = (page: Page | Frame, text: string): Promise<unknown> =>
  page.waitForFunction((wanted) => {
    const figure = document.querySelector("heed-attention");
    return figure?.run?.text === wanted && figure.shadowRoot?.querySelector(".view > *") !== null;
  }, text);

const hashIs = (page: Page, hash: string): Promise<unknown> =>
  page.waitForFunction((wanted) => location.hash === wanted, hash);

/** Opens the page at a fragment, with what the address says already there. */
async function openAt(fragment: string): Promise<Visit> {
  visit = await site.open({ url: `${site.url}${fragment}` });
  return visit;
}

const ANIMAL = "The animal didn't cross the street because it was too tired.";
const OPENING = "layer=2&heads=1&cell=10+2";

describe("the address", () => {
  test("is bare while the page shows what it opens with, follows what is chosen, and brings it back", async () => {
    const { page } = await openAt("");
    await ready(page);
    await drawn(page, ANIMAL);
    await page.waitForTimeout(500);
    expect(new URL(page.url()).hash).toBe("");
    await choose(page, "Lines");
    await hashIs(page, `#view=heads&${OPENING}&v=1`);
    await page.getByLabel("Type a sentence").fill("Cats sleep: \u0645\u0631\u062d\u0628\u0627 & more.");
    await drawn(page, "Cats sleep: \u0645\u0631\u062d\u0628\u0627 & more.");
    // The address may have been written before the run came, whose cell it says too.
    const state = await shown(page);
    await hashIs(page, fragmentOf(state));
    const link = page.url();
    expect(new URL(link).hash).toMatch(/^#text=Cats\+sleep%3A.*&v=1$/);
    const again = await site.open({ url: link });
    await drawn(again.page, state.text);
    expect(await shown(again.page)).toEqual(state);
    expect(again.page.url()).toBe(link);
    expect(again.problems).toEqual([]);
  });

  test("changed by hand or gone back to, it shows what it says", async () => {
    const { page } = await openAt("#text=A+dog+slept.&layer=3&heads=2&cell=2+1&v=1");
    await drawn(page, "A dog slept.");
    const first = await shown(page);
    expect(first).toMatchObject({ layer: 3, heads: [2], cell: { row: 2, col: 1 } });
    expect(await page.getByLabel("Type a sentence").inputValue()).toBe("A dog slept.");
    await page.evaluate(
      () => (location.hash = "#text=Two+cats+ran.&model=heed-gpt&view=rows&cell=2+1&ablate=L0H1&v=1"),
    );
    await drawn(page, "Two cats ran.");
    expect(await shown(page)).toMatchObject({
      model: "heed-gpt",
      view: "rows",
      cell: { row: 2, col: 1 },
      whatIf: { ablated: [[0, 1]] },
    });
    expect(await page.getByRole("radio", { name: "heed-gpt" }).isChecked()).toBe(true);
    await page.goBack();
    await drawn(page, "A dog slept.");
    expect(await shown(page)).toEqual(first);
    // What was typed for a decoder a moment before does not come after it: of two alike timers the later fires later.
    await page.evaluate(async () => {
      const target = document.querySelector<HTMLTextAreaElement>("#target");
      if (target) target.value = "typed";
      target?.dispatchEvent(new Event("input"));
      location.hash = "";
      await new Promise((later) => setTimeout(later, 150));
    });
    await drawn(page, ANIMAL);
    expect(await shown(page)).toMatchObject({ layer: 2, heads: [1], cell: { row: 10, col: 2 }, target: "" });
  });

  test("broken or hostile, it shows the default and says so in words, until the visitor does something", async () => {
    const { page } = await openAt("#layer=-1&view=%3Cimg%20src=x%20onerror=alert(1)%3E&heads=x&v=1");
    const saying = page.locator(".link-said");
    for (const [fragment, words] of [
      ["", /no sense .*: layer, view, heads\.$/],
      ["#%&%%%=%zz&__proto__=1&constructor=2", /not known here and was left out\.$/],
      ["#layer=99&heads=7&cell=900+2&v=1", /not there/],
    ] as const) {
      if (fragment) await page.evaluate((hash) => (location.hash = hash), fragment);
      await drawn(page, ANIMAL);
      await saying.filter({ hasText: words }).waitFor();
      const { layer, heads, view, text } = await shown(page);
      expect({ layer, heads, view, text }).toEqual({ layer: 0, heads: [0], view: "matrix", text: ANIMAL });
    }
    expect(await page.locator("main img").count()).toBe(0);
    await choose(page, "Layer 1");
    expect(await saying.innerText()).toBe("");
  });
});

describe("under the picture", () => {
  beforeEach(async () => {
    await openAt(`#${OPENING}&v=1`);
    await drawn(visit.page, ANIMAL);
  });

  test("a link is copied, and that is said", async () => {
    const { page } = visit;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("Link copied. It opens").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${site.url}#${OPENING}&v=1`);
    await page.getByLabel("Type a sentence").fill("long ".repeat(600));
    await page.getByText("Cut:").waitFor();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText(/It has 3,\d\d\d characters/).waitFor();
    await page.getByLabel("Type a sentence").fill("long ".repeat(6000));
    await page.waitForFunction(() => (document.querySelector("heed-attention")?.text.length ?? 0) > 29000);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("its first 20,000 characters").waitFor();
  });

  test("where the browser refuses, the link is there to be copied by hand", async () => {
    const { page } = visit;
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
    });
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("does not let this page copy").waitFor();
    const field = page.getByRole("textbox", { name: "Link" });
    expect(await field.inputValue()).toBe(page.url());
    expect(await field.evaluate((input: HTMLInputElement) => input.selectionEnd)).toBe(page.url().length);
  });

  test("the picture and its numbers are saved by name", async () => {
    const { page } = visit;
    for (const [format, begins] of [
      ["SVG", /^<\?xml/],
      ["PNG", /^.PNG/],
      ["CSV", /^[^\n]*,/],
      ["JSON", /^\{/],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: format, exact: true }).click(),
      ]);
      const name = `heed-bert-matrix-L2H1.${format.toLowerCase()}`;
      expect(download.suggestedFilename()).toBe(name);
      expect(await readFile(await download.path(), "latin1")).toMatch(begins);
      await page.getByText(`Saved as ${name}.`).waitFor();
    }
  });
});

describe("the dialog", () => {
  const opened = async (): Promise<Page> => {
    const { page } = await openAt(`#${OPENING}&v=1`);
    await drawn(page, ANIMAL);
    await page.getByRole("button", { name: "Embed" }).press("Enter");
    await page.getByRole("dialog", { name: "Embed this picture" }).waitFor();
    return page;
  };

  test("is worked by keyboard, copies, and gives the focus back", async () => {
    const page = await opened();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true);
    await page.getByRole("button", { name: "Copy: As an element" }).press("Enter");
    await page.getByText("Copied: As an element").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `<script type="module" src="${site.url}element/element.js"></script>\n` +
        '<heed-attention layer="2" head="1" cell="10 2"></heed-attention>',
    );
    // What will stand there is shown, and can't be reached.
    const preview = page.locator(".embed-preview heed-attention");
    await preview.locator(".plate").waitFor();
    expect(await preview.evaluate((node: HTMLElement) => node.inert)).toBe(true);
    await preview.locator(".segmented").first().waitFor();
    await page.getByLabel("With controls").press("Space");
    await preview.locator(".segmented").first().waitFor({ state: "hidden" });
    await page.getByLabel("Light or dark").selectOption("dark");
    const text = (name: string): Promise<string> => page.getByRole("textbox", { name }).inputValue();
    expect(await text("As an element")).toContain('controls="none" theme="dark"');
    expect(await text("In a frame")).toContain(
      `src="${site.url}embed.html#controls=none&amp;theme=dark&amp;layer=2`,
    );
    expect(await text("As a link")).toBe(`${site.url}#${OPENING}&v=1`);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Embed \u2026");
  });

  test("wide and light, narrow and dark: no violations, nothing sideways", async () => {
    const page = await opened();
    for (const [width, theme] of [
      [1440, "light"],
      [360, "dark"],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme });
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await keepScreenshot(page, `embed-dialog-${width}-${theme}`);
    }
  });

  test("writes snippets that show the same picture in other people's pages, sentence included", async () => {
    const hostile = `Say "</heed-attention><script>parent.hacked=1</script>" & 'run' \u{1f642}.`;
    const { page } = await openAt(`#${String(new URLSearchParams({ text: hostile }))}&view=rows&v=1`);
    await drawn(page, hostile);
    const state = await shown(page);
    await page.getByRole("button", { name: "Embed" }).click();
    for (const [name, file] of [
      ["As an element", "element.html"],
      ["In a frame", "frame.html"],
    ] as const) {
      const snippet = await page.getByRole("textbox", { name }).inputValue();
      await writeFile(
        join(folder, file),
        `<!doctype html><meta charset="utf-8"><title>Theirs</title><link rel="icon" href="data:,">${snippet}`,
      );
      const theirs = await host.open({ url: host.url + file });
      const frame = file === "frame.html" ? theirs.page.frames()[1] : theirs.page.mainFrame();
      if (!frame) throw new Error("no frame");
      await frame.locator("heed-attention").waitFor();
      await drawn(frame, hostile);
      expect(await shown(frame)).toEqual(state);
      expect(await theirs.page.evaluate(() => "hacked" in window)).toBe(false);
      expect(theirs.problems).toEqual([]);
      if (file === "frame.html") await framed(theirs.page, frame);
    }
  });

  /** As high as what it shows, before and after another view. */
  async function framed(page: Page, frame: Frame): Promise<void> {
    const isAsHigh = (before: number): Promise<unknown> =>
      frame.waitForFunction(
        (height) =>
          innerHeight !== height &&
          innerHeight === Math.ceil(document.documentElement.getBoundingClientRect().height),
        before,
      );
    // What the snippet says until the figure does.
    await isAsHigh(700);
    const height = await frame.evaluate(() => innerHeight);
    expect(await page.locator("iframe").evaluate((node) => node.getBoundingClientRect().height)).toBe(height);
    await frame.getByRole("radio", { name: "Text", exact: true }).click();
    await isAsHigh(height);
  }
});

describe("embed.html", () => {
  test.each(Object.entries(EMBEDS))("%s's works from a folder, alone", async (model, { file, megabytes }) => {
    const path = join(SITE, file);
    visit = await site.open({ url: `file://${path}#layer=2&heads=1&theme=dark&v=1` });
    const { page, requests } = visit;
    await drawn(page, ANIMAL);
    expect(await shown(page)).toMatchObject({ model, layer: 2, heads: [1] });
    expect(requests.map((url) => url.slice(0, 8))).toEqual(["file:///"]);
    expect(await page.getByRole("grid").isVisible()).toBe(true);
    // What the dialog says that it weighs.
    expect((gzipSync(await readFile(path)).length / 1e6).toFixed(1)).toBe(megabytes);
    expect((await stat(path)).size).toBeLessThan(5_000_000);
    await page.evaluate(() => (location.hash = "#text=A+dog.&view=text&v=1"));
    await drawn(page, "A dog.");
  });

  test("says which model it holds where a link wants the other", async () => {
    visit = await site.open({ url: `${site.url}embed.html#model=heed-gpt&v=1` });
    await visit.page.getByText("this file holds heed-bert").waitFor();
  });
});
