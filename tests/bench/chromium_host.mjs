// Measures in a page of headless Chromium, served as GitHub Pages serves: without cross-origin isolation, so without shared memory.

import { chromium } from "playwright-core";
import { ensureChromium } from "../../wasm/toolchain/setup.mjs";
import { serve } from "../../web/serve.mjs";
import { pageAddresses, pageFolder, siteFolder } from "./site.mjs";

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export async function openChromium() {
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: flags });
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
    firstMatrix: (visits) => firstMatrix(browser, visits),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function firstMatrix(browser, visits) {
  const server = await serve(pageFolder);
  const context = await browser.newContext();
  try {
    await context.addInitScript(noteFirstMatrix);
    const times = [];
    for (let visit = -1; visit < visits; visit++) {
      const page = await context.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => globalThis.firstMatrix > 0);
      const time = await page.evaluate(() => globalThis.firstMatrix);
      if (visit >= 0) times.push(time);
      // Whole: what is still loading would be fetched anew by the next visit.
      else await page.waitForFunction(() => document.body.dataset.ready?.split(" ").length === 2);
      await page.close();
    }
    return times;
  } finally {
    await context.close();
    await server.close();
  }
}

/** Runs in the page before its own scripts. */
function noteFirstMatrix() {
  const drawn = () => document.querySelector("heed-attention")?.shadowRoot?.querySelector("canvas.cells");
  // The element says that it has a run, and draws it at once. The second frame begins when the first, with the matrix in it,
  // is on the screen.
  document.addEventListener("heed-run", () =>
    requestAnimationFrame(() =>
      requestAnimationFrame((time) => {
        if (drawn()) globalThis.firstMatrix ??= time;
      }),
    ),
  );
}
