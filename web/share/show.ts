// A state that came from a link, given to an element: by its properties, which check what they are given.
import type { HeedAttention } from "../element/element.ts";
import type { ViewState } from "../state.ts";

export function showState(figure: HeedAttention, { whatIf, language, ...state }: ViewState): void {
  const { causal, hidden, scaled, temperature, positions, ablated } = whatIf;
  Object.assign(figure, state, {
    lang: language,
    causal,
    scaled,
    temperature,
    positions,
    hide: hidden,
    ablate: ablated,
  });
}
