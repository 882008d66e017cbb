// The tarball that `npm publish` would send, installed into an empty folder and used from there.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { build, type BuildOptions, type BuildResult } from "esbuild";
import { fixturePath } from "../fixtures/read.js";

const root = fixturePath("../..");
let folder: string;

const run = (command: string, args: string[], cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe" });

/** Runs a program in the folder with nothing but its JavaScript. */
function node(name: string, code: string): string {
  writeFileSync(join(folder, name), code);
  return run(process.execPath, [name]).trim();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "heed-package-"));
  const [packed] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root),
  );
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true }');
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", `./${packed.filename}`]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Those that the element fetches when they are spoken. */
const LANGUAGES = ["es", "zh", "ar"];

/** Those that heed/models fetches for what no bundled model needs. */
const MODEL_CHUNKS = ["addresses", "architectures", "generation", "gguf", "sentencepiece", "shards"].map(
  (name) => `chunks/${name}.js`,
);

const useEngine = `
const q = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i));
createEngine().then((engine) => {
  const { weights } = engine.attention(q, q, q, { numHeads: 2, headDim: 4, capture: ["weights"] });
  console.log(weights.length, weights.slice(0, 4).reduce((a, b) => a + b).toFixed(5));
});`;

const useModel = `
loadModel("heed-bert").then(async (model) => {
  const run = await model.run("The animal didn't cross the street because it was too tired.");
  const words = run.tokens.map((token) => token.text);
  const weights = run.attention(2, 1);
  console.log(weights[words.indexOf("it") * words.length + words.indexOf("animal")].toFixed(2));
});`;

describe("in Node", () => {
  test("import heed", () => {
    expect(node("engine.mjs", `import { createEngine } from "heed";${useEngine}`)).toBe("32 1.00000");
  });

  test("require heed", () => {
    expect(node("engine.cjs", `const { createEngine } = require("heed");${useEngine}`)).toBe("32 1.00000");
  });

  test("import heed/models", () => {
    expect(node("models.mjs", `import { loadModel } from "heed/models";${useModel}`)).toBe("1.00");
  });

  test("heed/models runs a bundled model without the files that it fetches for others, and says so where one is missing", () => {
    const installed = join(folder, "node_modules/heed/dist");
    mkdirSync(join(folder, "alone"));
    cpSync(join(installed, "models.js"), join(folder, "alone/models.mjs"));
    cpSync(join(installed, "models"), join(folder, "alone/models"), { recursive: true });
    const code = `
      import { HeedError, loadModel } from "./alone/models.mjs";
      await loadModel("./nowhere/").catch((error) => console.log(error instanceof HeedError, error.code, error.message));
      ${useModel}`;
    expect(node("alone.mjs", code)).toMatch(
      /^true network a part of heed\/models could not be fetched: .*addresses\.js.*\n1\.00$/,
    );
  });

  test("require heed/models", () => {
    expect(node("models.cjs", `const { loadModel } = require("heed/models");${useModel}`)).toBe("1.00");
  });

  test("one HeedError for all entries, and models beside a given engine", () => {
    const code = `
      import { createRequire } from "node:module";
      import { createEngine, HeedError } from "heed";
      import { loadModel } from "heed/models";
      const required = createRequire(import.meta.url)("heed/models");
      const engine = await createEngine({ variant: "simd" });
      const model = await loadModel("heed-gpt", { engine });
      console.log((await model.run("Every effort moves you")).tokens.length > 3);
      await loadModel("nothing").catch((error) => console.log(error instanceof HeedError, error.code));
      await required.loadModel("nothing").catch((error) => console.log(error instanceof HeedError));`;
    expect(node("shared.mjs", code)).toBe("true\ntrue invalid-argument\ntrue");
  });

  test("heed/external with the exported file", () => {
    const code = `
      import { readFile } from "node:fs/promises";
      import { createEngine } from "heed/external";
      const wasm = (await readFile(new URL(import.meta.resolve("heed/heed-simd.wasm")))).buffer;
      console.log((await createEngine({ wasm })).variant);`;
    expect(node("external.mjs", code)).toBe("simd");
  });

  test("heed/element, imported or required, defines nothing", () => {
    const told = `console.log(typeof HeedAttention, typeof customElements, typeof HTMLElement);`;
    const nothing = "function undefined undefined";
    expect(node("element.mjs", `import { HeedAttention } from "heed/element";${told}`)).toBe(nothing);
    expect(node("element.cjs", `const { HeedAttention } = require("heed/element");${told}`)).toBe(nothing);
  });

  test("nothing runs or is printed at import", () => {
    const all = `import "heed"; import "heed/external"; import "heed/models"; import "heed/element";`;
    expect(node("import.mjs", all)).toBe("");
  });
});

