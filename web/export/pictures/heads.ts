// Two columns of words and the lines between them, for each chosen head.
import { readUnits } from "../../reading/focus.ts";
import { isLong, partOf } from "../../runner/run_data.ts";
import { sharesOf } from "../../reading/shares.ts";
import { axesOf, sideRead, unitMatrix, type Axes } from "../../reading/units.ts";
import { headMark, STROKES } from "../../views/head_hues.ts";
import { fanOf, lookOf, linesOf, stepOf, STEPS, thresholdOf, type Line } from "../../views/lines.ts";
import type { Layer } from "../../views/lines_canvas.ts";
import { spokenSummary } from "../../views/spoken.ts";
import type { Scene } from "../../views/view.ts";
import { MIDDLE, tokenText, tokenWidth, words } from "../lettering.ts";
import type { Look } from "../look.ts";
import { round, tag, type Markup } from "../markup.ts";
import type { MakePicture } from "../picture.ts";

/** Pixels: as on the screen. */
const ROW = 26;
const APART = 3;
const MIDDLE_WIDTH = 320;
const TOP = 62;
const WORD = { family: "serif", size: 16 } as const;
const SMALL = { family: "sans", size: 12 } as const;
/** Widest word, and room for its share. */
const LABEL = 170;
const SHARE = 38;
/** Shares below it are not printed. */
const PRINTED = 0.045;

type Direction = Scene["state"]["direction"];

export const headsPicture: MakePicture = async (scene, look) => {
  const { state, strings } = scene;
  const { layer, heads, direction } = state;
  const axes = axesOf(scene);
  const { rows, cols } = axes;
  const read = readUnits(scene, axes);
  const fans = await Promise.all(
    heads.map((head) =>
      Promise.all(read.map(async (unit) => sharesOf(scene, axes, { layer, head, read: [unit], direction }))),
    ),
  );
  const together = await Promise.all(
    heads.map(async (head) => sharesOf(scene, axes, { layer, head, read, direction })),
  );
  const longest = Math.max(
    0,
    ...[...rows.labels, ...cols.labels].map((label) => tokenWidth(look, label, WORD)),
  );
  const column = Math.ceil(Math.min(LABEL, longest)) + SHARE + 12;
  const plate = { column, width: 2 * column + MIDDLE_WIDTH, isTurned: strings.direction === "rtl" };
  const threshold = isLong(scene.run) ? 0 : thresholdOf(matrices(scene, axes));
  const layers = [
    ...(state.locked.length > 0 ? [] : faint(scene, axes, threshold)),
    ...heads.map((head, k) => ({
      head,
      lines: read.flatMap((unit, i) => fanOf(fans[k]?.[i] ?? new Float32Array(), unit, direction)),
      isFaint: false,
    })),
  ];
  return {
    width: plate.width,
    height: TOP + Math.max(rows.shown.length, cols.shown.length) * ROW,
    marks: [
      ...headKeys(scene, look),
      ...names(scene, look, plate),
      ...lines(look, layers, plate),
      ...wordColumn(scene, look, axes, plate, { side: "from", read, together }),
      ...wordColumn(scene, look, axes, plate, { side: "to", read, together }),
    ],
    said: together.map((shares, k) =>
      spokenSummary(strings, axes, shares, read, direction, strings.reading.head(layer, heads[k] ?? 0)),
    ),
  };
};

interface Plate {
  readonly column: number;
  readonly width: number;
  /** Those that look stand on the right. */
  readonly isTurned: boolean;
}

function matrices({ run, state }: Scene, axes: Axes): Float32Array[] {
  if (isLong(run)) return [];
  return state.heads.map((head) => unitMatrix(axes, run, "weights", state.layer, head));
}

function faint(scene: Scene, axes: Axes, threshold: number): Layer[] {
  return matrices(scene, axes).map((matrix, k) => ({
    head: scene.state.heads[k] ?? 0,
    lines: linesOf(matrix, axes.cols.shown.length, threshold),
    isFaint: true,
  }));
}

/** Which stroke is whose. */
function headKeys({ state, strings }: Scene, look: Look): Markup[] {
  return state.heads.flatMap((head, k) => [
    stroke(look, head, 90 * k, 12),
    words(
      look,
      { x: 90 * k + 36, y: 16, font: { family: "sans", size: 13, weight: 600 } },
      strings.reading.head(state.layer, head),
    ),
  ]);
}

/** A short piece of a head's line. */
export function stroke(look: Look, head: number, x: number, y: number): Markup {
  const mark = headMark(head);
  return tag("path", {
    d: `M${x} ${y}h28`,
    stroke: look.hues[mark.hue],
    "stroke-width": 4,
    "stroke-dasharray": dashes(mark.stroke),
  });
}

