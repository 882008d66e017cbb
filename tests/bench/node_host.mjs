// Measures in a process of Node 24: this one's own kind, or one that npx fetches (network, the first time).

import { fork } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run, which } from "../../wasm/toolchain/shell.mjs";
import { nodeAddresses, siteFolder } from "./site.mjs";

const wantedVersion = 24;
const suite = pathToFileURL(`${siteFolder}/suite.js`).href;

export async function openNode(peersFolder) {
  const { program, note } = await findNode();
  const { stdout } = await run(program, ["--version"]);
  const addresses = nodeAddresses(peersFolder);
  return {
    name: `Node ${stdout.trim().slice(1)}`,
    note,
    measure: (plan, report) => call(program, "run", [{ ...plan, addresses }], report),
    models: (plan) => call(program, "runModels", [{ ...plan, addresses }]),
    length: (plan) => call(program, "measureLength", [{ ...plan, addresses }]),
    start: (problem, budget) => call(program, "measureStart", [addresses.heed, problem, budget]),
    close: async () => undefined,
  };
}

async function findNode() {
  const own = Number(process.versions.node.split(".")[0]);
  if (own >= wantedVersion) return { program: process.execPath };
  const args = ["--yes", "-p", `node@${wantedVersion}`, "node", "-p", "process.execPath"];
  const { code, stdout } = await run(which("npx") ?? "npx", args);
  if (code === 0) return { program: stdout.trim().split("\n").pop() };
  const note = `Node ${wantedVersion} could not be fetched by npx (network), so Node ${own} was measured`;
  return { program: process.execPath, note };
}

/** Calls an export of the suite in a process of its own. */
function call(program, name, args, report = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["child"], { execPath: program, execArgv: [] });
    let settled = false;
    child.on("message", (message) => {
      if ("measured" in message) return report(message.measured);
      settled = true;
      if ("error" in message) reject(new Error(message.error));
      else resolve(message.result);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (!settled) reject(new Error(`the Node process ended with ${code}`));
    });
    child.send({ name, args });
  });
}

if (process.argv[2] === "child" && process.send) {
  process.once("message", async ({ name, args }) => {
    const answer = {};
    try {
      const exports = await import(suite);
      answer.result = await exports[name](...args, (measured) => process.send({ measured }));
    } catch (error) {
      answer.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    // What libraries leave running does not keep the process.
    process.send(answer, () => process.exit());
  });
}
