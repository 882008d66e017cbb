// What the native tests need: a C++20 compiler that links the sanitizers, CMake, Ninja or make, xsimd, GoogleTest's sources.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensureTools } from "./emscripten.mjs";
import { run, SetupError, versionOf, which } from "./shell.mjs";
import { installSystemPackages } from "./system_apt.mjs";

/** @returns {Promise<import("./setup.mjs").NativeSetup>} */
export async function ensureNative() {
  let found = await findCompiler();
  if (!found.compiler) {
    await installSystemPackages(packagesFor(found.lacking), "the native tests");
    found = await findCompiler();
  }
  if (!found.compiler) throw new SetupError(`install g++ 12 or newer: ${found.lacking}`);
  const tools = await ensureTools();
  const googletestSource = tools.googletestSource ?? (await debianGoogletest());
  const path = [process.env.PATH, tools.prefix && join(tools.prefix, "bin")].filter(Boolean).join(delimiter);
  return {
    compiler: found.compiler,
    compilerVersion: (await versionOf(found.compiler)) ?? "",
    env: { CXX: found.compiler, PATH: path },
    cmake: tools.cmake,
    generator: tools.generator,
    makeProgram: tools.makeProgram,
    xsimdInclude: tools.xsimdInclude,
    googletestSource,
  };
}

/** The first compiler that does all that is asked of it; otherwise what the best one lacks. */
async function findCompiler() {
  const names = process.env.CXX ? [process.env.CXX] : ["c++", "g++", "clang++"];
  const folder = mkdtempSync(join(tmpdir(), "heed-try-"));
  let lacking = "no C++ compiler was found";
  try {
    const source =
      "#include <bit>\n#include <concepts>\n#include <span>\n#include <vector>\nint main() { std::vector<int> v{1}; return static_cast<int>(std::span(v).size()) - 1; }\n";
    writeFileSync(join(folder, "try.cpp"), source);
    for (const name of names) {
      const compiler = name.includes("/") ? name : which(name);
      if (!compiler) continue;
      const compile = (/** @type {string[]} */ ...flags) =>
        run(compiler, ["-std=c++20", ...flags, "try.cpp", "-o", "try"], { cwd: folder });
      if ((await compile()).code !== 0)
        lacking = `${compiler} does not compile and link C++20 with the standard library`;
      // Linked but not run: whether the sanitizers may run is up to the machine's kernel settings, and the tests will show.
      else if ((await compile("-fsanitize=address,undefined")).code !== 0)
        lacking = `${compiler} does not link the address and undefined-behaviour sanitizers`;
      else return { compiler, lacking: "" };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { compiler: undefined, lacking };
}

/** Debian's g++ brings its standard library, the C library's headers and the sanitizers' runtimes. @param {string} lacking */
function packagesFor(lacking) {
  if (process.env.CXX)
    throw new SetupError(`$CXX cannot be used (${lacking}): unset it, or install what it lacks`);
  return ["g++", "libc6-dev"];
}

async function debianGoogletest() {
  await installSystemPackages(["libgtest-dev", "libgmock-dev"], "the native tests");
  return "/usr/src/googletest";
}
