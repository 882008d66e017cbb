// One of the tokens, by a native list: arrows, typing and touch work as everywhere.
import { h } from "../dom.ts";
import { numbered, type TokenLabel } from "../token_label.ts";

export interface TokenChooser {
  readonly node: HTMLElement;
  update(name: string, labels: readonly TokenLabel[], chosen: number): void;
}

export function tokenChooser(onChoose: (token: number) => void): TokenChooser {
  const name = h("span");
  const list = h("select", { on: { change: () => onChoose(list.selectedIndex) } });
  let shown: readonly TokenLabel[] | undefined;
  return {
    node: h("label", { class: "token-chooser" }, name, list),
    update(text, labels, chosen) {
      name.textContent = text;
      if (shown !== labels)
        list.replaceChildren(...labels.map((label, i) => h("option", {}, numbered(label, i))));
      shown = labels;
      list.selectedIndex = chosen;
    },
  };
}
