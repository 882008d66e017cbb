// A part of a head's weights, drawn in fewer cells.
import { headMatrix, isLong, type RunData, type WindowRequest } from "./run_data.ts";
import { failureOf } from "./runner.ts";

/** From a run that holds whole matrices: [height, width], each cell the mean or the largest of the weights under it. */
export async function windowOf(
  run: RunData,
  layer: number,
  head: number,
  { rows, cols, out: [height, width], reduce }: WindowRequest,
): Promise<Float32Array> {
  if (isLong(run)) throw failureOf("invalid-argument", "this run holds no weights to look at a part of");
  const values = headMatrix(run, "weights", layer, head);
  const n = run.tokens.length;
  const result = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = share(rows, y, height);
    for (let x = 0; x < width; x++) {
      const [left, right] = share(cols, x, width);
      let [sum, most] = [0, 0];
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) {
          const value = values[i * n + j] ?? 0;
          sum += value;
          most = Math.max(most, value);
        }
      }
      result[y * width + x] = reduce === "max" ? most : sum / ((bottom - top) * (right - left));
    }
  }
  return result;
}

/** The part of a range that one of `parts` cells covers; never empty. */
function share([from, to]: readonly [number, number], part: number, parts: number): [number, number] {
  const size = (to - from) / parts;
  const start = from + Math.floor(part * size);
  return [start, Math.max(start + 1, from + Math.floor((part + 1) * size))];
}
