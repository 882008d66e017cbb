// What is fetched from Debian, and which part of it is kept. A change here makes a new prefix: its name holds a hash of this.

import { createHash } from "node:crypto";

export const EMSCRIPTEN_LEAST = "3.1.69"; // LLVM 19: the final opcodes of relaxed SIMD
export const XSIMD_LEAST = "14.0.0"; // before, != of WebAssembly's batch_bool was wrong
export const CMAKE_LEAST = "3.24";
export const EMSDK_PINNED = "3.1.69"; // the same compiler as Debian 13's, so that both routes build the same

/**
 * @typedef {object} Recipe
 * @property {string} name
 * @property {string} suite the Debian release that packages come from unless they say otherwise
 * @property {string[]} suites every release whose package lists are read
 * @property {string[]} packages
 * @property {string[]} assumed packages treated as installed, so that neither they nor what they need is fetched
 * @property {string[]} leaveOut patterns of tar for files that are not unpacked
 * @property {string[]} llvmPrograms what stays of LLVM's programs
 */

const tools = ["patchelf", "cmake", "ninja-build", "libgtest-dev", "libxsimd-dev/forky"];

/** @type {Omit<Recipe, "name" | "packages">} */
const common = {
  suite: "trixie",
  suites: ["trixie", "forky"],
  assumed: [
    // Node is what runs this file. The rest serves compiling for the machine itself, or setting up a whole system.
    ..."nodejs node-undici node-xtend libgcc-14-dev libc6-dev libstdc++-14-dev libobjc-14-dev binutils ccache".split(
      " ",
    ),
    ..."dpkg tar procps init-system-helpers debconf tzdata netbase media-types readline-common xtl-dev".split(
      " ",
    ),
  ],
  leaveOut: [
    ..."doc doc-base man info locale lintian bash-completion zsh emacs vim gdb bug perl5"
      .split(" ")
      .map((name) => `./usr/share/${name}`),
    "./usr/share/cmake-*/Help",
    "./usr/lib/*/gconv",
    "./usr/lib/*/libclang-19.so*", // for editors; the compiler uses libclang-cpp
    "./usr/lib/*/libclang1-19*",
    "./usr/lib/llvm-19/lib/LLVMPolly.so",
    "./usr/lib/llvm-19/bin/llvm-exegesis",
    "./usr/lib/*/lib*.a",
    ..."test docs media out ChangeLog.*".split(" ").map((name) => `./usr/share/emscripten/${name}`),
    // Of Emscripten's prebuilt libraries the plain ones stay, with their debug, exception and noexcept variants and those for
    // link-time optimisation; the ones for shared libraries, threads, workers, sanitizers and WebGL go (1.4 of 1.6 GB). Left are
    // libembind (with and without RTTI), emmalloc, dlmalloc and mimalloc, libstandalonewasm, and libc++ and libc++abi plain,
    // -noexcept and -except: GoogleTest links with -fno-exceptions, -fexceptions and -fwasm-exceptions.
    ..."lto-pic pic *-mt[.-]* *-ww[.-]* *asan*.a *lsan*.a *sanitizer_common*.a *libubsan_rt* *libGL-emu* *libGL-*es3* *libGL-ofb* *libGL-webgl2* *libwasmfs* *libwebgpu* *libfetch* *libsockets_proxy*"
      .split(" ")
      .map((name) => `./usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/${name}`),
  ],
  llvmPrograms:
    "clang clang++ clang-19 clang-cpp lld wasm-ld ld.lld llvm-ar llvm-ranlib llvm-nm llvm-objcopy llvm-strip llvm-objdump llvm-dwarfdump llvm-dwp llvm-cxxfilt llvm-symbolizer llvm-addr2line llvm-size llvm-readobj llvm-readelf".split(
      " ",
    ),
};

/** Everything a build needs beside Node. @type {Recipe} */
export const FULL = { name: "emscripten", packages: ["emscripten", ...tools], ...common };

/** For machines that have Emscripten but lack CMake, xsimd or GoogleTest's sources. @type {Recipe} */
export const TOOLS = { name: "tools", packages: tools, ...common };

/** Folder name of a recipe's prefix. @param {Recipe} recipe @param {string} architecture */
export function prefixName(recipe, architecture) {
  const layout = 3; // raise when prefix.mjs or relocate.mjs lays the prefix out differently
  const hash = createHash("sha256").update(JSON.stringify({ layout, architecture, ...recipe }));
  return `${recipe.name}-${hash.digest("hex").slice(0, 12)}`;
}
