// Modules that an entry imports when they are wanted, and that are files beside it in dist/.
//
// Each is bundled by itself: what several need is in each of them, so that an entry comes in one file, and not in one that
// waits for another with what is common. (The element hands its chunks what it has: web/element/shared.ts.)

import { resolve } from "node:path";

/**
 * The esbuild plugin of an entry: import() of such a source means the file beside.
 *
 * @param {string} root what the sources' paths are relative to
 * @param {Readonly<Record<string, string>>} chunks their sources, by their names in dist/ without the extension
 * @returns {import("esbuild").Plugin}
 */
export function beside(root, chunks) {
  const names = new Map(Object.entries(chunks).map(([name, path]) => [resolve(root, path), name]));
  return {
    name: "beside",
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const source = resolve(resolveDir, path);
        const name = names.get(source) ?? names.get(source.replace(/\.js$/, ".ts"));
        return name === undefined ? undefined : { path: `./${name}.js`, external: true };
      });
    },
  };
}
