// The page: one HTML file, one style sheet, one script and one module worker, all by relative paths, so that build/site works
// under any address that serves static files.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The built package, as its users get it; its sources only where it has not been built yet. */
const entry = (built: string, source: string): string => (existsSync(at(built)) ? at(built) : at(source));

const alias = [
  { find: /^heed\/models$/, replacement: entry("../dist/models.js", "../wasm/models/index.ts") },
  { find: /^heed$/, replacement: entry("../dist/heed.js", "../wasm/index.ts") },
];

export default defineConfig({
  root: at("."),
  base: "./",
  publicDir: false,
  resolve: { alias },
  build: {
    outDir: at("../build/site"),
    emptyOutDir: true,
    target: "es2022",
    // The polyfill would fetch by script; there is only one script to preload.
    modulePreload: false,
    // A small file inlined would be a data: address, which the Content-Security-Policy does not let the worker fetch.
    assetsInlineLimit: 0,
    // The worker holds the models, WebAssembly included.
    chunkSizeWarningLimit: 4096,
    rollupOptions: { input: { index: at("./index.html"), gallery: at("./gallery.html") } },
  },
  worker: { format: "es" },
});
