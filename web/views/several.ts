// Choosing several without a keyboard: a toggle that does what Shift does, and words for who points with a finger.
import { h } from "./dom.ts";

export interface Several {
  readonly node: HTMLButtonElement;
  isOn(): boolean;
}

export function severalToggle(name: string): Several {
  const isOn = (): boolean => node.getAttribute("aria-pressed") === "true";
  const node = h(
    "button",
    {
      ...{ type: "button", class: "quiet several", "aria-pressed": "false" },
      on: { click: () => node.setAttribute("aria-pressed", String(!isOn())) },
    },
    name,
  );
  return { node, isOn };
}

/** What is said of how to do something, by what one does it with. */
export function byPointer({ mouse, touch }: { readonly mouse: string; readonly touch: string }): string {
  return matchMedia("(pointer: coarse)").matches ? touch : mouse;
}
