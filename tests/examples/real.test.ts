// The examples by their tools' own builds, installed from npm: minutes, and most of a gigabyte. `npm run test:examples`.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Frame, Page } from "playwright-core";
import { startSite } from "../browser/site.ts";
import { fixturePath } from "../fixtures/read.js";

const root = fixturePath("../..");
const MINUTES = 60_000;

let folder: string;
let tarball: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "heed-real-"));
  cpSync(join(root, "examples"), folder, { recursive: true });
  const options = ["--json", "--ignore-scripts", "--pack-destination", folder];
  tarball = join(folder, JSON.parse(run("npm", ["pack", ...options], root))[0].filename);
}, 2 * MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: string[], cwd: string): string {
  const env = { ...process.env, NODE_OPTIONS: "", NODE_ENV: "", OBSERVABLE_TELEMETRY_DISABLE: "true" };
  return execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: "pipe" });
}

/** Installs what an example asks for, heed as it would be published. */
function install(name: string): string {
  const place = join(folder, name);
  const file = join(place, "package.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("file:../..", `file:${tarball}`));
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], place);
  return place;
}

/** Opens what was built, and waits for a figure: in the page, or in its frame. */
async function opened(site: string, find: (page: Page) => Promise<Page | Frame>): Promise<string> {
  const server = await startSite(site);
  try {
    const { page, problems } = await server.open();
    const place = await find(page);
    await place.getByRole("grid").first().waitFor({ timeout: MINUTES });
    expect(problems.filter((problem) => !problem.includes("404"))).toEqual([]);
    return await place.locator(".details").first().innerText();
  } finally {
    await server.close();
  }
}

const IT = /^it \u2192 animal: 1\.000/;

test(
  "React: types and Vite's build",
  async () => {
    const place = install("react");
    run("npm", ["run", "build"], place);
    expect(await opened(join(place, "dist"), (page) => Promise.resolve(page))).toMatch(IT);
  },
  5 * MINUTES,
);

test(
  "Docusaurus",
  async () => {
    const place = install("docusaurus");
    run("npm", ["run", "build"], place);
    expect(readFileSync(join(place, "build/index.html"), "utf8")).toMatch(/<heed-attention text="The animal/);
    expect(await opened(join(place, "build"), (page) => Promise.resolve(page))).toMatch(IT);
  },
  15 * MINUTES,
);

describe("Observable Framework", () => {
  /** Framework fetches these two from a CDN; from npm instead, into its cache, the test needs no other host. */
  function fillCache(place: string): void {
    run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "htl@1.0.0", "isoformat"], place);
    for (const name of ["htl", "isoformat"]) {
      const about = readFileSync(join(place, "node_modules", name, "package.json"), "utf8");
      const { version } = JSON.parse(about) as { version: string };
      const cached = join(place, `src/.observablehq/cache/_npm/${name}@${version}`);
      mkdirSync(cached, { recursive: true });
      buildSync({
        stdin: { contents: `export * from "${name}";`, resolveDir: place },
        outfile: join(cached, "_esm.js"),
        bundle: true,
        format: "esm",
      });
    }
  }

  test(
    "its own build",
    async () => {
      const place = install("observable");
      fillCache(place);
      cpSync(join(root, "build/site/embed.html"), join(place, "src/embed.html"));
      run("npm", ["run", "build"], place);
      const details = await opened(join(place, "dist"), async (page) => {
        await page.locator("iframe").waitFor();
        return page.frames()[1] as Frame;
      });
      expect(details).toMatch(IT);
    },
    10 * MINUTES,
  );
});

test("Quarto's page is what pandoc makes of it", () => {
  const pandoc = process.env["HEED_PANDOC"] ?? "pandoc";
  const options = ["--standalone", "--from", "markdown", "--to", "html5", "--lua-filter", "heed.lua"];
  const made = run(pandoc, [...options, "attention.qmd"], join(folder, "quarto"));
  const ofHeed = (page: string): string[] => page.split("\n").filter((line) => line.includes("heed"));
  const kept = readFileSync(join(root, "examples/quarto/attention.html"), "utf8");
  expect(ofHeed(made)).toEqual(ofHeed(kept));
  expect(ofHeed(made)).toHaveLength(3);
});
