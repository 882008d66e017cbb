// The examples, each in a folder of its own beside what it asks for, as someone has it who copied it from here.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compile } from "@mdx-js/mdx";
import { build as bundle } from "esbuild";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Packages that the examples ask for, from this clone's own. */
const PACKAGES = ["react", "react-dom", "scheduler", "reveal.js"];

export interface Examples {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function layOutExamples(): Promise<Examples> {
  const folder = await mkdtemp(join(tmpdir(), "heed-examples-"));
  await cp(join(root, "examples"), folder, { recursive: true });
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Examples</title>");
  // Browsers ask for one.
  await writeFile(join(folder, "favicon.ico"), "");
  const packages = join(folder, "node_modules");
  for (const name of PACKAGES) {
    await mkdir(dirname(join(packages, name)), { recursive: true });
    await symlink(join(root, "node_modules", name), join(packages, name));
  }
  await symlink(root, join(packages, "heed"));
  const at = (path: string): string => join(folder, path);
  await symlink(join(root, "dist"), at("html/heed"));
  await symlink(join(root, "build/site/embed.html"), at("html/embed.html"));
  await symlink(join(root, "build/site/embed.html"), at("observable/src/embed.html"));
  await symlink(join(root, "dist"), at("quarto/heed"));
  await symlink(packages, at("reveal/node_modules"));
  await mkdir(at("jupyter/files"));
  await symlink(join(root, "dist"), at("jupyter/files/heed"));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** By Vite, into react/dist. */
export async function buildReact(folder: string): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const options = ["--base", "./", "--logLevel", "error"];
  await run(process.execPath, [vite, "build", join(folder, "react"), ...options]);
}

/** docusaurus/docs/attention.mdx by MDX's own compiler, drawn by React, as docusaurus/index.html. */
export async function buildMdx(folder: string): Promise<void> {
  const place = join(folder, "docusaurus");
  const page = await readFile(join(place, "docs/attention.mdx"), "utf8");
  // What Docusaurus reads before the compiler does.
  const { value } = await compile(page.replace(/^---\n[^]*?\n---\n/, ""));
  await writeFile(join(place, "page.js"), String(value));
  await writeFile(
    join(place, "main.jsx"),
    'import { createRoot } from "react-dom/client"; import Page from "./page.js"; createRoot(document.querySelector("main")).render(<Page />);',
  );
  await bundle({
    absWorkingDir: place,
    entryPoints: ["main.jsx"],
    outfile: join(place, "out/main.js"),
    bundle: true,
    format: "esm",
    jsx: "automatic",
    alias: { "@site": place },
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  await symlink(join(root, "dist/models"), join(place, "out/models"));
  await writeFile(join(place, "index.html"), pageOf("<main></main>", "./out/main.js"));
}

/** observable/src/attention.js in cells like those of src/index.md, by Observable's own runtime. */
export async function buildObservable(folder: string): Promise<void> {
  const place = join(folder, "observable/src");
  await writeFile(
    join(place, "main.js"),
    `import { Runtime } from "@observablehq/runtime";
    import { attentionFrame } from "./attention.js";
    const main = new Runtime().module();
    window.layer = main.variable(true).define("layer", 2);
    main.variable(true).define("frame", () => {
      const frame = attentionFrame("./embed.html");
      document.querySelector("main").append(frame);
      return frame;
    });
    main.variable(true).define(["frame", "layer"], (frame, layer) =>
      frame.show({ text: "A dog slept because it was tired.", layer, heads: 1, controls: "heads stage" }));`,
  );
  await bundle({
    absWorkingDir: place,
    nodePaths: [join(root, "node_modules")],
    logLevel: "error",
    entryPoints: ["main.js"],
    outfile: join(place, "out.js"),
    bundle: true,
    format: "esm",
  });
  await writeFile(join(place, "index.html"), pageOf("<main></main>", "./out.js"));
}

/** A host that asks of jupyter/heed_widget.js what anywidget's front end module contract says, and no more. */
export async function writeWidgetHost(folder: string): Promise<void> {
  const script = `
    import widget from "./heed_widget.js";
    const values = { script: "files/heed/element.js", text: "The animal didn't cross the street because it was too tired.", pair: "", model: "heed-bert", view: "matrix", layer: 2, head: 1, stage: "weights", controls: "stage", selected: {} };
    const listeners = new Map();
    const of = (name) => listeners.get(name) ?? listeners.set(name, new Set()).get(name);
    const changed = new Set();
    window.saved = [];
    const model = {
      get: (name) => values[name],
      set(name, value) { values[name] = value; changed.add(name); of("change:" + name).forEach((listener) => listener()); },
      on: (event, listener) => of(event).add(listener),
      off: (event, listener) => of(event).delete(listener),
      save_changes() { window.saved.push(Object.fromEntries([...changed].map((name) => [name, values[name]]))); changed.clear(); },
    };
    const experimental = { invoke: () => Promise.reject(new Error("not here")) };
    await widget.initialize?.({ model, experimental });
    window.host = { model, listeners, cleanUp: await widget.render({ model, el: document.querySelector("main"), experimental }) };`;
  await writeFile(join(folder, "jupyter/host.js"), script);
  await writeFile(join(folder, "jupyter/index.html"), pageOf("<main></main>", "./host.js"));
}

function pageOf(body: string, script: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>An example</title>${body}<script type="module" src="${script}"></script></html>`;
}
