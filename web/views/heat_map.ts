// The pixels of a matrix.
import type { Stage } from "../runner/run_data.ts";
import type { Numbers } from "../strings/words.ts";
import { colorAt, inkOn } from "./color.ts";
import { place, type Scale } from "./scale.ts";

/** Paints a matrix [rows, cols], one pixel a cell; what is not finite stays transparent, for the page to hatch. */
export function paintRectangle(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  rows: number,
  cols: number,
  scale: Scale,
): void {
  canvas.width = cols;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  if (!context || rows * cols === 0) return;
  const image = context.createImageData(cols, rows);
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    image.data.set(colorAt(scale.map, place(scale, value)), 4 * i);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** Rows and columns. */
export type Extent = readonly [rows: number, cols: number];

/**
 * The matrix of the largest values by magnitude under each cell, so that a small picture of a large matrix keeps its bright
 * points, which a mean would drown.
 */
export function pooled(values: Float32Array, [rows, cols]: Extent, [down, across]: Extent): Float32Array {
  const small = new Float32Array(down * across).fill(-Infinity);
  values.forEach((value, index) => {
    const [row, col] = [Math.floor(index / cols), index % cols];
    const at = Math.floor((row * down) / rows) * across + Math.floor((col * across) / cols);
    const before = small[at] ?? -Infinity;
    if (Number.isFinite(value) && (!Number.isFinite(before) || Math.abs(value) > Math.abs(before)))
      small[at] = value;
  });
  return small;
}

/** No more cells a side than a small picture can show. */
export function within([rows, cols]: Extent, most: number): Extent {
  return [Math.min(rows, most), Math.min(cols, most)];
}

/** The shape of a small picture of a matrix: its own, but never a mere strip. */
export function shape(canvas: HTMLCanvasElement, [rows, cols]: Extent): void {
  canvas.style.setProperty("--aspect", String(Math.min(2, Math.max(0.5, cols / Math.max(1, rows)))));
}

/** A matrix as a small picture of at most so many cells a side. */
export function paintSmall(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  extent: Extent,
  most: number,
  scale: Scale,
): void {
  const small = within(extent, most);
  shape(canvas, extent);
  const isWhole = small[0] === extent[0] && small[1] === extent[1];
  paintRectangle(canvas, isWhole ? values : pooled(values, extent, small), ...small, scale);
}

/** Writes the numbers into the cells of a matrix [rows, cols] drawn `cell` CSS pixels a cell. */
export function paintNumbers(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  cols: number,
  {
    scale,
    stage,
    numbers,
    cell,
    ratio,
    font,
  }: { scale: Scale; stage: Stage; numbers: Numbers; cell: number; ratio: number; font: string },
): void {
  canvas.width = Math.round(cols * cell * ratio);
  canvas.height = Math.round((values.length / cols) * cell * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  values.forEach((value, i) => {
    context.fillStyle = inkOn(colorAt(scale.map, place(scale, value)));
    context.fillText(
      numbers.tiny(value, stage),
      ((i % cols) + 0.5) * cell,
      (Math.floor(i / cols) + 0.5) * cell,
    );
  });
}

/** A legend's strip, low to high. */
export function paintScale(canvas: HTMLCanvasElement, scale: Scale): void {
  canvas.width = 256;
  canvas.height = 1;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(256, 1);
  for (let x = 0; x < 256; x++) {
    image.data.set(colorAt(scale.map, x / 255), 4 * x);
    image.data[4 * x + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
