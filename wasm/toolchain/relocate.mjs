// Makes unpacked Debian programs run from a folder of ours, on the C library that came with them.

import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { join, relative } from "node:path";
import { run, SetupError } from "./shell.mjs";

/**
 * Prunes and patches the tree at `tree` so that it works once it is moved to `home`.
 * @param {string} tree @param {string} home @param {import("./recipe.mjs").Recipe} recipe
 */
export async function relocate(tree, home, recipe) {
  const libraries = librariesOf(tree);
  const llvm = readdirSync(join(tree, "usr/lib")).find((name) => /^llvm-\d+$/.test(name));
  if (llvm) prune(join(tree, "usr/lib", llvm, "bin"), recipe.llvmPrograms);
  prunePrograms(join(tree, "usr/bin"));
  await patchPrograms(tree, home, libraries, llvm);
  linkTools(tree);
  if (existsSync(join(tree, "usr/share/emscripten"))) adaptEmscripten(tree, home, llvm ?? "llvm");
}

/** `usr/lib/<architecture>-linux-gnu`. @param {string} tree */
function librariesOf(tree) {
  const name = readdirSync(join(tree, "usr/lib")).find((entry) => entry.includes("-linux-gnu"));
  if (!name) throw new SetupError("Debian's packages unpacked to an unknown layout (no usr/lib/*-linux-gnu)");
  return join("usr/lib", name);
}

/** @param {string} folder @param {string[]} keep */
function prune(folder, keep) {
  for (const name of readdirSync(folder)) if (!keep.includes(name)) rmSync(join(folder, name));
}

/** Keeps the programs that a build starts: Binaryen's, CMake's, Ninja, Python, patchelf. @param {string} folder */
function prunePrograms(folder) {
  const keep =
    /^(cmake|ctest|ninja|patchelf|python3(\.\d+)?|wasm-(as|dis|ctor-eval|emscripten-finalize|merge|metadce|opt|split)|wasm2js)$/;
  for (const name of readdirSync(folder)) if (!keep.test(name)) rmSync(join(folder, name));
}

/** @param {string} tree @param {string} home @param {string} libraries @param {string | undefined} llvm */
async function patchPrograms(tree, home, libraries, llvm) {
  const folders = [join(tree, "usr/bin"), ...(llvm ? [join(tree, "usr/lib", llvm, "bin")] : [])];
  const programs = folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter(isElf);
  const loader = readdirSync(join(tree, libraries)).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  if (!loader) throw new SetupError("Debian's packages unpacked without a program loader (ld-linux)");
  // patchelf itself cannot start before it is patched, unless through the loader, and cannot patch itself while it runs.
  const patchelf = join(tree, "usr/bin/patchelf");
  const rpath = [join(home, libraries), ...(llvm ? [join(home, "usr/lib", llvm, "lib")] : [])].join(":");
  const patch = async (/** @type {string[]} */ change, /** @type {string[]} */ files) => {
    const { code, stderr } = await run(join(tree, libraries, loader), [
      "--library-path",
      join(tree, libraries),
      patchelf,
      ...change,
      ...files,
    ]);
    if (code !== 0)
      throw new SetupError(
        `could not make Debian's programs runnable in ${home} (patchelf: ${stderr.trim()})`,
        stderr,
      );
  };
  const others = programs.filter((program) => program !== patchelf);
  // Two runs, the run path first: Python, linked to a fixed address, crashes when both change in one run or the other way round.
  // rpath, not runpath, because it also serves the libraries' own libraries, unless these have a runpath, as LLVM's do.
  await patch(["--force-rpath", "--set-rpath", rpath], others);
  await patch(["--set-interpreter", join(home, libraries, loader)], others);
  await patch(
    ["--remove-rpath"],
    readdirSync(join(tree, libraries))
      .map((name) => join(tree, libraries, name))
      .filter(isElf),
  );
  rmSync(patchelf);
}

/** Whether a file is an ELF program or library and no link to one. @param {string} file */
function isElf(file) {
  if (!lstatSync(file).isFile()) return false;
  const magic = Buffer.alloc(4);
  const descriptor = openSync(file, "r");
  readSync(descriptor, magic, 0, 4, 0);
  closeSync(descriptor);
  return magic.equals(Buffer.from("\x7fELF", "latin1"));
}

/** A folder for the PATH with nothing but Python, CMake and Ninja, and one for the include path with nothing but xsimd. @param {string} tree */
function linkTools(tree) {
  mkdirSync(join(tree, "bin"), { recursive: true });
  for (const name of ["python3", "cmake", "ctest", "ninja"]) {
    if (existsSync(join(tree, "usr/bin", name)))
      symlinkSync(join("../usr/bin", name), join(tree, "bin", name));
  }
  mkdirSync(join(tree, "include"));
  symlinkSync("../usr/include/xsimd", join(tree, "include/xsimd"));
}

/** Lets emcc, em++ and the rest find Python and their configuration by themselves. @param {string} tree @param {string} home @param {string} llvm */
function adaptEmscripten(tree, home, llvm) {
  const root = join(tree, "usr/share/emscripten");
  const shell = (/** @type {string} */ path) => `'${path.replaceAll("'", "'\\''")}'`;
  for (const name of readdirSync(root)) {
    const file = join(root, name);
    if (name === "wrapper" || name === "bootstrap" || !lstatSync(file).isFile()) continue;
    const text = readFileSync(file, "latin1");
    if (!text.startsWith("#!/bin/sh\n")) continue;
    const settings = `PYTHON=${shell(join(home, "usr/bin/python3"))}\nEM_CONFIG=${shell(join(home, "em_config.py"))}\nexport EM_CONFIG\n`;
    writeFileSync(file, `#!/bin/sh\n${settings}${text.slice("#!/bin/sh\n".length)}`, "latin1");
    chmodSync(file, 0o755);
  }
  rmSync(join(root, ".emscripten"), { force: true });
  // Emscripten looks for acorn in its own node_modules; Debian keeps it in Node's global folder.
  symlinkSync(relative(root, join(tree, "usr/share/nodejs")), join(root, "node_modules"));
  const config = [
    "import os, shutil",
    `PREFIX = ${JSON.stringify(home)}`,
    `LLVM_ROOT = PREFIX + '/usr/lib/${llvm}/bin'`,
    "BINARYEN_ROOT = PREFIX + '/usr'",
    `NODE_JS = next((n for n in (os.environ.get('HEED_NODE'), ${JSON.stringify(process.execPath)}) if n and os.path.exists(n)), None) or shutil.which('node')`,
    "CACHE = PREFIX + '/usr/share/emscripten/cache'",
    "FROZEN_CACHE = True", // Debian ships every library prebuilt; without this Emscripten would empty the cache and build anew
    "LLVM_ADD_VERSION = ''",
    "CLANG_ADD_VERSION = ''",
  ];
  writeFileSync(join(tree, "em_config.py"), config.join("\n") + "\n");
}
