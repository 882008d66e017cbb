// How long the page that people see takes from navigation to its first matrix on the screen.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "../../web/serve.mjs";
import { launchOptions } from "./chromium_flags.mjs";
import { pageFolder } from "./site.mjs";

/** Of one visit, in milliseconds; beyond, something is wrong. */
const longestVisit = 60_000;
/** For what a browser does by itself: when it has just been opened, and, after a visit, keeping what it compiled of the scripts. */
const restBefore = 1000;
const restAfter = 2000;
const firstMatrixSaid = "heed: first matrix ";

/**
 * Visits in milliseconds. `profile`: the first, second, … of somebody who comes back, each in a browser just opened, on one profile
 * on disk: from the second on the files come from its cache, from the third on also what was compiled of them. `privately`: visits
 * in one private window, whose files stay in memory and are compiled anew each time; the first, which fetches them, left out.
 */
export async function measureVisits(count) {
  const server = await serve(pageFolder);
  try {
    return {
      profile: await visitAgain(server.url, count),
      privately: await visitPrivately(server.url, count),
    };
  } finally {
    await server.close();
  }
}

async function visitAgain(url, count) {
  const profile = await mkdtemp(join(tmpdir(), "heed-bench-"));
  const times = [];
  try {
    while (times.length < count) {
      const context = await chromium.launchPersistentContext(profile, await launchOptions());
      try {
        times.push(await visit(context, url));
      } finally {
        await context.close();
      }
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
  return times;
}

async function visitPrivately(url, count) {
  const browser = await chromium.launch(await launchOptions());
  try {
    const context = await browser.newContext();
    const times = [];
    for (let i = 0; i <= count; i++) times.push(await visit(context, url));
    return times.slice(1);
  } finally {
    await browser.close();
  }
}

/** The page says it: to ask would be to run code of one's own in the middle of what is measured. */
async function visit(context, url) {
  const page = await context.newPage();
  await page.addInitScript(noteFirstMatrix, firstMatrixSaid);
  const heard = [];
  page.on("console", (message) => heard.push(message.text()));
  page.on("pageerror", (error) => heard.push(String(error)));
  await page.waitForTimeout(restBefore);
  const said = page.waitForEvent("console", {
    predicate: (message) => message.text().startsWith(firstMatrixSaid),
    timeout: longestVisit,
  });
  try {
    const [message] = await Promise.all([
      said,
      page.goto(url, { waitUntil: "commit", timeout: longestVisit }),
    ]);
    // Whole: what is still loading would be fetched anew by the next visit.
    await page.locator("body[data-ready='heed-bert heed-gpt']").waitFor({ timeout: longestVisit });
    await page.waitForTimeout(restAfter);
    return Number(message.text().slice(firstMatrixSaid.length));
  } catch (cause) {
    const words =
      heard.length > 0 ? `the page says: ${heard.slice(0, 5).join("; ")}` : "the page says nothing";
    throw new Error(`no matrix within ${longestVisit / 1000} s of opening the page; ${words}`, { cause });
  } finally {
    await page.close();
  }
}

/** Runs in the page before its own scripts. */
function noteFirstMatrix(said) {
  const drawn = () => document.querySelector("heed-attention")?.shadowRoot?.querySelector("canvas.cells");
  let isSaid = false;
  // The element says that it has a run, and draws it at once. The second frame begins when the first, with the matrix in it,
  // is on the screen.
  document.addEventListener("heed-run", () =>
    requestAnimationFrame(() =>
      requestAnimationFrame((time) => {
        if (isSaid || !drawn()) return;
        isSaid = true;
        console.debug(said + time);
      }),
    ),
  );
}
