// Query, key and their product, number by number: a grid of three rows with one tab stop, each cell read on focus or hover.
// https://www.w3.org/WAI/ARIA/apg/patterns/grid/
import type { Numbers } from "../../strings/words.ts";
import { colorAt } from "../color.ts";
import { h } from "../dom.ts";
import { move, type Cell } from "../grid_keys.ts";
import { place, scaleOf } from "../scale.ts";

export interface PairGrid {
  readonly node: HTMLElement;
  show(content: PairContent): void;
}

export interface PairContent {
  readonly name: string;
  /** Names of the rows: query, key, product. */
  readonly rows: readonly string[];
  readonly query: Float32Array;
  readonly key: Float32Array;
  /** Channels in the order in which they are shown. */
  readonly order: readonly number[];
  readonly numbers: Numbers;
  say(row: string, channel: number, value: string): string;
}

export function pairGrid(onRead: (text: string) => void): PairGrid {
  const node = h("div", { class: "pair-grid", role: "grid", dir: "ltr" });
  let cells: HTMLElement[][] = [];
  let at: Cell = { row: 0, col: 0 };

  function show({ name, rows, query, key, order, numbers, say }: PairContent): void {
    const product = query.map((value, d) => value * (key[d] ?? 0));
    const together = scaleOf("scores", Float32Array.of(...query, ...key));
    const lines = [query, key, product].map((values, r) => ({
      values,
      scale: r === 2 ? scaleOf("scores", product) : together,
      name: rows[r] ?? "",
    }));
    const isNew = cells[0]?.length !== query.length;
    if (isNew)
      cells = lines.map(() =>
        Array.from(query, () => h("span", { role: "gridcell", tabindex: -1, class: "pair-cell" })),
      );
    lines.forEach(({ values, scale, name: row }, r) =>
      order.forEach((channel, c) => {
        const cell = cells[r]?.[c];
        const value = values[channel] ?? 0;
        cell?.setAttribute("aria-label", say(row, channel, numbers.fixed(value, 3)));
        cell?.style.setProperty("--color", `rgb(${colorAt(scale.map, place(scale, value)).join(" ")})`);
      }),
    );
    node.setAttribute("aria-label", name);
    node.style.setProperty("--channels", String(query.length));
    if (isNew)
      node.replaceChildren(
        ...cells.map((row) =>
          h("div", { role: "row", class: "pair-row" }, h("span", { role: "rowheader" }), ...row),
        ),
      );
    Array.from(node.children, (row, r) => {
      const header = row.firstElementChild;
      if (header) header.textContent = rows[r] ?? "";
    });
    at = { row: Math.min(at.row, 2), col: Math.min(at.col, query.length - 1) };
    cellAt(at)?.setAttribute("tabindex", "0");
  }

  const cellAt = ({ row, col }: Cell): HTMLElement | undefined => cells[row]?.[col];

  function go(next: Cell): void {
    cellAt(at)?.setAttribute("tabindex", "-1");
    at = next;
    cellAt(at)?.setAttribute("tabindex", "0");
    cellAt(at)?.focus();
  }

  node.addEventListener("keydown", (event) => {
    const next = move(at, event, cells.length, cells[0]?.length ?? 1);
    if (!next) return;
    event.preventDefault();
    go(next);
  });
  const read = (event: Event): void => {
    const cell = (event.target as Element).closest("[role=gridcell]");
    if (cell) onRead(cell.getAttribute("aria-label") ?? "");
  };
  node.addEventListener("focusin", read);
  node.addEventListener("pointerover", read);
  return { node, show };
}
