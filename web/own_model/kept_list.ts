// The models that are kept in this browser: shown again, gone on with, or deleted.
import type { Kept } from "../runner/desk.ts";
import type { OwnStrings } from "../strings/own.ts";
import { h } from "../views/dom.ts";
import { shown } from "./shown.ts";

export interface KeptEvents {
  open(kept: Kept): void;
  remove(kept: Kept): void;
}

/** Nothing, where none are kept. */
export function keptView(list: readonly Kept[], words: OwnStrings, events: KeptEvents): HTMLElement[] {
  if (list.length === 0) return [];
  const item = (kept: Kept): HTMLElement => {
    const name = shown(kept.name);
    const act = kept.complete ? words.open : words.goOn;
    const button = (face: string, click: () => void): HTMLElement =>
      h(
        "button",
        { type: "button", class: "quiet", "aria-label": words.about(face, name), on: { click } },
        face,
      );
    return h(
      "li",
      {},
      h("bdi", { class: "own-name" }, name),
      h("span", { class: "aside" }, kept.complete ? words.bytes(kept.bytes) : words.unfinished(kept.bytes)),
      button(act, () => events.open(kept)),
      button(words.remove, () => events.remove(kept)),
    );
  };
  return [h("h2", {}, words.kept), h("ul", {}, ...list.map(item))];
}
