// Where a map of a matrix stands, and which tiles it needs: plain numbers, so that each rule can be tested.

import type { Extent } from "../heat_map.ts";

/** Cells on a tile's side. */
export const TILE = 128;

/** The part of the matrix in sight: its left upper corner in tokens, and CSS pixels a token. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A square of the matrix, drawn in cells that are each 2^level tokens wide. */
export interface Tile {
  readonly level: number;
  readonly row: number;
  readonly col: number;
}

/** CSS pixels a token at most. */
const LARGEST = 48;

/** The whole matrix, beside its names. */
export function whole([rows, cols]: Extent, { width, height }: Size): Place {
  const scale = Math.min(LARGEST, width / cols, height / rows);
  return { x: 0, y: 0, scale };
}

/** Kept so that the matrix fills the picture where it can, and stands beside its names where it can't. */
export function within(extent: Extent, size: Size, { x, y, scale }: Place): Place {
  const least = whole(extent, size).scale;
  const [rows, cols] = extent;
  const kept = Math.min(LARGEST, Math.max(least, scale));
  const along = (at: number, length: number, n: number): number => {
    const seen = length / kept;
    return Math.max(0, Math.min(n - seen, at));
  };
  return { x: along(x, size.width, cols), y: along(y, size.height, rows), scale: kept };
}

export function pan(extent: Extent, size: Size, place: Place, dx: number, dy: number): Place {
  return within(extent, size, { ...place, x: place.x - dx / place.scale, y: place.y - dy / place.scale });
}

/** Zooms so that what is under a point of the picture stays under it. */
export function zoom(
  extent: Extent,
  size: Size,
  place: Place,
  factor: number,
  at: { x: number; y: number },
): Place {
  const { scale } = within(extent, size, { ...place, scale: place.scale * factor });
  const shift = 1 / place.scale - 1 / scale;
  return within(extent, size, { x: place.x + at.x * shift, y: place.y + at.y * shift, scale });
}

/** Moves as little as brings a cell into sight. */
export function reveal(extent: Extent, size: Size, place: Place, row: number, col: number): Place {
  const near = (from: number, seen: number, at: number): number =>
    at < from ? at : at + 1 > from + seen ? at + 1 - seen : from;
  const { x, y, scale } = place;
  return within(extent, size, {
    x: near(x, size.width / scale, col),
    y: near(y, size.height / scale, row),
    scale,
  });
}

/** The level whose cells are about a pixel, never coarser than one. */
export function levelOf(scale: number, pixelRatio: number): number {
  return Math.max(0, Math.floor(Math.log2(1 / (scale * pixelRatio)) + 1e-6));
}

/** The level at which one tile holds all. */
export function topLevel(extent: Extent): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(...extent) / TILE)));
}

/** The tiles of a level in sight, those in the middle first. */
export function tilesInSight(
  [rows, cols]: Extent,
  { width, height }: Size,
  { x, y, scale }: Place,
  level: number,
): Tile[] {
  const side = TILE * 2 ** level;
  const range = (from: number, seen: number, n: number): [number, number] => [
    Math.max(0, Math.floor(from / side)),
    Math.min(Math.ceil(n / side) - 1, Math.ceil((from + seen) / side) - 1),
  ];
  const [top, bottom] = range(y, height / scale, rows);
  const [left, right] = range(x, width / scale, cols);
  const tiles: Tile[] = [];
  for (let row = top; row <= bottom; row++)
    for (let col = left; col <= right; col++) tiles.push({ level, row, col });
  const distance = (tile: Tile): number =>
    Math.hypot(tile.row - (top + bottom) / 2, tile.col - (left + right) / 2);
  return tiles.sort((a, b) => distance(a) - distance(b));
}

/** Tokens [from, to) that a tile covers along one side. */
export function span(n: number, level: number, index: number): readonly [from: number, to: number] {
  const side = TILE * 2 ** level;
  return [index * side, Math.min(n, (index + 1) * side)];
}

/** The cells of such a span. */
export function cellsOf([from, to]: readonly [number, number], level: number): number {
  return Math.ceil((to - from) / 2 ** level);
}

/** The tile that covers this one, one level up. */
export function parent({ level, row, col }: Tile): Tile {
  return { level: level + 1, row: row >> 1, col: col >> 1 };
}
