// A run that no model made: any length, every row the same simple pattern, so that a test knows each number.
import type { RunData, WindowRequest } from "../runner/run_data.ts";
import { AS_TRAINED } from "../state.ts";

/** Token i gives half to the one before, a quarter to the first and a quarter to the one ten before (the first, where there is none). */
function madeWeight(row: number, col: number): number {
  const before = Math.max(0, row - 1);
  const far = Math.max(0, row - 10);
  return (col === before ? 0.5 : 0) + (col === 0 ? 0.25 : 0) + (col === far ? 0.25 : 0);
}

/** Whole matrices up to this length, as a model has them; 16 heads of 512 tokens are 16 MB. */
const WHOLE = 512;
const [LAYERS, HEADS] = [4, 4];

export function madeRun(n: number): RunData {
  const words = Array.from({ length: n }, (_, i) => `word${i}`);
  const text = words.join(" ");
  let at = 0;
  const tokens = words.map((word, i) => {
    const start = at;
    at += word.length + 1;
    return { id: i, text: word, start, end: start + word.length, special: false, sequence: 0 as const };
  });
  const none = new Float32Array();
  const weights =
    n > WHOLE
      ? none
      : Float32Array.from({ length: LAYERS * HEADS * n * n }, (_, i) =>
          madeWeight(Math.floor(i / n) % n, i % n),
        );
  return {
    model: "heed-bert",
    spelling: "wordpiece",
    text,
    pair: "",
    leftOut: "",
    tokens,
    words: words.map((word, i) => ({ text: word, tokens: [i, i + 1] })),
    numLayers: LAYERS,
    numHeads: HEADS,
    headDim: 32,
    modelDim: 128,
    isCausal: true,
    scales: [1],
    projections: { bias: false, outputBias: false, norm: false, rotary: false },
    whatIf: AS_TRAINED,
    maxLength: n,
    stages: { products: none, scores: none, maskedScores: none, weights },
    vectors: { query: none, key: none, value: none, context: none },
    hidden: none,
    attentionInput: none,
    attentionOutput: none,
    isReckoned: true,
    statistics: [],
    rollout: none,
    predictions: [],
    milliseconds: 0,
  };
}

/** A window as the engine gives it: of a matrix [n, n], or of the made one where there is none. */
export function windowOf(
  matrix: Float32Array | undefined,
  n: number,
  { rows, cols, out, reduce }: WindowRequest,
): Float32Array {
  const [height, width] = out;
  const result = new Float32Array(height * width);
  const [tall, wide] = [(rows[1] - rows[0]) / height, (cols[1] - cols[0]) / width];
  result.forEach((_, at) => {
    const [r, c] = [Math.floor(at / width), at % width];
    let [sum, most, count] = [0, 0, 0];
    for (let i = rows[0] + Math.floor(r * tall); i < rows[0] + Math.ceil((r + 1) * tall); i++) {
      for (let j = cols[0] + Math.floor(c * wide); j < cols[0] + Math.ceil((c + 1) * wide); j++) {
        const value = matrix ? (matrix[i * n + j] ?? 0) : madeWeight(i, j);
        sum += value;
        most = Math.max(most, value);
        count++;
      }
    }
    result[at] = reduce === "max" ? most : sum / count;
  });
  return result;
}
