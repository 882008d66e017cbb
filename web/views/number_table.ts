// The numbers behind a picture as a real table, for whoever reads tables better than pictures: of a long text a part at a time.
import { followedCell } from "../focus.ts";
import { isLong, type Stage } from "../runner/run_data.ts";
import { axesOf, keyLabelsOf, nearestUnit, unitMatrix, type Unit, type Units } from "../units.ts";
import { h } from "./dom.ts";
import { tokenNode, type TokenLabel } from "./token_label.ts";
import type { Scene, View } from "./view.ts";

/** Rows, and columns, that are shown at once. */
const MOST = 20;

interface Numbers {
  readonly rows: readonly TokenLabel[];
  readonly cols: readonly TokenLabel[];
  /** The part between two rows and two columns. */
  part(rows: Unit, cols: Unit): Float32Array | Promise<Float32Array>;
}

/** `stage`: whose numbers. Nothing is made of them before the table is opened. */
export function numberTable(first: Scene, stageOf: (scene: Scene) => Stage): View {
  let scene = first;
  let start = { row: 0, col: 0 };
  /** What the table was drawn of. */
  let drawn: unknown[] = [];
  let asked = 0;

  const summary = h("summary");
  const place = h("div");
  const node = h("details", { class: "number-table", on: { toggle: draw } }, summary, place);

  function numbersOf(): Numbers {
    const { run, state, labels } = scene;
    const [layer, head] = [state.layer, state.heads[0] ?? 0];
    if (isLong(run))
      return {
        rows: labels,
        cols: keyLabelsOf(scene),
        part: (rows, cols) =>
          scene.window(layer, head, {
            rows: [rows.from, rows.to],
            cols: [cols.from, cols.to],
            out: [rows.to - rows.from, cols.to - cols.from],
            reduce: "mean",
            stage: stageOf(scene),
          }),
      };
    const stage = stageOf(scene);
    const axes = axesOf(scene, stage);
    const m = axes.cols.shown.length;
    const values = unitMatrix(axes, run, stage, layer, head);
    return {
      rows: axes.rows.labels,
      cols: axes.cols.labels,
      part: (rows, cols) =>
        Float32Array.from(
          { length: (rows.to - rows.from) * (cols.to - cols.from) },
          (_, i) =>
            values[
              (rows.from + Math.floor(i / (cols.to - cols.from))) * m +
                cols.from +
                (i % (cols.to - cols.from))
            ] ?? NaN,
        ),
    };
  }

  /** Where the followed cell is in sight. */
  function center(): void {
    const { rows, cols } = axesOf(scene, stageOf(scene));
    const { row, col } = followedCell(scene);
    const beginning = (units: Units, token: number): number =>
      Math.floor(Math.max(0, isLong(scene.run) ? token : nearestUnit(units, token)) / MOST) * MOST;
    start = { row: beginning(rows, row), col: beginning(cols, col) };
  }

  function draw(): void {
    const { tableView } = scene.strings;
    summary.textContent = tableView.title;
    if (!node.open) return;
    const key = keyOf(scene, stageOf(scene));
    if (key.every((part, i) => part === drawn[i])) return;
    drawn = key;
    center();
    void show();
  }

  async function show(): Promise<void> {
    const question = ++asked;
    const numbers = numbersOf();
    const [n, m] = [numbers.rows.length, numbers.cols.length];
    const span = (from: number, most: number): Unit => ({ from, to: Math.min(most, from + MOST) });
    const [rows, cols] = [span(start.row, n), span(start.col, m)];
    const values = await numbers.part(rows, cols);
    if (question !== asked) return;
    const tools =
      Math.max(n, m) > MOST
        ? h("div", { class: "tools" }, mover("row", rows, n), mover("col", cols, m))
        : null;
    place.replaceChildren(...[tools, table(numbers, values, rows, cols)].filter((part) => part !== null));
  }

  /** Buttons to the part before and the part after. */
  function mover(which: "row" | "col", { from, to }: Unit, n: number): HTMLElement {
    const words = scene.strings.tableView;
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
              start = { ...start, [which]: next };
              void show().then(() =>
                place.querySelector<HTMLElement>(`.${which}-mover button:enabled`)?.focus(),
              );
            },
          },
        },
        label,
      );
    return h(
      "div",
      { class: `mover ${which}-mover`, role: "group", "aria-label": name },
      step(words.before, from - MOST),
      h("span", {}, `${name}: ${words.window(from, to - 1, n)}`),
      step(words.after, from + MOST),
    );
  }

  function table(named: Numbers, values: Float32Array, rows: Unit, cols: Unit): HTMLElement {
    const { tableView, stages, reading, numbers, matrixView } = scene.strings;
    const { state } = scene;
    const stage = stageOf(scene);
    const caption = tableView.caption(
      `${stages[stage].name}, ${reading.head(state.layer, state.heads[0] ?? 0)}`,
    );
    const across = cols.to - cols.from;
    const head = (i: number, scope: "row" | "col"): HTMLElement => {
      const label = (scope === "row" ? named.rows : named.cols)[i];
      return h("th", { scope }, label && tokenNode(label));
    };
    const cell = (value: number): HTMLElement =>
      Number.isFinite(value)
        ? h("td", {}, numbers.short(value, stage))
        : h(
            "td",
            {},
            h("span", { "aria-hidden": "true" }, numbers.short(value, stage)),
            unseen(matrixView.hiddenCell),
          );
    return h(
      "div",
      { class: "table", role: "region", "aria-label": caption, tabindex: 0 },
      h(
        "table",
        {},
        h("caption", {}, h("span", {}, caption)),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("td", {}, tableView.corner),
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

  draw();
  return {
    node,
    update(next) {
      scene = next;
      draw();
    },
    dispose: () => void asked++,
  };
}

/** For those who listen. */
function unseen(text: string): HTMLElement {
  return h("span", { class: "unseen" }, text);
}

/** All that the numbers and their names depend on. */
function keyOf({ run, state, strings }: Scene, stage: Stage): unknown[] {
  const { layer, heads, words, special, renormalise } = state;
  return [run, strings, stage, layer, heads[0], words, special, renormalise];
}
