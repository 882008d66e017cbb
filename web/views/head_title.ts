// What a head is called: by what it measurably does in this text, and by what its model's card knows of it.
import { jobOf } from "../head_jobs.ts";
import type { HeadName } from "../head_names.ts";
import type { Scene } from "./view.ts";

export function headTitle(
  { state, strings: { headNames } }: Pick<Scene, "state" | "strings">,
  { layer, head }: { readonly layer: number; readonly head: number },
  called: HeadName | undefined,
): string {
  if (!called) return headNames.unmeasured;
  const job = jobOf(state.model, layer, head);
  if (!job) return headNames.name(called);
  return called.kind === "none" ? headNames.job(job) : `${headNames.name(called)}; ${headNames.job(job)}`;
}
