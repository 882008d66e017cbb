// What a page and its worker say to each other.
import type { ModelEstimate } from "heed/models";
import type { Kept } from "./desk.ts";
import type { Given } from "./given.ts";
import type { RunData } from "./run_data.ts";
import type { HeadWindow, ModelFacts, Progress, RunRequest } from "./runner.ts";

/** Each with an id but "cancel" is answered once, by its id; "load" may be answered by "progress" before. */
export type Request =
  /** `given`: what the model's name stands for, where the worker can't know. */
  | { readonly type: "load"; readonly id: number; readonly model: string; readonly given?: Given }
  | { readonly type: "release"; readonly model: string }
  /** The request of this id is no longer wanted; it fails with "aborted" if it is not done. */
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "run"; readonly id: number; readonly request: RunRequest }
  /** `run`: the id by which a run without whole matrices was asked for. */
  | { readonly type: "window"; readonly id: number; readonly run: number; readonly request: HeadWindow }
  | { readonly type: "estimate"; readonly id: number; readonly given: Given }
  | { readonly type: "kept"; readonly id: number }
  | { readonly type: "remove"; readonly id: number; readonly kept: Pick<Kept, "name" | "hub"> };

export type Reply =
  /** Before anything was asked: it runs. */
  | { readonly type: "begun"; readonly id: 0 }
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly type: "loaded"; readonly id: number; readonly facts: ModelFacts }
  | { readonly type: "result"; readonly id: number; readonly run: RunData }
  | { readonly type: "window"; readonly id: number; readonly values: Float32Array }
  | { readonly type: "estimated"; readonly id: number; readonly estimate: ModelEstimate }
  | { readonly type: "kept"; readonly id: number; readonly models: readonly Kept[] }
  | { readonly type: "failed"; readonly id: number; readonly code: string; readonly message: string };
