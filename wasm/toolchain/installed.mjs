// What the machine already has: Emscripten, CMake and a program that runs its builds, xsimd's headers, GoogleTest's sources.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { CMAKE_LEAST, EMSCRIPTEN_LEAST, XSIMD_LEAST } from "./recipe.mjs";
import { atLeast, run, say, versionIn, versionOf, which } from "./shell.mjs";

/** @typedef {{ root: string, version: string, env: Record<string, string> }} Emscripten */

/** @param {string} root */
const toolchainFile = (root) => join(root, "cmake/Modules/Platform/Emscripten.cmake");

/** Emscripten in a given folder, or undefined where it is missing or too old. @param {string} root @param {Record<string, string>} [env] @returns {Promise<Emscripten | undefined>} */
export async function emscriptenIn(root, env = {}) {
  const emcc = join(root, "emcc");
  if (!existsSync(emcc) || !existsSync(toolchainFile(root))) return undefined;
  const { code, stdout } = await run(emcc, ["--version"], { env, timeout: 120_000 });
  const version = code === 0 ? versionIn(stdout) : undefined;
  if (!version) return undefined;
  if (!atLeast(version, EMSCRIPTEN_LEAST)) {
    say(`Emscripten ${version} in ${root} is older than ${EMSCRIPTEN_LEAST}; not using it`);
    return undefined;
  }
  return { root, version, env };
}

/** Emscripten from the PATH, $EMSCRIPTEN or $EMSDK. */
export async function installedEmscripten() {
  const roots = [];
  const emcc = which("emcc");
  if (emcc) {
    // emcc may be a wrapper in a bin folder; em-config knows where the real one is.
    const emConfig = which("em-config");
    const answer = emConfig && (await run(emConfig, ["EMSCRIPTEN_ROOT"], { timeout: 60_000 }));
    if (answer && answer.code === 0) roots.push(answer.stdout.trim());
    roots.push(dirname(emcc), dirname(realpathSync(emcc)));
  }
  if (process.env.EMSCRIPTEN) roots.push(process.env.EMSCRIPTEN);
  if (process.env.EMSDK) roots.push(join(process.env.EMSDK, "upstream/emscripten"));
  for (const root of new Set(roots)) {
    const found = await emscriptenIn(root);
    if (found) return found;
  }
  return undefined;
}

/**
 * CMake and Ninja (or make), each from the PATH where it is new enough, otherwise from the prefix.
 * @param {string} [prefix]
 * @returns {Promise<{ cmake: string, generator: string, makeProgram: string } | undefined>}
 */
export async function cmakeAndMake(prefix) {
  const inPrefix = (/** @type {string} */ name) => {
    const file = prefix && join(prefix, "bin", name);
    return file && existsSync(file) ? file : undefined;
  };
  const own = which("cmake");
  const cmake = atLeast(await versionOf(own), CMAKE_LEAST) ? own : inPrefix("cmake");
  const ninja = which("ninja") ?? inPrefix("ninja");
  const makeProgram = ninja ?? which("make");
  if (!cmake || !makeProgram) return undefined;
  return { cmake, makeProgram, generator: ninja ? "Ninja" : "Unix Makefiles" };
}

/** The folder that holds xsimd/xsimd.hpp, new enough: $XSIMD_INCLUDE, a prefix, or the system's. @param {(string | undefined)[]} prefixes */
export function xsimdInclude(...prefixes) {
  const folders = [
    process.env.XSIMD_INCLUDE,
    ...prefixes.map((prefix) => prefix && join(prefix, "include")),
    "/usr/local/include",
    "/usr/include",
  ];
  return folders.find((folder) => folder && atLeast(xsimdVersion(folder), XSIMD_LEAST));
}

/** @param {string} include */
function xsimdVersion(include) {
  const header = join(include, "xsimd/config/xsimd_config.hpp");
  if (!existsSync(header)) return undefined;
  const text = readFileSync(header, "utf8");
  const part = (/** @type {string} */ name) =>
    new RegExp(`#define XSIMD_VERSION_${name} (\\d+)`).exec(text)?.[1] ?? "0";
  return [part("MAJOR"), part("MINOR"), part("PATCH")].join(".");
}

/** GoogleTest's sources, to compile for any target: a prefix's, or those of Debian's libgtest-dev. @param {(string | undefined)[]} prefixes */
export function googletestSource(...prefixes) {
  const folders = [
    ...prefixes.map((prefix) => prefix && join(prefix, "usr/src/googletest")),
    "/usr/src/googletest",
  ];
  return folders.find((folder) => folder && existsSync(join(folder, "googletest/src/gtest-all.cc"))) ?? null;
}
