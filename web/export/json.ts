// The chosen heads at the chosen stage, with what is needed to know what the numbers are.
import { keysOf, stageWithin, type ReadText } from "../runner/run_data.ts";
import type { Scene } from "../views/view.ts";
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
  const matrices = await Promise.all(heads.map((head) => wholeMatrix(scene, stage, head, heads.length)));
  const values = matrices.flatMap((matrix) => Array.from(matrix, number));
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
      scale: run.scales[layer],
      stage,
      layer,
      heads,
      shape: [heads.length, run.tokens.length, keys.tokens.length],
      layout: ["head", "query", "key"],
      dtype: "float32",
      values,
    },
    undefined,
    1,
  )}\n`;
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
