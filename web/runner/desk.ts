// What a page with models of its own asks besides running them: what one will take, and which are kept.
import type { ModelEstimate } from "heed/models";
import type { Given } from "./given.ts";

/** A model in this browser's storage. */
export interface Kept {
  readonly name: string;
  readonly hub?: string;
  readonly bytes: number;
  /** False: a download that was cut off. */
  readonly complete: boolean;
}

export interface Desk {
  /** Reads headers only. Fails as a runner's methods do. */
  estimate(given: Given, signal?: AbortSignal): Promise<ModelEstimate>;
  /** The latest first. */
  kept(): Promise<readonly Kept[]>;
  /** Idempotent. Resolves to those that are left. */
  remove(kept: Pick<Kept, "name" | "hub">): Promise<readonly Kept[]>;
}
