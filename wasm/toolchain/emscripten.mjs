// Emscripten and what a WebAssembly build needs beside it, in order of preference: the machine's own, what an earlier call set
// up, a pinned emsdk, Debian's packages.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findEmsdk, installEmsdk } from "./emsdk.mjs";
import { ensureGitSource, GOOGLETEST, XSIMD } from "./git_sources.mjs";
import {
  cmakeAndMake,
  emscriptenIn,
  googletestSource,
  installedEmscripten,
  xsimdInclude,
} from "./installed.mjs";
import { ensurePrefix, findPrefix } from "./prefix.mjs";
import { CMAKE_LEAST, EMSCRIPTEN_LEAST, FULL, TOOLS, XSIMD_LEAST } from "./recipe.mjs";
import { run, say, SetupError, UnsuitableError } from "./shell.mjs";

/** Where Emscripten is in a prefix, and what its programs need. @param {string} prefix */
const inPrefix = (prefix) =>
  emscriptenIn(join(prefix, "usr/share/emscripten"), {
    EM_CONFIG: join(prefix, "em_config.py"),
    HEED_NODE: process.execPath,
  });

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
    prefix = await fromDebian();
    emscripten = await inPrefix(prefix);
  }
  if (!emscripten)
    throw new SetupError(`Emscripten in ${prefix} does not run: delete that folder and start again`);

  const tools = await ensureTools(prefix);
  const path = [
    process.env.PATH,
    tools.prefix && join(tools.prefix, "bin"),
    dirname(process.execPath),
  ].filter(Boolean);
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
 * @param {string} [given]
 */
export async function ensureTools(given) {
  // The small prefix first, so that build folders configured with it stay valid once the full one is there too.
  const prefix = given ?? (await findPrefix(TOOLS)) ?? (await findPrefix(FULL));
  const found = await lookForTools(prefix);
  if (found) return found;
  say("setting up CMake, xsimd and GoogleTest's sources outside the checkout, once");
  try {
    const installed = await lookForTools(await ensurePrefix(TOOLS, async () => {}));
    if (installed) return installed;
  } catch (error) {
    if (!(error instanceof UnsuitableError)) throw error;
  }
  const build = await cmakeAndMake();
  if (!build) throw new SetupError(`install CMake ${CMAKE_LEAST} or newer and Ninja, and put them on PATH`);
  const cloned = await ensureGitSource(XSIMD);
  const include = xsimdInclude() ?? (cloned && join(cloned, "include"));
  if (!include)
    throw new SetupError(
      `install xsimd ${XSIMD_LEAST} or newer (https://github.com/xtensor-stack/xsimd) and name its include folder in $XSIMD_INCLUDE`,
    );
  const googletest = googletestSource() ?? (await ensureGitSource(GOOGLETEST)) ?? null;
  return { ...build, xsimdInclude: include, googletestSource: googletest, prefix: undefined };
}

/** @param {string | undefined} prefix */
async function lookForTools(prefix) {
  const [build, include, googletest] = [
    await cmakeAndMake(prefix),
    xsimdInclude(prefix),
    googletestSource(prefix),
  ];
  return build && include && googletest
    ? { ...build, xsimdInclude: include, googletestSource: googletest, prefix }
    : undefined;
}

/** Emscripten from Debian's packages. @returns {Promise<string>} the prefix */
async function fromDebian() {
  const wanted = `install Emscripten ${EMSCRIPTEN_LEAST} or newer (https://emscripten.org/docs/getting_started) and put emcc on PATH`;
  try {
    return await ensurePrefix(FULL, async (prefix) => {
      const emscripten = await inPrefix(prefix);
      if (!emscripten) throw new SetupError(`Emscripten in ${prefix} does not start`);
      await compileSomething(emscripten);
    });
  } catch (error) {
    if (error instanceof UnsuitableError)
      throw new SetupError(
        `${wanted}: it cannot be set up here, as ${error.message}, and Git and Python do not get emsdk either`,
      );
    if (error instanceof SetupError) throw new SetupError(`${error.message}; or ${wanted}`, error.detail);
    throw error;
  }
}

/** Compiles a small Embind module as the build does and calls it. @param {import("./installed.mjs").Emscripten} emscripten */
async function compileSomething({ root, env }) {
  const folder = mkdtempSync(join(tmpdir(), "heed-try-"));
  try {
    const source =
      '#include <emscripten/bind.h>\nint twice(int x) { return 2 * x; }\nEMSCRIPTEN_BINDINGS(t) { emscripten::function("twice", &twice); }\n';
    writeFileSync(join(folder, "try.cpp"), source);
    const flags =
      "-O2 -std=c++20 -msimd128 -fno-exceptions -lembind -sMODULARIZE -sEXPORT_ES6 -sALLOW_MEMORY_GROWTH -sMALLOC=emmalloc -sDYNAMIC_EXECUTION=0";
    const compiled = await run(join(root, "em++"), ["try.cpp", "-o", "try.mjs", ...flags.split(" ")], {
      cwd: folder,
      env,
    });
    if (compiled.code !== 0)
      throw new SetupError(
        `Emscripten in ${root} does not compile (${compiled.stderr.trim().split("\n").pop()})`,
        compiled.stderr,
      );
    const program = 'import("./try.mjs").then((m) => m.default()).then((m) => console.log(m.twice(21)))';
    const ran = await run(process.execPath, ["-e", program], { cwd: folder });
    if (ran.stdout.trim() !== "42")
      throw new SetupError(
        `a module compiled by Emscripten in ${root} does not run in Node ${process.version}`,
        ran.stderr,
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
