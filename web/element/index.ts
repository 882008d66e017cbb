/**
 * heed/element: defines <heed-attention>. Where there is no DOM it defines nothing, so that a server can import it.
 *
 * @packageDocumentation
 */
import { createLocalRunner } from "../runner/local.ts";
import { HeedAttention } from "./element.ts";

// One for the page, in its thread; heed/models comes when the first element is in sight.
HeedAttention.runner ??= createLocalRunner(async () => (await import("heed/models")).loadModel);
if (globalThis.customElements && !customElements.get("heed-attention")) {
  customElements.define("heed-attention", HeedAttention);
}

export { HeedAttention };
export type { ModelGiven } from "./element.ts";
export type { ErrorDetail, HeedEventMap, ReadyDetail, RunDetail, SelectDetail } from "./events.ts";
export type { ControlName, Theme } from "./settings.ts";
export type { ExportOptions } from "../export/formats.ts";
export type { HeadWindow, ModelFacts, Progress, Runner, RunRequest } from "../runner/runner.ts";
export type { RunData, Stage, WindowRequest } from "../runner/run_data.ts";
export type { Cell, ColorMapName, ViewName, ViewState, WhatIf } from "../state.ts";
