// The text itself, to choose words from; every word can be shaded and marked.
import type { Units } from "../units.ts";
import { h } from "./dom.ts";
import { listenToOptions, type OptionsEvents } from "./options.ts";
import { directionOf, prosePieces } from "./prose_pieces.ts";
import type { Scene } from "./view.ts";

export interface Marks {
  /** [m] of shares to shade by; undefined: none. */
  readonly shares: Float32Array | undefined;
  readonly active: number;
  readonly read: readonly number[];
  readonly locked: boolean;
}

export interface Prose {
  readonly node: HTMLElement;
  mark(scene: Scene, marks: Marks): void;
  focus(): void;
}

/** Shares below it are shaded but not printed under their words. */
const PRINTED = 0.045;
/** Below 1, so that a tenth can be told from nothing. */
const SHADING = 0.6;

export function proseView(
  { run, strings }: Scene,
  units: Units,
  events: Omit<OptionsEvents, "count" | "active">,
): Prose {
  let active = 0;
  const options: HTMLElement[] = [];
  const text = prosePieces(run, units).flatMap(
    ({ gap, text: shown, label, isName }, i): (Node | string)[] => {
      const kind = `unit${isName ? " tag" : ""}${label.piece ? " piece" : ""}`;
      const option = h("span", { class: kind, role: "option", "data-index": i, tabindex: -1 }, shown);
      options.push(option);
      return [gap, option];
    },
  );
  const node = h(
    "div",
    {
      class: "prose",
      role: "listbox",
      "aria-label": strings.reading.words,
      "aria-multiselectable": "true",
      "aria-orientation": "horizontal",
      dir: directionOf(run.text),
    },
    ...text,
  );
  listenToOptions(node, { ...events, count: () => options.length, active: () => active });
  return {
    node,
    focus: () => options[active]?.focus({ preventScroll: true }),
    mark(scene, { shares, active: next, read, locked }) {
      const { percent } = scene.strings.reading;
      const hadFocus = options[active] !== undefined && options[active] === activeElement(node);
      active = next;
      const isRead = new Set(read);
      options.forEach((option, i) => {
        const share = shares?.[i];
        const word = units.labels[i]?.plain ?? "";
        const state = isRead.has(i)
          ? `, ${locked ? scene.strings.reading.locked : scene.strings.reading.chosen}`
          : "";
        option.setAttribute(
          "aria-label",
          (share === undefined ? word : `${word}, ${percent(share)}`) + state,
        );
        option.setAttribute("aria-selected", String(isRead.has(i)));
        option.classList.toggle("locked", locked && isRead.has(i));
        option.tabIndex = i === active ? 0 : -1;
        option.style.setProperty("--shade", `${(100 * (share ?? 0) ** SHADING).toFixed(1)}%`);
        option.dataset["share"] =
          share !== undefined && share >= PRINTED ? String(Math.round(100 * share)) : "";
      });
      if (hadFocus) options[active]?.focus({ preventScroll: true });
    },
  };
}

/** The element that has the focus, in whatever root a node stands. */
function activeElement(node: Node): Element | null {
  return (node.getRootNode() as Document | ShadowRoot).activeElement;
}
