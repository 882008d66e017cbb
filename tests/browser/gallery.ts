// One view by itself, in the gallery's page: of a site that serves GALLERY.

import type { Page } from "playwright-core";
import type { ViewState } from "../../web/state.ts";
import { violations as pageViolations } from "./axe.ts";
import type { Look, Site, Visit } from "./site.ts";

export interface Shown extends Partial<ViewState> {
  /** Without whole matrices. */
  long?: boolean;
  /** The matrix as the element shows it, not the map. */
  whole?: boolean;
  /** A made run of so many tokens. */
  tokens?: number;
  /** The address of another model's folder. */
  source?: string;
}

const opened = new WeakMap<Site, Visit>();

/** One page serves all views of a site: the second finds the models loaded. `look.prepare` is done once. */
export async function openView(site: Site, state: Shown, look: Look = {}): Promise<Visit> {
  const hash = `#${encodeURIComponent(JSON.stringify(state))}`;
  const visit = opened.get(site) ?? (await site.open({ ...look, stays: true, url: site.url + hash }));
  if (opened.has(site)) await showAgain(visit, hash, look);
  opened.set(site, visit);
  await visit.page.locator("main").waitFor();
  return visit;
}

/** As if the page was opened with it. */
async function showAgain({ page, problems }: Visit, hash: string, look: Look): Promise<void> {
  const { width = 1440, height = 900, theme = "light" } = look;
  problems.length = 0;
  await page.mouse.move(0, 0);
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate((next) => {
    history.replaceState(null, "", next);
    scrollTo(0, 0);
    // By itself it comes later, and not at all where the next view is the same.
    dispatchEvent(new HashChangeEvent("hashchange"));
  }, hash);
}

/** What the view has asked for, all together. */
export async function stateOf(page: Page): Promise<ViewState> {
  return JSON.parse((await page.locator("body").getAttribute("data-state")) ?? "{}") as ViewState;
}

/** A view alone has no heading of the page. */
export const violations = (page: Page): Promise<string[]> =>
  pageViolations(page, { "page-has-heading-one": { enabled: false } });

export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Of the element that has the focus. */
export const focused = (page: Page): Promise<string | null> =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? null,
  );
