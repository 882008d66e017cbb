// What the view shows, with all that is needed to know what the numbers are: all heads, all steps, one query and every key, or
// the chosen heads at the chosen stage.
import { followedCell } from "../reading/focus.ts";
import { keysOf, stageWithin, type ReadText, type Stage } from "../runner/run_data.ts";
import type { Scene } from "../views/view.ts";
import { arraysOf, type Named } from "./arrays.ts";
import type { MakeExport } from "./formats.ts";
import { single } from "./number_text.ts";
import { wholeMatrix } from "./whole.ts";

export const json: MakeExport = async (scene) =>
  new Blob([await jsonText(scene)], { type: "application/json" });

/** Tokens as they are, whatever is joined on the screen. JSON has no infinity: null is a score hidden by the mask. */
async function jsonText(scene: Scene): Promise<string> {
  const { run, state } = scene;
  const keys = keysOf(run);
  const { layer, heads } = state;
  const stage = stageWithin(run, state.stage);
  const arrays = await arraysOf(scene);
  const isOfAll = state.view === "model";
  return `${JSON.stringify(
    {
      format: "heed-attention",
      version: 1,
      model: run.model,
      text: run.text,
      pair: run.pair,
      tokens: tokensOf(run),
      // Of an encoder-decoder: whose attention, and in cross-attention what the keys are of.
      ...(run.stacks && { part: run.stacks.part, target: run.stacks.target }),
      ...(keys !== run && { source: { text: keys.text, pair: keys.pair, tokens: tokensOf(keys) } }),
      whatIf: run.whatIf,
      isCausal: run.isCausal,
      view: state.view,
      ...(isOfAll ? { scales: run.scales } : { scale: run.scales[layer], layer }),
      ...(arrays
        ? {
            // Those two views follow one head.
            ...(!isOfAll && { heads: heads.slice(0, 1), cell: followedCell(scene) }),
            arrays: Object.fromEntries(Object.entries(arrays).map(([name, one]) => [name, written(one)])),
          }
        : { stage, heads, ...written(await chosenHeads(scene, stage)) }),
    },
    undefined,
    1,
  )}\n`;
}

async function chosenHeads(
  scene: Scene,
  stage: Stage,
): Promise<Omit<Named, "values"> & { values: Iterable<number> }> {
  const {
    run,
    state: { heads },
  } = scene;
  const matrices = await Promise.all(heads.map((head) => wholeMatrix(scene, stage, head, heads.length)));
  return {
    shape: [heads.length, run.tokens.length, keysOf(run).tokens.length],
    layout: ["head", "query", "key"],
    values: matrices.flatMap((matrix) => [...matrix]),
  };
}

function written({ values, ...rest }: Omit<Named, "values"> & { values: Iterable<number> }): object {
  return { ...rest, dtype: "float32", values: Array.from(values, number) };
}

function tokensOf({ tokens }: ReadText): object[] {
  return tokens.map(({ id, text, start, end, special, sequence }) => ({
    id,
    text,
    start,
    end,
    special,
    sequence,
  }));
}

function number(value: number): number | null {
  return Number.isFinite(value) ? Number(single(value)) : null;
}
