// Every head of every layer as a small picture, named by what it measurably does, in the order chosen.
import { followedCell } from "../../reading/focus.ts";
import { evenStatistics, nameHead } from "../../heads/head_names.ts";
import { rankHeads, type RankedHead } from "../../heads/head_ranks.ts";
import { isLong, keysOf, layerMatrices } from "../../runner/run_data.ts";
import { sharesOf } from "../../reading/shares.ts";
import { axesOf, keyLabelsOf, nearestUnit, unitMatrix, type Axes } from "../../reading/units.ts";
import { isOff } from "../../views/changed.ts";
import { headTitle } from "../../views/head_title.ts";
import { pooled, within, type Extent } from "../../views/heat_map.ts";
import { scaleOf, shareScale } from "../../views/scale.ts";
import { visible } from "../../views/token_label.ts";
import type { Scene } from "../../views/view.ts";
import { paragraph, words, type Block } from "../lettering.ts";
import type { Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";
import type { MakePicture } from "../picture.ts";
import { cells } from "./cells.ts";

/** Cells a side that a small picture can show. */
const FINEST = 48;
const WIDTH = 736;
const NAMES = 36;
const GAP = 16;
const SENTENCE = { family: "serif", size: 17 } as const;
const NAME = { family: "sans", size: 12 } as const;

export const modelPicture: MakePicture = async (scene, look) => {
  const { run, state, strings } = scene;
  const cols = run.numHeads;
  const side = Math.min(132, Math.max(68, Math.floor((WIDTH - NAMES) / cols) - GAP));
  const axes = axesOf(scene, state.stage);
  const ranks = await rankedHeads(scene);
  const text = visible([run.text, run.pair].filter(Boolean).join(" "));
  const grid = NAMES + cols * (side + GAP) - GAP + 4;
  const width = Math.max(grid, Math.min(WIDTH, Math.ceil(look.measure(text, SENTENCE))));
  const sentence = paragraph(look, strings, text, { top: 0, width, font: SENTENCE });
  const from = sentence.height + (sentence.height > 0 ? 12 : 4);
  const captions = ranks.map((ranked) => captionAt(scene, look, ranked, side));
  const step = side + Math.max(...captions.map((caption) => caption({ x: 0, y: 0 }).height)) + GAP;
  const drawn = await Promise.all(
    ranks.map(async (ranked, i) => {
      const [x, y] = [NAMES + (i % cols) * (side + GAP), from + Math.floor(i / cols) * step];
      const picture = await thumbnail(scene, look, axes, ranked, { x, y, side });
      return [...picture, ...(captions[i]?.({ x, y: y + side + 4 }).marks ?? [])];
    }),
  );
  const rows = Array.from({ length: run.numLayers }, (_, row) => {
    const { layerShort, rank } = strings.modelView;
    const name = state.sort === "place" ? layerShort(row) : rank(row * cols + 1);
    const font = { ...NAME, size: 13, weight: 600 };
    return words(look, { x: 0, y: from + 14 + row * step, font, fill: look.colors.quiet }, name);
  });
  return {
    width,
    height: from + run.numLayers * step - GAP,
    marks: [...sentence.marks, ...rows, ...drawn.flat()],
    said: [strings.modelView.sorted(order(scene))],
  };
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

function order(scene: Scene): string {
  const { labels, state, strings } = scene;
  const keyLabels = keyLabelsOf(scene);
  const { row, col } = followedCell(scene);
  const pair = strings.modelView.pair(labels[row]?.plain ?? "", keyLabels[col]?.plain ?? "");
  return strings.modelView.sorts(state.sort, pair);
}

/** In the order that the state asks for; that of a pair of words by their weight, as rows are shown. */
async function rankedHeads(scene: Scene): Promise<RankedHead[]> {
  const { run, state } = scene;
  if (state.sort !== "pair") return rankHeads(run, state.sort, undefined);
  const axes = axesOf(scene);
  const cell = followedCell(scene);
  const [row, col] = [nearestUnit(axes.rows, cell.row), nearestUnit(axes.cols, cell.col)];
  const read = row < 0 ? [] : [row];
  const weights = await Promise.all(
    Array.from({ length: run.numLayers * run.numHeads }, async (_, i) => {
      const [layer, head] = [Math.floor(i / run.numHeads), i % run.numHeads];
      return (await sharesOf(scene, axes, { layer, head, read, direction: "from" }))[col] ?? 0;
    }),
  );
  return rankHeads(run, "pair", weights);
}

async function thumbnail(
  scene: Scene,
  { colors }: Look,
  axes: Axes,
  { layer, head }: RankedHead,
  { x, y, side }: Box,
): Promise<Markup[]> {
  const { run, state } = scene;
  const extent: Extent = isLong(run)
    ? [run.tokens.length, keysOf(run).tokens.length]
    : [axes.rows.shown.length, axes.cols.shown.length];
  const drawn = within(extent, FINEST);
  const values = await small(scene, axes, { layer, head }, extent, drawn);
  // In the square, with cells as near to squares as leave room for all.
  const most = Math.max(1, ...extent);
  const scale = isLong(run)
    ? shareScale(state.map)
    : scaleOf(state.stage, layerMatrices(run, state.stage, layer), state.map);
  const isChosen = layer === state.layer && state.heads.includes(head);
  const { row, col } = followedCell(scene);
  const [down, across] = [axes.rows.ofToken[row] ?? -1, axes.cols.ofToken[col] ?? -1];
  const size = Math.max(9, side / most + 4);
  const at = (unit: number): number => ((unit + 0.5) / most) * side - size / 2;
  const frame = { x: x + at(across), y: y + at(down), width: size, height: size, fill: "none", rx: 2 };
  const marks = [
    isChosen &&
      tag("rect", {
        x: x - 3,
        y: y - 3,
        width: side + 6,
        height: side + 6,
        rx: 4,
        fill: "none",
        stroke: colors.accent,
        "stroke-width": 2,
      }),
    tag(
      "g",
      { "shape-rendering": "crispEdges" },
      ...cells(values, drawn[1], scale, { left: x, top: y, size: side / Math.max(1, ...drawn), gap: 0 }),
    ),
    down >= 0 && across >= 0 && tag("rect", { ...frame, stroke: "#000000", "stroke-width": 3 }),
    down >= 0 && across >= 0 && tag("rect", { ...frame, stroke: "#ffffff", "stroke-width": 1.5 }),
  ];
  return marks.filter((mark) => mark !== false);
}

/** A head's matrix of the extent to draw: as it is, or the largest under each cell. */
async function small(
  scene: Scene,
  axes: Axes,
  { layer, head }: { readonly layer: number; readonly head: number },
  [n, m]: Extent,
  out: Extent,
): Promise<Float32Array> {
  const { run, state } = scene;
  if (isLong(run)) {
    return scene.window(layer, head, { rows: [0, n], cols: [0, m], out, reduce: "max" });
  }
  const values = unitMatrix(axes, run, state.stage, layer, head);
  return Math.max(n, m) > FINEST ? pooled(values, [n, m], out) : values;
}

/** A head's name, and what it is ordered by; anywhere. */
function captionAt(
  { run, state, strings }: Scene,
  look: Look,
  { layer, head, value }: RankedHead,
  width: number,
): (at: { readonly x: number; readonly y: number }) => Block {
  const statistics = run.statistics[layer]?.[head];
  const called = statistics && nameHead(statistics, evenStatistics(run), run.tokens.length);
  const off = isOff(run.whatIf, layer, head);
  const name = off ? strings.reading.off : headTitle({ state, strings }, { layer, head }, called);
  const title = `${strings.reading.head(layer, head)} ${name}`;
  const { bits, tokens } = strings.modelView;
  return ({ x, y }) => {
    const common = { left: x, width, font: NAME };
    const named = paragraph(look, strings, title, { ...common, top: y, fill: look.colors.quiet });
    if (value === undefined) return named;
    const said =
      state.sort === "entropy"
        ? bits(value)
        : state.sort === "meanDistance"
          ? tokens(value)
          : strings.numbers.percent(value);
    const measured = paragraph(look, strings, said, { ...common, top: y + named.height });
    return { height: named.height + measured.height, marks: [...named.marks, ...measured.marks] };
  };
}