describe("bundled, by a tool that copies no files", () => {
  const bundle = (contents: string, options: BuildOptions): Promise<BuildResult> =>
    build({
      stdin: { contents, resolveDir: folder },
      absWorkingDir: folder,
      ...{ bundle: true, logLevel: "silent" as const },
      ...options,
    });

  test("required for a browser: every part is found, and a host with little can load it", async () => {
    const contents = `globalThis.found = [require("heed"), require("heed/external"), require("heed/models")];`;
    const { outputFiles } = await bundle(contents, { platform: "browser", write: false });
    const host: Record<string, unknown> = {};
    runInNewContext(outputFiles?.[0]?.text ?? "", host);
    expect((host["found"] as object[]).map((entry) => "HeedError" in entry)).toEqual([true, true, true]);
  });

  test("in Node, where there is a document too, bundled models are beside the file", () => {
    const code = `globalThis.document = { baseURI: "http://localhost/" };
      const { loadModel } = require("heed/models");${useModel}`;
    expect(node("document.cjs", code)).toBe("1.00");
  });

  test.each([
    ["iife", "unsupported-host", /"heed-bert" is looked for beside the module, .* copy the folder/],
    ["cjs", "unsupported-host", /"heed-bert" is looked for beside the module, .* copy the folder/],
    ["esm", "network", /heed-bert\/config\.json does not exist: copy the folder .*heed\/dist\/models/],
  ] as const)("%s: what to do for a bundled model is said", async (format, code, message) => {
    const contents = `
      import { loadModel } from "heed/models";
      loadModel("heed-bert").catch((error) => console.log(error.code, error.message));`;
    const outfile = `bundles/${format}.${format === "esm" ? "mjs" : "cjs"}`;
    await bundle(contents, { outfile, format, platform: "node" });
    const said = run(process.execPath, [outfile]);
    expect(said).toMatch(message);
    expect(said.split(" ")[0]).toBe(code);
    if (format !== "esm") return;
    cpSync(join(folder, "node_modules/heed/dist/models"), join(folder, "bundles/models"), {
      recursive: true,
    });
    expect(run(process.execPath, [outfile])).toBe("");
  });
});

describe("for types", () => {
  const program = `
    import { createEngine, HeedError, type AttentionResult } from "heed";
    import { loadModel, type Run } from "heed/models";
    const engine = await createEngine({ variant: "simd" });
    const result: AttentionResult = engine.attention(new Float32Array(8), new Float32Array(8), new Float32Array(8), { numHeads: 2, headDim: 4 });
    const run: Run = await (await loadModel("heed-bert", { engine })).run("text");
    const weights: Float32Array = run.attention(0, 0, "weights");
    // @ts-expect-error: a stage that is not one
    run.attention(0, 0, "weight");
    // From 5.7 on a Blob takes no array whose buffer may be shared.
    const saved = new Blob([result.output, run.logits(0), engine.softmax(weights, 2)]);
    export { result, weights, saved, HeedError };`;

  /** The project's own, and one of before 5.7, to which all Float32Arrays are of one type: another tool brings it. */
  const COMPILERS = { own: "", old: "@custom-elements-manifest/analyzer/node_modules/" } as const;

  test.each([
    ["node16", "own"],
    ["nodenext", "own"],
    ["bundler", "own"],
    ["bundler", "old"],
  ] as const)(
    "%s resolves and checks them, with lib checks on, and the %s TypeScript",
    (moduleResolution, compiler) => {
      writeFileSync(join(folder, "program.mts"), program);
      const module = moduleResolution === "bundler" ? "esnext" : moduleResolution;
      const typescript = join(root, "node_modules", COMPILERS[compiler], "typescript");
      const { version } = JSON.parse(readFileSync(join(typescript, "package.json"), "utf8"));
      expect(version).toMatch(compiler === "old" ? /^5\.[0-6]\./ : /^6\./);
      const tsc = join(typescript, "bin/tsc");
      const flags = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom"];
      expect(
        run(process.execPath, [
          tsc,
          ...flags,
          "--module",
          module,
          "--moduleResolution",
          moduleResolution,
          "program.mts",
        ]),
      ).toBe("");
    },
  );

  test("the element's, in HTML and in JSX", () => {
    const reactStub = join(folder, "node_modules/react");
    mkdirSync(reactStub, { recursive: true });
    writeFileSync(join(reactStub, "index.d.ts"), "export namespace JSX { interface IntrinsicElements {} }");
    writeFileSync(
      join(reactStub, "jsx-runtime.d.ts"),
      'import * as React from "react"; export const jsx: unknown; export { React }; export import JSX = React.JSX;',
    );
    writeFileSync(
      join(folder, "element.tsx"),
      `import "heed/element";
      import type {} from "heed/element/jsx";
      const figure = document.createElement("heed-attention");
      figure.layer = 2;
      figure.addEventListener("heed-run", ({ detail }) => detail.tokens.map((token) => token.length));
      const weights: Float32Array | undefined = figure.run?.stages.weights;
      // @ts-expect-error: a stage that is not one
      figure.stage = "weight";
      // @ts-expect-error: an attribute that is not one
      export const wrong = <heed-attention layers={2} />;
      export const right = <heed-attention text="A dog." layer={2} words onheed-select={({ detail }) => detail.row} />;
      export { weights };`,
    );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--jsx", "react-jsx"];
    const modules = ["--module", "esnext", "--moduleResolution", "bundler"];
    expect(run(process.execPath, [tsc, ...flags, ...modules, "element.tsx"])).toBe("");
  });

  test("publint and attw find nothing", () => {
    const bin = (name: string) => join(root, "node_modules/.bin", name);
    expect(run(bin("publint"), ["--strict", root], root)).toMatch(/All good!/);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
    // attw fails the command itself; node10 is left out: it knows no exports map, and Node 10 is gone.
    const wasm = [
      "--exclude-entrypoints",
      "heed-simd.wasm",
      "heed-relaxed-simd.wasm",
      "element.iife.js",
      "element/jsx",
    ];
    expect(run(bin("attw"), [tarball, "--profile", "node16", "--format", "ascii", ...wasm])).toMatch(
      /bundler: 🟢/u,
    );
  });
});

