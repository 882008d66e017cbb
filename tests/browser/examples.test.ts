// Every folder of examples/, opened: its figure is drawn. What is a tool's own and what stands in for it, examples/README.md says.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Frame, Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import {
  buildMdx,
  buildObservable,
  buildReact,
  layOutExamples,
  writeWidgetHost,
  type Examples,
} from "./example_folders.ts";
import { startSite, type Site, type Visit } from "./site.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ANIMAL = "The animal didn't cross the street because it was too tired.";

let examples: Examples;
let site: Site;
let visit: Visit;

beforeAll(async () => {
  examples = await layOutExamples();
  const { folder } = examples;
  await Promise.all([buildReact(folder), buildMdx(folder), buildObservable(folder), writeWidgetHost(folder)]);
  site = await startSite(folder);
});

afterAll(async () => {
  await site.close();
  await examples.remove();
});

afterEach(() => {
  expect(visit.problems).toEqual([]);
  expect(visit.requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url))).toEqual([]);
});

async function open(path: string): Promise<Page> {
  visit = await site.open({ url: site.url + path });
  return visit.page;
}

/** A figure's text, layer and head, once its picture is there; and the weight that the matrix says. */
async function drawn(page: Page | Frame, nth = 0): Promise<{ text: string; layer: number; head: number }> {
  const figure = page.locator("heed-attention").nth(nth);
  await figure.scrollIntoViewIfNeeded();
  await figure.locator(".view > *").first().waitFor();
  return figure.evaluate((node) => {
    const { run, layer, head } = node as HeedAttention;
    return { text: run?.text ?? "", layer, head };
  });
}

const details = (page: Page | Frame): Promise<string> => page.locator(".details").first().innerText();

test("html: two tags", async () => {
  const page = await open("html/index.html");
  expect(await drawn(page)).toEqual({ text: ANIMAL, layer: 2, head: 1 });
  expect(await details(page)).toMatch(/^it \u2192 animal: over 99\.9\s%/);
  expect(await drawn(page, 1)).toMatchObject({ text: "The cat sat on the mat because it was warm." });
});

test("html: a frame that is as high as what it shows", async () => {
  const page = await open("html/frame.html");
  const frame = page.frames()[1] as Frame;
  expect(await drawn(frame)).toEqual({ text: "Apple pie is delicious.", layer: 2, head: 1 });
  await page.waitForFunction(() => document.querySelector("iframe")?.style.height !== "600px");
  await frame.waitForFunction(() => document.documentElement.scrollHeight === innerHeight);
});

test("react: properties go down, events come up", async () => {
  const page = await open("react/dist/index.html");
  expect(await drawn(page)).toEqual({ text: ANIMAL, layer: 2, head: 1 });
  await page.getByLabel("Sentence").fill("The dog barked because it was hungry.");
  await page.waitForFunction(() => document.querySelector("heed-attention")?.run?.text.includes("dog"));
  await page.getByRole("gridcell").first().click();
  await page.getByText(/^\[CLS\] gives \[CLS\] \d/).waitFor();
});

test("reveal: a figure that starts with its slide, whose arrow keys stay in it", async () => {
  const page = await open("reveal/index.html");
  await page.locator(".reveal.ready").waitFor();
  const slide = (): Promise<string> =>
    page.evaluate(() => location.hash + document.querySelectorAll(".present").length);
  expect(await page.evaluate(() => document.querySelector("heed-attention")?.run)).toBeUndefined();
  await page.keyboard.press("ArrowRight");
  expect(await drawn(page)).toEqual({ text: ANIMAL, layer: 2, head: 1 });
  const second = page.locator("section").nth(1);
  expect(await second.getAttribute("class")).toContain("present");
  const before = await slide();
  await page.locator("heed-attention [tabindex='0']").first().focus();
  await page.keyboard.press("ArrowLeft");
  expect(await slide()).toBe(before);
  expect(await second.getAttribute("class")).toContain("present");
});

test("docusaurus: the component in MDX", async () => {
  const page = await open("docusaurus/index.html");
  expect(await drawn(page)).toEqual({ text: ANIMAL, layer: 2, head: 1 });
  expect(await details(page)).toMatch(/^it \u2192 animal: over 99\.9\s%/);
  expect(await drawn(page, 1)).toMatchObject({ text: "Apple pie is delicious." });
});

test("observable: cells that follow one another, in one frame", async () => {
  const page = await open("observable/src/index.html");
  await page.locator("iframe").waitFor();
  const frame = page.frames()[1] as Frame;
  expect(await drawn(frame)).toEqual({ text: "A dog slept because it was tired.", layer: 2, head: 1 });
  await page.evaluate(() => {
    const { layer } = window as unknown as { layer: { define(name: string, value: number): void } };
    layer.define("layer", 3);
  });
  await frame.waitForFunction(() => document.querySelector("heed-attention")?.layer === 3);
  expect(page.frames()[1]).toBe(frame);
});

test("quarto: the page that pandoc made", async () => {
  const page = await open("quarto/attention.html");
  expect(await drawn(page)).toEqual({ text: ANIMAL, layer: 2, head: 1 });
  expect(await drawn(page, 1)).toMatchObject({
    text: 'The cat sat on the mat because it was "warm" & <soft>.',
  });
});

describe("jupyter", () => {
  interface Host {
    model: { set(name: string, value: unknown): void };
    listeners: Map<string, Set<unknown>>;
    cleanUp(): void;
  }

  test("traits go down, the chosen cell comes up, and nothing is left behind", async () => {
    const page = await open("jupyter/index.html");
    expect(await drawn(page)).toEqual({ text: ANIMAL, layer: 2, head: 1 });
    await page.evaluate(() =>
      (window as unknown as { host: Host }).host.model.set("text", "Apple pie is delicious."),
    );
    await page.waitForFunction(() => document.querySelector("heed-attention")?.run?.text.startsWith("Apple"));
    await page.getByRole("gridcell").first().click();
    const saved = await page.evaluate(() => (window as unknown as { saved: unknown[] }).saved);
    expect(saved).toMatchObject([
      { text: "Apple pie is delicious.", selected: { row: 0, col: 0, query: "[CLS]" } },
    ]);
    const left = await page.evaluate(() => {
      const { host } = window as unknown as { host: Host };
      host.cleanUp();
      return [
        document.querySelector("main")?.childElementCount,
        [...host.listeners.values()].map(({ size }) => size),
      ];
    });
    expect(left[0]).toBe(0);
    expect(new Set(left[1] as number[])).toEqual(new Set([0]));
  });

  test("the notebook and the widget know the same settings", async () => {
    const text = await readFile(join(root, "examples/jupyter/heed_widget.js"), "utf8");
    const python = await readFile(join(root, "examples/jupyter/heed_widget.py"), "utf8");
    const traits = [...python.matchAll(/^ {4}(\w+) = traitlets/gm)].map(([, name]) => name);
    const settings = JSON.parse(/SETTINGS = (\[.*\]);/.exec(text)?.[1] ?? "[]") as string[];
    expect(traits).toEqual(["script", ...settings, "selected"]);
    const notebook = JSON.parse(await readFile(join(root, "examples/jupyter/attention.ipynb"), "utf8")) as {
      cells: { source: string[] }[];
    };
    expect(notebook.cells[0]?.source[0]).toBe("from heed_widget import Attention\n");
  });
});
