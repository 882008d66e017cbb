// The text itself, its words shaded by shares.
import { keysOf, partOf, type ReadText } from "../../runner/run_data.ts";
import type { Numbers } from "../../strings/words.ts";
import type { Units } from "../../reading/units.ts";
import { directionOf, prosePieces, type Piece } from "../../views/prose_pieces.ts";
import { sideRead, sideShared, type Axes } from "../../reading/units.ts";
import type { Scene } from "../../views/view.ts";
import { cut, lettering, paragraph, words, type Block } from "../lettering.ts";
import type { Font, Look } from "../look.ts";
import { tag, type Markup } from "../markup.ts";

/** Pixels. */
export const WIDTH = 736;
const TEXT: Font = { family: "serif", size: 24 };
const TAG: Font = { family: "sans", size: 14 };
const PERCENT: Font = { family: "sans", size: 12 };
const LINE = { height: 52, baseline: 32, above: 25, below: 8 };
const TAG_PADDING = 4;
/** As views/prose.ts shades and prints. */
const PRINTED = 0.045;
const SHADING = 0.6;

export interface Shading {
  readonly numbers: Numbers;
  /** [m] */
  readonly shares: Float32Array;
  readonly read: readonly number[];
  readonly locked: boolean;
}

/** Pieces that no space parts: letters may join across them, so they are written as one. */
interface Word {
  readonly pieces: readonly Placed[];
  readonly text: string;
  readonly width: number;
  readonly font: Font;
  readonly isTag: boolean;
  readonly direction: "ltr" | "rtl";
  /** Between it and the word before. */
  readonly space: number;
  /** How many lines end before it. */
  readonly breaks: number;
}

interface Placed {
  /** −1: no unit. */
  readonly unit: number;
  /** From where the word begins, in its direction. */
  readonly from: number;
  readonly to: number;
  readonly isPiece: boolean;
}

/** A text that was read, from `from` down. */
export function prose(text: ReadText, look: Look, units: Units, shading: Shading, from = 0): Block {
  const base = directionOf(text.text);
  const lines = linesOf(wordsOf(look, prosePieces(text, units)));
  const marks = lines.flatMap((line, i) => {
    const width = line.reduce((sum, word, k) => sum + word.width + (k > 0 ? word.space : 0), 0);
    let x = base === "ltr" ? 0 : WIDTH - width;
    return inSight(line, base).flatMap(({ word, space }) => {
      const at = x + space;
      x = at + word.width;
      return drawWord(look, word, at, from + i * LINE.height + LINE.baseline, shading);
    });
  });
  return { height: lines.length * LINE.height, marks };
}

/** The text; or, where one looks at another, both, one under the other, each under its name. */
export function texts(scene: Scene, look: Look, axes: Axes, shading: Shading): Block {
  const { run, state, strings } = scene;
  if (partOf(run) !== "cross") return prose(run, look, axes.rows, shading);
  let top = 0;
  const marks = (["from", "to"] as const).flatMap((side) => {
    const isRead = side === state.direction;
    const units = (isRead ? sideRead : sideShared)(axes, state.direction);
    const name = paragraph(look, strings, strings.parts.sides[side], {
      ...{ top, width: WIDTH, font: TAG, fill: look.colors.quiet },
    });
    const own = isRead ? { ...shading, shares: new Float32Array() } : { ...shading, read: [], locked: false };
    const text = prose(side === "from" ? run : keysOf(run), look, units, own, top + name.height + 4);
    top += name.height + 4 + text.height + 12;
    return [...name.marks, ...text.marks];
  });
  return { height: top - 12, marks };
}

/** A piece, and which unit it is; −1: none. */
interface Numbered {
  readonly unit: number;
  readonly piece: Piece;
}

/** Scripts that a line may break in between any two characters, or that put no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function wordsOf(look: Look, pieces: readonly Piece[]): Word[] {
  const groups: { readonly gap: string; readonly pieces: Numbered[] }[] = [];
  pieces.flatMap(numbered).forEach((next) => {
    const { piece } = next;
    const last = groups.at(-1)?.pieces ?? [];
    const before = last.at(-1)?.piece;
    const isJoined = piece.gap === "" && !piece.isName && before?.isName === false;
    const mayBreak = UNSPACED.test(Array.from(piece.text)[0] ?? "");
    const text = last.map(({ piece: one }) => one.text).join("") + piece.text;
    if (isJoined && !mayBreak && look.measure(text, TEXT) <= WIDTH) last.push(next);
    else groups.push({ gap: piece.gap, pieces: [next] });
  });
  return groups.map((group) => wordOf(look, group.gap, group.pieces));
}

/** Text that no token stands for is written too, as a piece of no unit. */
function numbered(piece: Piece, unit: number): Numbered[] {
  const unread = piece.gap.trim();
  if (unread === "") return [{ unit, piece }];
  const label = { mark: "", text: unread, plain: unread, special: false, piece: false };
  const end = piece.gap.slice(piece.gap.indexOf(unread) + unread.length);
  return [
    {
      unit: -1,
      piece: { gap: piece.gap.slice(0, piece.gap.indexOf(unread)), text: unread, isName: false, label },
    },
    { unit, piece: { ...piece, gap: end } },
  ];
}

