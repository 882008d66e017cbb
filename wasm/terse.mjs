// What esbuild has bundled and minified, a twentieth smaller yet once compressed: terser follows values and functions further.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * An esbuild plugin for builds with `write: false`, in whose place it writes.
 *
 * @param {{ isModule: boolean, banner?: string }} options `isModule`: a file's own names are its own; `banner`: stands before
 *   all that is made, as it is
 * @returns {import("esbuild").Plugin}
 */
export const terse = ({ isModule, banner = "" }) => ({
  name: "terse",
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [] }) => {
      await Promise.all(
        outputFiles.map(async ({ path, text }) => {
          const code = await tersely(text, isModule);
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, banner + code);
        }),
      );
    });
  },
});

async function tersely(/** @type {string} */ text, /** @type {boolean} */ isModule) {
  // Not before the packages are installed, which whoever builds does first.
  const { minify } = await import("terser");
  const { code } = await minify(text, {
    ecma: 2020,
    module: isModule,
    compress: { passes: 3 },
    // Letters beyond ASCII stay as esbuild wrote them; licences that ask for it stay too.
    format: { ascii_only: !/[^\0-\x7f]/.test(text), comments: "some" },
  });
  return code ?? "";
}
