// All numbers of one head, of a run of any length.
import { headMatrix, isLong, keysOf, type Stage } from "../runner/run_data.ts";
import { failureOf } from "../runner/runner.ts";
import type { Scene } from "../views/view.ts";

/** Numbers in a file: 300 MB of text. */
const MOST = 2 ** 24;

/** [n, m]; `heads`: how many of them the file will hold. */
export async function wholeMatrix(
  { run, state, window }: Pick<Scene, "run" | "state" | "window">,
  stage: Stage,
  head: number,
  heads: number,
): Promise<Float32Array> {
  if (!isLong(run)) return headMatrix(run, stage, state.layer, head);
  const [n, m] = [run.tokens.length, keysOf(run).tokens.length];
  if (heads * n * m > MOST)
    throw failureOf(
      "invalid-argument",
      `${heads} \u00d7 ${n} \u00d7 ${m} numbers are too many for a file: at most ${MOST}`,
    );
  return window(state.layer, head, { rows: [0, n], cols: [0, m], out: [n, m], reduce: "mean", stage });
}