function wordOf(look: Look, gap: string, pieces: readonly Numbered[]): Word {
  const isTag = pieces[0]?.piece.isName === true;
  const font = isTag ? TAG : TEXT;
  const padding = isTag ? TAG_PADDING : 0;
  let text = "";
  const placed = pieces.map(({ unit, piece }): Placed => {
    const from = padding + look.measure(text, font);
    text += cut(look, piece.text, WIDTH - 2 * padding, font);
    return { unit, from, to: padding + look.measure(text, font), isPiece: piece.label.piece };
  });
  return {
    pieces: placed,
    text,
    width: look.measure(text, font) + 2 * padding,
    font,
    isTag,
    direction: directionOf(text),
    space: gap === "" ? 0 : look.measure(" ", TEXT),
    breaks: gap.split("\n").length - 1,
  };
}

function linesOf(all: readonly Word[]): Word[][] {
  const lines: Word[][] = [[]];
  let width = 0;
  for (const word of all) {
    for (let i = 0; i < word.breaks; i++) lines.push([]);
    if (word.breaks > 0) width = 0;
    if (width > 0 && width + word.space + word.width > WIDTH) {
      lines.push([]);
      width = 0;
    }
    width += (width > 0 ? word.space : 0) + word.width;
    lines.at(-1)?.push(word);
  }
  return lines;
}

/** From left to right: stretches of words of one direction as the text runs, and words as their stretch runs. */
function inSight(line: readonly Word[], base: "ltr" | "rtl"): { word: Word; space: number }[] {
  const stretches: number[][] = [];
  line.forEach((word, i) => {
    const last = stretches.at(-1);
    if (last && line[last[0] ?? 0]?.direction === word.direction) last.push(i);
    else stretches.push([i]);
  });
  const order = (base === "ltr" ? stretches : stretches.reverse()).flatMap((stretch) =>
    line[stretch[0] ?? 0]?.direction === "rtl" ? stretch.reverse() : stretch,
  );
  return order.flatMap((i, place) => {
    const word = line[i];
    // The space belongs to the later of two words, as they are read.
    const space = place === 0 ? 0 : (line[Math.max(i, order[place - 1] ?? 0)]?.space ?? 0);
    return word ? [{ word, space }] : [];
  });
}

function drawWord(look: Look, word: Word, x: number, baseline: number, shading: Shading): Markup[] {
  const { colors } = look;
  const back = word.pieces.flatMap((piece) => drawShade(look, word, piece, x, baseline, shading));
  const below = word.pieces.flatMap(({ unit, from, to }) => {
    const share = shading.shares[unit] ?? 0;
    if (share < PRINTED) return [];
    const middle = x + across(word, (from + to) / 2, 0);
    const place = { x: middle, y: baseline + LINE.below + 12, font: PERCENT, anchor: "middle" as const };
    return [words(look, { ...place, fill: colors.quiet }, shading.numbers.tiny(share, "weights"))];
  });
  const padding = word.isTag ? TAG_PADDING : 0;
  const place = { x: x + padding, y: baseline, font: word.font };
  const letters = word.isTag
    ? words(look, { ...place, y: baseline - 3, fill: colors.quiet }, word.text)
    : lettering(look, place, word.text, word.text);
  return [...back, letters, ...below];
}

/** The left edge of a stretch that ends `width` after it begins, counted in the word's direction. */
function across(word: Word, from: number, width: number): number {
  return word.direction === "ltr" ? from : word.width - from - width;
}

function drawShade(
  { colors }: Look,
  word: Word,
  { unit, from, to, isPiece }: Placed,
  x: number,
  baseline: number,
  { shares, read, locked }: Shading,
): Markup[] {
  if (unit < 0) return [];
  const padding = word.isTag ? TAG_PADDING : 0;
  const width = to - from + 2 * padding;
  const left = x + across(word, from - padding, width);
  const box = { x: left, y: baseline - LINE.above, width, height: LINE.above + LINE.below, rx: 4 };
  const shade = Math.round(1000 * (shares[unit] ?? 0) ** SHADING) / 1000;
  const seam = word.direction === "ltr" ? left : left + width - 1;
  const isRead = read.includes(unit);
  const marks = [
    shade > 0 && tag("rect", { ...box, fill: colors.tint, "fill-opacity": String(shade) }),
    isPiece && tag("rect", { ...box, rx: 0, x: seam, width: 1, fill: colors.edge, "fill-opacity": "0.6" }),
    isRead &&
      tag("rect", {
        ...box,
        x: left - 2,
        y: box.y - 2,
        width: width + 4,
        height: box.height + 4,
        fill: "none",
        stroke: colors.accent,
        "stroke-width": 2,
      }),
    isRead && locked && tag("circle", { cx: left + width / 2, cy: box.y - 2, r: 4, fill: colors.accent }),
  ];
  return marks.filter((mark) => mark !== false);
}
