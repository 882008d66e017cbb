// One head's matrix: a canvas for the pixels and, over it, a WAI-ARIA grid for everything else.
// https://www.w3.org/WAI/ARIA/apg/patterns/grid/
import type { Stage } from "../runner/run_data.ts";
import type { Strings } from "../strings/index.ts";
import { h } from "./dom.ts";
import { move, type Cell } from "./grid_keys.ts";
import { paintNumbers, paintRectangle } from "./heat_map.ts";
import type { Scale } from "./scale.ts";
import { bringIn, fadeEdges } from "./scrolled.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";

export interface MatrixData {
  /** Of the queries, and of the keys. */
  readonly rows: readonly TokenLabel[];
  readonly cols: readonly TokenLabel[];
  /** [rows, cols] */
  readonly values: Float32Array;
}

export interface MatrixOptions {
  readonly name: string;
  /** What rows and columns are. */
  readonly corner: string;
  readonly strings: Strings;
  readonly stage: Stage;
  readonly scale: Scale;
  readonly selected: Cell;
  /** A cell was clicked or moved to: its row is the chosen query. */
  onSelect(cell: Cell): void;
  /** Cells that were hidden by hand. */
  isByHand(cell: Cell): boolean;
  /** A cell was clicked, or Enter or Space pressed on it, once it is selected. */
  onPress(cell: Cell): void;
  /** The pointer is over a cell, or over none. */
  onHover(cell: Cell | undefined): void;
}

export interface MatrixView {
  readonly node: HTMLElement;
  select(cell: Cell): void;
  /** As large as the place where it stands allows; from then on it follows its place itself. */
  fit(): void;
  /** Moves the keyboard to the chosen cell. */
  focus(): void;
  /** To be called when it leaves the page. */
  dispose(): void;
}

/**
 * Largest cell, and the smallest: up to 24 tokens the whole fits, as long as a row can be read; the tokens above and the
 * keyboard are there for who can't hit so little. Longer ones scroll.
 */
const CELL = { most: 46, least: 10, long: 16 };
const LONG = 24;
/** Below it names are smaller, and the lines between cells fainter. */
const SMALL = 24;
/** The chosen row's frame stands over. */
const FRAME = 3;
/** Cells that can hold a number of up to four characters. */
const NUMBERED = 31;
/**
 * How many cells exist as elements at once. All of them up to 40 tokens; beyond, the rows nearest the chosen one, because
 * 128 × 128 elements would take longer to build than the model takes to run.
 */
const MOST_CELLS = 1600;

