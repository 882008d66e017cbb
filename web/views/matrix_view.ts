// One head at one stage: what the stage is, its matrix, the followed cell in full, and what the colours mean.
import { followedCell } from "../reading/focus.ts";
import { layerMatrices, partOf } from "../runner/run_data.ts";
import type { Cell } from "../state.ts";
import { axesOf, nearestUnit, tokenOf, unitMatrix, type Axes, type Units } from "../reading/units.ts";
import { cellDetails } from "./cell_details.ts";
import { isOff } from "./changed.ts";
import { h } from "./dom.ts";
import { hideCells } from "./hide_cells.ts";
import { legendView } from "./legend.ts";
import { matrixView, type MatrixView } from "./matrix.ts";
import { headNodes } from "./off_mark.ts";
import { scaleOf, type Scale } from "./scale.ts";
import { explained } from "./stages.ts";
import type { MakeView, Scene } from "./view.ts";

export const matrixFigure: MakeView = (first, events) => {
  const explanation = h("p", { class: "explanation" });
  const place = h("div");
  const details = h("p", { class: "details", "aria-live": "polite" });
  const legend = h("div");
  const hiding = hideCells(first, events);
  const caption = h("div", { class: "matrix-caption" }, explanation, legend);
  const node = h("div", { class: "matrix-figure" }, place, details, caption, hiding.node);
  let drawn: Drawn | undefined;

  function show(scene: Scene): void {
    hiding.update(scene);
    if (drawn && samePicture(drawn.scene, scene)) {
      drawn.scene = scene;
      drawn.matrix.select(cellOf(drawn));
    } else {
      rebuild(scene);
    }
    tell(undefined);
  }

  function rebuild(scene: Scene): void {
    const { run, state, strings } = scene;
    const { stage } = state;
    const text = strings.stages[stage];
    const head = headOf(scene);
    const axes = axesOf(scene, stage);
    const { rows, cols } = axes;
    const values = unitMatrix(axes, run, stage, state.layer, head);
    const scale = scaleIn(scene);
    const words = partOf(run) === "cross" ? strings.parts.matrix : strings.matrixView;
    const hadFocus = place.matches(":focus-within");
    drawn?.matrix.dispose();
    const matrix = matrixView(
      { rows: rows.labels, cols: cols.labels, values },
      {
        name: words.name(text.name, run.model, state.layer, head),
        corner: words.corner,
        strings,
        stage,
        scale,
        selected: unitCell(scene, axes),
        onSelect: (cell) => events.change({ cell: tokenCell(axes, cell), locked: [] }),
        isByHand: (cell) => hiding.has(tokensOf(axes, cell)),
        onPress(cell) {
          const [query, key] = [rows.labels[cell.row]?.plain ?? "", cols.labels[cell.col]?.plain ?? ""];
          hiding.press(tokensOf(axes, cell), query, key);
        },
        onHover(cell) {
          tell(cell);
          events.hover(cell && tokenCell(axes, cell));
        },
      },
    );
    drawn = { scene, axes, values, matrix };
    place.replaceChildren(matrix.node);
    matrix.fit();
    if (hadFocus) matrix.focus();
    const off = isOff(run.whatIf, state.layer, head) ? [...headNodes(scene, head), ". "] : [];
    explanation.replaceChildren(...off, explained(scene, stage));
    const isMasked = values.some((value) => value === -Infinity);
    legend.replaceChildren(
      legendView(scale, {
        caption: text.legend,
        hidden: isMasked ? strings.matrixView.hiddenSwatch : undefined,
        numbers: strings.numbers,
      }),
    );
  }

  /** One number in full: of the cell under the pointer, or of the followed one. */
  function tell(over: Cell | undefined): void {
    if (!drawn) return;
    const { scene, axes, values } = drawn;
    const cell = over ?? cellOf(drawn);
    const [query, key] = [axes.rows.labels[cell.row], axes.cols.labels[cell.col]];
    const value = values[cell.row * axes.cols.shown.length + cell.col];
    if (!query || !key || value === undefined) return details.replaceChildren();
    const { stage } = scene.state;
    details.replaceChildren(
      cellDetails(
        {
          ...{ query, key, value, stage },
          ...tokenCell(axes, cell),
          isByHand: hiding.has(tokensOf(axes, cell)),
        },
        scene.strings,
      ),
    );
  }

  show(first);
  return { node, update: show, dispose: () => drawn?.matrix.dispose() };
};

interface Drawn {
  scene: Scene;
  readonly axes: Axes;
  /** [rows, cols] over the units. */
  readonly values: Float32Array;
  readonly matrix: MatrixView;
}

/** Whether nothing but the followed cell differs. */
function samePicture(a: Scene, b: Scene): boolean {
  return (
    a.run === b.run &&
    a.strings === b.strings &&
    a.state.layer === b.state.layer &&
    headOf(a) === headOf(b) &&
    a.state.stage === b.state.stage &&
    a.state.words === b.state.words &&
    a.state.special === b.state.special &&
    a.state.renormalise === b.state.renormalise &&
    a.state.map === b.state.map
  );
}

const headOf = ({ state }: Scene): number => state.heads[0] ?? 0;

/** Weights from 0 to 1; the others alike for all heads of a layer, so that heads can be compared. */
function scaleIn({ run, state: { stage, layer, map } }: Scene): Scale {
  return scaleOf(stage, layerMatrices(run, stage, layer), map);
}

const cellOf = ({ scene, axes }: Drawn): Cell => unitCell(scene, axes);

function unitCell(scene: Scene, { rows, cols }: Axes): Cell {
  const { row, col } = followedCell(scene);
  return { row: Math.max(0, nearestUnit(rows, row)), col: Math.max(0, nearestUnit(cols, col)) };
}

function tokenCell({ rows, cols }: Axes, { row, col }: Cell): Cell {
  return { row: tokenOf(rows, row), col: tokenOf(cols, col) };
}

/** All pairs of tokens of a pair of units. */
function tokensOf(axes: Axes, { row, col }: Cell): Cell[] {
  const tokens = (units: Units, unit: number): number[] => {
    const { from = 0, to = 0 } = units.shown[unit] ?? {};
    return Array.from({ length: to - from }, (_, i) => from + i);
  };
  return tokens(axes.rows, row).flatMap((query) =>
    tokens(axes.cols, col).map((key) => ({ row: query, col: key })),
  );
}
