#!/usr/bin/env node
// Finds or installs everything a build of heed needs. Runs before `npm ci`: Node 20 or newer and nothing else.
//
//   import { ensureEmscripten } from "./wasm/toolchain/setup.mjs";
//   const em = await ensureEmscripten();
//   spawn(em.cmake, ["-S", ".", "-B", "build/wasm", "-G", em.generator, `-DCMAKE_MAKE_PROGRAM=${em.makeProgram}`,
//     `-DCMAKE_TOOLCHAIN_FILE=${em.emcmakeToolchainFile}`, `-DXSIMD_INCLUDE_DIR=${em.xsimdInclude}`, …], { env: { ...process.env, ...em.env } });
//   // em.root/em++ compiles directly; em.googletestSource/googletest/src/gtest-all.cc is GoogleTest for any target.
//
// Emscripten and CMake are looked for on the machine first, then set up in ${XDG_CACHE_HOME:-~/.cache}/heed: by a pinned emsdk where
// Git reaches it, else from Debian's packages without root (360 MB to download, 540 MB on disk, about 20 s). Both setups carry
// GoogleTest's sources, so the wasm tests need ensureEmscripten alone. Compiler and Chromium come from the system's apt.
//
// Every function returns at once when there is nothing to do, prints its progress on stderr, and otherwise throws a SetupError
// whose message is one sentence naming the step and what to install. On the command line:
//
//   node wasm/toolchain/setup.mjs emscripten|native|chromium|packages     prints the result as JSON

import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureChromium } from "./chromium.mjs";
import { ensureEmscripten } from "./emscripten.mjs";
import { ensureNative } from "./native.mjs";
import { ensurePackages } from "./packages.mjs";

export { SetupError } from "./shell.mjs";
export { ensureChromium, ensureEmscripten, ensureNative, ensurePackages };

/**
 * @typedef {object} EmscriptenSetup
 * @property {string} root Emscripten's folder: em++, emcc, emar
 * @property {string} emcmakeToolchainFile path of Emscripten.cmake
 * @property {Record<string, string>} env environment variables to set for the build
 * @property {string} xsimdInclude folder that holds xsimd/xsimd.hpp
 * @property {string | null} googletestSource folder that holds googletest/ and googlemock/ as sources
 * @property {string} cmake
 * @property {string} generator "Ninja" or "Unix Makefiles"
 * @property {string} makeProgram for CMAKE_MAKE_PROGRAM
 * @property {string} version Emscripten's
 */

/**
 * @typedef {object} NativeSetup
 * @property {string} compiler path of a C++20 compiler that links the address and undefined-behaviour sanitizers
 * @property {string} compilerVersion
 * @property {Record<string, string>} env environment variables to set for the build
 * @property {string} cmake
 * @property {string} generator "Ninja" or "Unix Makefiles"
 * @property {string} makeProgram for CMAKE_MAKE_PROGRAM
 * @property {string} xsimdInclude folder that holds xsimd/xsimd.hpp
 * @property {string} googletestSource folder that holds googletest/ and googlemock/ as sources
 */

const commands = {
  emscripten: ensureEmscripten,
  native: ensureNative,
  chromium: ensureChromium,
  packages: ensurePackages,
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const name = process.argv[2] ?? "";
  const command = Object.hasOwn(commands, name)
    ? commands[/** @type {keyof typeof commands} */ (name)]
    : undefined;
  try {
    if (!command) throw new Error(`usage: node wasm/toolchain/setup.mjs ${Object.keys(commands).join("|")}`);
    console.log(JSON.stringify(await command(resolve(fileURLToPath(import.meta.url), "../../..")), null, 2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
