// One head's matrix, its tokens, the followed row and column, and the legend.
import { followedCell } from "../../focus.ts";
import { isLong, layerMatrices, stageWithin } from "../../runner/run_data.ts";
import { nearestUnit, unitMatrix, unitsOf, type Units } from "../../units.ts";
import { colorAt, inkOn } from "../../views/color.ts";
import { place, scaleOf, type Scale } from "../../views/scale.ts";
import type { Scene } from "../../views/view.ts";
import { MIDDLE, tokenText, tokenWidth, words } from "../lettering.ts";
import type { Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";
import type { MakePicture, Picture } from "../picture.ts";
import { cells, legend, LEGEND_HEIGHT } from "./cells.ts";

/** As on a wide screen: views/matrix.ts. */
const CELL = { most: 46, least: 16, numbered: 31 };
const ROOM = 740;
/** Widest label. */
const LABEL = 130;
const GAP = 12;

export const matrixPicture: MakePicture = (scene, look) =>
  isLong(scene.run) ? overview(scene, look) : whole(scene, look);

function whole(scene: Scene, look: Look): Picture {
  const { run, state, strings } = scene;
  const { stage, layer } = state;
  const units = unitsOf(scene, stage);
  const m = units.shown.length;
  const values = unitMatrix(units, run, stage, layer, state.heads[0] ?? 0);
  const scale = scaleOf(stage, layerMatrices(run, stage, layer), state.map);
  const size = Math.min(CELL.most, Math.max(CELL.least, Math.floor(ROOM / Math.max(1, m))));
  const font = { family: "sans", size: size < 24 ? 11 : 14 } as const;
  const longest = Math.min(LABEL, Math.max(0, ...units.labels.map((label) => tokenWidth(look, label, font))));
  const [left, top] = [Math.ceil(longest) + GAP, Math.ceil(longest) + GAP];
  const side = m * size;
  const hidden = values.some((value) => value === -Infinity) ? strings.matrixView.hiddenSwatch : undefined;
  const at = chosen(scene, units);
  return {
    width: Math.max(left + side, 420),
    height: top + side + 24 + LEGEND_HEIGHT + (hidden === undefined ? 0 : 32),
    marks: [
      ...labels(look, units, { left, top, size, longest, font }),
      ...cells(values, m, scale, { left, top, size, gap: 1 }),
      ...(size < CELL.numbered ? [] : numbers(look, scene, values, m, scale, { left, top, size })),
      ...(m === 0 ? [] : frames(look, at, { left, top, size, side })),
      ...legend(look, strings.numbers, scale, strings.stages[stage].legend, top + side + 24, hidden),
    ],
    said: m === 0 ? [] : [sentence(scene, units, at, values[at.row * m + at.col] ?? NaN)],
  };
}

interface Labels {
  readonly left: number;
  readonly top: number;
  readonly size: number;
  readonly longest: number;
  readonly font: { readonly family: "sans"; readonly size: number };
}

function labels(look: Look, units: Units, { left, top, size, longest, font }: Labels): Markup[] {
  const down = MIDDLE * font.size;
  return units.labels.flatMap((label, i) => {
    const middle = (i + 0.5) * size + down;
    const row = { x: left - 8, y: top + middle, font, anchor: "end" as const };
    const turn = `translate(${Math.round(100 * (left + middle)) / 100} ${top - 6}) rotate(-90)`;
    const column = { x: 0, y: 0, font, more: { transform: turn } };
    return [tokenText(look, row, label, longest), tokenText(look, column, label, longest)];
  });
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
  { left, top, size, side }: { left: number; top: number; size: number; side: number },
): Markup[] {
  const common = { fill: "none", stroke: colors.frame };
  return [
    tag("rect", { x: left, y: top + row * size, width: side, height: size, ...common, "stroke-width": 2 }),
    tag("rect", { x: left + col * size, y: top, width: size, height: side, ...common, "stroke-width": 1 }),
  ];
}

function chosen(scene: Scene, units: Units): { row: number; col: number } {
  const { row, col } = followedCell(scene);
  return { row: Math.max(0, nearestUnit(units, row)), col: Math.max(0, nearestUnit(units, col)) };
}

function sentence(
  { state: { stage }, strings }: Scene,
  units: Units,
  { row, col }: { row: number; col: number },
  value: number,
): string {
  const [from, to] = [units.labels[row]?.plain ?? "", units.labels[col]?.plain ?? ""];
  return strings.picture.cell(from, to, strings.stages[stage].value, strings.numbers.short(value, stage));
}

/** Cells a side of the picture of a matrix too large to be held. */
const OVERVIEW = 128;

async function overview(scene: Scene, look: Look): Promise<Picture> {
  const { run, state, strings } = scene;
  const n = run.tokens.length;
  const side = Math.min(n, OVERVIEW);
  const all = [0, n] as const;
  const stage = stageWithin(run, state.stage);
  const request = { rows: all, cols: all, out: [side, side] as const, reduce: "max" as const, stage };
  const values = await scene.window(state.layer, state.heads[0] ?? 0, request);
  const scale = scaleOf(stage, values, state.map);
  const size = Math.floor(ROOM / side);
  const top = side * size + 24;
  return {
    width: side * size,
    height: top + LEGEND_HEIGHT,
    marks: [
      ...cells(values, side, scale, { left: 0, top: 0, size, gap: 0 }),
      ...legend(look, strings.numbers, scale, strings.stages[stage].legend, top),
    ],
    said: [strings.picture.overview(n, side)],
  };
}
