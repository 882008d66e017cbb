// What a head is called: by what it measurably does in this text, and by what its model's card knows of it.
import { jobOf } from "../heads/head_jobs.ts";
import type { HeadName } from "../heads/head_names.ts";
import type { Scene } from "./view.ts";

interface Place {
  readonly layer: number;
  readonly head: number;
}

export function headTitle(
  { state, strings: { headNames } }: Pick<Scene, "state" | "strings">,
  { layer, head }: Place,
  called: HeadName | undefined,
): string {
  if (!called) return headNames.unmeasured;
  const job = jobOf(state.model, layer, head);
  if (!job) return headNames.name(called);
  return called.kind === "none" ? headNames.job(job) : `${headNames.name(called)}; ${headNames.job(job)}`;
}

/** The same at length: what was measured here, and where what its card knows of it ends. */
export function headStory(scene: Pick<Scene, "state" | "strings">, at: Place, called: HeadName): string {
  const { headNames, modelView, reading } = scene.strings;
  const job = jobOf(scene.state.model, at.layer, at.head);
  const title = modelView.cell(reading.head(at.layer, at.head), headTitle(scene, at, called), "");
  return `${title}. ${headNames.explain(called)} ${job ? headNames.elsewhere(job) : ""}`.trim();
}
