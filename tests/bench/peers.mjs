// The libraries that heed is measured beside, at exact versions. They are a hundred times its size, so that they are no
// devDependencies: the first run installs them into ${XDG_CACHE_HOME:-~/.cache}/heed/bench-peers (network), later ones find them.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run, say, which } from "../../wasm/toolchain/shell.mjs";

export const versions = {
  "onnxruntime-web": "1.30.0",
  "@tensorflow/tfjs-core": "4.22.0",
  "@tensorflow/tfjs-backend-wasm": "4.22.0",
  "@jax-js/jax": "0.1.25",
};

/** One module a peer, in the shape that suite/ imports; Node takes them as they are, a page gets them bundled. */
const entries = {
  onnxruntime: 'export * as onnxruntime from "onnxruntime-web";\n',
  tfjs: 'export * as core from "@tensorflow/tfjs-core";\nexport * as wasm from "@tensorflow/tfjs-backend-wasm";\n',
  jax: 'export * from "@jax-js/jax";\n',
};

export const peerNames = Object.keys(entries);

/** The folder that holds `<peer>.mjs` and node_modules. */
export async function ensurePeers() {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "heed/bench-peers");
  const stamp = join(folder, "installed.json");
  const wanted = JSON.stringify({ versions, entries });
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return folder;
  say(`installing ${Object.keys(versions).join(", ")} into ${folder}: about 220 MB (network)`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const description = { name: "heed-bench-peers", private: true, type: "module", dependencies: versions };
  await writeFile(join(folder, "package.json"), JSON.stringify(description, null, 2));
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { code, stderr } = await run(which("npm") ?? "npm", install, { cwd: folder });
  if (code !== 0) throw new Error(`npm could not install the peers; check the network:\n${stderr.trim()}`);
  for (const [name, source] of Object.entries(entries)) await writeFile(join(folder, `${name}.mjs`), source);
  await writeFile(stamp, wanted);
  return folder;
}
