// A model over workers in Chromium, and where the page forbids them.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { launchBrowser, PATIENCE } from "./browser.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let server: Server;
let browser: Browser;
let origin = "";

/** Says in the title what the page's model did, against one on the page's own thread. */
const program = `
  import { loadModel } from "/models.js";
  const text = "the old cat sat on the mat";
  const bits = (run) => [0, 1].flatMap((layer) => [0, 1, 2, 3].flatMap((head) =>
    [run.attention(layer, head), run.context(layer, head)])).concat(run.hidden(2), run.logits(0))
    .map((values) => new Uint32Array(values.buffer).join()).join();
  const models = await Promise.all([2, 2, 0].map((workers) => loadModel("/model/", { workers })));
  const [first, other, whole] = await Promise.all(models.map((model) => model.run(text)));
  const again = await models[0].run(text);
  const hidden = whole.hidden(2);
  const error = Math.max(...first.hidden(2).map((value, i) => Math.abs(value - hidden[i])));
  const said = await Promise.all(models.map((model) => model.generate("the cat", { maxTokens: 8 })));
  const same = bits(first) === bits(again) && bits(first) === bits(other);
  models.forEach((model) => model.dispose());
  document.title = [same, error < 5e-5, new Set(said).size].join(" ");`;

const done = "true true 1";

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "./dist/models.js"', resolveDir: root },
    bundle: true,
    format: "esm",
    write: false,
  });
  const library = outputFiles[0]?.text ?? "";
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const policy = searchParams.get("csp");
    const page = `<!doctype html><link rel="icon" href="data:,"><script type="module">${program}</script>`;
    const [type, body] =
      pathname === "/"
        ? ["text/html; charset=utf-8", page]
        : pathname === "/models.js"
          ? ["text/javascript", library]
          : [
              "application/octet-stream",
              readFileSync(`${root}tests/fixtures/golden/models/gpt2${pathname.slice("/model".length)}`),
            ];
    response.writeHead(200, {
      "content-type": type,
      ...(policy && { "content-security-policy": policy }),
    });
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

async function visit(policy: string): Promise<{ title: string; workers: number; problems: string[] }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const problems: string[] = [];
  let workers = 0;
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("worker", () => workers++);
  await page.goto(`${origin}/?csp=${encodeURIComponent(policy)}`);
  await page.waitForFunction(() => document.title !== "");
  const title = await page.title();
  await page.close();
  return { title, workers, problems };
}

test("over workers: the same again, and one instance's numbers but for rounding", async () => {
  expect(await visit("")).toEqual({ title: done, workers: 4, problems: [] });
});

test("without workers: on the page's own thread, and only the browser reports", async () => {
  const scripts = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'";
  const { title, workers, problems } = await visit(`img-src data:; worker-src 'none'; ${scripts}`);
  expect({ title, workers }).toEqual({ title: done, workers: 0 });
  for (const problem of problems) expect(problem).toMatch(/Content Security Policy/);
});
