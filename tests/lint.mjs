#!/usr/bin/env node
// `npm run lint`: formatting, types, rules. `npm run format` (--write) formats.
//
// clang-format is run where it is installed, and otherwise named as left out.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../wasm/toolchain/setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const write = process.argv.includes("--write");
let failed = false;

function run(name, command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  if (error?.code === "ENOENT") return console.log(`- ${name}: not checked, ${command} is not installed`);
  console.log(`${status === 0 ? "✓" : "✗"} ${name}`);
  if (status !== 0) {
    console.log(stdout + stderr);
    failed = true;
  }
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
run("prettier", bin("prettier"), [write ? "--write" : "--check", "--log-level", "warn", ...scripts]);
run("clang-format", "clang-format", [write ? "-i" : "--dry-run", "-Werror", ...files("*.h", "*.cpp")]);
if (!write) {
  run("types of the package", bin("tsc"), ["-p", "tsconfig.json"]);
  run("types of the page", bin("tsc"), ["-p", "web/tsconfig.json", "--noEmit"]);
  run("types of the tests", bin("tsc"), ["-p", "tests/tsconfig.json"]);
  run("types of the browser tests", bin("tsc"), ["-p", "tests/browser/tsconfig.json", "--noEmit"]);
  run("eslint", bin("eslint"), ["wasm", "web", "tests"]);
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
