// What is on the screen in pixels: the vector picture, drawn by the browser.
import { failureOf } from "../runner/runner.ts";
import { h } from "../views/dom.ts";
import type { MakeExport } from "./formats.ts";
import { LIGHT } from "./look.ts";
import { draw } from "./svg.ts";

/**
 * A canvas beyond what a browser can hold is left blank without a word. Chromium and Safari stop at 16,384 pixels a side; 64 M
 * pixels are 256 MB, which a phone may still have.
 */
const MOST = { side: 16_384, pixels: 2 ** 26 };

export const png: MakeExport = async (scene, { scale = 2, look = LIGHT }) => {
  const words = scene.strings.picture;
  if (!(scale >= 1 && scale <= 4)) throw failureOf("invalid-argument", words.badScale(scale));
  const { source, ...size } = await draw(scene, look, scale);
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  if (Math.max(width, height) > MOST.side || width * height > MOST.pixels)
    throw failureOf("invalid-argument", words.tooLarge(width, height, scale));
  const address = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
  try {
    const image = h("img", { src: address, alt: "" });
    await image.decode();
    const canvas = h("canvas", { width, height });
    canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("toBlob gave nothing");
    return blob;
  } catch (cause) {
    throw Object.assign(failureOf("unsupported-host", words.notDrawn), { cause });
  } finally {
    URL.revokeObjectURL(address);
  }
};