export function matrixView(data: MatrixData, options: MatrixOptions): MatrixView {
  const [n, m] = [data.rows.length, data.cols.length];
  const canvas = h("canvas", { class: "cells", "aria-hidden": "true" });
  const numbers = h("canvas", { class: "numbers", "aria-hidden": "true" });
  const rows: HTMLElement[] = [];
  const heads = data.cols.map((label, j) =>
    h(
      "span",
      { role: "columnheader", class: "column", "aria-colindex": j + 2 },
      h("span", { class: "turned" }, tokenNode(label)),
    ),
  );
  // No arrow stands without its word.
  const cornerName = options.corner.replace(/ (?=[\u2193\u2192])/g, "\u00a0");
  const corner = h(
    "span",
    {
      ...{ role: "columnheader", class: "corner", dir: "auto", "aria-colindex": 1 },
      title: options.strings.matrixView.about,
    },
    cornerName,
  );
  for (const [i, label] of data.rows.entries()) {
    rows.push(
      h(
        "div",
        { role: "row", class: "row", "aria-rowindex": i + 2, "aria-selected": "false" },
        h("span", { role: "rowheader", class: "row-name", "aria-colindex": 1 }, tokenNode(label)),
      ),
    );
  }
  const grid = h(
    "div",
    {
      role: "grid",
      class: "grid",
      "aria-label": options.name,
      "aria-rowcount": n + 1,
      "aria-colcount": m + 1,
    },
    h("div", { role: "row", class: "row heading", "aria-rowindex": 1 }, corner, ...heads),
    ...rows,
  );
  const column = h("div", { class: "column-mark", "aria-hidden": "true" });
  const longest = (labels: readonly TokenLabel[]): number =>
    Math.min(14, Math.max(...labels.map((label) => label.mark.length + label.text.length)));
  const plate = h(
    "div",
    {
      class: "plate",
      // As it is painted, and as matrices are read in every language.
      dir: "ltr",
      style: {
        "--n": String(n),
        "--m": String(m),
        // The corner's words have their room too.
        "--longest-row": String(
          Math.max(longest(data.rows), ...cornerName.split(/[ \n]/).map((word) => word.length)),
        ),
        "--longest-col": String(longest(data.cols)),
      },
    },
    canvas,
    h("div", { class: "lines", "aria-hidden": "true" }),
    numbers,
    column,
    grid,
  );
  const node = h("div", { class: "matrix" }, plate);
  paintRectangle(canvas, data.values, n, m, options.scale);

  let active = options.selected;
  const cellAt = ({ row, col }: Cell): HTMLElement | undefined =>
    rows[row]?.children[col + 1] as HTMLElement | undefined;

  /** Rows near the active one have cells, rows far from it have none. */
  function fill(): void {
    const reach = Math.max(2, Math.floor(MOST_CELLS / m / 2));
    rows.forEach((row, i) => {
      const wanted = Math.abs(i - active.row) <= reach;
      const filled = row.children.length > 1;
      if (wanted && !filled) row.append(...data.cols.map((_, j) => cell(i, j)));
      if (!wanted && filled) row.replaceChildren(row.firstElementChild as Element);
    });
  }

  function cell(i: number, j: number): HTMLElement {
    const value = data.values[i * m + j] ?? NaN;
    const isByHand = options.isByHand({ row: i, col: j });
    const said = Number.isFinite(value)
      ? options.strings.numbers.short(value, options.stage)
      : options.strings.matrixView.hiddenCell;
    return h("span", {
      role: "gridcell",
      class: isByHand ? "cell by-hand" : "cell",
      tabindex: -1,
      "aria-colindex": j + 2,
      "aria-label": isByHand ? `${said}, ${options.strings.matrixView.hide.byHand(i, j)}` : said,
      "data-value": value,
    });
  }

  function select(next: Cell): void {
    cellAt(active)?.setAttribute("tabindex", "-1");
    rows[active.row]?.setAttribute("aria-selected", "false");
    active = next;
    fill();
    cellAt(active)?.setAttribute("tabindex", "0");
    rows[active.row]?.setAttribute("aria-selected", "true");
    mark(active);
  }

  /** Shows which row and column a cell stands in. */
  function mark({ row, col }: Cell): void {
    plate.style.setProperty("--col", String(col));
    rows.forEach((element, i) => element.classList.toggle("pointed", i === row));
    heads.forEach((element, j) => element.classList.toggle("pointed", j === col));
  }

  grid.addEventListener("keydown", (event) => {
    if (!(event.target as Element).matches("[role=gridcell]")) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return options.onPress(active);
    }
    const next = move(active, event, n, m);
    if (!next) return;
    event.preventDefault();
    select(next);
    cellAt(next)?.focus();
    options.onSelect(next);
  });
  grid.addEventListener("click", (event) => {
    const next = under(event);
    if (!next) return;
    select(next);
    cellAt(next)?.focus({ preventScroll: true });
    options.onSelect(next);
    options.onPress(next);
  });
  grid.addEventListener("pointermove", (event) => {
    const over = under(event);
    mark(over ?? active);
    options.onHover(over);
  });
  grid.addEventListener("pointerleave", () => {
    mark(active);
    options.onHover(undefined);
  });

  /** By geometry, so that it works over rows without elements too. */
  function under(event: MouseEvent): Cell | undefined {
    const box = canvas.getBoundingClientRect();
    const col = Math.floor(((event.clientX - box.left) / box.width) * m);
    const row = Math.floor(((event.clientY - box.top) / box.height) * n);
    // Over the labels that stay in sight, what lies beneath them is not meant.
    const onLabel = (event.target as Element).closest("[role=rowheader], [role=columnheader]");
    return !onLabel && row >= 0 && row < n && col >= 0 && col < m ? { row, col } : undefined;
  }

  /** The largest cells with which all is in sight, or the smallest there are. */
  function fitting(): number {
    const across = node.clientWidth - corner.offsetWidth - FRAME;
    const down = parseFloat(getComputedStyle(node).maxHeight) - corner.offsetHeight - FRAME;
    const least = Math.max(n, m) > LONG ? CELL.long : CELL.least;
    const most = Math.min(across / m, Number.isFinite(down) ? down / n : CELL.most);
    return Math.min(CELL.most, Math.max(least, Math.floor(most)));
  }

  function layOut(): void {
    if (node.clientWidth === 0) return;
    let size = 0;
    // Smaller names leave more room.
    for (let pass = 0; pass < 2; pass++) {
      size = fitting();
      plate.style.setProperty("--cell", `${size}px`);
      plate.classList.toggle("small", size < SMALL);
    }
    numbers.hidden = size < NUMBERED;
    if (numbers.hidden) return;
    const font = `${Math.min(12, Math.round(size * 0.32))}px ${getComputedStyle(numbers).fontFamily}`;
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    paintNumbers(numbers, data.values, m, {
      scale: options.scale,
      stage: options.stage,
      numbers: options.strings.numbers,
      cell: size,
      ratio,
      font,
    });
  }

  /** Brings the chosen cell into sight within the matrix. */
  function reveal(): void {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const [across, down] = [width / m, height / n];
    const cell = new DOMRect(left + active.col * across, top + active.row * down, across, down);
    bringIn(node, cell, { left: corner.offsetWidth, top: corner.offsetHeight });
  }

  const lookAtEdges = fadeEdges(node);
  const fit = (): void => {
    layOut();
    reveal();
    lookAtEdges();
  };
  const watch = new ResizeObserver(fit);
  // Its height is of the window's, though it may need less.
  addEventListener("resize", fit);
  watch.observe(node);
  select(active);
  return {
    node,
    fit,
    select(cell) {
      select(cell);
      reveal();
    },
    focus: () => cellAt(active)?.focus({ preventScroll: true }),
    dispose() {
      watch.disconnect();
      removeEventListener("resize", fit);
    },
  };
}
