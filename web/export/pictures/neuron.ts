// Query times key, number by number: the chosen pair, and the chosen query against every key.
import { headVectors } from "../../runner/run_data.ts";
import { keyLabelsOf } from "../../reading/units.ts";
import type { Strings } from "../../strings/index.ts";
import { shownTokens } from "../../views/neuron_view.ts";
import { scaleOf, type Scale } from "../../views/scale.ts";
import { signs, tick } from "../../views/steps/color_key.ts";
import { factsOf, hidesNothing, strongest, type Facts } from "../../views/steps/facts.ts";
import { rangeOf } from "../../views/steps/plate.ts";
import { decimals, shareText } from "../../views/steps/reckoning.ts";
import { sayStep } from "../../views/steps/said.ts";
import type { Scene } from "../../views/view.ts";
import { cut, MIDDLE, paragraph, tokenText, words, type Anchor, type Block } from "../lettering.ts";
import type { Font, Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";
import type { MakePicture } from "../picture.ts";
import { cells, legend } from "./cells.ts";
import { WIDTH } from "./prose.ts";

type Direction = Pick<Strings, "direction">;

const TITLE = { family: "serif", size: 18, weight: 600 } as const;
const SAID = { family: "serif", size: 15 } as const;
const SMALL = { family: "sans", size: 13 } as const;
const NAMES = 110;
const LARGEST_CELL = 22;
/** The table: where its strips begin, what lies between columns, and how high a row is. */
const STRIPS = NAMES + 8;
const BETWEEN = 16;
const ROW = 26;

export const neuronPicture: MakePicture = (scene, look) => {
  const facts = factsOf(scene);
  const { row, col } = facts.cell;
  const query = facts.vector("query", row);
  const key = facts.vector("key", col);
  const products = query.map((value, d) => value * (key[d] ?? 0));
  const { neuronView: strings } = scene.strings;
  const [asks, answers] = [scene.labels[row]?.plain ?? "", keyLabelsOf(scene)[col]?.plain ?? ""];
  const said = saidOf(scene, facts, products, [asks, answers]);
  const marks: Markup[] = [];
  let top = 0;
  const write = (make: (top: number) => Block, gap: number): void => {
    const block = make(top);
    marks.push(...block.marks);
    top += block.height + gap;
  };
  const lines =
    (text: string, font: Font, direction: Direction = scene.strings) =>
    (at: number) =>
      paragraph(look, direction, text, { top: at, width: WIDTH, font });
  write(lines(strings.pair(asks, answers), TITLE), 10);
  write((at) => pair(look, scene, { query, key, products }, at), 12);
  write((at) => colorKey(look, scene, at), 14);
  write(lines(said.join(" "), SAID), 6);
  // As on the screen, calculations run from left to right.
  for (const line of reckoningOf(scene, facts)) write(lines(line, SMALL, { direction: "ltr" }), 2);
  top += 18;
  write(lines(strings.all(asks), TITLE), 10);
  write((at) => table(look, scene, facts, query, at), 0);
  return { width: WIDTH, height: top, marks, said };
};

function saidOf(
  scene: Scene,
  facts: Facts,
  products: Float32Array,
  [asks, answers]: readonly [string, string],
): string[] {
  const { neuronView: strings, reading, numbers } = scene.strings;
  const said = (value: number): string => numbers.local(decimals(value, 2));
  const [sum, score] = [said(facts.at("products")), said(facts.at("maskedScores"))];
  const best = strongest(products);
  return [
    strings.said(asks, answers, sum, score, reading.percent(facts.at("weights")), !hidesNothing(scene)),
    strings.most(best, said(products[best] ?? 0)),
  ];
}

function reckoningOf(scene: Scene, facts: Facts): string[] {
  return (["products", "scores", "softmax"] as const).flatMap((step) =>
    sayStep(step, scene, facts).reckoning.slice(0, 1),
  );
}

interface Pair {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly products: Float32Array;
}

/** Three rows of cells: query and key on one scale, their products on their own. */
function pair(look: Look, { strings }: Scene, { query, key, products }: Pair, top: number): Block {
  const { rows } = strings.neuronView;
  const together = scaleOf("scores", Float32Array.of(...query, ...key));
  const lines: readonly (readonly [name: string, values: Float32Array, scale: Scale])[] = [
    [rows.query, query, together],
    [rows.key, key, together],
    [rows.product, products, scaleOf("scores", products)],
  ];
  const widest = (texts: readonly string[]): number =>
    Math.max(...texts.map((text) => look.measure(text, SMALL)));
  const reaches = lines.map(([, , scale]) => rangeOf({ scale }, strings.numbers));
  const reach = widest(lines.map(([name]) => name)) + BETWEEN;
  const left = Math.max(NAMES, reach + widest(reaches) + BETWEEN);
  const size = Math.min(LARGEST_CELL, (WIDTH - left) / Math.max(1, query.length));
  const height = size + 4;
  const marks = lines.flatMap(([name, values, scale], i) => {
    const place = { left, top: top + i * height, size, gap: 1 };
    const y = place.top + size / 2 + MIDDLE * SMALL.size;
    return [
      words(look, { x: 0, y, font: SMALL }, name),
      words(look, { x: reach, y, font: SMALL, fill: look.colors.quiet }, reaches[i] ?? ""),
      ...cells(values, values.length, scale, place),
    ];
  });
  return { height: lines.length * height, marks };
}

/** Rows and columns have scales of their own: how far each reaches stands beside its name. */
function colorKey(look: Look, { strings }: Scene, top: number): Block {
  const numbers = { ...strings.numbers, tick };
  return legend(look, { ...strings, numbers }, signs(), strings.stepsView.colors, top);
}

/** A row a key: the key, the products, their sum, the score and the share. */
function table(look: Look, scene: Scene, facts: Facts, query: Float32Array, top: number): Block {
  const { neuronView: strings } = scene.strings;
  const { cell, m, layer, head } = facts;
  const [sums, scores, weights] = [facts.row("products"), facts.row("maskedScores"), facts.row("weights")];
  const shown = shownTokens(weights, cell.col, false);
  const keys = shown.map((token) => facts.vector("key", token));
  const products = keys.map((key) => query.map((value, d) => value * (key[d] ?? 0)));
  const keyScale = scaleOf("scores", headVectors(scene.run, "key", layer, head));
  const productScale = scaleOf("scores", Float32Array.of(...products.flatMap((row) => [...row])));
  const text = (x: number, y: number, said: string, anchor: Anchor, fill?: string): Markup =>
    words(look, { x, y, font: SMALL, anchor, fill }, said);
  const { token, key, product, sum, score, weight } = strings.columns;
  const { numbers } = scene.strings;
  const columns = [
    { name: weight, said: shown.map((at) => numbers.local(shareText(weights[at] ?? 0))) },
    { name: score, said: shown.map((at) => numbers.short(scores[at] ?? 0, "scores")) },
    { name: sum, said: shown.map((at) => numbers.short(sums[at] ?? 0, "products")) },
  ];
  const heading = top + 14;
  const quiet = look.colors.quiet;
  // From the right, each as wide as its widest; the strips share what is left.
  let end = WIDTH;
  const marks = columns.flatMap(({ name, said }) => {
    const right = end;
    end -= Math.max(...[name, ...said].map((one) => look.measure(one, SMALL))) + BETWEEN;
    return [
      text(right, heading, name, "end", quiet),
      ...said.map((one, i) => text(right, baseline(top, i), one, "end")),
    ];
  });
  const width = (end - BETWEEN - STRIPS) / 2;
  const places = [STRIPS, STRIPS + width + BETWEEN] as const;
  const named = (name: string, scale: Scale): string =>
    cut(look, `${name}\u2002${rangeOf({ scale }, scene.strings.numbers)}`, width, SMALL);
  marks.push(
    text(0, heading, token, "start", quiet),
    text(places[0], heading, named(key, keyScale), "start", quiet),
    text(places[1], heading, named(product, productScale), "start", quiet),
    tag("rect", { x: 0, y: top + 21, width: WIDTH, height: 1, fill: look.colors.edge }),
  );
  const size = Math.min(ROW - 8, width / Math.max(1, query.length));
  shown.forEach((at, i) => {
    const begin = top + 24 + i * ROW;
    const y = baseline(top, i);
    const strip = (left: number, values: Float32Array | undefined, scale: Scale): Markup[] =>
      values
        ? cells(values, values.length, scale, { left, top: begin + (ROW - size) / 2, size, gap: 0 })
        : [];
    const label = keyLabelsOf(scene)[at];
    if (at === cell.col)
      marks.push(
        tag("rect", {
          x: -4,
          y: begin + 1,
          width: WIDTH + 8,
          height: ROW - 2,
          rx: 3,
          fill: "none",
          stroke: look.colors.frame,
          "stroke-width": 2,
        }),
      );
    if (label) marks.push(tokenText(look, { x: 0, y, font: SMALL }, label, NAMES));
    marks.push(...strip(places[0], keys[i], keyScale), ...strip(places[1], products[i], productScale));
  });
  const few = shown.length < m ? strings.few(shown.length, m) : "";
  const below = top + 24 + shown.length * ROW + 8;
  const note = paragraph(look, scene.strings, few, { top: below, width: WIDTH, font: SMALL, fill: quiet });
  return { height: below + note.height - top, marks: [...marks, ...note.marks] };
}

/** Of the i-th row of a table. */
function baseline(top: number, i: number): number {
  return top + 24 + (i + 0.5) * ROW + MIDDLE * SMALL.size;
}
