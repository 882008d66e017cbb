// How the tokens are shown: joined to words, without the special ones, and with what is left summing to 1.
import { keysOf, stageWithin } from "../runner/run_data.ts";
import { h } from "./dom.ts";
import type { Scene, ViewEvents } from "./view.ts";

export interface TokensChoice {
  readonly node: HTMLElement;
  update(scene: Scene): void;
}

export function tokensView(events: ViewEvents): TokensChoice {
  const box = (change: (isOn: boolean) => Parameters<ViewEvents["change"]>[0]) => {
    const input = h("input", {
      type: "checkbox",
      on: { change: () => events.change(change(input.checked)) },
    });
    const name = h("span");
    return { input, name, node: h("label", {}, input, name) };
  };
  const words = box((isOn) => ({ words: isOn }));
  const hide = box((isOn) => ({ special: !isOn }));
  const renormalise = box((isOn) => ({ renormalise: isOn }));
  const legend = h("legend");
  const node = h(
    "fieldset",
    { class: "tokens-choice" },
    legend,
    ...[words, hide, renormalise].map((one) => one.node),
  );
  return {
    node,
    update({ run, state, strings: { element } }) {
      const { tokens: said } = element;
      const special = [...run.tokens, ...keysOf(run).tokens].filter((token) => token.special);
      // Only weights are shares, which can be added and shared anew.
      const isShares =
        !["matrix", "model"].includes(state.view) || stageWithin(run, state.stage) === "weights";
      const isHidden = !state.special && special.length > 0;
      legend.textContent = element.controls.tokens;
      words.name.textContent = said.words;
      hide.name.textContent = said.hide([...new Set(special.map(({ text }) => text))].slice(0, 3));
      renormalise.name.textContent = said.renormalise;
      words.input.checked = state.words;
      hide.input.checked = !state.special;
      renormalise.input.checked = state.renormalise;
      words.input.disabled = !isShares;
      hide.input.disabled = special.length === 0;
      // With nothing hidden rows sum to 1 already.
      renormalise.input.disabled = !isShares || !isHidden;
    },
  };
}
