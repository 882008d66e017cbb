// The pages: HTML, style sheets, scripts and a module worker, all by relative paths, so that build/site works under any address
// that serves static files. In the mode "gallery": the page of single views, for their tests, into build/gallery.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { lessonPages } from "./lesson/pages.mjs";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The built package, as its users get it; its sources only where it has not been built yet. */
const entry = (built: string, source: string): string => (existsSync(at(built)) ? at(built) : at(source));

const alias = [
  { find: /^heed\/models$/, replacement: entry("../dist/models.js", "../wasm/models/index.ts") },
  { find: /^heed$/, replacement: entry("../dist/heed.js", "../wasm/index.ts") },
];

/** What an entry imports when it runs is fetched along with it. */
const preloadDynamicImports: Plugin = {
  name: "preload-dynamic-imports",
  transformIndexHtml: {
    order: "post",
    handler: (_html, { chunk, bundle = {} }) => {
      const all = new Set<string>();
      const reach = (name: string): void => {
        const found = bundle[name];
        if (found?.type !== "chunk" || all.has(name)) return;
        all.add(name);
        found.imports.forEach(reach);
      };
      chunk?.dynamicImports.forEach(reach);
      return [...all].map((name) => ({
        ...{ tag: "link", injectTo: "head" },
        attrs: { rel: "modulepreload", crossorigin: true, href: `./${name}` },
      }));
    },
  },
};

/** The icon in the page itself: Chromium asks for it anew whenever the page writes its address. */
const inlineIcon: Plugin = {
  name: "inline-icon",
  transformIndexHtml: {
    order: "pre",
    handler: (html) =>
      html.replace(
        'href="./icon.svg"',
        `href="data:image/svg+xml,${encodeURIComponent(readFileSync(at("./icon.svg"), "utf8"))}"`,
      ),
  },
};

/**
 * A file each for what starts a page and for what its parts share: every file more takes a browser milliseconds, from its disk
 * too. Left alone they are twenty.
 */
const FEW_FILES = [
  { name: "start", test: /start_worker|preload-helper/, priority: 1 },
  // Not the languages: of those a visitor wants one.
  { name: "shared", minShareCount: 2, test: (id: string) => !/strings.(es|zh|ar)/.test(id) },
];

export default defineConfig(({ mode }) => ({
  root: at(mode === "gallery" ? "./gallery" : "."),
  base: "./",
  publicDir: false,
  resolve: { alias },
  plugins: [lessonPages(), inlineIcon, preloadDynamicImports],
  build: {
    outDir: at(mode === "gallery" ? "../build/gallery" : "../build/site"),
    emptyOutDir: true,
    target: "es2022",
    // The polyfill would fetch by script.
    modulePreload: { polyfill: false },
    // A small file inlined would be a data: address, which the Content-Security-Policy does not let the worker fetch.
    assetsInlineLimit: 0,
    // The worker holds the models, WebAssembly included.
    chunkSizeWarningLimit: 4096,
    rollupOptions: {
      input: mode === "gallery" ? undefined : { index: at("./index.html"), lesson: at("./lesson.html") },
      output: { codeSplitting: { groups: FEW_FILES } },
    },
  },
  worker: { format: "es" },
}));
