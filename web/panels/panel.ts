// What every panel is: like a view, but of two runs, one as trained and one with the switches, and able to ask for more.
import type { RunData } from "../runner/run_data.ts";
import type { Ask } from "./experiments.ts";
import type { Cell, ViewState } from "../state.ts";
import type { PageStrings } from "../strings/page.ts";
import { h, type Child } from "../views/dom.ts";
import { numbered, tokenNode, type Labels, type TokenLabel } from "../views/token_label.ts";

/** Labels are of both runs. */
export interface PanelScene extends Labels {
  readonly state: ViewState;
  readonly strings: PageStrings;
  /** With every probability at the cell's row. */
  readonly trained: RunData;
  /** The same object where nothing is switched. */
  readonly changed: RunData;
  /** The chosen word's token (row), and the other word (col). */
  readonly cell: Cell;
  /** Runs a model that is loaded. */
  readonly ask: Ask;
}

export interface PanelEvents {
  /** What the visitor chose; a new text among it. */
  change(next: Partial<ViewState>): void;
}

export interface Panel {
  readonly node: HTMLElement;
  update(scene: PanelScene): void;
  /** To be called when it leaves the page. */
  dispose(): void;
}

export type MakePanel = (scene: PanelScene, events: PanelEvents) => Panel;

/** A panel's frame. The title may change with what is chosen. */
export function panelNode(
  name: string,
  ...children: readonly Child[]
): { node: HTMLElement; title: HTMLElement } {
  const title = h("h3", { id: `whatif-${name}` });
  const node = h(
    "section",
    { class: `panel ${name}-panel`, "aria-labelledby": `whatif-${name}` },
    title,
    ...children,
  );
  return { node, title };
}

/** A table in a box that scrolls by itself; the first cell of each row names the row. */
export function tableNode(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  return h(
    "div",
    { class: "table", role: "region", "aria-label": caption, tabindex: 0 },
    h(
      "table",
      {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
      h(
        "tbody",
        {},
        ...rows.map(([name, ...cells]) =>
          h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((cell) => h("td", {}, cell))),
        ),
      ),
    ),
  );
}

/** A list of tokens to choose from. */
export function tokenSelect(
  label: string,
  onChoose: (index: number) => void,
): { node: HTMLElement; show(labels: readonly TokenLabel[], chosen: number): void } {
  const select = h("select", { on: { change: () => onChoose(Number(select.value)) } });
  let shown: readonly TokenLabel[] | undefined;
  return {
    node: h("label", { class: "token-select" }, h("span", {}, label), select),
    show(labels, chosen) {
      if (labels !== shown)
        select.replaceChildren(...labels.map((label, i) => h("option", { value: i }, numbered(label, i))));
      shown = labels;
      select.value = String(chosen);
    },
  };
}

export function labelNode(label: TokenLabel | undefined): Child {
  return label && tokenNode(label);
}
