// The numbers behind a picture as a real table, for whoever reads tables better than pictures: of a long text a part at a time.
import { followedCell } from "../reading/focus.ts";
import { isLong, type Stage } from "../runner/run_data.ts";
import type { Cell } from "../state.ts";
import type { Strings } from "../strings/index.ts";
import { axesOf, keyLabelsOf, nearestUnit, unitMatrix, type Unit } from "../reading/units.ts";
import { focusedIn, h } from "./dom.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";
import type { Scene, View } from "./view.ts";

/** Rows, and columns, that are shown at once, where there is room. */
const MOST = 20;

/** A matrix by parts. */
export interface Source {
  readonly caption: string;
  write(value: number): string;
  readonly rows: readonly TokenLabel[];
  /** A number: that many channels, which have no names. */
  readonly cols: readonly TokenLabel[] | number;
  /** What shall be in sight. */
  readonly at: Cell;
  /** All of it [rows, cols], or what brings the part between two rows and two columns. */
  readonly values: Float32Array | ((rows: Unit, cols: Unit) => Promise<Float32Array>);
}

/** A part of a matrix [·, width]. */
function partOfRows(values: Float32Array, width: number, rows: Unit, cols: Unit): Float32Array {
  const across = cols.to - cols.from;
  return Float32Array.from(
    { length: (rows.to - rows.from) * across },
    (_, i) => values[(rows.from + Math.floor(i / across)) * width + cols.from + (i % across)] ?? NaN,
  );
}

/** `stage`: whose numbers. */
export function numberTable(first: Scene, stageOf: (scene: Scene) => Stage): View {
  return numberTables(
    first,
    (scene) => [sourceOf(scene, stageOf(scene))],
    ({ run, state, strings, ...rest }) => {
      const { layer, heads, words, special, renormalise } = state;
      const stage = stageOf({ run, state, strings, ...rest });
      return [run, strings, stage, layer, heads[0], words, special, renormalise];
    },
  );
}

/** The shown head's matrix at a stage. */
function sourceOf(scene: Scene, stage: Stage): Source {
  const { run, state, labels, strings } = scene;
  const [layer, head] = [state.layer, state.heads[0] ?? 0];
  const name = `${strings.stages[stage].name}, ${strings.reading.head(layer, head)}`;
  const axes = axesOf(scene, stage);
  const { row, col } = followedCell(scene);
  const caption = strings.tableView.caption(name);
  const write = (value: number): string => strings.numbers.short(value, stage);
  if (isLong(run))
    return {
      ...{ caption, write, rows: labels, cols: keyLabelsOf(scene), at: { row, col } },
      values: (rows, cols) =>
        scene.window(layer, head, {
          rows: [rows.from, rows.to],
          cols: [cols.from, cols.to],
          out: [rows.to - rows.from, cols.to - cols.from],
          reduce: "mean",
          stage,
        }),
    };
  const values = unitMatrix(axes, run, stage, layer, head);
  return {
    ...{ caption, write, rows: axes.rows.labels, cols: axes.cols.labels },
    at: { row: nearestUnit(axes.rows, row), col: nearestUnit(axes.cols, col) },
    values,
  };
}

/** Tables under one name; nothing is made of them before it is opened. `keyOf`: all that the numbers and their names depend on. */
export function numberTables(
  first: Scene,
  sourcesOf: (scene: Scene) => readonly Source[],
  keyOf: (scene: Scene) => readonly unknown[],
): View {
  let scene = first;
  /** What the tables were drawn of. */
  let drawn: readonly unknown[] = [];

  const summary = h("summary");
  const place = h("div");
  const node = h("details", { class: "number-table", on: { toggle: draw } }, summary, place);

  function draw(): void {
    summary.textContent = scene.strings.tableView.title;
    if (!node.open) return;
    const key = keyOf(scene);
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    place.replaceChildren(...sourcesOf(scene).map((source) => paged(source, scene.strings)));
  }

  draw();
  return {
    node,
    update(next) {
      scene = next;
      draw();
    },
    dispose: () => {},
  };
}

