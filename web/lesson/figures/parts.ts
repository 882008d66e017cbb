// What the hand-made figures are built of.
import { h } from "../../views/dom.ts";

/** A figure, to be put in its place. */
export interface Figure {
  readonly node: HTMLElement;
}

export interface SliderOptions {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** What the value is shown and spoken as. */
  format(value: number): string;
  onInput(value: number): void;
}

export interface Slider {
  readonly node: HTMLElement;
  readonly input: HTMLInputElement;
  /** Without telling. */
  set(value: number): void;
}

export function slider({ label, min, max, step, value, format, onInput }: SliderOptions): Slider {
  const shown = h("output", { class: "slider-value" });
  const input = h("input", {
    type: "range",
    min,
    max,
    step,
    on: {
      input: () => {
        say();
        onInput(input.valueAsNumber);
      },
    },
  });
  function say(): void {
    const text = format(input.valueAsNumber);
    shown.textContent = text;
    input.setAttribute("aria-valuetext", text);
  }
  const set = (next: number): void => {
    input.value = String(next);
    say();
  };
  set(value);
  const node = h("label", { class: "slider" }, h("span", { class: "slider-label" }, label), input, shown);
  return { node, input, set };
}

const SVG = "http://www.w3.org/2000/svg";

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A share of 1 as a bar; its number stands beside it as text. */
export function bar(share: number): HTMLElement {
  return h("span", { class: "share-bar", "aria-hidden": "true", style: { "--share": `${100 * share}%` } });
}
