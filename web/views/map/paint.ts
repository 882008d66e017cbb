// One frame of the map, and its small picture of all.
import type { Cell } from "../../state.ts";
import type { Extent } from "../heat_map.ts";
import type { TokenLabel } from "../token_label.ts";
import { levelOf, span, tilesInSight, TILE, type Place, type Size, type Tile } from "./geometry.ts";
import { nearest, type Tiles } from "./tiles.ts";

export interface Ink {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly frame: string;
  readonly font: string;
  /** Of cells that are −∞; null: the paper shows. */
  readonly hatch: CanvasPattern | null;
}

export interface FrameOptions {
  readonly extent: Extent;
  readonly place: Place;
  /** Of the matrix's part of the canvas, in CSS pixels; names stand left of it and above. */
  readonly size: Size;
  readonly margin: { readonly left: number; readonly top: number };
  readonly ratio: number;
  /** Of those that look, and of those that are looked at. */
  readonly labels: readonly TokenLabel[];
  readonly keyLabels: readonly TokenLabel[];
  readonly cursor: Cell;
  readonly ink: Ink;
}

/** From this many CSS pixels a token on, tokens are named; below, counted. */
const NAMED = 11;

/** Draws what is there, and gives what would be better. */
export function paintFrame(context: CanvasRenderingContext2D, tiles: Tiles, options: FrameOptions): Tile[] {
  const { extent, place, size, margin, ratio, cursor, ink } = options;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width + margin.left, size.height + margin.top);
  context.save();
  context.translate(margin.left, margin.top);
  context.beginPath();
  context.rect(0, 0, size.width, size.height);
  context.clip();
  context.imageSmoothingEnabled = false;
  if (tiles.hasHidden) {
    const { x, y, scale } = place;
    paintHatch(context, ink, [-x * scale, -y * scale, extent[1] * scale, extent[0] * scale]);
  }
  const lacking = tilesInSight(extent, size, place, levelOf(place.scale, ratio)).filter(
    (tile) => !paintTile(context, tiles, options, tile),
  );
  paintCursor(context, place, cursor, ink);
  context.restore();
  paintNames(context, options);
  return lacking;
}

/** Under the tiles, whose hidden cells are transparent. */
function paintHatch(
  context: CanvasRenderingContext2D,
  { hatch }: Ink,
  box: readonly [x: number, y: number, width: number, height: number],
): void {
  if (!hatch) return;
  context.fillStyle = hatch;
  context.fillRect(...box);
}

/** Whether the tile's own picture was there. */
function paintTile(
  context: CanvasRenderingContext2D,
  tiles: Tiles,
  { extent, place }: FrameOptions,
  tile: Tile,
): boolean {
  const found = nearest(tiles, tile, extent);
  if (!found) return false;
  const { painted, from } = found;
  const [rows, cols] = [span(extent[0], tile.level, tile.row), span(extent[1], tile.level, tile.col)];
  const [allRows, allCols] = [span(extent[0], from.level, from.row), span(extent[1], from.level, from.col)];
  const { canvas } = painted;
  const down = canvas.height / (allRows[1] - allRows[0]);
  const across = canvas.width / (allCols[1] - allCols[0]);
  context.drawImage(
    canvas,
    ...[(cols[0] - allCols[0]) * across, (rows[0] - allRows[0]) * down],
    ...[(cols[1] - cols[0]) * across, (rows[1] - rows[0]) * down],
    ...[(cols[0] - place.x) * place.scale, (rows[0] - place.y) * place.scale],
    ...([(cols[1] - cols[0]) * place.scale, (rows[1] - rows[0]) * place.scale] as [number, number]),
  );
  return from.level === tile.level;
}

