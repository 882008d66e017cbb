// What axe-core objects to.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * By the debugger, which the Content-Security-Policy does not bind. Of the thousands of nodes that pass nothing is told:
 * to find a selector for each and carry it here took six times as long as the rules themselves.
 */
export async function violations(page: Page, rules: RunOptions["rules"] = {}): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(
    async (options) => {
      const { run } = (globalThis as unknown as { axe: { run(given: RunOptions): Promise<AxeResults> } }).axe;
      const result = await run(options);
      return result.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
      );
    },
    { rules, resultTypes: ["violations"] } satisfies RunOptions as RunOptions,
  );
}
