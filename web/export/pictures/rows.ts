// For the chosen words: whom they look at and who looks at them, in order, for each chosen head.
import { readUnits, type Direction } from "../../reading/focus.ts";
import { sharesOf } from "../../reading/shares.ts";
import type { Numbers } from "../../strings/words.ts";
import { axesOf, sideRead, sideShared, type Axes, type Units } from "../../reading/units.ts";
import { headMark } from "../../views/head_hues.ts";
import { occurrences, ranked } from "../../views/ranking.ts";
import { hiddenShare, spokenSummary } from "../../views/spoken.ts";
import type { Scene } from "../../views/view.ts";
import { directionsOf } from "../../views/rows_view.ts";
import { paragraph, tokenText, tokenWidth, words, type Block } from "../lettering.ts";
import type { Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";
import type { MakePicture } from "../picture.ts";
import { stroke } from "./heads.ts";
import { texts, WIDTH } from "./prose.ts";

/** As many as the screen shows at first. */
const FEW = 8;
const ROW = 32;
const BETWEEN = 32;
const COLUMN = (WIDTH - BETWEEN) / 2;
const TITLE = { family: "serif", size: 17 } as const;
const WORD = { family: "serif", size: 17 } as const;
const SMALL = { family: "sans", size: 14 } as const;

export const rowsPicture: MakePicture = async (scene, look) => {
  const { state, strings } = scene;
  const { layer, heads, direction } = state;
  const axes = axesOf(scene);
  const directions = directionsOf(scene);
  const read = readUnits(scene, axes);
  const all = await Promise.all(
    heads.map((head) =>
      Promise.all(
        directions.map(async (one) => sharesOf(scene, axes, { layer, head, read, direction: one })),
      ),
    ),
  );
  const sharesAt = (k: number, one: Direction): Float32Array =>
    all[k]?.[directions.indexOf(one)] ?? new Float32Array();
  const text = texts(scene, look, axes, {
    numbers: scene.strings.numbers,
    shares: sharesAt(0, direction),
    read,
    locked: state.locked.length > 0,
  });
  const marks: Markup[] = [...text.marks];
  let top = text.height + 24;
  heads.forEach((head, k) => {
    const lists = directions.map((one, i) =>
      list(
        scene,
        look,
        axes,
        { direction: one, shares: sharesAt(k, one), read, head },
        i * (COLUMN + BETWEEN),
        top + 44,
      ),
    );
    marks.push(
      stroke(look, head, 0, top + 14),
      words(
        look,
        { x: 38, y: top + 20, font: { family: "sans", size: 17, weight: 600 } },
        strings.reading.head(layer, head),
      ),
      tag("rect", { x: 0, y: top + 32, width: WIDTH, height: 1, fill: look.colors.rule }),
      ...lists.flatMap((block) => block.marks),
    );
    top += 44 + Math.max(...lists.map(({ height }) => height)) + 16;
  });
  return {
    width: WIDTH,
    height: top - 16,
    marks,
    said: heads.map((head, k) =>
      spokenSummary(
        strings,
        axes,
        sharesAt(k, direction),
        read,
        direction,
        strings.reading.head(layer, head),
      ),
    ),
  };
};

interface List {
  readonly direction: Direction;
  readonly shares: Float32Array;
  readonly read: readonly number[];
  readonly head: number;
}

function list(
  { state, strings }: Scene,
  look: Look,
  axes: Axes,
  { direction, shares, read, head }: List,
  left: number,
  top: number,
): Block {
  const { rowsView, reading } = strings;
  const [own, units] = [sideRead(axes, state.direction), sideShared(axes, direction)];
  const named = reading.list(read.map((unit) => own.labels[unit]?.plain ?? ""));
  const from = read.length === 1 ? rowsView.from : rowsView.fromTogether;
  const title = paragraph(look, strings, (direction === "to" ? rowsView.to : from)(named), {
    top,
    left,
    width: COLUMN,
    font: TITLE,
  });
  const first = top + title.height + 8;
  const order = ranked(shares);
  const nth = occurrences(units.labels);
  const rows = order.slice(0, FEW).flatMap((unit, i) =>
    row(look, strings.numbers, units, unit, {
      left,
      top: first + i * ROW,
      share: shares[unit] ?? 0,
      nth: nth[unit] ?? 0,
      head,
    }),
  );
  const others = order.slice(FEW);
  const rest = others.reduce((sum, unit) => sum + (shares[unit] ?? 0), 0);
  const notes = [
    direction === "from" && others.length > 0 ? rowsView.rest(others.length, reading.percent(rest)) : "",
    hiddenShare(strings, axes, shares, direction) ?? "",
  ];
  const end = first + Math.min(FEW, order.length) * ROW + 8;
  const note = paragraph(look, strings, notes.join(" ").trim(), {
    top: end,
    left,
    width: COLUMN,
    font: SMALL,
    fill: look.colors.quiet,
  });
  return { height: end + note.height - top, marks: [...title.marks, ...rows, ...note.marks] };
}

interface Row {
  readonly left: number;
  readonly top: number;
  readonly share: number;
  readonly nth: number;
  readonly head: number;
}

function row(
  look: Look,
  numbers: Numbers,
  units: Units,
  unit: number,
  { left, top, share, nth, head }: Row,
): Markup[] {
  const label = units.labels[unit];
  if (!label) return [];
  const { colors } = look;
  const bar = { x: left, y: top + ROW - 7, height: 4, rx: 2 };
  const room = COLUMN - 90;
  const marks = [
    tokenText(look, { x: left, y: top + 19, font: WORD }, label, room),
    nth > 0 &&
      words(
        look,
        {
          x: left + Math.min(room, tokenWidth(look, label, WORD)) + 4,
          y: top + 22,
          font: { family: "sans", size: 11 },
          fill: colors.quiet,
        },
        String(nth),
      ),
    words(look, { x: left + COLUMN, y: top + 19, font: SMALL, anchor: "end" }, numbers.percent(share)),
    tag("rect", { ...bar, width: COLUMN, fill: colors.rule }),
    share > 0 &&
      tag("rect", { ...bar, width: COLUMN * Math.min(1, share), fill: look.hues[headMark(head).hue] }),
  ];
  return marks.filter((mark) => mark !== false);
}
