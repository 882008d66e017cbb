// What is to be shown, given to an element: by its properties, which check what comes from a link.
import type { HeedAttention } from "../element/element.ts";
import type { ViewState, WhatIf } from "../state.ts";

/** What is not given stays as it is. */
export function showState(figure: HeedAttention, { whatIf, language, ...state }: Partial<ViewState>): void {
  Object.assign(figure, state, language !== undefined && { lang: language }, whatIf && settingsOf(whatIf));
}

function settingsOf({
  causal,
  hidden,
  scaled,
  temperature,
  positions,
  ablated,
}: WhatIf): Partial<HeedAttention> {
  return { causal, scaled, temperature, positions, hide: hidden, ablate: ablated };
}
