// What a page has to load, in bytes as they are and compressed as servers do.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));
const files = [
  ["heed", "dist/heed.js"],
  ["heed/external", "dist/external.js"],
  ["heed-simd.wasm", "dist/heed-simd.wasm"],
  ["heed-relaxed-simd.wasm", "dist/heed-relaxed-simd.wasm"],
  ["heed/models", "dist/models.js"],
  ["heed/element", "dist/element.js"],
  ["its larger views, when chosen", "dist/chunks/views.js"],
  ["its exports, when saving", "dist/chunks/exports.js"],
];

export async function measureSizes() {
  const sizes = {};
  for (const [name, path] of files) {
    const bytes = await readFile(root + path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    sizes[name] = { raw: bytes.length, brotli: (await promisify(brotliCompress)(bytes, { params })).length };
  }
  return sizes;
}
