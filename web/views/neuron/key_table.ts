// One query against every key: its key, the products number by number, their sum, the score and the share.
import type { Numbers } from "../../strings/words.ts";
import { focusedIn, h } from "../dom.ts";
import { paintRectangle } from "../heat_map.ts";
import type { Scale } from "../scale.ts";
import { shareText } from "../steps/reckoning.ts";
import { tokenNode, type TokenLabel } from "../token_label.ts";

export interface KeyRow {
  readonly token: number;
  readonly label: TokenLabel | undefined;
  /** Both in the order in which channels are shown. */
  readonly key: Float32Array;
  readonly products: Float32Array;
  readonly sum: number;
  readonly score: number;
  readonly weight: number;
}

export interface KeyTableContent {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly KeyRow[];
  readonly chosen: number;
  readonly keyScale: Scale;
  readonly productScale: Scale;
  readonly numbers: Numbers;
}

export interface KeyTable {
  readonly node: HTMLElement;
  show(content: KeyTableContent): void;
}

export function keyTable(onChoose: (token: number) => void): KeyTable {
  const heads = h("tr");
  const body = h("tbody");
  const node = h("table", { class: "key-table" }, h("thead", {}, heads), body);
  let buttons: HTMLButtonElement[] = [];
  let tokens: readonly number[] = [];

  function show(content: KeyTableContent): void {
    const { name: text, columns, rows, chosen, keyScale, productScale } = content;
    const { short } = content.numbers;
    const hadFocus = body.contains(focusedIn(node));
    node.setAttribute("aria-label", text);
    heads.replaceChildren(...columns.map((column) => h("th", { scope: "col" }, column)));
    tokens = rows.map(({ token }) => token);
    buttons = rows.map(({ token, label }) =>
      h(
        "button",
        {
          type: "button",
          class: "key-name",
          tabindex: token === chosen ? 0 : -1,
          "aria-pressed": String(token === chosen),
          on: { click: () => onChoose(token) },
        },
        label && tokenNode(label),
      ),
    );
    body.replaceChildren(
      ...rows.map(({ token, key, products, sum, score, weight }, i) =>
        h(
          "tr",
          { class: token === chosen ? "chosen" : "" },
          h("th", { scope: "row" }, buttons[i]),
          h("td", { class: "wide-only" }, strip(key, keyScale)),
          h("td", {}, strip(products, productScale)),
          h("td", { class: "wide-only" }, short(sum, "products")),
          h("td", {}, short(score, "scores")),
          h(
            "td",
            { class: "share-cell", style: { "--share": `${100 * weight}%` } },
            content.numbers.local(shareText(weight)),
          ),
        ),
      ),
    );
    if (hadFocus) buttons[tokens.indexOf(chosen)]?.focus({ preventScroll: true });
  }

  body.addEventListener("keydown", (event) => {
    const at = buttons.findIndex((button) => button.tabIndex === 0);
    const last = buttons.length - 1;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const token = tokens[Math.max(0, Math.min(last, to))];
    if (token !== undefined) onChoose(token);
    buttons[tokens.indexOf(token ?? -1)]?.scrollIntoView({ block: "nearest" });
  });
  return { node, show };
}

function strip(values: Float32Array, scale: Scale): HTMLElement {
  const canvas = h("canvas", { class: "key-strip", "aria-hidden": "true" });
  paintRectangle(canvas, values, 1, values.length, scale);
  return canvas;
}
