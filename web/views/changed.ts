// What about a model is not as it was trained: a picture of it that is passed on should say so.
import type { WhatIf } from "../state.ts";
import type { Strings } from "../strings/index.ts";
import type { Scene } from "./view.ts";

/** Heads that are named before they are counted. */
const NAMED = 6;

export function isOff({ ablated }: Pick<WhatIf, "ablated">, layer: number, head: number): boolean {
  return ablated.some(([l, k]) => l === layer && k === head);
}

/** In words, and what the heads that are shown are still worth; "" where nothing is changed. */
export function changedSaid({ run, state, strings }: Pick<Scene, "run" | "state" | "strings">): string {
  const { changed: words } = strings.element;
  const shown = state.heads.filter((head) => isOff(run.whatIf, state.layer, head));
  const names = shown.map((head) => strings.reading.head(state.layer, head));
  return [saidOf(run.whatIf, words), names.length > 0 && words.unused(names.join(", "))]
    .filter(Boolean)
    .join(" ");
}

function saidOf(whatIf: WhatIf, words: Strings["element"]["changed"]): string {
  const { causal, hidden, scaled, temperature, positions, ablated } = whatIf;
  const names = ablated.map(([layer, head]) => `L${layer}H${head}`);
  const said = [
    names.length > 0 && words.off(names.length > NAMED ? words.heads(names.length) : names.join(", ")),
    causal !== undefined && (causal ? words.causal : words.notCausal),
    hidden.length > 0 && words.hidden(hidden.length),
    !scaled && words.unscaled,
    temperature !== 1 && words.temperature(temperature),
    !positions && words.unplaced,
  ].filter((part) => part !== false);
  return said.length === 0 ? "" : words.said(said.join("; "));
}
