// What about a model is not as it was trained: a picture of it that is passed on should say so.
import type { WhatIf } from "../state.ts";
import type { Strings } from "../strings/index.ts";

/** Heads that are named before they are counted. */
const NAMED = 6;

/** In words; "" where nothing is changed. */
export function changedSaid(whatIf: WhatIf, { changed: words }: Strings["element"]): string {
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
