// One of several: native radio buttons in a fieldset, so that keyboard and screen reader work as everywhere.
import { h, type Child } from "./dom.ts";

export interface ChoiceItem<T> {
  readonly value: T;
  readonly label: Child;
  /** Where the visible label is not what should be said. */
  readonly name?: string;
}

export interface ChoiceOptions<T> {
  readonly legend: string;
  /** What it chooses, for who does not know: shown when pointed at, and said. */
  readonly about?: string;
  readonly class: string;
  readonly selected: T;
  onChoose(value: T): void;
}

export interface Choice<T> {
  readonly node: HTMLFieldSetElement;
  select(value: T): void;
}

export function choiceView<T>(items: readonly ChoiceItem<T>[], options: ChoiceOptions<T>): Choice<T> {
  // Not counted: a chunk of the element has a copy of this module, which would count the same numbers.
  const group = `choice-${Math.random().toString(36).slice(2)}`;
  const inputs = items.map(({ value, name }) =>
    h("input", {
      type: "radio",
      name: group,
      "aria-label": name,
      on: { change: () => options.onChoose(value) },
    }),
  );
  const select = (value: T): void => {
    items.forEach((item, i) => {
      const input = inputs[i];
      if (input) input.checked = item.value === value;
    });
  };
  select(options.selected);
  const labels = items.map(({ label }, i) => h("label", {}, inputs[i], h("span", { class: "face" }, label)));
  const node = h(
    "fieldset",
    { class: `choice ${options.class}`, title: options.about },
    h("legend", {}, options.legend),
    h("div", { class: "items" }, ...labels),
  );
  return { node, select };
}
