// What esbuild has bundled and minified, a twentieth smaller yet once compressed: terser follows values and functions further.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * An esbuild plugin for builds with `write: false`, in whose place it writes.
 *
 * @param {{ isModule: boolean }} options whether a file's own names are its own
 * @returns {import("esbuild").Plugin}
 */
export const terse = ({ isModule }) => ({
  name: "terse",
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [] }) => {
      await Promise.all(outputFiles.map(({ path, text }) => writeTersely(path, text, isModule)));
    });
  },
});

async function writeTersely(
  /** @type {string} */ path,
  /** @type {string} */ text,
  /** @type {boolean} */ isModule,
) {
  // Not before the packages are installed, which whoever builds does first.
  const { minify } = await import("terser");
  const { code } = await minify(text, {
    ecma: 2020,
    module: isModule,
    compress: { passes: 3 },
    // Letters beyond ASCII stay as esbuild wrote them; licences that ask for it stay too.
    format: { ascii_only: !/[^\0-\x7f]/.test(text), comments: "some" },
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code ?? "");
}
