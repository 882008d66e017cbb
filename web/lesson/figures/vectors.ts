// Two arrows and their dot product.
import type { PageStrings } from "../../strings/page.ts";
import { h } from "../../views/dom.ts";
import { slider, svg, type Figure, type Slider } from "./parts.ts";

/** Σ a_i · b_i, of lists equally long. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** Between two vectors, in degrees, 0 to 180; nothing where one has no length. */
export function angleBetween(a: readonly number[], b: readonly number[]): number | undefined {
  const size = Math.hypot(...a) * Math.hypot(...b);
  if (size === 0) return undefined;
  return (Math.acos(Math.min(1, Math.max(-1, dot(a, b) / size))) * 180) / Math.PI;
}

const LIMIT = 4;
const STEP = 0.1;
/** Units of the drawing a step to the right. */
const UNIT = 10;
const HALF = (LIMIT + 0.5) * UNIT;

type Name = "query" | "key";
type Vector = [number, number];

export function vectorsFigure({ lesson }: PageStrings): Figure {
  const words = lesson.vectors;
  const vectors: Readonly<Record<Name, Vector>> = { query: [3, 1], key: [2, 2] };
  const names = ["query", "key"] as const;
  const picture = svg("svg", {
    viewBox: `${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`,
    class: "arrows",
    role: "img",
  });
  const arrows = { query: arrow("query", "q"), key: arrow("key", "k") };
  picture.append(grid(), arrows.query.node, arrows.key.node);

  const sliders = Object.fromEntries(
    names.map((name) => [
      name,
      ([words.right, words.up] as const).map((label, axis) =>
        slider({
          label: label(words[name]),
          min: -LIMIT,
          max: LIMIT,
          step: STEP,
          value: vectors[name][axis] ?? 0,
          format: (value) => lesson.number(value, 1),
          onInput(value) {
            vectors[name][axis] = value;
            draw();
          },
        }),
      ),
    ]),
  ) as Record<Name, Slider[]>;
  const product = h("p", { class: "product" });
  const said = h("p", { class: "reading", role: "status" });

  function draw(): void {
    const { query, key } = vectors;
    for (const name of names) arrows[name].point(vectors[name]);
    const say = (value: number): string => lesson.number(value, 1);
    const pair = (v: Vector): string => `(${v.map(say).join(", ")})`;
    const sum = dot(query, key);
    // Of two numbers with one digit, a product has two.
    const parts = query.map((value, i) => `${say(value)} \u00d7 ${say(key[i] ?? 0)}`).join(" + ");
    product.textContent = words.product(parts, lesson.number(sum, 2));
    const angle = angleBetween(query, key);
    const verdict = Math.abs(sum) < 0.25 ? "none" : sum > 0 ? "same" : "opposite";
    said.textContent =
      angle === undefined
        ? words.noAngle
        : `${words.angle(lesson.number(angle, 0))} ${words.verdict[verdict]}`;
    picture.setAttribute("aria-label", words.picture(pair(query), pair(key)));
  }

  function drag(name: Name, event: PointerEvent): void {
    const box = picture.getBoundingClientRect();
    const at = (from: number, size: number, position: number): number =>
      ((position - from) / size - 0.5) * ((2 * HALF) / UNIT);
    const next = [at(box.left, box.width, event.clientX), -at(box.top, box.height, event.clientY)];
    next.forEach((value, axis) => {
      const fitted = Math.round(Math.min(LIMIT, Math.max(-LIMIT, value)) / STEP) * STEP;
      vectors[name][axis] = Number(fitted.toFixed(1));
      sliders[name][axis]?.set(vectors[name][axis] ?? 0);
    });
    draw();
  }

  for (const name of names) {
    const { tip } = arrows[name];
    tip.addEventListener("pointerdown", (event) => {
      tip.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    // Or the page would scroll and take the pointer away; touch-action does nothing within SVG in Chromium.
    tip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    tip.addEventListener("pointermove", (event) => {
      if (tip.hasPointerCapture(event.pointerId)) drag(name, event);
    });
  }
  draw();
  return {
    node: h(
      "div",
      { class: "hand vectors" },
      picture,
      h("div", { class: "sliders" }, ...names.flatMap((name) => sliders[name].map(({ node }) => node))),
      product,
      said,
    ),
  };
}

function grid(): SVGGElement {
  const lines = Array.from({ length: 2 * LIMIT + 1 }, (_, i) => (i - LIMIT) * UNIT).flatMap((at) => {
    const kind = { class: at === 0 ? "axis" : "grid-line" };
    return [
      svg("line", { x1: at, x2: at, y1: -HALF, y2: HALF, ...kind }),
      svg("line", { y1: at, y2: at, x1: -HALF, x2: HALF, ...kind }),
    ];
  });
  return svg("g", {}, ...lines);
}

/** From the middle to a tip that can be dragged; q is drawn whole and k broken, so that they differ without colour. */
function arrow(name: Name, letter: string) {
  const line = svg("line", { x1: 0, y1: 0, class: "shaft" });
  const head = svg("path", { d: "M0 0L-5 2.2L-5 -2.2Z", class: "point" });
  const label = svg("text", { class: "letter" }, letter);
  const tip = svg("circle", { r: 5.5, class: "tip" });
  return {
    node: svg("g", { class: `arrow ${name}` }, line, head, label, tip),
    tip,
    point([x, y]: Vector): void {
      const [left, top] = [x * UNIT, -y * UNIT];
      line.setAttribute("x2", String(left));
      line.setAttribute("y2", String(top));
      const turn = (Math.atan2(top, left) * 180) / Math.PI;
      head.setAttribute("transform", `translate(${left} ${top}) rotate(${turn})`);
      tip.setAttribute("cx", String(left));
      tip.setAttribute("cy", String(top));
      const size = Math.hypot(left, top) || 1;
      label.setAttribute("x", String(left - (5 * top) / size - 1.5));
      label.setAttribute("y", String(top + (5 * left) / size + 2));
    },
  };
}
