// Measures in a page of headless Chromium, served as GitHub Pages serves: without cross-origin isolation, so without shared memory.

import { chromium } from "playwright-core";
import { ensureChromium } from "../../wasm/toolchain/setup.mjs";
import { serve } from "../../web/serve.mjs";
import { pageAddresses, pageFolder, siteFolder } from "./site.mjs";

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

const launch = async () => chromium.launch({ executablePath: await ensureChromium(), args: flags });

export async function openChromium() {
  const browser = await launch();
  const server = await serve(siteFolder);
  const addresses = pageAddresses(server.url);

  /** Calls an export of the suite in a page of its own. */
  async function call(name, args, report = () => undefined) {
    const context = await browser.newContext();
    const page = await context.newPage();
    try {
      await page.exposeFunction("report", report);
      await page.goto(server.url);
      return await page.evaluate(
        async ({ suite, name, args }) => (await import(suite))[name](...args, globalThis.report),
        { suite: `${server.url}suite.js`, name, args },
      );
    } finally {
      await context.close();
    }
  }

  return {
    name: `Chromium ${browser.version()}`,
    note: undefined,
    measure: (plan, report) => call("run", [{ ...plan, addresses }], report),
    models: (plan) => call("runModels", [{ ...plan, addresses }]),
    length: (plan) => call("measureLength", [{ ...plan, addresses }]),
    start: (problem, budget) => call("measureStart", [addresses.heed, problem, budget]),
    /** Milliseconds from navigation to the first matrix on the screen, `visits` times, after one that fills the disk cache. */
    firstMatrix,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Of one visit, in milliseconds; beyond, something is wrong. */
const longestVisit = 60_000;
const firstMatrixSaid = "heed: first matrix ";

/** In a browser of its own, so that what was measured before it has left nothing behind. */
async function firstMatrix(visits) {
  const browser = await launch();
  const server = await serve(pageFolder);
  try {
    const context = await browser.newContext();
    await context.addInitScript(noteFirstMatrix, firstMatrixSaid);
    const times = [];
    for (let visit = -1; visit < visits; visit++) {
      const page = await context.newPage();
      const time = await visitFor(page, server.url);
      if (visit >= 0) times.push(time);
      // Whole: what is still loading would be fetched anew by the next visit.
      else await page.locator("body[data-ready='heed-bert heed-gpt']").waitFor({ timeout: longestVisit });
      await page.close();
    }
    return times;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The page says it: to ask would be to run code of one's own in the middle of what is measured. */
async function visitFor(page, url) {
  const heard = [];
  page.on("console", (message) => heard.push(message.text()));
  page.on("pageerror", (error) => heard.push(String(error)));
  const said = page.waitForEvent("console", {
    predicate: (message) => message.text().startsWith(firstMatrixSaid),
    timeout: longestVisit,
  });
  try {
    const [message] = await Promise.all([
      said,
      page.goto(url, { waitUntil: "commit", timeout: longestVisit }),
    ]);
    return Number(message.text().slice(firstMatrixSaid.length));
  } catch (cause) {
    const words =
      heard.length > 0 ? `the page says: ${heard.slice(0, 5).join("; ")}` : "the page says nothing";
    throw new Error(`no matrix within ${longestVisit / 1000} s of opening the page; ${words}`, { cause });
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
