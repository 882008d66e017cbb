// One view by itself, in the built site's gallery page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import type { ViewState } from "../../web/state.ts";
import type { Look, Site, Visit } from "./site.ts";

export interface Shown extends Partial<ViewState> {
  /** Without whole matrices. */
  long?: boolean;
  /** A made run of so many tokens. */
  tokens?: number;
  /** The address of another model's folder. */
  source?: string;
}

export async function openView(site: Site, state: Shown, look: Look = {}): Promise<Visit> {
  const visit = await site.open({
    ...look,
    url: `${site.url}gallery.html#${encodeURIComponent(JSON.stringify(state))}`,
  });
  await visit.page.locator("main").waitFor({ timeout: 60000 });
  return visit;
}

/** What the view has asked for, all together. */
export async function stateOf(page: Page): Promise<ViewState> {
  return JSON.parse((await page.locator("body").getAttribute("data-state")) ?? "{}") as ViewState;
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** By the debugger, which the Content-Security-Policy does not bind. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // A view alone has no heading of the page.
  const result = (await page.evaluate(
    "axe.run({ rules: { 'page-has-heading-one': { enabled: false } } })",
  )) as AxeResults;
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
  );
}

export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Of the element that has the focus. */
export const focused = (page: Page): Promise<string | null> =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? null,
  );
