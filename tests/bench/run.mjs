#!/usr/bin/env node
// `npm run bench`: heed beside other libraries, in Chromium and in Node, and its own start and size.
//
//   npm run bench -- [--quick] [--only attention,decode,start,size] [--shapes 12x512x64,…] [--where node,chromium]
//                    [--readme] [--no-build]
//
// Leaves build/bench/results.json and results.md. --readme writes the table into README.md too, between <!-- bench --> and
// <!-- /bench -->. --quick takes about a minute and tells a direction, not a figure. Close what else keeps the machine busy.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { run, say } from "../../wasm/toolchain/shell.mjs";
import { buildSite } from "../../web/start.mjs";
import { openChromium } from "./chromium_host.mjs";
import { openNode } from "./node_host.mjs";
import { ensurePeers } from "./peers.mjs";
import { makePlan } from "./plan.mjs";
import { buildBenchSite } from "./site.mjs";
import { measureSizes } from "./size.mjs";
import { caseLine, report } from "./table.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const hosts = { chromium: openChromium, node: openNode };

async function main() {
  const { values } = parseArgs({
    options: {
      ...{ quick: { type: "boolean" }, readme: { type: "boolean" }, "no-build": { type: "boolean" } },
      ...{ only: { type: "string" }, shapes: { type: "string" }, where: { type: "string" } },
    },
  });
  const only = list("only", values.only, ["attention", "decode", "start", "size"]);
  const where = list("where", values.where, Object.keys(hosts)) ?? Object.keys(hosts);
  const plan = makePlan({ quick: values.quick, only, shapes: values.shapes?.split(",") });

  if (!values["no-build"]) await buildSite();
  // Start and size are heed's alone.
  const peersFolder = plan.problems.length > 0 ? await ensurePeers() : undefined;
  await buildBenchSite(peersFolder);
  const results = { ...(await about(values.quick)), command: commandOf(), hosts: [], sizes: undefined };
  if (plan.sizes) results.sizes = await measureSizes();
  for (const name of where) {
    const host = await hosts[name](peersFolder);
    try {
      results.hosts.push(await measureHost(name, host, plan));
    } finally {
      await host.close();
    }
  }

  const markdown = report(results);
  await mkdir(`${root}build/bench`, { recursive: true });
  await writeFile(`${root}build/bench/results.json`, JSON.stringify(results, null, 2));
  await writeFile(`${root}build/bench/results.md`, markdown);
  console.log(markdown);
  if (values.readme) await writeReadme(markdown);
}

async function measureHost(kind, host, { problems, budgets, starts }) {
  say(host.name);
  const cases = [];
  if (problems.length > 0) {
    await host.measure({ problems, budgets }, (measured) => {
      cases.push(measured);
      say(caseLine(measured));
    });
  }
  const started = { calls: [], firstMatrix: undefined };
  for (const problem of starts?.problems ?? []) {
    const runs = [];
    for (let i = 0; i < starts.repeats; i++) runs.push(await host.start(problem, budgets.ceiling));
    started.calls.push({ problem, runs });
  }
  if (starts && host.firstMatrix) started.firstMatrix = await host.firstMatrix(2 * starts.repeats);
  return { kind, name: host.name, note: host.note, cases, start: starts && started };
}

async function about(quick = false) {
  const { version } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
  const { stdout } = await run("git", ["describe", "--always", "--dirty"], { cwd: root });
  const [processor] = cpus();
  return {
    heed: [version, stdout.trim()].filter(Boolean).join(" at "),
    date: new Date().toISOString().slice(0, 10),
    machine: `${processor?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`,
    quick,
  };
}

function commandOf() {
  const args = process.argv.slice(2).filter((arg) => arg !== "--readme" && arg !== "--no-build");
  return ["npm run bench", ...(args.length > 0 ? ["--", ...args] : [])].join(" ");
}

function list(name, value, allowed) {
  if (value === undefined) return undefined;
  const names = value.split(",");
  const unknown = names.filter((one) => !allowed.includes(one));
  if (unknown.length > 0)
    throw new Error(`--${name} ${unknown.join(",")}: expected some of ${allowed.join(", ")}`);
  return names;
}

async function writeReadme(markdown) {
  const path = `${root}README.md`;
  const text = await readFile(path, "utf8");
  const marked = /(<!-- bench -->\n)[^]*(<!-- \/bench -->)/;
  if (!marked.test(text))
    throw new Error("README.md has no place for the table: <!-- bench --> … <!-- /bench -->");
  await writeFile(
    path,
    text.replace(marked, (_, begin, end) => `${begin}\n${markdown}\n${end}`),
  );
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
