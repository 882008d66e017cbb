#!/usr/bin/env node
// `npm run bench`: heed beside other libraries, in Chromium and in Node, and its own start and size.
//
//   npm run bench -- [--quick] [--only attention,decode,length,model,start,size] [--shapes 12x512x64,…] [--where node,chromium]
//                    [--readme] [--no-build]
//
// Leaves build/bench/results.json and results.md. --readme writes the main lines and the targets into README.md too, between
// <!-- bench --> and <!-- /bench -->, and everything into tests/bench/results.md. --quick takes about a minute and tells a direction, not a figure. Close what else keeps the machine busy.

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
import { summary } from "./summary.mjs";
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
  const only = list("only", values.only, ["attention", "decode", "length", "model", "start", "size"]);
  const where = list("where", values.where, Object.keys(hosts)) ?? Object.keys(hosts);
  const plan = makePlan({ quick: values.quick, only, shapes: values.shapes?.split(",") });

  if (!values["no-build"]) await buildSite();
  // Length, start and size are heed's alone.
  const hasPeers = plan.problems.length > 0 || plan.models.length > 0;
  const peersFolder = hasPeers ? await ensurePeers() : undefined;
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
  if (values.readme) await writeReadme(summary(results), markdown);
}

async function measureHost(kind, host, { problems, budgets, models, length, starts }) {
  const results = { kind, name: host.name, note: host.note, cases: [], broken: [] };
  /** One that breaks leaves the others as they are. */
  const part = async (name, wanted, measure) => {
    if (!wanted) return;
    say(`${host.name}: ${name}`);
    try {
      results[name] = await measure();
    } catch (error) {
      results.broken.push(`${name}: ${error.message.split("\n")[0]}`);
    }
  };
  const keep = (measured) => {
    results.cases.push(measured);
    say(caseLine(measured));
  };
  await part("speed", problems.length > 0, () => host.measure({ problems, budgets }, keep));
  await part("models", models.length > 0, () => host.models({ models, budgets }));
  await part("length", length, () => host.length(length));
  await part("start", starts, () => measureStart(host, starts, budgets.ceiling));
  return results;
}

async function measureStart(host, { problems, repeats }, budget) {
  const calls = [];
  for (const problem of problems) {
    const runs = [];
    for (let i = 0; i < repeats; i++) runs.push(await host.start(problem, budget));
    calls.push({ problem, runs });
  }
  return { calls, visits: await host.visits?.(2 + 2 * repeats) };
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

async function writeReadme(summed, whole) {
  await writeFile(`${root}tests/bench/results.md`, `# heed's bench, the whole of its last run\n\n${whole}`);
  const path = `${root}README.md`;
  const text = await readFile(path, "utf8");
  const marked = /(<!-- bench -->\n)[^]*(<!-- \/bench -->)/;
  if (!marked.test(text))
    throw new Error("README.md has no place for the table: <!-- bench --> … <!-- /bench -->");
  await writeFile(
    path,
    text.replace(marked, (_, begin, end) => `${begin}\n${summed}\n${end}`),
  );
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
