// How a stage is named on a control, and what it is in a sentence.
import { partOf, type Stage } from "../runner/run_data.ts";
import type { StageText } from "../strings/en/stages.ts";
import { h } from "./dom.ts";
import type { Scene } from "./view.ts";

/** A stage's name over its formula. */
export function stageFace({ name, formula }: StageText): HTMLElement {
  return h(
    "span",
    { class: "stage-face" },
    h("span", {}, name),
    h("span", { class: "formula", dir: "ltr", "aria-hidden": "true" }, formula),
  );
}

/** Of a stage, in a sentence. */
export function explained({ run, state, strings }: Scene, stage: Stage): string {
  if (stage === "maskedScores" && partOf(run) === "cross") return strings.parts.mask;
  const { isCausal, headDim, scales, whatIf } = run;
  return strings.stages[stage].explain({
    isCausal,
    headDim,
    scale: scales[state.layer] ?? NaN,
    isTrained: whatIf.scaled && whatIf.temperature === 1,
  });
}
