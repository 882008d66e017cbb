// A context vector as the sum that it is: values of a real run, times their weights.
import { headMatrix, headVectors, type RunData } from "../../runner/run_data.ts";
import type { PageStrings } from "../../strings/page.ts";
import { h } from "../../views/dom.ts";
import { tokenLabels } from "../../views/token_label.ts";
import { bar, type Figure } from "./parts.ts";
import { scaleOfAll, strip } from "./strip.ts";

export interface Part {
  /** Several: all those that are not shown one by one, and then `value` is their weighted mean. */
  readonly tokens: readonly number[];
  readonly weight: number;
  /** [headDim] */
  readonly value: Float32Array;
}

/**
 * The sum Σ weight · value of one token in at most `most` parts, the largest weights first and the rest together; the parts
 * add up to the whole.
 */
export function partsOf(weights: ArrayLike<number>, values: Float32Array, most: number): Part[] {
  const n = weights.length;
  const width = n === 0 ? 0 : values.length / n;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b,
  );
  const single = n <= most ? order : order.slice(0, most - 1);
  const rest = order.slice(single.length);
  const parts: Part[] = single.map((token) => ({
    tokens: [token],
    weight: weights[token] ?? 0,
    value: values.subarray(token * width, (token + 1) * width),
  }));
  if (rest.length === 0) return parts;
  const weight = rest.reduce((sum, token) => sum + (weights[token] ?? 0), 0);
  const value = new Float32Array(width);
  for (const token of rest) {
    const share = weight === 0 ? 0 : (weights[token] ?? 0) / weight;
    for (let i = 0; i < width; i++) value[i] = (value[i] ?? 0) + share * (values[token * width + i] ?? 0);
  }
  return [...parts, { tokens: rest, weight, value }];
}

const MOST = 6;

export interface RunFigure extends Figure {
  show(run: RunData, at: { layer: number; head: number; row: number }): void;
  clear(): void;
}

export function mixFigure({ lesson }: PageStrings): RunFigure {
  const words = lesson.mix;
  const node = h("div", { class: "hand mix" });
  return {
    node,
    clear: () => node.replaceChildren(),
    show(run, { layer, head, row }) {
      const n = run.tokens.length;
      const weights = headMatrix(run, "weights", layer, head).subarray(row * n, (row + 1) * n);
      const parts = partsOf(weights, headVectors(run, "value", layer, head), MOST);
      const context = headVectors(run, "context", layer, head).subarray(
        row * run.headDim,
        (row + 1) * run.headDim,
      );
      const scale = scaleOfAll([...parts.map(({ value }) => value), context]);
      const name = nameOf(run);
      node.replaceChildren(
        h("p", { class: "small-title" }, words.caption(name(row))),
        h(
          "ol",
          { class: "strips" },
          ...parts.map(({ tokens, weight, value }) =>
            h(
              "li",
              {},
              h(
                "span",
                { class: "strip-name" },
                tokens.length === 1 ? words.value(name(tokens[0] ?? 0)) : words.rest(tokens.length),
              ),
              strip(value, scale),
              h("span", { class: "share" }, words.times(lesson.number(weight, 3))),
              bar(weight),
            ),
          ),
          h(
            "li",
            { class: "sum" },
            h("span", { class: "strip-name" }, words.context(name(row))),
            strip(context, scale),
          ),
        ),
        h("p", { class: "aside" }, words.legend(String(scale.max))),
      );
    },
  };
}

export function nameOf(run: RunData): (token: number) => string {
  const labels = tokenLabels(run);
  return (token) => labels[token]?.text ?? "";
}
