// How a stage is named on a control.
import type { StageText } from "../strings/en/stages.ts";
import { h } from "./dom.ts";

/** A stage's name over its formula. */
export function stageFace({ name, formula }: StageText): HTMLElement {
  return h(
    "span",
    { class: "stage-face" },
    h("span", {}, name),
    h("span", { class: "formula", dir: "ltr", "aria-hidden": "true" }, formula),
  );
}
