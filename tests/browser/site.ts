// The built page in Chromium, with everything that goes wrong written down.

import { afterEach, beforeEach } from "@jest/globals";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { serve } from "../../web/serve.mjs";
import { launchBrowser, PATIENCE } from "./browser.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const SITE = at("../../build/site");
export const GALLERY = at("../../build/gallery");
const ARTEFACTS = at("../artefacts/");

export interface Look {
  width?: number;
  height?: number;
  theme?: "light" | "dark";
  url?: string;
  /** Longer than the test that opens it: else it ends with that test. */
  stays?: boolean;
  /** Done with the page before it goes anywhere. */
  prepare?: (page: Page) => Promise<void>;
}

export interface Visit {
  page: Page;
  /** Console errors and warnings, uncaught errors, violations of the Content-Security-Policy. */
  problems: string[];
  /** Every address asked for since the page was opened. */
  requests: string[];
}

export interface Site {
  url: string;
  open(look?: Look): Promise<Visit>;
  close(): Promise<void>;
}

/** Of the test that runs now: with it they end, and what they compute and paint. What is opened before the tests stays. */
let pages: Page[] | undefined;

beforeEach(() => {
  pages = [];
});

afterEach(async () => {
  const ended = pages ?? [];
  pages = undefined;
  await Promise.all(ended.map((page) => page.close()));
});

export async function startSite(folder = SITE): Promise<Site> {
  const server = await serve(folder);
  const browser = await launchBrowser();
  return {
    url: server.url,
    async open({
      width = 1440,
      height = 900,
      theme = "light",
      url = server.url,
      stays = false,
      prepare,
    } = {}) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
      page.setDefaultTimeout(PATIENCE);
      if (!stays) pages?.push(page);
      const visit: Visit = { page, problems: [], requests: [] };
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) visit.problems.push(message.text());
      });
      page.on("pageerror", (error) => visit.problems.push(String(error)));
      page.on("request", (request) => visit.requests.push(request.url()));
      await prepare?.(page);
      await page.goto(url);
      return visit;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Both models are loaded and the first picture is drawn. */
export async function ready(page: Page): Promise<void> {
  await page.locator("body[data-ready='heed-bert heed-gpt']").waitFor();
  await page.locator(".picture").waitFor();
}

/** Types a sentence and waits for its picture: its tokens, as shown. */
export async function type(page: Page, text: string, tokens: readonly string[]): Promise<void> {
  await page.getByLabel("Type a sentence").fill(text);
  await tokensAre(page, tokens);
}

export async function tokensAre(page: Page, tokens: readonly string[]): Promise<void> {
  const wanted = tokens.join("\n");
  await page.waitForFunction(
    (joined) =>
      Array.from(
        document.querySelector("heed-attention")?.shadowRoot?.querySelectorAll(".chip .word") ?? [],
        (word) => word.textContent,
      ).join("\n") === joined,
    wanted,
  );
}

/** Chooses a radio button as a pointer does. */
export async function choose(page: Page, name: string | RegExp, exact = true): Promise<void> {
  await page.getByRole("radio", typeof name === "string" ? { name, exact } : { name }).click();
}

/** The numbers behind the picture, row by row. */
export async function numbers(page: Page): Promise<number[]> {
  const values = await page
    .getByRole("gridcell")
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-value")));
  return values.map(Number);
}

export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: `${ARTEFACTS}${name}.png`, fullPage: true });
}