describe("what is shipped", () => {
  const dist = (name: string) => readFileSync(join(folder, "node_modules/heed/dist", name), "utf8");

  test("evaluates no strings and makes no HTML", () => {
    const entries = ["heed", "external", "models", "element"].flatMap((name) => [
      `${name}.js`,
      `${name}.cjs`,
    ]);
    for (const name of [...entries, "element.iife.js", ...MODEL_CHUNKS]) {
      expect(dist(name)).not.toMatch(/\beval\(|new Function|innerHTML|document\.write/);
    }
  });

  test("reaches no Node module from what a browser loads", () => {
    const entries = ["heed.js", "external.js", "models.js", "element.js", "element.iife.js"];
    for (const name of [...entries, ...MODEL_CHUNKS])
      expect(dist(name)).not.toMatch(/(from|import\(|require\() ?["']node:/);
  });

  test("no entry has a dependency, so that a page can load each as it is; what is fetched later is beside it", () => {
    const imports = (name: string) =>
      new Set([...dist(name).matchAll(/\b(?:from|import) ?\(?"([@.\w/:-]+)"/g)].map(([, path]) => path));
    expect(imports("heed.js")).toEqual(new Set());
    expect(imports("models.js")).toEqual(new Set(MODEL_CHUNKS.map((name) => `./${name}`)));
    expect(imports("models.cjs")).toEqual(new Set());
    // Addresses beside a module that has moved would be no addresses.
    for (const name of MODEL_CHUNKS) expect(dist(name)).not.toContain("import.meta");
    const chunks = ["chunks/views.js", "chunks/exports.js"];
    const later = [...chunks, ...LANGUAGES.map((language) => `languages/${language}.js`)];
    const beside = ["./models.js", ...later.map((name) => `./${name}`)];
    expect(imports("element.js")).toEqual(new Set(beside));
    expect(imports("element.iife.js")).toEqual(new Set(beside));
    for (const name of [...later, ...MODEL_CHUNKS]) expect(imports(name)).toEqual(new Set());
  });

  test("the engine entry stays small", () => {
    // What a page waits for; the bench has the figures.
    expect(brotliCompressSync(dist("heed.js")).length).toBeLessThan(60_000);
  });

  test("what a bundled model is loaded by stays small: the entry, and no file beside", () => {
    // 94.8 kB when the rest was taken out of it; 113.5 before.
    expect(brotliCompressSync(dist("models.js")).length).toBeLessThan(97_000);
  });

  test("the element takes at most 50 kB over the engine, with all its views 60, and with what saves pictures 82", () => {
    const size = (...names: string[]): number =>
      names.reduce((sum, name) => sum + brotliCompressSync(dist(name)).length, 0);
    for (const name of ["element.js", "element.iife.js"]) {
      expect(size(name)).toBeLessThan(50_000);
      expect(size(name, "chunks/views.js")).toBeLessThan(60_000);
      expect(size(name, "chunks/views.js", "chunks/exports.js")).toBeLessThan(82_000);
    }
  });

  test("keeps the notices of what is bundled", () => {
    expect(dist("element.js")).toContain("Copyright 2017 Google LLC");
    const notice = readFileSync(join(folder, "node_modules/heed/NOTICE"), "utf8");
    expect(notice).toMatch(/@lit\/reactive-element[^]*Redistribution and use/);
    expect(notice).toContain("@huggingface/tokenizers");
  });
});