/** A table of a part, and the buttons to the others. */
function paged(source: Source, strings: Strings): HTMLElement {
  const { rows: rowNames, cols: colNames, at } = source;
  const [n, m] = [rowNames.length, typeof colNames === "number" ? colNames : colNames.length];
  const most = { row: MOST, col: MOST };
  const start = { row: Math.max(0, at.row), col: Math.max(0, at.col) };
  let asked = 0;
  /** In which the columns were counted. */
  let width = 0;
  const place = h("div");

  /** `held`: the name of what had the focus, before the columns were counted anew. */
  async function show(held?: string | null): Promise<void> {
    const question = ++asked;
    const span = (which: "row" | "col", n: number): Unit => {
      const from = start[which] - (start[which] % most[which]);
      return { from, to: Math.min(n, from + most[which]) };
    };
    const [rows, cols] = [span("row", n), span("col", m)];
    // Late enough to stand in the page.
    const values = await (source.values instanceof Float32Array
      ? partOfRows(source.values, m, rows, cols)
      : source.values(rows, cols).catch(() => undefined));
    // A run that has been let go has no more to show; what is there stays.
    if (!values || question !== asked) return;
    const part = table(values, rows, cols);
    const focused = focusedIn(place);
    const name = held ?? (place.contains(focused) ? focused?.ariaLabel : undefined);
    place.replaceChildren(h("div", { class: "tools" }, mover("row", rows, n), mover("col", cols, m)), part);
    width = place.clientWidth;
    const { left, right } = part.getBoundingClientRect();
    const fit = Array.from(part.querySelectorAll("thead th"), (head) => head.getBoundingClientRect()).filter(
      (head) => head.left >= left - 1 && head.right <= right + 1,
    ).length;
    if (fit > 0 && fit < cols.to - cols.from) {
      most.col = fit;
      return show(name);
    }
    if (name) focusAgain(name, part);
  }

  /** The button of this name; where it is spent, the other; where there is none, the table. */
  function focusAgain(name: string, part: HTMLElement): void {
    const same = Array.from(place.querySelectorAll("button")).find(({ ariaLabel }) => ariaLabel === name);
    const other = same?.parentElement?.querySelector<HTMLElement>(":enabled");
    (same?.disabled ? other : (same ?? part))?.focus({ preventScroll: true });
  }

  /** Buttons to the part before and the part after. */
  function mover(which: "row" | "col", { from, to }: Unit, n: number): HTMLElement | false {
    if (to - from === n) return false;
    const words = strings.tableView;
    const name = which === "row" ? words.rows : words.columns;
    const step = (label: string, next: number): HTMLElement =>
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-label": `${name}: ${label}`,
          disabled: next < 0 || next >= n,
          on: {
            click: () => {
              start[which] = next;
              void show();
            },
          },
        },
        label,
      );
    return h(
      "div",
      { class: `mover ${which}-mover`, role: "group", "aria-label": name },
      step(words.before, from - most[which]),
      h(
        "span",
        {},
        `${name}: ${which === "col" && typeof colNames === "number" ? words.numbers(from, to - 1, n) : words.window(from, to - 1, n)}`,
      ),
      step(words.after, from + most[which]),
    );
  }

  function table(values: Float32Array, rows: Unit, cols: Unit): HTMLElement {
    const { tableView, matrixView } = strings;
    const { caption } = source;
    const across = cols.to - cols.from;
    const head = (i: number, scope: "row" | "col"): HTMLElement => {
      const names = scope === "row" ? rowNames : colNames;
      const label = typeof names === "number" ? undefined : names[i];
      return h("th", { scope }, label ? tokenNode(label) : String(i));
    };
    const cell = (value: number): HTMLElement =>
      Number.isFinite(value)
        ? h("td", {}, source.write(value))
        : h(
            "td",
            {},
            h("span", { "aria-hidden": "true" }, source.write(value)),
            unseen(matrixView.hiddenCell),
          );
    return h(
      "div",
      { class: "table", role: "region", "aria-label": caption, tabindex: 0 },
      h(
        "table",
        {},
        h("caption", {}, caption),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("td", {}, typeof colNames === "number" ? "" : tableView.corner),
            ...Array.from({ length: across }, (_, j) => head(cols.from + j, "col")),
          ),
        ),
        h(
          "tbody",
          {},
          ...Array.from({ length: rows.to - rows.from }, (_, i) =>
            h(
              "tr",
              {},
              head(rows.from + i, "row"),
              ...Array.from(values.subarray(i * across, (i + 1) * across), cell),
            ),
          ),
        ),
      ),
    );
  }

  new ResizeObserver(() => {
    const { clientWidth } = place;
    if (clientWidth === 0 || clientWidth === width) return;
    most.col = MOST;
    // Not yet: what an observer changes it may not see.
    requestAnimationFrame(() => void show());
  }).observe(place);
  void show();
  return place;
}

/** For those who listen. */
function unseen(text: string): HTMLElement {
  return h("span", { class: "unseen" }, text);
}
