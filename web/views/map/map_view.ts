// The matrix of a text of any length, as a map: dragged, zoomed, and drawn of tiles that come when they are in sight.
import { followedCell } from "../../reading/focus.ts";
import { keysOf, stageWithin, type RunData, type Stage } from "../../runner/run_data.ts";
import type { Cell } from "../../state.ts";
import { keyLabelsOf } from "../../reading/units.ts";
import { choiceView } from "../choice.ts";
import { cssColor } from "../css_color.ts";
import { button, h } from "../dom.ts";
import { move } from "../grid_keys.ts";
import type { Extent } from "../heat_map.ts";
import { legendView } from "../legend.ts";
import { niceAbove, scaleOf, shareScale } from "../scale.ts";
import { explained } from "../stages.ts";
import type { MakeView, Scene } from "../view.ts";
import { pan, reveal, TILE, topLevel, whole, within, zoom, type Place, type Size } from "./geometry.ts";
import { listenToGestures } from "./gestures.ts";
import { hatching } from "./hatch.ts";
import { MINIMAP, paintFrame, paintMinimap, type Ink } from "./paint.ts";
import { createTiles, type Tiles } from "./tiles.ts";

type Reduce = "mean" | "max";
const STEP = 1.6;

export const mapView: MakeView = (first, events) => {
  let scene = first;
  let reduce: Reduce = "max";
  let tiles: Tiles | undefined;
  let place: Place | undefined;
  let size: Size = { width: 0, height: 0 };
  let cursor = followedCell(scene);
  let margin = { left: 0, top: 0 };
  let ink: Ink | undefined;
  let frame = 0;
  let asked = 0;

  const canvas = h("canvas", { class: "map-face", "aria-hidden": "true" });
  const minimap = h("canvas", { class: "minimap", role: "img", width: MINIMAP, height: MINIMAP });
  const spot = h("span", { role: "gridcell", class: "map-spot", tabindex: 0 });
  const row = h("div", { role: "row" }, spot);
  const grid = h("div", { role: "grid", class: "map-grid" }, row);
  const body = h("div", { class: "map-body", dir: "ltr" }, canvas, grid);
  const read = h("p", { class: "map-read", "aria-live": "polite" });
  const howTo = h("p", { class: "aside" });
  const explanation = h("p", { class: "explanation" });
  const legend = h("div");
  const closer = button("", () => zoomBy(STEP));
  const farther = button("", () => zoomBy(1 / STEP));
  const all = button("", () => go(whole(extent(), size)));
  const choices = h("div");
  const side = h(
    "div",
    { class: "map-side" },
    minimap,
    h("div", { class: "map-buttons" }, closer, farther, all),
    choices,
    legend,
  );
  const node = h(
    "div",
    { class: "map-view" },
    explanation,
    read,
    h("div", { class: "map-plate" }, body, side),
    howTo,
  );

  const extent = (): Extent => [scene.run.tokens.length, keysOf(scene.run).tokens.length];

  function build(): void {
    tiles?.dispose();
    const { run, state } = scene;
    const head = state.heads[0] ?? 0;
    const stage = stageOf(scene);
    tiles = createTiles(
      {
        extent: extent(),
        reduce,
        window: (request) => scene.window(state.layer, head, { ...request, stage }),
        scaleOf: (values) =>
          stage === "weights" ? shareScale(state.map, mostOf(values)) : scaleOf(stage, values, state.map),
      },
      () => {
        showLegend();
        draw();
      },
    );
    grid.setAttribute("aria-rowcount", String(run.tokens.length));
    grid.setAttribute("aria-colcount", String(keysOf(run).tokens.length));
  }

  function showLegend(): void {
    const scale = tiles?.scale;
    const stage = stageOf(scene);
    const hasHidden = tiles?.hasHidden ?? false;
    const key = `${stage} ${reduce} ${scale?.max} ${scene.state.map} ${hasHidden}`;
    if (!scale || legend.dataset["of"] === key) return;
    legend.dataset["of"] = key;
    const { mapView: said, matrixView, numbers, stages } = scene.strings;
    const share = scale.max < 1 ? said.legendTo(numbers.tick(scale.max)) : said.legend;
    const caption = stage === "weights" ? share : stages[stage].name;
    const hidden = hasHidden ? matrixView.hiddenSwatch : undefined;
    legend.replaceChildren(legendView(scale, { caption, hidden, numbers }));
  }

  function go(next: Place): void {
    place = next;
    draw();
  }

  function zoomBy(factor: number): void {
    if (place) go(zoom(extent(), size, place, factor, { x: size.width / 2, y: size.height / 2 }));
  }

  /** In the next frame, once. */
  function draw(): void {
    frame ||= requestAnimationFrame(paint);
  }

  function paint(): void {
    frame = 0;
    const context = canvas.getContext("2d");
    const small = minimap.getContext("2d");
    if (!context || !small || !place || !tiles || !ink) return;
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    const keyLabels = keyLabelsOf(scene);
    const { labels } = scene;
    const options = { extent: extent(), place, size, margin, ratio, labels, keyLabels, cursor, ink };
    const lacking = paintFrame(context, tiles, options);
    const top = { level: topLevel(extent()), row: 0, col: 0 };
    paintMinimap(small, tiles, extent(), place, size, top, ink);
    tiles.want(lacking);
    node.classList.toggle("settled", tiles.settled);
    const box = Math.max(24, place.scale);
    const at = (token: number, from: number): number => (token + 0.5 - from) * (place?.scale ?? 1) - box / 2;
    spot.style.setProperty(
      "transform",
      `translate(${margin.left + at(cursor.col, place.x)}px, ${margin.top + at(cursor.row, place.y)}px)`,
    );
    spot.style.setProperty("--box", `${box}px`);
  }

  function inkOf(): Ink {
    const context = canvas.getContext("2d");
    const color = (name: string): string => cssColor(canvas, name);
    return {
      ...{ paper: color("--paper"), ink: color("--ink"), quiet: color("--quiet"), frame: color("--frame") },
      font: `12px ${getComputedStyle(node).getPropertyValue("--sans")}`,
      hatch: context && hatching(context, color("--hatch")),
    };
  }

  function layOut(): void {
    const box = body.getBoundingClientRect();
    if (box.width === 0) return;
    const named = box.width < 480 ? 60 : 92;
    margin = { left: named, top: named - 12 };
    size = { width: box.width - margin.left, height: box.height - margin.top };
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    ink = inkOf();
    place = place ? within(extent(), size, place) : whole(extent(), size);
    draw();
  }

  const cellAt = (at: { x: number; y: number }): Cell | undefined => {
    if (!place || at.x < margin.left || at.y < margin.top) return undefined;
    const col = Math.floor(place.x + (at.x - margin.left) / place.scale);
    const rowAt = Math.floor(place.y + (at.y - margin.top) / place.scale);
    const [rows, cols] = extent();
    return col >= 0 && rowAt >= 0 && col < cols && rowAt < rows ? { row: rowAt, col } : undefined;
  };
  const inside = ({ x, y }: { x: number; y: number }): { x: number; y: number } => ({
    x: x - margin.left,
    y: y - margin.top,
  });

  /** Says a cell's value; of many asked for at once the last. */
  async function tell(cell: Cell): Promise<void> {
    const question = ++asked;
    const value = await valueOf(cell);
    if (question !== asked || value === undefined) return;
    const { mapView: strings, numbers, reading, stages } = scene.strings;
    const [query, key] = [scene.labels[cell.row]?.plain ?? "", keyLabelsOf(scene)[cell.col]?.plain ?? ""];
    const stage = stageOf(scene);
    const text =
      stage === "weights"
        ? strings.cell(query, cell.row, key, cell.col, reading.percent(value))
        : strings.score(
            query,
            cell.row,
            key,
            cell.col,
            `${stages[stage].value} ${numbers.short(value, stage)}`,
          );
    read.textContent = text;
    read.title = numbers.exact(Math.fround(value));
    spot.setAttribute("aria-label", text);
    row.setAttribute("aria-rowindex", String(cursor.row + 1));
    spot.setAttribute("aria-colindex", String(cursor.col + 1));
  }

  /** From a tile in which each cell is one token, or asked for. */
  async function valueOf({ row: at, col }: Cell): Promise<number | undefined> {
    const painted = tiles?.get({ level: 0, row: Math.floor(at / TILE), col: Math.floor(col / TILE) });
    if (painted) return painted.values[(at % TILE) * painted.across + (col % TILE)];
    const { state } = scene;
    const only = { rows: [at, at + 1], cols: [col, col + 1], out: [1, 1], reduce: "max" } as const;
    const request = { ...only, stage: stageOf(scene) };
    return (await scene.window(state.layer, state.heads[0] ?? 0, request).catch(() => undefined))?.[0];
  }

  function follow(cell: Cell): void {
    cursor = cell;
    if (place) place = reveal(extent(), size, place, cell.row, cell.col);
    draw();
    void tell(cell);
  }

  listenToGestures(canvas, {
    pan: (dx, dy) => place && go(pan(extent(), size, place, dx, dy)),
    zoom: (factor, at) => place && go(zoom(extent(), size, place, factor, inside(at))),
    point(at) {
      const cell = at && cellAt(at);
      events.hover(cell);
      void tell(cell ?? cursor);
    },
    ownsWheel: () => spot.matches(":focus"),
    press(at) {
      const cell = cellAt(at);
      if (cell) events.change({ cell, locked: [] });
    },
  });
  // The canvas itself takes no focus: who presses on it goes on by keys and by wheel.
  canvas.addEventListener("mousedown", (event) => {
    event.preventDefault();
    spot.focus({ preventScroll: true });
  });
  listenToGestures(minimap, {
    pan: () => {},
    zoom: (factor) => zoomBy(factor),
    point: () => {},
    ownsWheel: () => false,
    press({ x, y }) {
      if (!place) return;
      const unit = Math.max(...extent()) / minimap.getBoundingClientRect().width;
      const middle = {
        x: x * unit - size.width / place.scale / 2,
        y: y * unit - size.height / place.scale / 2,
      };
      go(within(extent(), size, { ...place, ...middle }));
    },
  });
  grid.addEventListener("keydown", (event) => {
    const act = {
      "+": () => zoomBy(STEP),
      "=": () => zoomBy(STEP),
      "-": () => zoomBy(1 / STEP),
      "0": () => go(whole(extent(), size)),
    }[event.key];
    const next = act || event.ctrlKey ? undefined : move(cursor, event, ...extent());
    if (!act && !next) return;
    event.preventDefault();
    if (act) act();
    if (next) events.change({ cell: next, locked: [] });
  });

  function update(next: typeof first): void {
    const before = scene;
    scene = next;
    const { state, strings, run } = scene;
    const isOther =
      before.run !== run ||
      before.state.layer !== state.layer ||
      before.state.heads[0] !== state.heads[0] ||
      before.state.map !== state.map ||
      stageOf(before) !== stageOf(scene);
    if (isOther || !tiles) build();
    if (lengthsOf(before.run) !== lengthsOf(run)) place = undefined;
    const said = strings.mapView;
    const head = strings.reading.head(state.layer, state.heads[0] ?? 0);
    grid.setAttribute("aria-label", said.name(head, ...extent()));
    minimap.setAttribute("aria-label", said.overview);
    howTo.textContent = said.howTo;
    explanation.textContent = explained(scene, stageOf(scene));
    closer.textContent = said.closer;
    farther.textContent = said.farther;
    all.textContent = said.all;
    const cell = followedCell(scene);
    if (place && cell.row === cursor.row && cell.col === cursor.col && !isOther) draw();
    else follow(cell);
    // The page, or the theme, may have other colours now.
    ink &&= inkOf();
    if (!place) layOut();
  }

  const reduces = choiceView<Reduce>(
    [
      { value: "max", label: first.strings.mapView.max },
      { value: "mean", label: first.strings.mapView.mean },
    ],
    {
      legend: first.strings.mapView.reduce,
      class: "segmented",
      selected: reduce,
      onChoose(value) {
        reduce = value;
        build();
        draw();
      },
    },
  );
  choices.append(reduces.node);
  const watch = new ResizeObserver(layOut);
  watch.observe(body);
  update(first);
  return {
    node,
    update,
    dispose() {
      watch.disconnect();
      cancelAnimationFrame(frame);
      tiles?.dispose();
    },
  };
};

function stageOf({ run, state }: Scene): Stage {
  return stageWithin(run, state.stage);
}

const lengthsOf = (run: RunData): string => `${run.tokens.length} ${keysOf(run).tokens.length}`;

/** The largest of all, rounded up: in a long text no word gets a large share. */
function mostOf(values: Float32Array): number {
  return Math.min(1, niceAbove(values.reduce((most, value) => Math.max(most, value), 0)));
}
