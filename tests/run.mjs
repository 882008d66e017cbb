#!/usr/bin/env node
// `npm test`: sets up what the tests need, builds everything, runs every test and counts.
//
//   node tests/run.mjs [suite …]     suites: native wasm js browser package lint; none named: all of these
//   node tests/run.mjs examples      the examples by their tools' own builds, which install most of a gigabyte

import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "../wasm/build.mjs";
import { nativePreset, wasmPreset } from "../wasm/presets.mjs";
import { ensureChromium, ensureEmscripten, ensureNative, ensurePackages } from "../wasm/toolchain/setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const count = { passed: 0, failed: 0 };
const cores = availableParallelism();

const suites = {
  /** The C++ tests on this machine: optimised, sanitised, and on emulated batches. */
  async native() {
    const native = await ensureNative();
    for (const preset of ["native-release", "native-sanitize", "native-scalar"]) {
      await step(`${preset}: build`, () => nativePreset(native, preset));
      await googleTest(preset, `${root}build/${preset}/tests/cpp/heed_tests`, []);
    }
  },

  /** The same C++ tests as WebAssembly. */
  async wasm() {
    const emscripten = await ensureEmscripten();
    const variants = ["simd", "relaxed-simd"];
    // Together: linking keeps one core busy.
    await step("wasm: build the tests of both variants", () =>
      Promise.all(variants.map((variant) => wasmPreset(emscripten, variant, "heed_tests"))),
    );
    // A core each, whole: WebAssembly sees no environment, which says what part of the tests is meant.
    await Promise.all(
      variants.map((variant) => {
        const program = `${root}build/wasm-${variant}/tests/cpp/heed_tests.cjs`;
        return googleTest(`wasm ${variant}`, process.execPath, [...relaxedSimdFlags(), program], 1);
      }),
    );
  },

  async js() {
    await step("build the package", buildOnce);
    await jest("js", ["tests/js"]);
  },

  async package() {
    await step("build the package", buildOnce);
    await jest("package", ["tests/package"]);
  },

  async browser() {
    await buildPage();
    await rm(`${root}tests/artefacts`, { recursive: true, force: true });
    await jest("browser", ["tests/browser"]);
  },

  /** Format, types, lint rules, and that src/ stays plain C++. */
  async lint() {
    const { code, output } = await execute(process.execPath, ["tests/lint.mjs"], "quiet");
    if (code !== 0) console.log(output);
    tally("lint", code === 0 ? 1 : 0, code === 0 ? 0 : 1);
  },
};

/** The package, for all suites that ask for it. */
let built;
function buildOnce() {
  return (built ??= build());
}

/** Not among those of `npm test`. */
const others = {
  async examples() {
    await buildPage();
    await jest("examples", ["tests/examples"]);
  },
};

async function buildPage() {
  await step("build the page", async () => {
    await buildOnce();
    const { code, output } = await execute(
      process.execPath,
      ["web/start.mjs", "--build-only", "--gallery"],
      "quiet",
    );
    if (code !== 0) throw new Error(`the page does not build:\n${output}`);
  });
  process.env.HEED_CHROMIUM = await ensureChromium();
}

/** Node 20 knows relaxed SIMD only by a flag that newer ones no longer need. */
function relaxedSimdFlags() {
  return Number(process.versions.node.split(".")[0]) < 22 ? ["--experimental-wasm-relaxed-simd"] : [];
}

/** In parts at the same time: a test knows nothing of the others. */
async function googleTest(name, command, args, count = cores) {
  const parts = Array.from({ length: count }, (_, i) => ({
    GTEST_TOTAL_SHARDS: count,
    GTEST_SHARD_INDEX: i,
  }));
  const results = await Promise.all(
    parts.map((env) => execute(command, [...args, "--gtest_brief=1"], "quiet", env)),
  );
  let [passed, failed] = [0, 0];
  for (const { code, output } of results) {
    const ran = Number(/\[=+\] (\d+) tests? from .* ran/.exec(output)?.[1] ?? 0);
    const good = Number(/\[ {2}PASSED {2}\] (\d+) tests?/.exec(output)?.[1] ?? 0);
    passed += good;
    if (code === 0) continue;
    console.log(output);
    failed += Math.max(1, ran - good);
  }
  tally(name, passed, passed === 0 ? Math.max(1, failed) : failed);
}

async function jest(name, paths) {
  await mkdir(`${root}build`, { recursive: true });
  const report = `${root}build/jest-${name}.json`;
  await rm(report, { force: true });
  await execute(
    process.execPath,
    [
      ...["--experimental-vm-modules", "--no-warnings", ...relaxedSimdFlags()],
      ...["node_modules/jest/bin/jest.js", "--json", `--outputFile=${report}`, ...paths],
    ],
    "errors",
  );
  const result = JSON.parse(
    await readFile(report, "utf8").catch(() => '{"numPassedTests":0,"numFailedTests":1}'),
  );
  // A file that could not even be loaded has no failed tests of its own.
  tally(name, result.numPassedTests, result.numFailedTests + (result.numRuntimeErrorTestSuites ?? 0));
}

async function step(name, work) {
  console.log(`heed: ${name}`);
  await work();
}

function tally(name, passed, failed) {
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  count.passed += passed;
  count.failed += failed;
}

/** `show`: "errors" passes stderr through; "quiet" keeps all output for the caller. */
function execute(command, args, show, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", show === "errors" ? "inherit" : "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

const names = process.argv.slice(2);
const all = { ...suites, ...others };
const unknown = names.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0)
  throw new Error(`no suite ${unknown.join(", ")}; there are ${Object.keys(all).join(", ")}`);
await ensurePackages(root);
for (const name of names.length > 0 ? names : Object.keys(suites)) {
  try {
    await all[name]();
  } catch (error) {
    console.log(error.message);
    tally(name, 0, 1);
  }
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
