// One head's matrix, its tokens, the followed row and column, and the legend.
import { followedCell } from "../../reading/focus.ts";
import { isLong, keysOf, layerMatrices, partOf, stageWithin } from "../../runner/run_data.ts";
import { axesOf, nearestUnit, unitMatrix, type Axes } from "../../reading/units.ts";
import { colorAt, inkOn } from "../../views/color.ts";
import { within } from "../../views/heat_map.ts";
import { place, scaleOf, type Scale } from "../../views/scale.ts";
import type { TokenLabel } from "../../views/token_label.ts";
import type { Scene } from "../../views/view.ts";
import { MIDDLE, tokenText, tokenWidth, words } from "../lettering.ts";
import type { Font, Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";
import type { MakePicture, Picture } from "../picture.ts";
import { cells, legend } from "./cells.ts";

/** As on a wide screen: views/matrix.ts. */
const CELL = { most: 46, least: 16, numbered: 31 };
const ROOM = 740;
/** Widest label. */
const LABEL = 130;
const GAP = 12;
const SIDE = { family: "serif", size: 12 } as const;
const SIDE_LINE = 15;
const AXES = { family: "sans", size: 13 } as const;

export const matrixPicture: MakePicture = (scene, look) =>
  isLong(scene.run) ? overview(scene, look) : whole(scene, look);

function whole(scene: Scene, look: Look): Picture {
  const { run, state, strings } = scene;
  const { stage, layer } = state;
  const axes = axesOf(scene, stage);
  const [n, m] = [axes.rows.shown.length, axes.cols.shown.length];
  const values = unitMatrix(axes, run, stage, layer, state.heads[0] ?? 0);
  const scale = scaleOf(stage, layerMatrices(run, stage, layer), state.map);
  const size = Math.min(CELL.most, Math.max(CELL.least, Math.floor(ROOM / Math.max(1, m))));
  const font = { family: "sans", size: size < 24 ? 11 : 14 } as const;
  const room = (labels: readonly TokenLabel[]): number =>
    Math.min(LABEL, Math.max(0, ...labels.map((label) => tokenWidth(look, label, font))));
  const longest = { rows: room(axes.rows.labels), cols: room(axes.cols.labels) };
  // What the rows are, and the columns: a line each, where they meet.
  const sides = (partOf(run) === "cross" ? strings.parts.matrix : strings.matrixView).corner.split(
    /(?<=\u2193)\s/,
  );
  const corner = Math.max(...sides.map((side) => look.measure(side, SIDE)));
  const left = Math.ceil(Math.max(longest.rows, corner)) + GAP;
  const top = Math.ceil(Math.max(longest.cols, sides.length * SIDE_LINE)) + GAP;
  const [wide, high] = [m * size, n * size];
  const hidden = values.some((value) => value === -Infinity) ? strings.matrixView.hiddenSwatch : undefined;
  const at = chosen(scene, axes);
  const isEmpty = n * m === 0;
  const named = partOf(run) === "cross" ? strings.parts.axes : "";
  const end = top + high + (named === "" ? 0 : 28);
  const key = legend(look, strings, scale, strings.stages[stage].legend, end + 24, hidden);
  return {
    width: Math.max(left + wide, 420),
    height: end + 24 + key.height,
    marks: [
      ...sides.map((side, i) => {
        const y = top - 8 - (sides.length - 1 - i) * SIDE_LINE;
        return words(look, { x: left - 8, y, font: SIDE, anchor: "end", fill: look.colors.quiet }, side);
      }),
      ...labels(look, axes, { left, top, size, longest, font, at }),
      ...cells(values, m, scale, { left, top, size, gap: 1 }),
      ...(size < CELL.numbered ? [] : numbers(look, scene, values, m, scale, { left, top, size })),
      ...(isEmpty ? [] : frames(look, at, { left, top, size, wide, high })),
      ...key.marks,
      ...(named === "" ? [] : [words(look, { x: 0, y: top + high + 24, font: AXES }, named)]),
    ],
    said: isEmpty ? [] : [sentence(scene, axes, at, values[at.row * m + at.col] ?? NaN)],
  };
}

interface Labels {
  readonly left: number;
  readonly top: number;
  readonly size: number;
  readonly longest: { readonly rows: number; readonly cols: number };
  readonly font: { readonly family: "sans"; readonly size: number };
  /** Whose words are bold. */
  readonly at: { readonly row: number; readonly col: number };
}

function labels(look: Look, { rows, cols }: Axes, { left, top, size, longest, font, at }: Labels): Markup[] {
  const down = MIDDLE * font.size;
  return Array.from({ length: Math.max(rows.labels.length, cols.labels.length) }, (_, i) => {
    const middle = (i + 0.5) * size + down;
    const turn = `translate(${Math.round(100 * (left + middle)) / 100} ${top - 6}) rotate(-90)`;
    const bold = (chosen: number): Font => (i === chosen ? { ...font, weight: 700 } : font);
    const row = { x: left - 8, y: top + middle, font: bold(at.row), anchor: "end" as const };
    const column = { x: 0, y: 0, font: bold(at.col), more: { transform: turn } };
    const [query, key] = [rows.labels[i], cols.labels[i]];
    return [
      ...(query ? [tokenText(look, row, query, longest.rows)] : []),
      ...(key ? [tokenText(look, column, key, longest.cols)] : []),
    ];
  }).flat();
}

/** Those that the screen writes into the cells. */
function numbers(
  look: Look,
  { state: { stage }, strings }: Scene,
  values: Float32Array,
  m: number,
  scale: Scale,
  { left, top, size }: { left: number; top: number; size: number },
): Markup[] {
  const font = { family: "sans", size: Math.min(12, Math.round(size * 0.32)) } as const;
  const marks = Array.from(values, (value, i) => {
    const text = strings.numbers.tiny(value, stage);
    if (text === "") return [];
    const fill = inkOn(colorAt(scale.map, place(scale, value)));
    const x = left + ((i % m) + 0.5) * size - 0.5;
    const y = top + (Math.floor(i / m) + 0.5) * size - 0.5 + MIDDLE * font.size;
    return [words(look, { x, y, font, fill, anchor: "middle" }, text)];
  });
  return marks.flat();
}

function frames(
  { colors }: Look,
  { row, col }: { row: number; col: number },
  { left, top, size, wide, high }: { left: number; top: number; size: number; wide: number; high: number },
): Markup[] {
  const common = { fill: "none", stroke: colors.frame };
  return [
    tag("rect", { x: left, y: top + row * size, width: wide, height: size, ...common, "stroke-width": 2 }),
    tag("rect", { x: left + col * size, y: top, width: size, height: high, ...common, "stroke-width": 1 }),
  ];
}

function chosen(scene: Scene, { rows, cols }: Axes): { row: number; col: number } {
  const { row, col } = followedCell(scene);
  return { row: Math.max(0, nearestUnit(rows, row)), col: Math.max(0, nearestUnit(cols, col)) };
}

function sentence(
  { state: { stage }, strings }: Scene,
  { rows, cols }: Axes,
  { row, col }: { row: number; col: number },
  value: number,
): string {
  const [from, to] = [rows.labels[row]?.plain ?? "", cols.labels[col]?.plain ?? ""];
  return strings.picture.cell(from, to, strings.stages[stage].value, strings.numbers.said(value, stage));
}

/** Cells a side of the picture of a matrix too large to be held. */
const OVERVIEW = 128;

async function overview(scene: Scene, look: Look): Promise<Picture> {
  const { run, state, strings } = scene;
  const [n, m] = [run.tokens.length, keysOf(run).tokens.length];
  const [down, across] = within([n, m], OVERVIEW);
  const stage = stageWithin(run, state.stage);
  const request = { rows: [0, n], cols: [0, m], out: [down, across], reduce: "max", stage } as const;
  const values = await scene.window(state.layer, state.heads[0] ?? 0, request);
  const scale = scaleOf(stage, values, state.map);
  const size = Math.floor(ROOM / across);
  const top = down * size + 24;
  const key = legend(look, strings, scale, strings.stages[stage].legend, top);
  return {
    width: across * size,
    height: top + key.height,
    marks: [...cells(values, across, scale, { left: 0, top: 0, size, gap: 0 }), ...key.marks],
    said: [strings.picture.overview(n, across)],
  };
}
