// Emscripten and what a WebAssembly build needs beside it, in order of preference: the machine's own, what an earlier call set
// up, a pinned emsdk, Debian's packages.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findEmsdk, installEmsdk } from "./emsdk.mjs";
import { cmakeAndMake, emscriptenIn, googletestSource, installedEmscripten, xsimdInclude } from "./installed.mjs";
import { ensurePrefix, findPrefix } from "./prefix.mjs";
import { EMSCRIPTEN_LEAST, FULL, TOOLS, XSIMD_LEAST } from "./recipe.mjs";
import { run, say, SetupError } from "./shell.mjs";

/** Where Emscripten is in a prefix, and what its programs need. @param {string} prefix */
const inPrefix = (prefix) => emscriptenIn(join(prefix, "usr/share/emscripten"), { EM_CONFIG: join(prefix, "em_config.py"), HEED_NODE: process.execPath });

/** @returns {Promise<import("./setup.mjs").EmscriptenSetup>} */
export async function ensureEmscripten() {
  let emscripten = await installedEmscripten();
  let prefix;
  if (!emscripten && (prefix = await findPrefix(FULL))) emscripten = await inPrefix(prefix);
  emscripten ??= await findEmsdk();
  if (!emscripten) {
    say(`no Emscripten ${EMSCRIPTEN_LEAST} or newer here; setting one up outside the checkout, once`);
    emscripten = await installEmsdk(compileSomething);
  }
  if (!emscripten) {
    prefix = await fromDebian(FULL);
    emscripten = await inPrefix(prefix);
  }
  if (!emscripten) throw new SetupError(`Emscripten in ${prefix} does not run: delete that folder and start again`);

  const tools = await ensureTools(prefix);
  const path = [process.env.PATH, tools.prefix && join(tools.prefix, "bin"), dirname(process.execPath)].filter(Boolean);
  return {
    root: emscripten.root,
    emcmakeToolchainFile: join(emscripten.root, "cmake/Modules/Platform/Emscripten.cmake"),
    env: { ...emscripten.env, PATH: path.join(delimiter) },
    xsimdInclude: tools.xsimdInclude,
    googletestSource: tools.googletestSource,
    cmake: tools.cmake,
    generator: tools.generator,
    makeProgram: tools.makeProgram,
    version: emscripten.version,
  };
}

/**
 * CMake, Ninja, xsimd and GoogleTest's sources: from the machine, from the prefix given, or from one of their own.
 * @param {string} [prefix]
 */
export async function ensureTools(prefix) {
  const look = async (/** @type {string | undefined} */ from) => {
    const [build, include] = [await cmakeAndMake(from), xsimdInclude(from)];
    return build && include ? { ...build, xsimdInclude: include, googletestSource: googletestSource(from), prefix: from } : undefined;
  };
  const found = await look(prefix ?? (await findPrefix(FULL)) ?? (await findPrefix(TOOLS)));
  if (found) return found;
  const installed = await look(await fromDebian(TOOLS));
  if (installed) return installed;
  throw new SetupError(`install CMake, Ninja and xsimd ${XSIMD_LEAST} or newer (https://github.com/xtensor-stack/xsimd)`);
}

/** @param {import("./recipe.mjs").Recipe} recipe */
async function fromDebian(recipe) {
  const wanted =
    recipe === FULL
      ? `install Emscripten ${EMSCRIPTEN_LEAST} or newer (https://emscripten.org/docs/getting_started) and put emcc on PATH`
      : `install CMake 3.22 or newer, Ninja and xsimd ${XSIMD_LEAST} or newer (https://github.com/xtensor-stack/xsimd; $XSIMD_INCLUDE names its include folder)`;
  try {
    return await ensurePrefix(recipe, async (prefix) => {
      const emscripten = recipe === FULL ? await inPrefix(prefix) : undefined;
      if (recipe === FULL && !emscripten) throw new SetupError(`Emscripten in ${prefix} does not start`);
      if (emscripten) await compileSomething(emscripten);
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(`${error.message}; or ${wanted}`, error.detail);
  }
}

/** Compiles a small Embind module as the build does and calls it. @param {import("./installed.mjs").Emscripten} emscripten */
async function compileSomething({ root, env }) {
  const folder = mkdtempSync(join(tmpdir(), "heed-try-"));
  try {
    const source = '#include <emscripten/bind.h>\nint twice(int x) { return 2 * x; }\nEMSCRIPTEN_BINDINGS(t) { emscripten::function("twice", &twice); }\n';
    writeFileSync(join(folder, "try.cpp"), source);
    const flags = "-O2 -std=c++20 -msimd128 -fno-exceptions -lembind -sMODULARIZE -sEXPORT_ES6 -sALLOW_MEMORY_GROWTH -sMALLOC=emmalloc -sDYNAMIC_EXECUTION=0";
    const compiled = await run(join(root, "em++"), ["try.cpp", "-o", "try.mjs", ...flags.split(" ")], { cwd: folder, env });
    if (compiled.code !== 0) throw new SetupError(`Emscripten in ${root} does not compile (${compiled.stderr.trim().split("\n").pop()})`, compiled.stderr);
    const program = 'import("./try.mjs").then((m) => m.default()).then((m) => console.log(m.twice(21)))';
    const ran = await run(process.execPath, ["-e", program], { cwd: folder });
    if (ran.stdout.trim() !== "42") throw new SetupError(`a module compiled by Emscripten in ${root} does not run in Node ${process.version}`, ran.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
