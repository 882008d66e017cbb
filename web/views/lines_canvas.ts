// Strokes of lines on a canvas that stands still while the words scroll behind it.
import { cssColor } from "./css_color.ts";
import { headMark, STROKES } from "./head_hues.ts";
import { crosses, lookOf, partWithin, segment, stepOf, STEPS, type Line } from "./lines.ts";

export interface Layer {
  readonly head: number;
  readonly lines: readonly Line[];
  readonly isFaint: boolean;
}

export interface Plate {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** How far the words are scrolled, and how tall each stands. */
  readonly top: number;
  readonly row: number;
  readonly isRightToLeft: boolean;
}

/** Lines of several heads between the same words lie side by side. */
const APART = 3;

/** Returns how many lines were drawn: those that can be seen. */
export function paintLines(canvas: HTMLCanvasElement, layers: readonly Layer[], plate: Plate): number {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [width, height] = [Math.round(plate.width * ratio), Math.round(plate.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (!context) return 0;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, plate.width, plate.height);
  const heads = [...new Set(layers.map(({ head }) => head))];
  const first = Math.floor(plate.top / plate.row) - 1;
  const last = Math.ceil((plate.top + plate.height) / plate.row) + 1;
  let drawn = 0;
  for (const layer of layers) {
    const place = heads.indexOf(layer.head) - (heads.length - 1) / 2;
    const { hue, stroke } = headMark(layer.head);
    const steps: Line[][] = Array.from({ length: STEPS }, () => []);
    for (const line of layer.lines) if (crosses(line, first, last)) steps[stepOf(line.weight)]?.push(line);
    context.strokeStyle = cssColor(canvas, `--head-${hue}`);
    // One head needs no stroke of its own, and plain lines are drawn faster.
    context.setLineDash(heads.length > 1 ? [...(STROKES[stroke] ?? [])] : []);
    steps.forEach((lines, step) => {
      if (lines.length === 0) return;
      const look = lookOf(step, layer.isFaint);
      context.lineWidth = look.width;
      context.globalAlpha = look.opacity;
      context.beginPath();
      for (const line of lines) trace(context, line, plate, APART * place);
      context.stroke();
      drawn += lines.length;
    });
  }
  context.globalAlpha = 1;
  return drawn;
}

/** The line's curve, where it can be seen: dashes along what lies far above or below would take most of a frame. */
function trace(
  context: CanvasRenderingContext2D,
  { from, to }: Line,
  { width, height, top, row, isRightToLeft }: Plate,
  shift: number,
): void {
  const [start, end] = isRightToLeft ? [width, 0] : [0, width];
  const [y, z] = [(from + 0.5) * row - top + shift, (to + 0.5) * row - top + shift];
  const [a, b] = partWithin(y, z, -row, height + row);
  const across = segment([start, width / 2, width / 2, end], a, b);
  const down = segment([y, y, z, z], a, b);
  context.moveTo(across[0], down[0]);
  context.bezierCurveTo(across[1], down[1], across[2], down[2], across[3], down[3]);
}
