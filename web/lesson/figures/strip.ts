// A list of numbers as a row of colours.
import { colorAt } from "../../views/color.ts";
import { h } from "../../views/dom.ts";
import { place, scaleOf, type Scale } from "../../views/scale.ts";

/** One scale for all lists that are to be compared, about zero. */
export function scaleOfAll(lists: readonly ArrayLike<number>[]): Scale {
  return scaleOf(
    "scores",
    lists.flatMap((list) => Array.from(list)),
  );
}

export function strip(values: Float32Array, scale: Scale): HTMLCanvasElement {
  const canvas = h("canvas", { class: "numbers", "aria-hidden": "true" });
  canvas.width = values.length;
  canvas.height = 1;
  const context = canvas.getContext("2d");
  const image = context?.createImageData(values.length, 1);
  if (!context || !image) return canvas;
  values.forEach((value, i) => {
    image.data.set(colorAt(scale.map, place(scale, value)), 4 * i);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
  return canvas;
}
