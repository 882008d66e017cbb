// What the page and its worker say to each other.
import type { ModelName, RunData } from "./run_data.ts";

export interface LoadRequest {
  readonly type: "load";
  readonly model: ModelName;
}

export interface RunRequest {
  readonly type: "run";
  /** Counts up; the reply carries it. */
  readonly id: number;
  readonly model: ModelName;
  readonly text: string;
}

export type Request = LoadRequest | RunRequest;

export type Reply =
  | { readonly type: "progress"; readonly model: ModelName; readonly loaded: number; readonly total: number }
  | { readonly type: "ready"; readonly model: ModelName }
  | { readonly type: "failed"; readonly model: ModelName; readonly message: string }
  | { readonly type: "result"; readonly id: number; readonly run: RunData }
  | { readonly type: "refused"; readonly id: number; readonly message: string };
