#!/usr/bin/env node
// `npm run lint`: formatting, types, rules. `npm run format` (--write) formats.
//
// clang-format is run where it is installed, and otherwise named as left out; under CI that is a failure.

import { execFile, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensurePackages } from "../wasm/toolchain/setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const write = process.argv.includes("--write");
let failed = false;

async function run(name, command, args) {
  try {
    await promisify(execFile)(command, args, { cwd: root, maxBuffer: Infinity });
    console.log(`✓ ${name}`);
  } catch ({ code, stdout, stderr }) {
    if (code === "ENOENT" && !process.env.CI)
      return console.log(`- ${name}: not checked, ${command} is not installed`);
    console.log(`✗ ${name}\n${code === "ENOENT" ? `${command} is not installed` : stdout + stderr}`);
    failed = true;
  }
}

/** One a core at a time. */
async function runAll(checks) {
  const left = checks.values();
  const work = async () => {
    for (const check of left) await run(...check);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** Tracked and new files, ignored ones left out. */
function files(...patterns) {
  const { stdout } = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...patterns], {
    cwd: root,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((name) => name !== "");
}

/** No tracked file matching `patterns` may hold `expression`. */
function forbid(name, expression, patterns) {
  const { status, stdout } = spawnSync("git", ["grep", "-nIiE", expression, "--", ...patterns], {
    cwd: root,
    encoding: "utf8",
  });
  console.log(`${status === 1 ? "✓" : "✗"} ${name}`);
  if (status !== 1) {
    console.log(stdout);
    failed = true;
  }
}

await ensurePackages(root);
const bin = (name) => `node_modules/.bin/${name}`;
// As programs wrote them.
const made = ["fixtures/golden", "examples/quarto/attention.html"];
const scripts = files(
  "*.ts",
  "*.tsx",
  "*.mjs",
  "*.cjs",
  "*.css",
  "*.html",
  "examples/*.js",
  "examples/*.jsx",
).filter((name) => !made.some((part) => name.includes(part)));
const prettier = [write ? "--write" : "--check", "--log-level", "warn", ...scripts];
const clangFormat = [write ? "-i" : "--dry-run", "-Werror", ...files("*.h", "*.cpp")];
const rules = [
  ["eslint", bin("eslint"), ["wasm", "web", "tests"]],
  ["types of the page", bin("tsc"), ["-p", "web/tsconfig.json", "--noEmit"]],
  ["types of the browser tests", bin("tsc"), ["-p", "tests/browser/tsconfig.json", "--noEmit"]],
  ["types of the tests", bin("tsc"), ["-p", "tests/tsconfig.json"]],
  ["types of the package", bin("tsc"), ["-p", "tsconfig.json"]],
];
const formats = [
  ["prettier", bin("prettier"), prettier],
  ["clang-format", "clang-format", clangFormat],
];
await runAll(write ? formats : [...formats, ...rules]);
if (!write) {
  forbid("src/ is plain C++", "emscripten|embind|javascript", ["src"]);
  forbid("intrinsics only in src/simd.h", "_mm_|_mm256|wasm_f32x4|wasm_simd128|immintrin", [
    "src",
    ":!src/simd.h",
  ]);
  forbid("no HTML from strings", "innerHTML|outerHTML|insertAdjacentHTML|document\\.write", [
    "web/*.ts",
    "wasm/*.ts",
  ]);
}
process.exitCode = failed ? 1 : 0;
