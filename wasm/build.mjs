#!/usr/bin/env node
// Builds the npm package into dist/: the WebAssembly modules, in both variants, by CMake, then the JavaScript and its types.
//
//   node wasm/build.mjs [--no-wasm]     --no-wasm: keep the WebAssembly that is there

import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensureEmscripten, ensurePackages } from "./toolchain/setup.mjs";
import { encodeAscii } from "./ascii.mjs";
import { beside } from "./beside.mjs";
import { makeDelta } from "./delta.mjs";
import { wasmPreset } from "./presets.mjs";
import { terse } from "./terse.mjs";
import { buildElement } from "../web/element/build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);
const variants = ["simd", "relaxed-simd"];
const modules = ["engine", "models"];

/** Everything, from a fresh clone. `wasm: false` keeps the modules that an earlier build left. */
export async function build({ wasm = true } = {}) {
  await ensurePackages(root);
  if (wasm) await buildModules();
  await buildPackage();
}

/** build/wasm, of every module and variant. */
async function buildModules() {
  const emscripten = await ensureEmscripten();
  await mkdir(`${root}build/wasm`, { recursive: true });
  const built = await Promise.all(variants.map((variant) => wasmPreset(emscripten, variant, "heed_wasm")));
  const folders = built.map((folder) => `${folder}/wasm/`);
  for (const module of modules) await prepareModule(module, folders);
}

/** build/wasm/<module>-<variant>.wasm, both as text to inline, and the glue they share; `folders`: one a variant. */
async function prepareModule(module, folders) {
  const target = `${root}build/wasm/${module}`;
  const glues = await Promise.all(folders.map((folder) => readFile(`${folder}${module}.mjs`, "utf8")));
  // One copy is shipped for both: they differ in nothing but instructions inside functions.
  if (glues[0] !== glues[1])
    throw new Error(`the JavaScript of ${module}'s variants differs: ship one glue for each`);
  await writeFile(`${target}.mjs`, glues[0]);

  const binaries = [];
  for (const [i, variant] of variants.entries()) {
    const binary = await readFile(`${folders[i]}${module}.wasm`);
    binaries.push(Buffer.concat([binary, customSection(variant)]));
    await writeFile(`${target}-${variant}.wasm`, binaries[i]);
  }
  const [simd, relaxedSimd] = binaries;
  await writeFile(`${target}-simd.ascii`, encodeAscii(simd));
  await writeFile(`${target}-relaxed-simd.ascii`, encodeAscii(makeDelta(simd, relaxedSimd)));
}

/** WebAssembly Core Specification 5.5.3: id 0, size, then a name and free bytes. */
function customSection(variant) {
  const name = Buffer.from("heed-variant");
  const content = Buffer.concat([Buffer.from([name.length]), name, Buffer.from(variant)]);
  return Buffer.concat([Buffer.from([0, content.length]), content]);
}

/** The entries, and the module that each of them runs. */
const entries = [
  { name: "heed", path: "wasm/index.ts", module: "engine" },
  { name: "external", path: "wasm/external.ts", module: "engine" },
  { name: "models", path: "wasm/models/index.ts", module: "models" },
];

/** What heed/models fetches when it is wanted, each a module by itself beside the entry. */
const chunks = {
  "chunks/addresses": "wasm/models/sources/addresses.ts",
  "chunks/architectures": "wasm/models/architectures.ts",
  "chunks/generation": "wasm/models/generation.ts",
  "chunks/gguf": "wasm/models/gguf/checkpoint.ts",
  "chunks/sentencepiece": "wasm/models/tokenizer/sentencepiece.ts",
  "chunks/shards": "wasm/models/shards/sharded_model.ts",
};

async function buildPackage() {
  await rm(`${root}dist`, { recursive: true, force: true });
  for (const entry of entries) {
    for (const format of ["esm", "cjs"]) await buildEntry(entry, format);
  }
  await buildChunks();
  for (const variant of variants) {
    await cp(`${root}build/wasm/engine-${variant}.wasm`, `${root}dist/heed-${variant}.wasm`);
  }
  await cp(`${root}web/models`, `${root}dist/models`, { recursive: true });
  await writeTypes();
  await buildElement();
}

