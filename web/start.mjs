#!/usr/bin/env node
// `npm start`: builds what is missing or older than its sources, then serves the page.
//
//   node web/start.mjs [--port 8080] [--host 127.0.0.1] [--build-only] [--gallery]     --gallery: single views too, for their tests

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensurePackages } from "../wasm/toolchain/setup.mjs";
import { newest, upToDate } from "./built.mjs";
import { serve } from "./serve.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const site = join(root, "build/site");
const gallery = join(root, "build/gallery");

const at = (/** @type {string[]} */ ...paths) => paths.map((path) => join(root, path));

const pageSources = at("web", "dist", "package-lock.json");

/** build/site, from the package's and the page's sources. Returns at once where it is newer than both. */
export async function buildSite() {
  await ensurePackages(root);
  const packageSources = await newest(
    ...at("src", "wasm", "web/models", "CMakeLists.txt", "CMakePresets.json", "package.json"),
  );
  // Last written by a package build: an interrupted one leaves it missing or old.
  if ((await newest(...at("dist/types"))) < packageSources) {
    console.log("Building the package: the first time this takes a few minutes.");
    const { build } = await import("../wasm/build.mjs");
    await build();
  }
  await upToDate(site, pageSources, async () => {
    console.log("Building the page.");
    await bundle("production");
    const { buildEmbeds } = await import("./embed/build.mjs");
    await buildEmbeds(site);
    // What the page tells others to embed.
    for (const name of ["element.js", "chunks", "languages", "models.js", "models"])
      await cp(join(root, "dist", name), join(site, "element", name), { recursive: true });
  });
  return site;
}

/** build/gallery: every view by itself. */
async function buildGallery() {
  await upToDate(gallery, pageSources, () => bundle("gallery"));
}

/** @param {string} mode */
async function bundle(mode) {
  const { build } = await import("vite");
  await build({ configFile: join(root, "web/vite.config.ts"), logLevel: "warn", mode });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        host: { type: "string" },
        "build-only": { type: "boolean" },
        gallery: { type: "boolean" },
      },
    });
    const port = Number(values.port ?? 8080);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Error(`--port ${values.port}: expected 0 to 65535`);
    const folder = await buildSite();
    if (values.gallery) await buildGallery();
    if (values["build-only"]) process.exit(0);
    const server = await serve(folder, { host: values.host ?? "127.0.0.1", port });
    console.log(`heed is at ${server.url} (Ctrl-C ends it)`);
    for (const signal of ["SIGINT", "SIGTERM"])
      process.once(signal, () => void server.close().then(() => process.exit(0)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
