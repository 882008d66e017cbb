// Workers in Chromium: from another origin, in a sandbox, and where the page forbids them.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { launchBrowser, PATIENCE } from "./browser.ts";

const library = readFileSync(fileURLToPath(new URL("../../dist/heed.js", import.meta.url)));

let cdn: Server;
let pages: Server;
let browser: Browser;

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const listen = (server: Server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done));

/** Compares the bits of both calls, and says so in the title. */
const program = (url: string): string => `
  import { createEngine } from "${url}";
  const q = Float32Array.from({ length: 800 * 192 }, (_, i) => Math.sin(i));
  const engine = await createEngine({ workers: 2 });
  const options = { numHeads: 3, headDim: 64, capture: ["logsumexp"] };
  const bits = ({ output, logsumexp }) => [output, logsumexp].map((x) => new Uint32Array(x.buffer).join()).join();
  const expected = bits(engine.attention(q, q, q, options));
  const same = [];
  for (let n = 0; n < 2; n++) {
    const results = await Promise.all([1, 2, 3].map(() => engine.attentionAsync(q, q, q, options)));
    same.push(...results.map((result) => bits(result) === expected));
  }
  engine.dispose();
  await engine.attentionAsync(q, q, q, options).catch((error) => same.push(error.code));
  document.title = same.join(" ");`;

const done = "true true true true true true disposed";

beforeAll(async () => {
  cdn = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/javascript", "access-control-allow-origin": "*" });
    response.end(library);
  });
  // ?csp=… the page's policy, ?sandbox the page in a frame without an origin.
  pages = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const policy = searchParams.get("csp");
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      ...(policy && { "content-security-policy": policy }),
    });
    response.end(
      `<!doctype html><link rel="icon" href="data:,"><script type="module">${program(`${originOf(cdn)}/heed.js`)}</script>`,
    );
  });
  await Promise.all([listen(cdn), listen(pages)]);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  cdn.close();
  pages.close();
});

async function visit(policy: string): Promise<{ title: string; workers: number; problems: string[] }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const problems: string[] = [];
  let workers = 0;
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("worker", () => workers++);
  await page.goto(`${originOf(pages)}/?csp=${encodeURIComponent(policy)}`);
  await page.waitForFunction(() => document.title !== "");
  const title = await page.title();
  await page.close();
  return { title, workers, problems };
}

const scripts = (): string => `script-src 'unsafe-inline' 'wasm-unsafe-eval' ${originOf(cdn)}`;

test("an import from another origin starts workers", async () => {
  expect(await visit("")).toEqual({ title: done, workers: 2, problems: [] });
});

test("worker-src blob: is all that a policy must allow, connections are not needed", async () => {
  const policy = `default-src 'none'; img-src data:; worker-src blob:; ${scripts()}`;
  expect(await visit(policy)).toEqual({ title: done, workers: 2, problems: [] });
});

test("in a sandboxed frame, which has no origin", async () => {
  const { title, problems } = await visit("sandbox allow-scripts");
  expect({ title, problems }).toEqual({ title: done, problems: [] });
});

test.each(["worker-src 'none'", "worker-src 'self'", "child-src 'none'"])(
  "%s: the calling thread does the work, and only the browser reports",
  async (rule) => {
    const { title, workers, problems } = await visit(`img-src data:; ${rule}; ${scripts()}`);
    expect({ title, workers }).toEqual({ title: done, workers: 0 });
    for (const problem of problems) expect(problem).toMatch(/Content Security Policy/);
  },
);
