// What esbuild has bundled and minified, a twentieth smaller yet once compressed: terser follows values and functions further.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * @typedef {object} Options
 * @property {boolean} isModule A file's own names are its own.
 * @property {boolean} [keepsFunctions] A function that is used once does not become a part of its caller, which would hold on to
 *   what it held: in heed/models the buffers of weights, 90 MB more at the peak of a GGUF file of 227.
 * @property {string} [banner] Stands before all that is made, as it is.
 */

/**
 * An esbuild plugin for builds with `write: false`, in whose place it writes.
 *
 * @param {Options} options
 * @returns {import("esbuild").Plugin}
 */
export const terse = ({ banner = "", ...options }) => ({
  name: "terse",
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [] }) => {
      await Promise.all(
        outputFiles.map(async ({ path, text }) => {
          const code = await tersely(text, options);
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, banner + code);
        }),
      );
    });
  },
});

async function tersely(/** @type {string} */ text, /** @type {Options} */ { isModule, keepsFunctions }) {
  // Not before the packages are installed, which whoever builds does first.
  const { minify } = await import("terser");
  const { code } = await minify(text, {
    ecma: 2020,
    module: isModule,
    compress: { passes: 3, reduce_funcs: !keepsFunctions },
    // Letters beyond ASCII stay as esbuild wrote them; licences that ask for it stay too.
    format: { ascii_only: !/[^\0-\x7f]/.test(text), comments: "some" },
  });
  return code ?? "";
}
