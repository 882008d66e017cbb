// Compares two screenshots, in a thread of its own: in the tests' own context, where each look at a global costs, PNGs take
// seconds to read instead of milliseconds.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parentPort } from "node:worker_threads";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/**
 * @typedef {object} Comparison
 * @property {Uint8Array} seen A PNG.
 * @property {string} reference The path of one, half the size.
 * @property {string} differs Where to write what differs, if more than `most` does.
 * @property {number} most A share of all pixels.
 * @property {boolean} isUpdate To write the reference instead.
 */

/** At half its size: a quarter of the bytes, in which every line and colour still counts. @param {PNG} image */
function halved({ width, height, data }) {
  const half = new PNG({ width: width >> 1, height: height >> 1 });
  const steps = [0, 4, 4 * width, 4 * width + 4];
  for (let at = 0; at < half.data.length; at++) {
    const pixel = at >> 2;
    const from = 8 * width * Math.floor(pixel / half.width) + 8 * (pixel % half.width) + (at & 3);
    half.data[at] = steps.reduce((sum, step) => sum + (data[from + step] ?? 0), 0) >> 2;
  }
  return half;
}

/** The share of pixels that differ; undefined where the sizes do. @param {Comparison} comparison */
function compare({ seen, reference, differs, most, isUpdate }) {
  const image = halved(PNG.sync.read(Buffer.from(seen)));
  if (isUpdate) {
    writeFileSync(reference, PNG.sync.write(image, { colorType: 2, deflateLevel: 9, deflateStrategy: 0 }));
    return 0;
  }
  const { width, height, data } = PNG.sync.read(readFileSync(reference));
  if (image.width !== width || image.height !== height) return undefined;
  const shown = new PNG({ width, height });
  const share = pixelmatch(data, image.data, shown.data, width, height) / (width * height);
  if (share > most) {
    mkdirSync(dirname(differs), { recursive: true });
    writeFileSync(differs, PNG.sync.write(shown));
  }
  return share;
}

parentPort?.on("message", (/** @type {Comparison} */ comparison) => {
  parentPort?.postMessage(compare(comparison));
});
