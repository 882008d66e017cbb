// The pixels of a matrix.
import type { Stage } from "../runner/run_data.ts";
import type { Numbers } from "../strings/words.ts";
import { colorAt, inkOn } from "./color.ts";
import { place, type Scale } from "./scale.ts";

/** Paints a matrix [n, n], one pixel a cell; what is not finite stays transparent, for the page to hatch. */
export function paintCells(canvas: HTMLCanvasElement, values: Float32Array, n: number, scale: Scale): void {
  paintRectangle(canvas, values, n, n, scale);
}

/** The same of a matrix [rows, cols]. */
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

/**
 * The matrix [m, m] of the largest values by magnitude under each cell, so that a small picture of a large matrix keeps its
 * bright points, which a mean would drown.
 */
export function pooled(values: Float32Array, n: number, m: number): Float32Array {
  const small = new Float32Array(m * m).fill(-Infinity);
  values.forEach((value, index) => {
    const at = Math.floor((Math.floor(index / n) * m) / n) * m + Math.floor(((index % n) * m) / n);
    const before = small[at] ?? -Infinity;
    if (Number.isFinite(value) && (!Number.isFinite(before) || Math.abs(value) > Math.abs(before)))
      small[at] = value;
  });
  return small;
}

/** Writes the numbers into the cells of a matrix drawn `cell` CSS pixels a cell. */
export function paintNumbers(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  n: number,
  {
    scale,
    stage,
    numbers,
    cell,
    ratio,
    font,
  }: { scale: Scale; stage: Stage; numbers: Numbers; cell: number; ratio: number; font: string },
): void {
  canvas.width = canvas.height = Math.round(n * cell * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  values.forEach((value, i) => {
    context.fillStyle = inkOn(colorAt(scale.map, place(scale, value)));
    context.fillText(numbers.tiny(value, stage), ((i % n) + 0.5) * cell, (Math.floor(i / n) + 0.5) * cell);
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
