// Builds embed.html: the element, the engine and a model in one file, under a policy that lets it ask for nothing.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { styleSheets } from "../element/build.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** One file a model, since a picture shows one: with both, each frame would load 4 MB that it does not use. */
const FILES = { "embed.html": ["heed-bert"], "embed-gpt.html": ["heed-gpt"] };

/** All files, into a folder. */
export async function buildEmbeds(/** @type {string} */ folder) {
  const [script, style] = await Promise.all([
    bundled("web/embed/main.ts"),
    bundled("web/styles/embed_page.css"),
  ]);
  for (const [name, models] of Object.entries(FILES))
    await writeFile(join(folder, name), pageOf(script, style, await Promise.all(models.map(dataOf))));
}

async function bundled(/** @type {string} */ entry) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    platform: "neutral",
    conditions: ["browser"],
    alias: { "heed/models": join(root, "dist/models.js") },
    plugins: [styleSheets, withoutOwnModels],
    legalComments: "eof",
    logLevel: "warning",
    // The bundled models' addresses, which nothing here asks for.
    logOverride: { "empty-import-meta": "silent" },
  });
  const text = outputFiles[0]?.text.trim() ?? "";
  if (/<!--|<\/?(script|style)/i.test(text)) throw new Error(`${entry} would end the element it stands in`);
  return text;
}

/** What reads models from elsewhere is of no use where nothing may be asked for; asked all the same, it says so. */
const withoutOwnModels = {
  name: "without-own-models",
  /** @param {import("esbuild").PluginBuild} build */
  setup({ onResolve, onLoad }) {
    const namespace = "without-own-models";
    onResolve({ filter: /^\.\/chunks\/(addresses|gguf)\.js$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /./, namespace }, () => ({
      contents: 'throw new Error("this file shows the model that it carries, and no other")',
    }));
  },
};

/** A model's files as web/embed/models.ts reads them. */
async function dataOf(/** @type {string} */ name) {
  const file = (/** @type {string} */ path) => readFile(join(root, "web/models", name, path));
  const json = async (/** @type {string} */ path) =>
    JSON.parse(await readFile(join(root, "web/models", name, path), "utf8"));
  const data = {
    config: await json("config.json"),
    tokenizerConfig: await json("tokenizer_config.json"),
    tokenizer: packed(await file("tokenizer.json")),
    weights: packed(await file("model.safetensors")),
  };
  return `<script type="application/json" data-model="${name}">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`;
}

function packed(/** @type {Buffer} */ bytes) {
  const middle = Math.ceil(bytes.length / 2);
  const halves = Buffer.alloc(bytes.length);
  bytes.forEach((byte, i) => (halves[(i & 1) * middle + (i >> 1)] = byte));
  return gzipSync(halves, { level: 9 }).toString("base64");
}

function pageOf(/** @type {string} */ script, /** @type {string} */ style, /** @type {string[]} */ data) {
  const hash = (/** @type {string} */ text) =>
    `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    "img-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>heed: attention of a sentence</title>
<style>${style}</style>
</head>
<body>
<noscript>heed computes attention in your browser, and needs JavaScript for it.</noscript>
${data.join("\n")}
<script>${script}</script>
</body>
</html>
`;
}
