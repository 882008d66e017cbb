// What a page and its worker say to each other.
import type { RunData } from "./run_data.ts";
import type { HeadWindow, ModelFacts, Progress, RunRequest } from "./runner.ts";

/** Each but "release" is answered once, by its id; "load" may be answered by "progress" before. */
export type Request =
  | { readonly type: "load"; readonly id: number; readonly model: string }
  | { readonly type: "release"; readonly model: string }
  | { readonly type: "run"; readonly id: number; readonly request: RunRequest }
  /** `run`: the id by which a run without whole matrices was asked for. */
  | { readonly type: "window"; readonly id: number; readonly run: number; readonly request: HeadWindow };

export type Reply =
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly type: "loaded"; readonly id: number; readonly facts: ModelFacts }
  | { readonly type: "result"; readonly id: number; readonly run: RunData }
  | { readonly type: "window"; readonly id: number; readonly values: Float32Array }
  | { readonly type: "failed"; readonly id: number; readonly code: string; readonly message: string };
