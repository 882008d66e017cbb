// Pages with <heed-attention> as its users have it: the built files, under a policy as strict as policies get.

import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { HeedAttention } from "../../web/element/element.ts";
import { startSite, type Site, type Visit } from "./site.ts";

export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

export const MODULE = '<script type="module" src="./element.js"></script>';

export const pageWith = (body: string, script = MODULE, policy = POLICY): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>A page</title>${script}</head><body><main>${body}</main></body></html>`;

export const TWO_TAGS = '<heed-attention layer="2" head="1"></heed-attention>';

let folder: string;
export let site: Site;
export let visit: Visit;

/** For all tests of a file: a site of such pages, and an empty one of them for each test. */
export function eachOnItsOwnPage(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "heed-element-"));
    for (const name of ["element.js", "element.iife.js", "chunks", "models.js", "models"])
      await cp(new URL(`../../dist/${name}`, import.meta.url), join(folder, name), { recursive: true });
    await writeFile(join(folder, "index.html"), pageWith("<h1>A page</h1>"));
    await writeFile(join(folder, "two_tags.html"), pageWith(TWO_TAGS));
    await writeFile(
      join(folder, "classic.html"),
      pageWith(TWO_TAGS, '<script defer src="./element.iife.js"></script>'),
    );
    site = await startSite(folder);
  });

  afterAll(async () => {
    await site.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    visit = await site.open();
  });

  afterEach(() => expect(visit.problems).toEqual([]));
}

/** Adds an element and waits for its picture. */
export async function add(attributes: Record<string, string> = {}, page = visit.page): Promise<void> {
  await page.evaluate(async (given) => {
    const element = document.createElement("heed-attention");
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    const drawn = new Promise((resolve) => element.addEventListener("heed-run", resolve, { once: true }));
    document.querySelector("main")?.append(element);
    await drawn;
    await element.updateComplete;
  }, attributes);
}

export const element = (page: Page) => page.locator("heed-attention").first();

/** Reads or does something with the first element. */
export const ask = <T>(work: (element: HeedAttention) => T | Promise<T>): Promise<T> =>
  element(visit.page).evaluate(work as unknown as (element: SVGElement | HTMLElement) => Promise<T>);

export const details = (page = visit.page): Promise<string> => page.locator(".details").first().innerText();

export const weightsFiles = (): number =>
  visit.requests.filter((url) => url.endsWith("heed-bert/model.safetensors")).length;
