// Measures in a page of headless Chromium, served as GitHub Pages serves: without cross-origin isolation, so without shared memory.

import { chromium } from "playwright-core";
import { serve } from "../../web/serve.mjs";
import { launchOptions } from "./chromium_flags.mjs";
import { measureVisits } from "./page_visits.mjs";
import { pageAddresses, siteFolder } from "./site.mjs";

export async function openChromium() {
  const browser = await chromium.launch(await launchOptions());
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
    visits: measureVisits,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
