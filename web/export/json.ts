// The chosen heads at the chosen stage, with what is needed to know what the numbers are.
import { headMatrix } from "../runner/run_data.ts";
import type { Scene } from "../views/view.ts";
import type { MakeExport } from "./formats.ts";
import { single } from "./number_text.ts";

export const json: MakeExport = (scene) =>
  Promise.resolve(new Blob([jsonText(scene)], { type: "application/json" }));

/** Tokens as they are, whatever is joined on the screen. JSON has no infinity: null is a score hidden by the mask. */
function jsonText({ run, state }: Pick<Scene, "run" | "state">): string {
  const n = run.tokens.length;
  const { layer, heads, stage } = state;
  const values = heads.flatMap((head) => Array.from(headMatrix(run, stage, layer, head), number));
  return `${JSON.stringify(
    {
      format: "heed-attention",
      version: 1,
      model: run.model,
      text: run.text,
      pair: run.pair,
      tokens: run.tokens.map(({ id, text, start, end, special, sequence }) => ({
        id,
        text,
        start,
        end,
        special,
        sequence,
      })),
      whatIf: run.whatIf,
      isCausal: run.isCausal,
      scale: run.scales[layer],
      stage,
      layer,
      heads,
      shape: [heads.length, n, n],
      layout: ["head", "query", "key"],
      dtype: "float32",
      values,
    },
    undefined,
    1,
  )}\n`;
}

function number(value: number): number | null {
  return Number.isFinite(value) ? Number(single(value)) : null;
}
