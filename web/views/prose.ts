// The text itself, to choose words from; every word can be shaded and marked.
import type { Units } from "../reading/units.ts";
import { focusedIn, h } from "./dom.ts";
import type { ReadText } from "../runner/run_data.ts";
import type { Strings } from "../strings/index.ts";
import { listenToOptions, type OptionsEvents } from "./options.ts";
import { directionOf, prosePieces } from "./prose_pieces.ts";

export interface Marks {
  /** [m] of shares to shade by; undefined: none. */
  readonly shares: Float32Array | undefined;
  readonly active: number;
  readonly read: readonly number[];
  readonly locked: boolean;
}

export interface Prose {
  readonly node: HTMLElement;
  mark(strings: Strings, marks: Marks): void;
  focus(): void;
}

/** Shares below it are shaded but not printed under their words. */
const PRINTED = 0.045;
/** Below 1, so that a tenth can be told from nothing. */
const SHADING = 0.6;

/** `name`: of the words, for who can't see them. */
export function proseView(
  text: ReadText,
  units: Units,
  name: string,
  events: Omit<OptionsEvents, "count" | "active">,
): Prose {
  let active = 0;
  let isShown = false;
  /** What each word looks like and says. */
  const looks: string[] = [];
  const options: HTMLElement[] = [];
  const pieces = prosePieces(text, units).flatMap(
    ({ gap, text: shown, label, isName }, i): (Node | string)[] => {
      const kind = `unit${isName ? " tag" : ""}${label.piece ? " piece" : ""}`;
      const option = h("span", { class: kind, role: "option", "data-index": i, tabindex: -1 }, shown);
      options.push(option);
      return [gap, option];
    },
  );
  /** Letters of a word that are tokens: their numbers would stand upon one another. */
  const isNarrow = units.labels.map(
    ({ text: { length }, piece }, i) => length < 2 && (piece || units.labels[i + 1]?.piece === true),
  );
  const list = h(
    "div",
    {
      class: "prose",
      role: "listbox",
      "aria-label": name,
      "aria-multiselectable": "true",
      "aria-orientation": "horizontal",
      dir: directionOf(text.text),
    },
    ...pieces,
  );
  const node = h("div", { class: "prose-place" }, list);
  listenToOptions(list, { ...events, count: () => options.length, active: () => active });
  return {
    node,
    focus: () => options[active]?.focus({ preventScroll: true }),
    mark({ reading, numbers }, { shares, active: next, read, locked }) {
      const { percent, chosen, locked: lockedToo } = reading;
      const hadFocus = options[active] !== undefined && options[active] === focusedIn(node);
      const isRead = new Set(read);
      options.forEach((option, i) => {
        const share = shares?.[i];
        const said = [units.labels[i]?.plain ?? ""];
        if (share !== undefined) said.push(percent(share));
        if (isRead.has(i)) said.push(locked ? lockedToo : chosen);
        const shade = `${(100 * (share ?? 0) ** SHADING).toFixed(1)}%`;
        const around = isNarrow[i] ? Math.max(shares?.[i - 1] ?? 0, shares?.[i + 1] ?? 0) : 0;
        const isPrinted = share !== undefined && share >= Math.max(PRINTED, around);
        const printed = isPrinted ? numbers.tiny(share, "weights") : "";
        // Most words of a long text stay as they were.
        const look = `${said.join(", ")} ${shade} ${printed}`;
        if (looks[i] === look) return;
        looks[i] = look;
        option.setAttribute("aria-label", said.join(", "));
        option.setAttribute("aria-selected", String(isRead.has(i)));
        option.classList.toggle("locked", locked && isRead.has(i));
        option.style.setProperty("--shade", shade);
        option.dataset["share"] = printed;
      });
      options[active]?.setAttribute("tabindex", "-1");
      options[next]?.setAttribute("tabindex", "0");
      if (hadFocus) options[next]?.focus({ preventScroll: true });
      // Once it stands in the page.
      if (next !== active || !isShown) requestAnimationFrame(reveal);
      [active, isShown] = [next, true];
    },
  };

  /** Brings the chosen word into sight; the page stays where it is. */
  function reveal(): void {
    const option = options[active];
    if (!option) return;
    const [top, height] = [option.offsetTop, option.offsetHeight];
    if (top < node.scrollTop || top + height > node.scrollTop + node.clientHeight)
      node.scrollTop = top - (node.clientHeight - height) / 2;
  }
}
