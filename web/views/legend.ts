// What the colours mean, in numbers.
import type { Numbers } from "../strings/words.ts";
import { h } from "./dom.ts";
import { paintScale } from "./heat_map.ts";
import type { Scale } from "./scale.ts";

export interface LegendOptions {
  readonly caption: string;
  /** What to say of cells that are −∞, which is no colour of the scale; undefined: there are none. */
  readonly hidden: string | undefined;
  readonly numbers: Numbers;
}

export function legendView(scale: Scale, { caption, hidden, numbers }: LegendOptions): HTMLElement {
  const strip = h("canvas", { class: "strip", "aria-hidden": "true" });
  paintScale(strip, scale);
  return h(
    "div",
    { class: "legend" },
    h("p", { class: "legend-caption" }, caption),
    h(
      "div",
      // The strip is painted from left to right, whatever the direction of the text.
      { class: "legend-scale", dir: "ltr" },
      strip,
      h("div", { class: "ticks" }, ...scale.ticks.map((value) => h("span", {}, numbers.tick(value)))),
    ),
    hidden !== undefined &&
      h("p", { class: "legend-hidden" }, h("span", { class: "swatch hatched" }), hidden),
  );
}
