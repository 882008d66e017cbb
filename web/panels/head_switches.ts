// Every head as a button, on or off: one tab stop, arrows walk the grid.
import type { WhatIf } from "../state.ts";
import { isOff } from "../views/changed.ts";
import { button, h } from "../views/dom.ts";
import { move } from "../views/grid_keys.ts";
import { panelNode, type MakePanel } from "./panel.ts";

type Ablated = WhatIf["ablated"];

export const headSwitchesPanel: MakePanel = (first, events) => {
  let scene = first;
  const words = scene.strings.whatif.heads;
  const grid = h("div", { class: "head-switches", role: "toolbar", "aria-label": words.grid });
  const said = h("p", { class: "aside", role: "status" });
  const alone = button("", () => {
    const { layer, heads } = scene.state;
    ablate(allHeads().filter(([l, head]) => l !== layer || head !== (heads[0] ?? 0)));
  });
  const all = button(words.all, () => ablate([]));
  const { node, title } = panelNode(
    "heads",
    h("p", { class: "aside" }, words.intro),
    grid,
    said,
    h("div", { class: "buttons" }, alone, all),
  );
  title.textContent = words.title;
  let buttons: HTMLButtonElement[][] = [];
  let active = { row: 0, col: 0 };

  const ablate = (ablated: Ablated): void => events.change({ whatIf: { ...scene.state.whatIf, ablated } });
  const allHeads = (): Ablated =>
    buttons.flatMap((row, layer) => row.map((_, head) => [layer, head] as const));

  function build(): void {
    const { numLayers, numHeads } = scene.trained;
    active = { row: 0, col: 0 };
    buttons = Array.from({ length: numLayers }, (_, layer) =>
      Array.from({ length: numHeads }, (_, head) =>
        h(
          "button",
          {
            type: "button",
            class: "head-switch",
            tabindex: layer + head === 0 ? 0 : -1,
            on: {
              click: () => {
                go(layer, head);
                ablate(toggled(scene.state.whatIf.ablated, layer, head));
              },
            },
          },
          scene.strings.whatif.head(layer, head),
        ),
      ),
    );
    grid.style.setProperty("--columns", String(numHeads));
    grid.replaceChildren(...buttons.map((row) => h("div", { class: "head-row" }, ...row)));
  }

  function go(row: number, col: number): void {
    buttons[active.row]?.[active.col]?.setAttribute("tabindex", "-1");
    active = { row, col };
    const next = buttons[row]?.[col];
    next?.setAttribute("tabindex", "0");
    next?.focus();
  }

  grid.addEventListener("keydown", (event) => {
    const isRightToLeft = getComputedStyle(grid).direction === "rtl";
    const mirrored = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key] ?? event.key;
    const key = isRightToLeft ? mirrored : event.key;
    const { ctrlKey, metaKey, altKey } = event;
    const to = move(active, { key, ctrlKey, metaKey, altKey }, buttons.length, buttons[0]?.length ?? 0);
    if (!to) return;
    event.preventDefault();
    go(to.row, to.col);
  });

  function update(next: typeof first): void {
    scene = next;
    const { numLayers, numHeads } = scene.trained;
    if (buttons.length !== numLayers || buttons[0]?.length !== numHeads) build();
    const { layer, heads, whatIf } = scene.state;
    const name = scene.strings.whatif.head;
    buttons.forEach((row, l) =>
      row.forEach((one, head) => one.setAttribute("aria-pressed", String(!isOff(whatIf, l, head)))),
    );
    said.textContent = words.said(
      whatIf.ablated.map(([l, head]) => name(l, head)),
      numLayers * numHeads,
    );
    alone.textContent = words.alone(layer, heads[0] ?? 0);
    all.disabled = whatIf.ablated.length === 0;
  }

  update(first);
  return { node, update, dispose: () => {} };
};

/** Off if it was on, and on if it was off. */
export function toggled(ablated: Ablated, layer: number, head: number): Ablated {
  return isOff({ ablated }, layer, head)
    ? ablated.filter(([l, h]) => l !== layer || h !== head)
    : [...ablated, [layer, head]];
}
