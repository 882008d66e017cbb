// A small matrix of a step: pixels to look at, its followed row marked, and each cell to be picked, by pointer or by keys: a
// WAI-ARIA grid of which the one cell that has the tab stop is an element.
// https://www.w3.org/WAI/ARIA/apg/patterns/grid/
import type { Cell } from "../../state.ts";
import type { Numbers } from "../../strings/words.ts";
import { focusedIn, h } from "../dom.ts";
import { move } from "../grid_keys.ts";
import { paintRectangle } from "../heat_map.ts";
import type { Scale } from "../scale.ts";
import { tokenNode, type TokenLabel } from "../token_label.ts";

export interface PlateContent {
  /** What it is, to be read over it: "Q". */
  readonly title: string;
  /** What it shows, for who can't see it. */
  readonly name: string;
  readonly values: Float32Array;
  readonly rows: number;
  readonly cols: number;
  readonly scale: Scale;
  /** Marked; a matrix over channels has a row alone. */
  readonly row: number;
  readonly col?: number;
  /** Columns that are framed together: a head's part of a row of several. */
  readonly part?: readonly [from: number, to: number];
  /** Of each row. */
  readonly rowLabels: readonly TokenLabel[];
  /** Over the framed column. */
  readonly colLabel?: TokenLabel | undefined;
  /** The marked row in numbers, in lines. */
  readonly printed: readonly string[];
}

export interface Plate {
  readonly node: HTMLElement;
  show(content: PlateContent, numbers: Numbers): void;
}

export interface PlateEvents {
  pick(cell: Cell): void;
  /** `said`: of the cell, which is under the pointer or has the focus. */
  hover(cell: Cell | undefined, said: string): void;
  say(content: PlateContent, cell: Cell): string;
}

/** As far as its colours reach: "±4", or "0 – 1". */
export function rangeOf({ scale: { min, max } }: Pick<PlateContent, "scale">, { tick }: Numbers): string {
  return min < 0 ? `\u00b1${tick(max)}` : `${tick(min)} \u2013 ${tick(max)}`;
}

export function plateView(events: PlateEvents): Plate {
  const caption = h("p", { class: "plate-caption" });
  const canvas = h("canvas", { class: "plate-face hatched", "aria-hidden": "true" });
  const line = h("div", { role: "row" });
  const grid = h("div", { role: "grid" }, line);
  const band = h("span", { class: "band" });
  const colName = h("span", { class: "col-label" });
  const frame = h("div", { class: "plate-frame" }, canvas, band, grid);
  const printed = h("p", { class: "plate-row", "aria-hidden": "true" });
  const node = h("div", { class: "step-plate", dir: "ltr" }, caption, colName, frame, printed);
  let shown: PlateContent | undefined;
  /** The column of the tab stop where none is followed. */
  let channel = 0;

  const active = ({ row, col, cols }: PlateContent): Cell => ({
    row,
    col: col ?? Math.min(channel, cols - 1),
  });

  function choose(cell: Cell): void {
    channel = cell.col;
    place();
    events.pick(cell);
  }

  /** Another element for another cell, so that it is spoken. */
  function place(): void {
    if (!shown) return;
    const cell = active(shown);
    const hadFocus = line.firstChild !== null && line.firstChild === focusedIn(node);
    const element = h("span", {
      role: "gridcell",
      class: "plate-cell",
      tabindex: 0,
      "aria-colindex": cell.col + 1,
      "aria-label": events.say(shown, cell),
    });
    node.style.setProperty("--col", String(cell.col));
    line.ariaRowIndex = String(cell.row + 1);
    line.replaceChildren(element);
    if (hadFocus) element.focus({ preventScroll: true });
  }

  frame.addEventListener("click", (event) => {
    const cell = under(event);
    if (cell) choose(cell);
  });
  const hover = (cell?: Cell): void => events.hover(cell, shown && cell ? events.say(shown, cell) : "");
  frame.addEventListener("pointermove", (event) => hover(under(event)));
  frame.addEventListener("pointerleave", () => hover());
  frame.addEventListener("focusin", () => shown && hover(active(shown)));
  frame.addEventListener("focusout", () => hover());
  frame.addEventListener("keydown", (event) => {
    const next = shown && move(active(shown), event, shown.rows, shown.cols);
    if (!next) return;
    event.preventDefault();
    choose(next);
  });

  function under(event: MouseEvent): Cell | undefined {
    if (!shown) return undefined;
    const box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * shown.rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * shown.cols);
    return row >= 0 && row < shown.rows && col >= 0 && col < shown.cols ? { row, col } : undefined;
  }

  function show(content: PlateContent, numbers: Numbers): void {
    const { values, rows, cols, scale, row, part = [0, cols], colLabel } = content;
    const isPair = content.col !== undefined;
    if (shown?.values !== values || shown.scale !== scale) paintRectangle(canvas, values, rows, cols, scale);
    shown = content;
    grid.ariaLabel = content.name;
    grid.ariaRowCount = String(rows);
    grid.ariaColCount = String(cols);
    caption.replaceChildren(
      h("b", {}, content.title),
      ` ${rows}\u00a0\u00d7\u00a0${cols}\u2002${rangeOf(content, numbers)}`,
    );
    for (const [name, value] of Object.entries({ rows, cols, row, from: part[0], to: part[1] }))
      node.style.setProperty(`--${name}`, String(value));
    node.classList.toggle("square", isPair);
    const rowLabel = content.rowLabels[row];
    printed.replaceChildren(
      ...content.printed.map((line, i) =>
        h(
          "span",
          {},
          i === 0 && rowLabel ? tokenNode(rowLabel) : null,
          ...` ${line}`.split(/(?<=\u2002)/).map((number) => h("span", {}, number)),
        ),
      ),
    );
    colName.replaceChildren(...(colLabel ? [tokenNode(colLabel)] : []));
    place();
  }

  return { node, show };
}
