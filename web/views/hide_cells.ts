// Cells hidden by hand: a mode of the matrix in which pressing a cell hides it, or shows it again.
import { keysOf } from "../runner/run_data.ts";
import type { Cell } from "../state.ts";
import { button, h } from "./dom.ts";
import type { Scene, ViewEvents } from "./view.ts";

export interface HideCells {
  readonly node: HTMLElement;
  update(scene: Scene): void;
  /** Hides the cells between two units, or shows them if all are hidden; nothing while the mode is off. */
  press(cells: readonly Cell[], query: string, key: string): void;
  /** Whether any of the cells is hidden. */
  has(cells: readonly Cell[]): boolean;
}

export function hideCells(first: Scene, events: ViewEvents): HideCells {
  let scene = first;
  let isOn = false;
  /** What was hidden before each press, the last one last; cells of another text are none of this one. */
  let past: (readonly Cell[])[] = [];

  const toggle = button("", () => turn(!isOn));
  const undo = button("", goBack);
  const all = button("", () => hide([]));
  const howTo = h("p", { class: "aside" });
  const said = h("p", { class: "aside", role: "status" });
  const node = h(
    "div",
    { class: "hide-cells" },
    h("div", { class: "tools" }, toggle, undo, all),
    howTo,
    said,
  );

  const hidden = (): readonly Cell[] => scene.state.whatIf.hidden;
  const isHidden = (cell: Cell): boolean =>
    hidden().some(({ row, col }) => row === cell.row && col === cell.col);

  function turn(on: boolean): void {
    isOn = on;
    draw();
  }

  function hide(next: readonly Cell[]): void {
    past.push(hidden());
    events.change({ whatIf: { ...scene.state.whatIf, hidden: next } });
  }

  function goBack(): void {
    const before = past.pop() ?? hidden().slice(0, -1);
    said.textContent = "";
    events.change({ whatIf: { ...scene.state.whatIf, hidden: before } });
  }

  function draw(): void {
    const { hide: words } = scene.strings.matrixView;
    const count = hidden().length;
    toggle.textContent = words.mode;
    toggle.setAttribute("aria-pressed", String(isOn));
    undo.textContent = words.undo;
    all.textContent = words.all;
    undo.disabled = past.length === 0 && count === 0;
    undo.hidden = !isOn && count === 0;
    all.hidden = count === 0;
    howTo.hidden = !isOn;
    howTo.textContent = words.howTo;
    if (past.length === 0) said.textContent = count > 0 ? words.count(count) : "";
  }

  draw();
  return {
    node,
    update(next) {
      if (textsOf(next) !== textsOf(scene)) past = [];
      scene = next;
      draw();
    },
    press(cells, query, key) {
      if (!isOn) return;
      const { hide: words } = scene.strings.matrixView;
      const missing = cells.filter((cell) => !isHidden(cell));
      const next =
        missing.length > 0
          ? [...hidden(), ...missing]
          : hidden().filter(({ row, col }) => !cells.some((cell) => cell.row === row && cell.col === col));
      said.textContent = [
        (missing.length > 0 ? words.hidden : words.shown)(query, key),
        next.length > 0 ? words.count(next.length) : "",
      ].join(" ");
      hide(next);
    },
    has: (cells) => cells.some(isHidden),
  };
}

/** What rows and columns are of. */
const textsOf = ({ run }: Scene): string => run.model + run.pair + run.text + keysOf(run).text;
