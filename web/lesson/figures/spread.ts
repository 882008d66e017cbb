// How dot products of random lists spread with their length, measured here and now.
import type { PageStrings } from "../../strings/page.ts";
import { h } from "../../views/dom.ts";
import { normal } from "./normal.ts";
import { bar, slider, svg, type Figure } from "./parts.ts";
import { softmax } from "./softmax.ts";

/** 1, 2, 4 … 1024 */
export const LENGTHS: readonly number[] = Array.from({ length: 11 }, (_, i) => 2 ** i);
const QUERIES = 125;
export const KEYS = 8;

/**
 * Dot products of random queries with random keys, numbers of mean 0 and variance 1: for each of LENGTHS those of the lists'
 * first so many numbers, query by query, KEYS each.
 */
export function sample(seed: number): readonly Float64Array[] {
  const next = normal(seed);
  const dots = LENGTHS.map(() => new Float64Array(QUERIES * KEYS));
  const longest = LENGTHS.at(-1) ?? 1;
  const query = new Float64Array(longest);
  for (let pair = 0; pair < QUERIES * KEYS; pair++) {
    if (pair % KEYS === 0) for (let i = 0; i < longest; i++) query[i] = next();
    let sum = 0;
    for (let i = 0, at = 0; i < longest; i++) {
      sum += (query[i] ?? 0) * next();
      if (i + 1 === LENGTHS[at]) (dots[at++] as Float64Array)[pair] = sum;
    }
  }
  return dots;
}

/** Standard deviation about 0, which the mean is known to be. */
export function spreadOf(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

/** The largest share that a softmax gives to one of KEYS scores, on average over all queries. */
export function largestShare(dots: Float64Array, divisor: number): number {
  let sum = 0;
  for (let from = 0; from < dots.length; from += KEYS) sum += Math.max(...shares(dots, divisor, from));
  return (sum * KEYS) / dots.length;
}

function shares(dots: Float64Array, divisor: number, from = 0): number[] {
  return softmax(Array.from(dots.subarray(from, from + KEYS), (value) => value / divisor));
}

const SEED = 2017;
const START = 6;

export function spreadFigure({ lesson }: PageStrings): Figure {
  const words = lesson.spread;
  let dots = sample(SEED);
  const seed = h("input", {
    type: "number",
    min: 0,
    max: 2 ** 32 - 1,
    step: 1,
    value: SEED,
    on: {
      input: () => {
        if (!Number.isInteger(seed.valueAsNumber)) return;
        dots = sample(seed.valueAsNumber);
        draw();
      },
    },
  });
  const length = slider({
    label: words.length,
    min: 0,
    max: LENGTHS.length - 1,
    step: 1,
    value: START,
    format: (place) => String(LENGTHS[place]),
    onInput: draw,
  });
  const plot = h("div", { class: "plot" });
  const raw = h("div", { class: "key-shares" });
  const scaled = h("div", { class: "key-shares" });
  const said = h("p", { class: "reading", role: "status" });

  function draw(): void {
    const place = length.input.valueAsNumber;
    const [d, values] = [LENGTHS[place] ?? 1, dots[place] ?? new Float64Array()];
    const root = Math.sqrt(d);
    plot.replaceChildren(plotOf(dots, place, words));
    for (const [node, divisor, kind] of [
      [raw, 1, words.raw],
      [scaled, root, words.scaled],
    ] as const) {
      const largest = words.largest(kind, lesson.percent(largestShare(values, divisor)));
      node.replaceChildren(
        h("p", { class: "small-title" }, words.shares(kind)),
        h(
          "ol",
          {},
          ...shares(values, divisor).map((share, i) =>
            h("li", {}, words.key(i + 1), bar(share), h("span", { class: "share" }, lesson.percent(share))),
          ),
        ),
        h("p", { class: "aside" }, largest),
      );
    }
    const spread = spreadOf(values);
    said.textContent = words.measured(
      String(d),
      lesson.number(spread, 2),
      lesson.number(root, 2),
      lesson.number(spread / root, 2),
    );
  }
  draw();
  return {
    node: h(
      "div",
      { class: "hand spread" },
      h(
        "div",
        { class: "sliders" },
        length.node,
        h("label", { class: "field" }, h("span", {}, words.seed), seed),
      ),
      h("div", { class: "spread-halves" }, plot, h("div", { class: "two-shares" }, raw, scaled)),
      said,
    ),
  };
}

const WIDTH = 100;
const HEIGHT = 66;
const MARGIN = { left: 12, right: 6, top: 4, bottom: 13 };

/** Both axes in powers of two, where √d is a straight line. */
function plotOf(
  dots: readonly Float64Array[],
  chosen: number,
  words: PageStrings["lesson"]["spread"],
): SVGSVGElement {
  const last = LENGTHS.length - 1;
  const x = (place: number): number => MARGIN.left + (place / last) * (WIDTH - MARGIN.left - MARGIN.right);
  // From a half to 45, the spread of lists of 2,048.
  const y = (spread: number): number =>
    HEIGHT - MARGIN.bottom - ((Math.log2(spread) + 1) / 6.5) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const line = (x1: number, y1: number, x2: number, y2: number, kind: string): SVGLineElement =>
    svg("line", { x1, y1, x2, y2, class: kind });
  const text = (x: number, y: number, content: string, kind: string): SVGTextElement =>
    svg("text", { x, y, class: kind }, content);
  const bottom = HEIGHT - MARGIN.bottom;
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words.plot },
    ...[1, 2, 4, 8, 16, 32].flatMap((spread) => [
      line(MARGIN.left, y(spread), WIDTH - MARGIN.right, y(spread), "grid-line"),
      text(MARGIN.left - 1.5, y(spread) + 1.2, String(spread), "tick end"),
    ]),
    ...LENGTHS.flatMap((length, i) =>
      i % 2 === 0 ? [text(x(i), bottom + 4.5, String(length), "tick middle")] : [],
    ),
    text((WIDTH + MARGIN.left) / 2, HEIGHT - 2, words.axisX, "axis-name"),
    text(-bottom / 2 - 1, 3.5, words.axisY, "axis-name upright"),
    line(x(chosen), MARGIN.top, x(chosen), bottom, "chosen-line"),
    line(x(0), y(1), x(last), y(2 ** (last / 2)), "theory"),
    line(x(0), y(1), x(last), y(1), "theory scaled"),
    ...dots.flatMap((values, i) => {
      const spread = spreadOf(values);
      const divided = y(spread / Math.sqrt(LENGTHS[i] ?? 1));
      return [
        svg("circle", { cx: x(i), cy: y(spread), r: i === chosen ? 1.9 : 1.3, class: "mark-raw" }),
        svg("rect", { x: x(i) - 1.1, y: divided - 1.1, width: 2.2, height: 2.2, class: "mark-scaled" }),
      ];
    }),
    text(x(last - 2) - 3, y(2 ** (last / 2 - 1)) - 1, words.raw, "plot-label end"),
    text(x(last), y(1) - 2.5, words.scaled, "plot-label end"),
  );
}