/** The cell that is read: framed, and large enough to be seen. */
function paintCursor(
  context: CanvasRenderingContext2D,
  { x, y, scale }: Place,
  { row, col }: Cell,
  ink: Ink,
): void {
  const side = Math.max(6, scale);
  const [left, top] = [(col + 0.5 - x) * scale - side / 2, (row + 0.5 - y) * scale - side / 2];
  context.lineWidth = 4;
  context.strokeStyle = "#000";
  context.strokeRect(left - 1, top - 1, side + 2, side + 2);
  context.lineWidth = 2;
  context.strokeStyle = ink.frame;
  context.strokeRect(left - 1, top - 1, side + 2, side + 2);
}

/** Tokens along both sides, or, where they are too many, their numbers. */
function paintNames(context: CanvasRenderingContext2D, options: FrameOptions): void {
  const { extent, place, size, margin, labels, keyLabels, cursor, ink } = options;
  const isNamed = place.scale >= NAMED;
  const step = isNamed ? 1 : niceStep(56 / place.scale);
  const along = (from: number, length: number, n: number): number[] => {
    const first = Math.max(0, Math.ceil((from - 0.5) / step) * step);
    const last = Math.min(n - 1, from + length / place.scale);
    return Array.from(
      { length: Math.max(0, Math.floor((last - first) / step) + 1) },
      (_, k) => first + k * step,
    );
  };
  const nameOf = (label: TokenLabel | undefined, at: number): string => {
    return isNamed && label ? cut(`${label.mark}${label.text}`) : String(at);
  };
  context.font = ink.font;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const at of along(place.y, size.height, extent[0])) {
    const y = margin.top + (at + 0.5 - place.y) * place.scale;
    if (y < margin.top || y > margin.top + size.height) continue;
    context.fillStyle = at === cursor.row ? ink.ink : ink.quiet;
    context.fillText(nameOf(labels[at], at), margin.left - 6, y, margin.left - 8);
  }
  for (const at of along(place.x, size.width, extent[1])) {
    const x = margin.left + (at + 0.5 - place.x) * place.scale;
    if (x < margin.left || x > margin.left + size.width) continue;
    context.fillStyle = at === cursor.col ? ink.ink : ink.quiet;
    context.save();
    // A number that would be cut off at the end stands a little before its place.
    context.translate(isNamed ? x : Math.min(x, margin.left + size.width - 14), margin.top - 6);
    if (isNamed) context.rotate(-Math.PI / 2);
    context.textAlign = isNamed ? "left" : "center";
    context.fillText(nameOf(keyLabels[at], at), 0, isNamed ? 0 : -6, isNamed ? margin.top - 8 : 60);
    context.restore();
  }
}

/** The whole matrix small, and what is in sight framed. */
export function paintMinimap(
  context: CanvasRenderingContext2D,
  tiles: Tiles,
  extent: Extent,
  place: Place,
  size: Size,
  top: Tile,
  ink: Ink,
): void {
  const { width: side } = context.canvas;
  const unit = side / Math.max(...extent);
  context.clearRect(0, 0, side, side);
  context.imageSmoothingEnabled = false;
  const painted = tiles.get(top);
  const all = [0, 0, unit * extent[1], unit * extent[0]] as const;
  if (tiles.hasHidden) paintHatch(context, ink, all);
  if (painted) context.drawImage(painted.canvas, ...all);
  const frame = [place.x, place.y, size.width / place.scale, size.height / place.scale].map(
    (value) => value * unit,
  );
  const [x = 0, y = 0, width = 0, height = 0] = frame;
  const least = side / 16;
  const box: [number, number, number, number] = [x, y, Math.max(least, width), Math.max(least, height)];
  context.lineWidth = 5;
  context.strokeStyle = "#000";
  context.strokeRect(...box);
  context.lineWidth = 3;
  context.strokeStyle = ink.frame;
  context.strokeRect(...box);
}

/** 1, 2 or 5 times a power of ten, at least so much. */
export function niceStep(least: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * unit).find((step) => step >= least) ?? unit;
}

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length > 12 ? `${letters.slice(0, 11).join("")}\u2026` : text;
}

/** Cells on the small picture's side. */
export const MINIMAP = 2 * TILE;
