// Builds the package's entry heed/element into dist/, after the other entries: the element for modules (ESM and CommonJS) and
// for a plain <script>, its types, and the Custom Elements Manifest.
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beside } from "../../wasm/beside.mjs";
import { writeManifest } from "./manifest.mjs";
import { terse } from "../../wasm/terse.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

export async function buildElement() {
  const bundles = [bundle("esm", ".js"), bundle("cjs", ".cjs"), bundle("iife", ".iife.js")];
  await Promise.all([...bundles, bundleBeside(), writeTypes()]);
  await writeManifest(root);
}

/** @param {"esm" | "cjs" | "iife"} format @param {string} extension */
async function bundle(format, extension) {
  const { build } = await import("esbuild");
  const entry = "./web/element/index.ts";
  const isPlain = format === "iife";
  await build({
    absWorkingDir: root,
    // A plain script exports nothing, and does what it does as it is read. Wrapped here: esbuild's wrapper brings a require()
    // that nothing calls.
    stdin: { contents: isPlain ? `import "${entry}"` : `export * from "${entry}"`, resolveDir: root },
    outfile: `dist/element${extension}`,
    ...(isPlain && {
      banner: { js: '"use strict";(()=>{' },
      footer: { js: "})();" },
      ignoreAnnotations: true,
    }),
    bundle: true,
    minify: true,
    write: false,
    format: isPlain ? "esm" : format,
    target: "es2022",
    platform: "neutral",
    // Lit's build without a DOM's stand-in, and not its development one.
    conditions: ["browser"],
    inject: ["web/element/no_dom.ts"],
    plugins: [
      styleSheets,
      beside(root, BESIDE),
      models(format === "cjs" ? "./models.cjs" : "./models.js"),
      terse({ isModule: format === "esm" }),
    ],
    // Lit's licence asks that its notice stays.
    legalComments: "eof",
    logLevel: "warning",
  });
}

/** What the element fetches when it is asked for: languages but English, and its chunks. */
const LANGUAGES = {
  "languages/es": "web/strings/es/index.ts",
  "languages/zh": "web/strings/zh/index.ts",
  "languages/ar": "web/strings/ar/index.ts",
};
const CHUNKS = {
  "chunks/views": "web/element/chunks/views.ts",
  "chunks/exports": "web/element/chunks/exports.ts",
};
const BESIDE = { ...LANGUAGES, ...CHUNKS };

/** They lie beside every bundle of the element, which import() reaches from a plain script too. */
async function bundleBeside() {
  const { build } = await import("esbuild");
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    target: "es2022",
    charset: "utf8",
    platform: "neutral",
    logLevel: "warning",
  };
  const handed = await sharing();
  await Promise.all([
    build({
      ...common,
      entryPoints: LANGUAGES,
      outdir: "dist",
      format: "esm",
      plugins: [terse({ isModule: true })],
    }),
    ...Object.entries(CHUNKS).map(async ([name, path]) => {
      const source = await readFile(resolve(root, path), "utf8");
      const names = [...source.matchAll(/^export (?:const |\{ )(\w+)/gm)].map(([, each]) => each).join(", ");
      return build({
        ...common,
        stdin: { contents: `import { ${names} } from "./${path}"; chunk = { ${names} };`, resolveDir: root },
        outfile: `dist/${name}.js`,
        // A function of what the element shares, which gives what the chunk exports.
        banner: { js: "export default(shared)=>{let chunk;" },
        footer: { js: "return chunk}" },
        format: "iife",
        plugins: [handed, styleSheets, terse({ isModule: true })],
      });
    }),
  ]);
}

/** In a chunk, what shared.ts names is what the element hands over, by its place there, and not the source once more. */
async function sharing() {
  const path = resolve(root, "web/element/shared.ts");
  const source = await readFile(path, "utf8");
  const wordsOf = (/** @type {string} */ list) => list.match(/\w+/g) ?? [];
  const places = wordsOf(/SHARED = \[([^;]+)\];/.exec(source)?.[1] ?? "");
  const shared = new Map(
    [...source.matchAll(/^import \{([^}]+)\} from "(.+)";$/gm)].map(([, names, from]) => [
      resolve(dirname(path), from),
      wordsOf(names),
    ]),
  );
  return {
    name: "sharing",
    /** @param {import("esbuild").PluginBuild} build */
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^own:/ }, ({ path }) => ({ path: path.slice("own:".length), namespace: "own" }));
      onLoad({ filter: /./, namespace: "own" }, async ({ path }) => ({
        contents: await readFile(path, "utf8"),
        loader: "ts",
        resolveDir: dirname(path),
      }));
      onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path }) => {
        const names = shared.get(path);
        if (!names) return undefined;
        const handed = names.map(
          (name) => `export const ${name} = /* @__PURE__ */ (() => shared[${places.indexOf(name)}])();`,
        );
        return { contents: [...handed, `export * from "own:${path}";`].join("\n"), loader: "js" };
      });
    },
  };
}

/** `import css from "./sheet.css?inline"`: the sheet, minified, as text. */
export const styleSheets = {
  name: "style-sheets",
  /** @param {import("esbuild").PluginBuild} build */
  setup({ esbuild, onResolve, onLoad }) {
    onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.slice(0, -"?inline".length)),
      namespace: "sheet",
    }));
    onLoad({ filter: /./, namespace: "sheet" }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/** heed/models is the file beside, fetched when it is needed. */
const models = (/** @type {string} */ path) => ({
  name: "models-beside",
  /** @param {import("esbuild").PluginBuild} build */
  setup({ onResolve }) {
    onResolve({ filter: /^heed\/models$/ }, () => ({ path, external: true }));
  },
});

/** Declarations of all that the element's own reach, once for each module kind. */
async function writeTypes() {
  const emitted = resolve(root, "build/element-types");
  await rm(emitted, { recursive: true, force: true });
  const tsc = ["node_modules/typescript/bin/tsc", "-p", "web/element/tsconfig.types.json"];
  await run(process.execPath, tsc, { cwd: root }).catch(({ stdout, message }) => {
    throw new Error(`the element's types do not build:\n${stdout || message}`);
  });
  const reached = new Map();
  await reach(resolve(emitted, "element/index.d.ts"), reached);
  for (const folder of ["dist/types/web", "dist/types/cjs/web"]) {
    for (const [file, text] of reached) {
      const target = resolve(root, folder, relative(emitted, file));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    await cp(resolve(root, "web/element/jsx.d.ts"), resolve(root, folder, "element/jsx.d.ts"));
  }
}

/** A declaration file and those that it imports, with the names that they have when built. */
async function reach(/** @type {string} */ file, /** @type {Map<string, string>} */ reached) {
  if (reached.has(file)) return;
  const text = (await readFile(file, "utf8")).replace(/((?:from |import\()"\.[^"]+)\.ts"/g, '$1.js"');
  reached.set(file, text);
  for (const [, path] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g))
    await reach(resolve(dirname(file), `${path}.d.ts`), reached);
}
