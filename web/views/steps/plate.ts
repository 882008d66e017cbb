// A small matrix of a step: pixels to look at, its followed row and column framed, each cell to be picked.
import type { Cell } from "../../state.ts";
import { h } from "../dom.ts";
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
  /** Framed; a matrix over channels has a row alone. */
  readonly row: number;
  readonly col?: number;
  /** Columns that are framed together: a head's part of a row of several. */
  readonly part?: readonly [from: number, to: number];
  /** Names beside the framed row and over the framed column. */
  readonly rowLabel: TokenLabel | undefined;
  readonly colLabel?: TokenLabel | undefined;
}

export interface Plate {
  readonly node: HTMLElement;
  show(content: PlateContent): void;
}

export interface PlateEvents {
  pick(cell: Cell): void;
  hover(cell: Cell | undefined): void;
}

export function plateView(events: PlateEvents): Plate {
  const title = h("span", { class: "plate-title" });
  const size = h("span", { class: "plate-size" });
  const canvas = h("canvas", { class: "plate-face hatched", role: "img" });
  const rowBand = h("span", { class: "band row-band" });
  const colBand = h("span", { class: "band col-band" });
  const rowName = h("span", { class: "row-label" });
  const colName = h("span", { class: "col-label" });
  const frame = h("div", { class: "plate-frame" }, canvas, rowBand, colBand);
  const names = h("div", { class: "plate-body" }, colName, rowName, frame);
  const node = h(
    "div",
    { class: "step-plate", dir: "ltr" },
    h("p", { class: "plate-caption" }, title, size),
    names,
  );
  let shown: PlateContent | undefined;

  canvas.addEventListener("click", (event) => {
    const cell = under(event);
    if (cell) events.pick(cell);
  });
  canvas.addEventListener("pointermove", (event) => events.hover(under(event)));
  canvas.addEventListener("pointerleave", () => events.hover(undefined));

  function under(event: MouseEvent): Cell | undefined {
    if (!shown) return undefined;
    const box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * shown.rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * shown.cols);
    return row >= 0 && row < shown.rows && col >= 0 && col < shown.cols ? { row, col } : undefined;
  }

  function show(content: PlateContent): void {
    const { values, rows, cols, scale, part = [0, cols] } = content;
    if (shown?.values !== values || shown.scale !== scale) paintRectangle(canvas, values, rows, cols, scale);
    shown = content;
    canvas.setAttribute("aria-label", content.name);
    title.textContent = content.title;
    size.textContent = `${rows} \u00d7 ${cols}`;
    const style: Record<string, number> = {
      rows,
      cols,
      row: content.row,
      col: content.col ?? 0,
      from: part[0],
      to: part[1],
    };
    for (const [name, value] of Object.entries(style)) node.style.setProperty(`--${name}`, String(value));
    node.classList.toggle("square", content.col !== undefined);
    colBand.hidden = content.col === undefined;
    rowName.replaceChildren(...(content.rowLabel ? [tokenNode(content.rowLabel)] : []));
    colName.replaceChildren(...(content.colLabel ? [tokenNode(content.colLabel)] : []));
    colName.hidden = content.col === undefined;
  }

  return { node, show };
}
