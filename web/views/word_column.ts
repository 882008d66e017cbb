// A column of words beside the lines. Only the words in sight exist as elements, so that any text has the same weight.
import type { Numbers } from "../strings/words.ts";
import { focusedIn, h } from "./dom.ts";
import { hueStyle } from "./head_hues.ts";
import { listenToOptions, type OptionsEvents } from "./options.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";

/** Height of a word in CSS pixels; 24 is WCAG 2.5.8's least target. */
export const ROW = 26;

export interface ColumnMarks {
  readonly active: number;
  readonly read: readonly number[];
  readonly locked: boolean;
  /** Of each head shown, what every word gives or gets [m]; empty: nothing is said of this side. */
  readonly shares: readonly { readonly head: number; readonly name: string; readonly values: Float32Array }[];
  readonly numbers: Numbers;
}

export interface WordColumn {
  readonly node: HTMLElement;
  /** What is in sight, in CSS pixels of the whole column. */
  show(top: number, height: number): void;
  mark(marks: ColumnMarks): void;
}

/** Rows beyond the edges that exist as elements. */
const BEYOND = 8;

/** Shares below it are not printed. */
const PRINTED = 0.045;

export function wordColumn(
  labels: readonly TokenLabel[],
  name: string,
  events: Omit<OptionsEvents, "count" | "active">,
): WordColumn {
  let marks: ColumnMarks | undefined;
  let [first, last] = [0, -1];
  const options = new Map<number, HTMLElement>();
  const words = h("div", { class: "column-words" });
  const node = h(
    "div",
    { class: "word-column", role: "listbox", "aria-label": name, "aria-multiselectable": "true" },
    words,
  );
  listenToOptions(node, {
    ...events,
    count: () => labels.length,
    active: () => marks?.active ?? 0,
  });

  function make(index: number): HTMLElement {
    const label = labels[index];
    return h(
      "div",
      {
        class: "column-word",
        role: "option",
        "data-index": index,
        "aria-setsize": labels.length,
        "aria-posinset": index + 1,
        tabindex: -1,
        style: { top: `${index * ROW}px` },
      },
      h("span", { class: "column-text" }, label && tokenNode(label)),
      h("span", { class: "column-share" }),
      h("span", { class: "column-bars" }),
    );
  }

  function dress(option: HTMLElement, index: number): void {
    if (!marks) return;
    const { active, read, locked, shares, numbers } = marks;
    const isRead = read.includes(index);
    const said = shares.map(({ name: head, values }) => `${head} ${numbers.percent(values[index] ?? 0)}`);
    option.setAttribute("aria-label", [labels[index]?.plain ?? "", ...said].join(", "));
    option.setAttribute("aria-selected", String(isRead));
    option.classList.toggle("locked", isRead && locked);
    option.tabIndex = index === active ? 0 : -1;
    const most = Math.max(0, ...shares.map(({ values }) => values[index] ?? 0));
    const [, share, bars] = option.children as unknown as HTMLElement[];
    if (share) share.dataset["share"] = most >= PRINTED ? numbers.tiny(most, "weights") : "";
    // Up to two heads' bars leave the word where it stands; more push it up.
    option.style.setProperty("--bar", shares.length > 2 ? "2px" : "3px");
    option.style.setProperty("--bars", shares.length > 2 ? `${Math.min(8, 2 * shares.length)}px` : "0px");
    bars?.replaceChildren(
      ...shares.map(({ head, values }) =>
        h("span", {
          class: "column-bar",
          style: { ...hueStyle(head), width: `${(100 * Math.min(1, values[index] ?? 0)).toFixed(1)}%` },
        }),
      ),
    );
  }

  /** The words in sight and the active one, which holds the tab stop wherever it is. */
  function fill(): void {
    const wanted = new Set<number>();
    for (let i = Math.max(0, first); i <= Math.min(labels.length - 1, last); i++) wanted.add(i);
    if (marks && marks.active >= 0) wanted.add(marks.active);
    for (const [index, option] of options) {
      if (wanted.has(index)) continue;
      option.remove();
      options.delete(index);
    }
    let next = words.firstElementChild;
    for (const index of [...wanted].sort((a, b) => a - b)) {
      let option = options.get(index);
      if (option) {
        next = option.nextElementSibling;
        continue;
      }
      option = make(index);
      dress(option, index);
      options.set(index, option);
      words.insertBefore(option, next);
    }
  }

  return {
    node,
    show(top, height) {
      node.style.height = `${height}px`;
      words.style.transform = `translateY(${-top}px)`;
      const [from, to] = [Math.floor(top / ROW) - BEYOND, Math.ceil((top + height) / ROW) + BEYOND];
      if (from === first && to === last) return;
      [first, last] = [from, to];
      fill();
    },
    mark(next) {
      const hadFocus = node.contains(focusedIn(node));
      const isMoved = marks?.active !== next.active;
      marks = next;
      fill();
      for (const [index, option] of options) dress(option, index);
      if (hadFocus && isMoved) options.get(next.active)?.focus({ preventScroll: true });
    },
  };
}
