// build/bench/site: everything that a page under measurement loads, copied so that a build meanwhile changes nothing.

import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { peerNames } from "./peers.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const siteFolder = `${root}build/bench/site`;
/** The page that people see, for the time to its first matrix. */
export const pageFolder = `${root}build/bench/page`;

export async function buildBenchSite(peersFolder) {
  const esbuild = await import("esbuild");
  await rm(siteFolder, { recursive: true, force: true });
  await rm(pageFolder, { recursive: true, force: true });
  await mkdir(`${siteFolder}/peers`, { recursive: true });
  await cp(`${root}dist/heed.js`, `${siteFolder}/heed.js`);
  await cp(`${root}build/site`, pageFolder, { recursive: true });
  await writeFile(`${siteFolder}/index.html`, "<!doctype html><title>heed bench</title>\n");
  // Node reads these files too, and takes them for ES modules.
  await writeFile(`${siteFolder}/package.json`, '{ "type": "module" }\n');
  const common = { bundle: true, format: "esm", target: "es2022", logLevel: "error" };
  await esbuild.build({
    ...common,
    platform: "neutral",
    entryPoints: [`${root}tests/bench/suite/suite.ts`],
    outfile: `${siteFolder}/suite.js`,
  });
  await esbuild.build({
    ...common,
    platform: "browser",
    entryPoints: [`${root}dist/models.js`],
    outfile: `${siteFolder}/models.js`,
    external: ["node:*"],
  });
  if (!peersFolder) return;
  await esbuild.build({
    ...common,
    platform: "browser",
    absWorkingDir: peersFolder,
    entryPoints: peerNames.map((name) => `${peersFolder}/${name}.mjs`),
    outdir: `${siteFolder}/peers`,
    // The build without WebGPU, which loads its WebAssembly from beside it.
    alias: { "onnxruntime-web": "onnxruntime-web/wasm" },
    conditions: ["onnxruntime-web-use-extern-wasm"],
    define: { "process.env.NODE_ENV": '"production"' },
    external: ["fs", "path", "crypto", "util", "os", "worker_threads", "perf_hooks"],
  });
  await symlink(`${peersFolder}/node_modules`, `${siteFolder}/wasm`);
}

/** Where a page of `url` finds everything. @returns {import("./suite/contender.ts").Addresses} */
export function pageAddresses(url) {
  return {
    heed: `${url}heed.js`,
    models: `${url}models.js`,
    peers: Object.fromEntries(peerNames.map((name) => [name, `${url}peers/${name}.js`])),
    wasm: {
      onnxruntime: `${url}wasm/onnxruntime-web/dist/`,
      tfjs: `${url}wasm/@tensorflow/tfjs-backend-wasm/dist/`,
    },
  };
}

/** Where Node finds everything. @returns {import("./suite/contender.ts").Addresses} */
export function nodeAddresses(peersFolder) {
  const address = (path) => pathToFileURL(path).href;
  return {
    heed: address(`${siteFolder}/heed.js`),
    models: address(`${siteFolder}/models.js`),
    peers: Object.fromEntries(peerNames.map((name) => [name, address(`${peersFolder}/${name}.mjs`)])),
  };
}
