// What the colours of signed numbers mean, however far each picture's own reach.
import { h } from "../dom.ts";
import { legendView } from "../legend.ts";
import { scaleOf, type Scale } from "../scale.ts";
import type { Scene } from "../view.ts";

export interface ColorKey {
  readonly node: HTMLElement;
  show(scene: Scene, caption: string): void;
}

export function colorKey(): ColorKey {
  const node = h("div", { class: "color-key" });
  return {
    node,
    show: ({ strings }, caption) =>
      node.replaceChildren(
        legendView(signs(), { caption, hidden: undefined, numbers: { ...strings.numbers, tick } }),
      ),
  };
}

/** From the least to the largest, wherever they lie. */
export function signs(): Scale {
  return { ...scaleOf("scores", [1]), ticks: [-1, 0, 1] };
}

export function tick(value: number): string {
  return value < 0 ? "\u2212" : value > 0 ? "+" : "0";
}