function names({ run, strings }: Scene, look: Look, { column, width, isTurned }: Plate): Markup[] {
  const font = { family: "serif", size: 16 } as const;
  const common = { y: 48, font, fill: look.colors.quiet, more: { "font-style": "italic" } };
  const { from, to } = partOf(run) === "cross" ? strings.parts.sides : strings.headsView;
  const [left, right] = isTurned ? [to, from] : [from, to];
  return [
    words(look, { ...common, x: column - 6, anchor: "end" }, left),
    words(look, { ...common, x: width - column + 6 }, right),
  ];
}

function lines(look: Look, layers: readonly Layer[], plate: Plate): Markup[] {
  const heads = [...new Set(layers.map(({ head }) => head))];
  return layers.map(({ head, lines: all, isFaint }) => {
    const shift = APART * (heads.indexOf(head) - (heads.length - 1) / 2);
    const mark = headMark(head);
    const steps: Line[][] = Array.from({ length: STEPS }, () => []);
    for (const line of all) steps[stepOf(line.weight)]?.push(line);
    const strokes = steps.flatMap((inStep, step) => {
      if (inStep.length === 0) return [];
      const { width, opacity } = lookOf(step, isFaint);
      const d = inStep.map((line) => curve(line, plate, shift)).join("");
      return [tag("path", { d, "stroke-width": width, "stroke-opacity": opacity })];
    });
    const dash = heads.length > 1 ? dashes(mark.stroke) : undefined;
    return tag("g", { fill: "none", stroke: look.hues[mark.hue], "stroke-dasharray": dash }, ...strokes);
  });
}

function dashes(stroke: number): string | undefined {
  return STROKES[stroke]?.join(" ") || undefined;
}

function curve({ from, to }: Line, { column, width, isTurned }: Plate, shift: number): string {
  const ends = [column, width - column];
  const [start, end] = (isTurned ? ends.reverse() : ends).map(round);
  const [y, z] = [from, to].map((row) => round(TOP + (row + 0.5) * ROW + shift));
  const middle = round(width / 2);
  return `M${start} ${y}C${middle} ${y} ${middle} ${z} ${end} ${z}`;
}

interface Column {
  readonly side: Direction;
  readonly read: readonly number[];
  /** Of each head, what every word gives or gets. */
  readonly together: readonly Float32Array[];
}

function wordColumn(
  { state, strings }: Scene,
  look: Look,
  axes: Axes,
  { column, width, isTurned }: Plate,
  { side, read, together }: Column,
): Markup[] {
  const isLeft = (side === "from") !== isTurned;
  const isRead = side === state.direction;
  const place = (x: number, wide: number): number => (isLeft ? column - x - wide : width - column + x);
  const anchor = isLeft ? "end" : "start";
  return sideRead(axes, side).labels.flatMap((label, i) => {
    const top = TOP + i * ROW;
    const y = top + ROW / 2 + MIDDLE * WORD.size;
    const share = isRead ? 0 : Math.max(0, ...together.map((shares) => shares[i] ?? 0));
    const room = Math.min(LABEL, column - SHARE - 12);
    const beside = 6 + Math.min(room, tokenWidth(look, label, WORD)) + 6;
    return [
      isRead && read.includes(i) && chosen(look, place(1, column - 2), top + 1, column - 2),
      tokenText(look, { x: place(6, 0), y, font: WORD, anchor }, label, room),
      share >= PRINTED &&
        words(
          look,
          { x: place(beside, 0), y, font: SMALL, anchor, fill: look.colors.quiet },
          strings.numbers.tiny(share, "weights"),
        ),
      ...(isRead ? [] : bars(look, state.heads, together, i, (wide) => place(2, wide), column - 4, top)),
    ].filter((mark) => mark !== false);
  });
}

function chosen({ colors }: Look, x: number, y: number, width: number): Markup {
  return tag("rect", {
    x,
    y,
    width,
    height: ROW - 2,
    rx: 4,
    fill: colors.tint,
    "fill-opacity": 0.45,
    stroke: colors.accent,
    "stroke-width": 2,
  });
}

function bars(
  look: Look,
  heads: readonly number[],
  together: readonly Float32Array[],
  unit: number,
  left: (width: number) => number,
  room: number,
  top: number,
): Markup[] {
  const tall = heads.length > 2 ? 2 : 3;
  return together.flatMap((shares, k) => {
    const width = room * Math.min(1, shares[unit] ?? 0);
    const y = top + ROW - 1 - tall * (together.length - k);
    const fill = look.hues[headMark(heads[k] ?? 0).hue];
    return width < 0.5 ? [] : [tag("rect", { x: left(width), y, width, height: tall, fill })];
  });
}
