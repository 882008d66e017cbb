// A part of a head's matrix, drawn in fewer cells.
import { cellsOf, headOf } from "./reckoned.ts";
import { headMatrix, isLong, keysOf, type RunData, type WindowRequest } from "./run_data.ts";
import { failureOf } from "./runner.ts";

/** Of the run's own numbers; a long run's weights are its model's to give. */
export async function windowOf(
  run: RunData,
  layer: number,
  head: number,
  request: WindowRequest,
): Promise<Float32Array> {
  const { stage = "weights" } = request;
  if (!isLong(run)) {
    const values = headMatrix(run, stage, layer, head);
    const m = keysOf(run).tokens.length;
    return pooledWindow((row, col) => values[row * m + col] ?? 0, request);
  }
  if (stage === "weights")
    throw failureOf("invalid-argument", "this run holds no weights to look at a part of");
  return pooledWindow(cellsOf(headOf(run, layer, head), stage), request);
}

/** [height, width]: of the cells under each that no mask hides the mean, or the largest by magnitude; −∞ where there are none. */
export function pooledWindow(
  cell: (row: number, col: number) => number,
  { rows, cols, out: [height, width], reduce }: WindowRequest,
): Float32Array {
  return Float32Array.from({ length: height * width }, (_, at) => {
    const [top, bottom] = share(rows, Math.floor(at / width), height);
    const [left, right] = share(cols, at % width, width);
    let [sum, most, count] = [0, 0, 0];
    for (let i = top; i < bottom; i++) {
      for (let j = left; j < right; j++) {
        const value = cell(i, j);
        if (value === -Infinity) continue;
        count++;
        sum += value;
        if (Math.abs(value) > Math.abs(most)) most = value;
      }
    }
    if (count === 0) return -Infinity;
    return reduce === "max" ? most : sum / count;
  });
}

/** The part of a range that one of `parts` cells covers; never empty. */
function share([from, to]: readonly [number, number], part: number, parts: number): [number, number] {
  const size = (to - from) / parts;
  const start = from + Math.floor(part * size);
  return [start, Math.max(start + 1, from + Math.floor((part + 1) * size))];
}
