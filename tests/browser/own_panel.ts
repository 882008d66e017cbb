// The page with "Use your own model" open, and whether what it shows is what transformers has.

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect } from "@jest/globals";
import type { Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { difference, fixturePath, readJson, readTensors } from "../fixtures/read.js";
import { asGguf, goldenCheckpoint } from "../js/models/gguf_checkpoint.js";
import { ready, startSite, type Site, type Visit } from "./site.js";

export const models = fixturePath("golden/models");
/** The files of a golden checkpoint. */
export const own = (name: string): string[] =>
  readdirSync(`${models}/${name}`).filter((file) => !file.startsWith("expected"));

/** A golden Llama as llama.cpp's converter writes it. */
export const llamaGguf = Buffer.from(asGguf(goldenCheckpoint("llama"), "F32"));

export let site: Site;
export let visit: Visit;
export let page: Page;

/** For all tests of a file, one after another on one page. */
export function onOnePage(): void {
  beforeAll(async () => {
    site = await startSite();
    visit = await site.open();
    page = visit.page;
    await ready(page);
    await openPanel();
  });

  afterAll(() => site.close());
}

export const openPanel = async (): Promise<void> => {
  await page.getByText("Use your own model").click();
  await page.getByLabel("Name or address").waitFor();
};
export const said = (text: string | RegExp): Promise<void> =>
  page.locator(".own-said").first().filter({ hasText: text }).waitFor();

/** What is out of sight waits. */
export const lookAtFigure = (): Promise<void> => page.locator("heed-attention").scrollIntoViewIfNeeded();

/** Files of these names, picked as a folder's. */
export async function pick(paths: readonly string[]): Promise<void> {
  await page.locator(".own-drop input:not([webkitdirectory])").setInputFiles([...paths]);
}

/**
 * The weights of a text, when this model has read it: of the name and of these sizes, and in another run than those of the
 * model before, which may have had both. `n`: the text's tokens.
 */
export async function weightsOf(
  text: string,
  [layers, heads, n]: readonly [number, number, number],
  model = "model",
): Promise<number[]> {
  await page.getByLabel("Type a sentence").fill(text);
  await lookAtFigure();
  await page.waitForFunction(
    ([wanted, name, ...sizes]) => {
      const run = document.querySelector<HeedAttention>("heed-attention")?.run;
      const isOf = [run?.numLayers, run?.numHeads, run?.tokens.length].every((size, i) => size === sizes[i]);
      const seen = globalThis as { runSeen?: unknown };
      if (run?.text !== wanted || run.model !== name || !isOf || run === seen.runSeen) return false;
      seen.runSeen = run;
      return true;
    },
    [text, model, layers, heads, n] as const,
  );
  return page.evaluate(() => [
    ...(document.querySelector<HeedAttention>("heed-attention")?.run?.stages.weights ?? []),
  ]);
}

interface Expected {
  texts: { key: string; text: string }[];
}

/** What is shown reads a text as transformers does with a golden checkpoint. */
export async function expectGolden(name: string, model?: string) {
  const { texts } = readJson<Expected>(`golden/models/${name}/expected.json`);
  const { key, text } = texts[0] as Expected["texts"][number];
  const attentions = readTensors(`golden/models/${name}/expected.safetensors`)[`${key}.attentions`];
  const [layers = 0, heads = 0, n = 0] = attentions?.shape.slice(-4) ?? [];
  const weights = await weightsOf(text, [layers, heads, n], model);
  const atol = /^b?f16/.test(name) ? 1e-3 : 1e-5;
  expect(difference(weights, attentions?.data ?? [], { atol, rtol: 0 })).toBe("");
  return { weights, layers, heads, n };
}