async function buildEntry({ name, path, module }, format) {
  const esbuild = await import("esbuild");
  const { version } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
  const isCommonJs = format === "cjs";
  // heed/models alone has files beside it.
  const needsPlace = isCommonJs && module === "models";
  const glue = await minifiedGlue(esbuild, module);
  await esbuild.build({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    platform: "neutral",
    entryPoints: { [name]: path },
    outdir: "dist",
    outExtension: { ".js": isCommonJs ? ".cjs" : ".js" },
    loader: { ".ascii": "text" },
    write: false,
    plugins: [
      ...[glueByName, inlineProgram(glue)],
      // What requires modules can't always import them: in CommonJS everything is in the entry.
      ...(isCommonJs ? [] : [beside(root, chunks)]),
      terse({
        isModule: !isCommonJs,
        keepsFunctions: true,
        banner: (needsPlace ? placeOfCommonJs : "") + glue,
      }),
    ],
    legalComments: "none",
    logLevel: "warning",
    define: {
      __HEED_VERSION__: JSON.stringify(version),
      // What a bundler turns into asset URLs has no equivalent in CommonJS but the file's own place.
      ...(needsPlace ? { "import.meta.url": "__heedPlace.url" } : {}),
    },
  });
}

async function buildChunks() {
  const esbuild = await import("esbuild");
  await esbuild.build({
    absWorkingDir: root,
    ...{ bundle: true, minify: true, format: "esm", target: "es2022", platform: "neutral" },
    entryPoints: chunks,
    outdir: "dist",
    write: false,
    plugins: [
      glueByName,
      inlineProgram(await minifiedGlue(esbuild, "models")),
      terse({ isModule: true, keepsFunctions: true }),
    ],
    legalComments: "none",
    logLevel: "warning",
  });
}

/**
 * A module's glue as a script that declares `heedGlue`. An entry and the worker's program inside it carry the very same
 * text, which then costs next to nothing when compressed: minified each with its surroundings, the second copy is 3 kB.
 */
async function minifiedGlue(esbuild, module) {
  const { outputFiles } = await esbuild.build({
    ...{ absWorkingDir: root, entryPoints: [`build/wasm/${module}.mjs`], write: false },
    ...{ bundle: true, minify: true, format: "iife", globalName: "heedGlue", target: "es2022" },
    platform: "neutral",
  });
  return outputFiles[0].text;
}

/** Imports of the glue mean the script's. */
const glueByName = {
  name: "glue-by-name",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]build[\\/]wasm[\\/]\w+\.mjs$/ }, () => ({
      contents: "export default heedGlue.default;",
    }));
  },
};

/**
 * Where a CommonJS file is: in Node, though there be a document (jsdom, Electron), its own file; elsewhere the page. Asked for
 * when it is wanted, and without require(), after which bundlers for browsers would look for Node's modules.
 */
const placeOfCommonJs =
  "var __heedPlace={get url(){" +
  'return typeof __filename==="string"&&globalThis.process?.versions?.node' +
  '?process.getBuiltinModule("node:url").pathToFileURL(__filename).href' +
  ":(globalThis.document?.baseURI??globalThis.location?.href)}};";

/** `import text from "./program.ts?inline"`: the program, bundled by itself, for a worker that is made of text. */
const inlineProgram = (glue) => ({
  name: "inline-program",
  setup({ esbuild, onResolve, onLoad }) {
    onResolve({ filter: /\?inline$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.slice(0, -"?inline".length)),
      namespace: "inline",
    }));
    onLoad({ filter: /./, namespace: "inline" }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({
        ...{ absWorkingDir: root, entryPoints: [path], write: false },
        ...{ bundle: true, minify: true, format: "iife", target: "es2022" },
        platform: "neutral",
        plugins: [glueByName],
      });
      return { contents: glue + outputFiles[0].text, loader: "text" };
    });
  },
});

/**
 * Declarations from the sources: those that the public entries reach, once for each module kind (CommonJS reads its kind
 * from the nearest package.json).
 */
async function writeTypes() {
  const emitted = `${root}build/types/`;
  await rm(emitted, { recursive: true, force: true });
  const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"];
  await run(process.execPath, tsc, { cwd: root }).catch(({ stdout, message }) => {
    throw new Error(`the types do not build:\n${stdout || message}`);
  });
  const reached = new Set();
  for (const entry of ["index", "external", "models/index"]) await reach(`${emitted}${entry}.d.ts`, reached);
  for (const file of reached) {
    for (const folder of ["dist/types/", "dist/types/cjs/"]) {
      await cp(file, root + folder + file.slice(emitted.length));
    }
  }
  await writeFile(`${root}dist/types/cjs/package.json`, '{ "type": "commonjs" }\n');
}

async function reach(file, reached) {
  if (reached.has(file)) return;
  reached.add(file);
  const text = await readFile(file, "utf8");
  for (const [, path] of text.matchAll(/from "(\.[^"]+)\.js"/g))
    await reach(resolve(dirname(file), `${path}.d.ts`), reached);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ wasm: !process.argv.includes("--no-wasm") }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
