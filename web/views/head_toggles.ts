// Which heads of the layer are shown side by side.
import type { ViewState } from "../state.ts";
import { isOff } from "./changed.ts";
import { h } from "./dom.ts";
import { strokeNode } from "./head_hues.ts";
import type { Scene, ViewEvents } from "./view.ts";

export interface HeadToggles {
  readonly node: HTMLElement;
  update(scene: Scene): void;
}

export function headToggles(first: Scene, events: ViewEvents): HeadToggles {
  let scene = first;
  const items = h("div", { class: "items" });
  const legend = h("legend");
  const node = h("fieldset", { class: "choice head-toggles" }, legend, items);
  let buttons: HTMLButtonElement[] = [];

  function update(next: Scene): void {
    scene = next;
    const { run, state, strings } = scene;
    legend.textContent = strings.headsView.toggles(state.layer);
    if (buttons.length !== run.numHeads) {
      buttons = Array.from({ length: run.numHeads }, (_, head) =>
        h(
          "button",
          {
            type: "button",
            class: "head-toggle",
            on: { click: () => events.change(togglingHead(scene.state, head)) },
          },
          strokeNode(head),
          h("span"),
        ),
      );
      items.replaceChildren(...buttons);
    }
    buttons.forEach((button, head) => {
      const off = isOff(run.whatIf, state.layer, head);
      button.classList.toggle("off", off);
      button.setAttribute("aria-pressed", String(state.heads.includes(head)));
      const name = button.lastElementChild;
      if (name) name.textContent = strings.reading.head(state.layer, head);
      button.setAttribute("aria-description", off ? strings.reading.off : "");
    });
  }

  update(first);
  return { node, update };
}

/** Shows a head beside the others, or no longer; the last one stays. */
export function togglingHead({ heads }: Pick<ViewState, "heads">, head: number): Partial<ViewState> {
  if (!heads.includes(head)) return { heads: [...heads, head] };
  return heads.length > 1 ? { heads: heads.filter((other) => other !== head) } : {};
}
