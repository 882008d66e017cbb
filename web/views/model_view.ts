// Every head of every layer: small pictures, each named by what it measurably does, in the model's order or another.
// https://www.w3.org/WAI/ARIA/apg/patterns/grid/
import { followedCell } from "../reading/focus.ts";
import { evenStatistics, nameHead, type HeadName } from "../heads/head_names.ts";
import { rankHeads, sortsFor, type RankedHead } from "../heads/head_ranks.ts";
import { isLong, partOf } from "../runner/run_data.ts";
import { allOf, sharesOf, whenThere } from "../reading/shares.ts";
import type { HeadSort } from "../state.ts";
import { axesOf, keyLabelsOf, nearestUnit, type Axes } from "../reading/units.ts";
import { isOff } from "./changed.ts";
import { button, h } from "./dom.ts";
import { move } from "./grid_keys.ts";
import { headStory, headTitle } from "./head_title.ts";
import { togglingHead } from "./head_toggles.ts";
import { byPointer, severalToggle } from "./several.ts";
import { say } from "./spoken.ts";
import { isOtherText } from "./text_view.ts";
import { cellFrame, paintThumbnail, placeFrame } from "./thumbnail.ts";
import type { MakeView, Scene } from "./view.ts";

interface HeadCell {
  readonly node: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly frame: HTMLElement;
  readonly name: HTMLElement;
  readonly value: HTMLElement;
}

export const modelView: MakeView = (first, events) => {
  let scene = first;
  let axes: Axes;
  /** [layers · heads] */
  let cells: HeadCell[] = [];
  let names: (HeadName | undefined)[] = [];
  let ranks: RankedHead[] = [];
  /** Place in the order of what has the tab stop. */
  let active = 0;
  let asked = 0;

  const order = h("select", {
    on: { change: () => events.change({ sort: sortsFor(scene.run)[order.selectedIndex] ?? "place" }) },
  });
  const byPair = button("", () => events.change({ sort: scene.state.sort === "pair" ? "place" : "pair" }));
  const several = severalToggle(scene.strings.modelView.several);
  const label = h("label");
  const grid = h("div", { role: "grid", class: "heads-grid", "aria-multiselectable": "true" });
  const said = h("p", { class: "said", "aria-live": "polite" });
  const howTo = h("p", { class: "aside" });
  const rules = h("p", { class: "aside" });
  const summary = h("summary");
  const node = h(
    "div",
    { class: "model-view" },
    h("div", { class: "order" }, byPair, several.node, label),
    h("div", { class: "heads-scroller" }, grid),
    said,
    howTo,
    h("details", {}, summary, rules),
  );

  const at = (place: number): HeadCell | undefined => {
    const ranked = ranks[place];
    return ranked && cells[ranked.layer * scene.run.numHeads + ranked.head];
  };

  /** The pictures and the names, by the run, the units and the stage. */
  function build(): void {
    const { run, state } = scene;
    axes = axesOf(scene, state.stage);
    const question = ++asked;
    const even = evenStatistics(run);
    const count = run.numLayers * run.numHeads;
    if (cells.length !== count) cells = Array.from({ length: count }, headCell);
    names = cells.map(({ canvas, frame }, i) => {
      const place = { layer: Math.floor(i / run.numHeads), head: i % run.numHeads };
      paintThumbnail(canvas, scene, axes, place, () => question === asked);
      placeFrame(frame, scene, axes);
      const statistics = run.statistics[place.layer]?.[place.head];
      return statistics && nameHead(statistics, even, run.tokens.length);
    });
  }

  /** What the heads are ordered by, and where each stands. */
  function arrange(): void {
    const { run, state } = scene;
    const wanted = state.sort;
    if (wanted !== "pair") return lay(rankHeads(run, wanted, undefined));
    const cell = followedCell(scene);
    const byWeight = axesOf(scene);
    const [row, col] = [nearestUnit(byWeight.rows, cell.row), nearestUnit(byWeight.cols, cell.col)];
    const answers = cells.map((_, i) =>
      sharesOf(scene, byWeight, {
        layer: Math.floor(i / run.numHeads),
        head: i % run.numHeads,
        read: row < 0 ? [] : [row],
        direction: "from",
      }),
    );
    const question = scene;
    whenThere(allOf(answers), (shares) => {
      if (question !== scene) return;
      lay(
        rankHeads(
          run,
          wanted,
          shares.map((values) => values[col] ?? 0),
        ),
      );
    });
  }

  function lay(next: RankedHead[]): void {
    const { run, strings, state } = scene;
    const isMoved = next.some(({ layer, head }, i) => ranks[i]?.layer !== layer || ranks[i].head !== head);
    ranks = next;
    const cols = run.numHeads;
    if (isMoved || grid.childElementCount === 0) {
      const rows = Array.from({ length: run.numLayers }, (_, row) => {
        const name =
          state.sort === "place" ? strings.modelView.layerShort(row) : strings.modelView.rank(row * cols + 1);
        const inRow = Array.from({ length: cols }, (_unused, col) => at(row * cols + col)?.node ?? null);
        return h(
          "div",
          { role: "row" },
          h("span", { role: "rowheader", class: "layer-name" }, name),
          ...inRow,
        );
      });
      grid.style.setProperty("--columns", String(cols));
      grid.replaceChildren(...rows);
      active = Math.max(0, placeOf(state.layer, state.heads[0] ?? 0));
    }
    dress();
  }

  const placeOf = (layer: number, head: number): number =>
    ranks.findIndex((ranked) => ranked.layer === layer && ranked.head === head);

  /** Names, values and what is chosen. */
  function dress(): void {
    const { run, state, strings } = scene;
    ranks.forEach(({ layer, head, value }, place) => {
      const i = layer * run.numHeads + head;
      const cell = cells[i];
      if (!cell) return;
      const code = strings.reading.head(layer, head);
      const called = names[i];
      const off = isOff(run.whatIf, layer, head);
      const name = off ? strings.reading.off : headTitle(scene, { layer, head }, called);
      cell.node.classList.toggle("off", off);
      const measured = value === undefined ? "" : valueText(state.sort, value, scene);
      cell.name.replaceChildren(h("b", {}, code), ` ${name}`);
      cell.value.textContent = measured;
      cell.node.setAttribute("aria-label", strings.modelView.cell(code, name, measured));
      cell.node.setAttribute("aria-selected", String(layer === state.layer && state.heads.includes(head)));
      cell.node.tabIndex = place === active ? 0 : -1;
      cell.node.dataset["place"] = String(place);
    });
    say(
      said,
      state.heads.map((head) => {
        const called = names[state.layer * run.numHeads + head];
        return called
          ? headStory(scene, { layer: state.layer, head }, called)
          : strings.headNames.unmeasuredWhy;
      }),
    );
  }

  function speak(): void {
    const { run, state, strings } = scene;
    const { modelView: texts } = strings;
    const cell = followedCell(scene);
    const [from, to] = [scene.labels[cell.row]?.plain ?? "", keyLabelsOf(scene)[cell.col]?.plain ?? ""];
    byPair.textContent = texts.byPair(texts.pair(from, to));
    byPair.ariaPressed = String(state.sort === "pair");
    const options = sortsFor(run).map((sort) =>
      h(
        "option",
        { value: sort, disabled: isLong(run) && sort !== "place" && sort !== "pair" },
        texts.sorts(sort, texts.pair(from, to)),
      ),
    );
    order.replaceChildren(...options);
    order.selectedIndex = Math.max(0, sortsFor(run).indexOf(state.sort));
    if (!label.contains(order)) label.append(h("span", {}, texts.order), order);
    grid.setAttribute(
      "aria-label",
      state.sort === "place"
        ? texts.grid(strings.stages[state.stage].name)
        : texts.sorted(texts.sorts(state.sort, texts.pair(from, to))),
    );
    howTo.textContent = byPointer(texts.howTo);
    summary.textContent = texts.rules;
    rules.textContent = [partOf(run) === "cross" ? strings.parts.statistics : "", strings.headNames.rules]
      .filter(Boolean)
      .join(" ");
  }

  function choose(place: number, isMore: boolean): void {
    const { state } = scene;
    const ranked = ranks[place];
    if (!ranked) return;
    const { layer, head } = ranked;
    active = place;
    events.change(isMore && layer === state.layer ? togglingHead(state, head) : { layer, heads: [head] });
  }

  const placeUnder = (event: Event): number | undefined => {
    const cell = (event.target as Element).closest<HTMLElement>("[role=gridcell]");
    return cell ? Number(cell.dataset["place"]) : undefined;
  };

  grid.addEventListener("click", (event) => {
    const place = placeUnder(event);
    if (place === undefined) return;
    choose(place, event.shiftKey || event.ctrlKey || event.metaKey || several.isOn());
    at(place)?.node.focus({ preventScroll: true });
  });
  grid.addEventListener("mousedown", (event) => {
    if (event.shiftKey) event.preventDefault();
  });
  grid.addEventListener("keydown", (event) => {
    const cols = scene.run.numHeads;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(active, event.shiftKey);
      return;
    }
    const here = { row: Math.floor(active / cols), col: active % cols };
    const next = move(here, event, scene.run.numLayers, cols);
    if (!next) return;
    event.preventDefault();
    at(active)?.node.setAttribute("tabindex", "-1");
    active = next.row * cols + next.col;
    at(active)?.node.setAttribute("tabindex", "0");
    at(active)?.node.focus();
  });

  build();
  speak();
  arrange();
  return {
    node,
    update(next) {
      const before = scene;
      scene = next;
      const isRepainted = before.state.stage !== next.state.stage || before.state.map !== next.state.map;
      if (isOtherText(before, next) || isRepainted) build();
      else for (const { frame } of cells) placeFrame(frame, scene, axes);
      if (before.state.layer !== next.state.layer || before.state.heads[0] !== next.state.heads[0])
        active = Math.max(0, placeOf(next.state.layer, next.state.heads[0] ?? 0));
      speak();
      arrange();
    },
    dispose: () => void asked++,
  };
};

function headCell(): HeadCell {
  const canvas = h("canvas", { class: "cells hatched", "aria-hidden": "true" });
  const frame = cellFrame();
  const name = h("span", { class: "head-name" });
  const value = h("span", { class: "head-value" });
  const node = h(
    "div",
    { role: "gridcell", class: "head-cell", tabindex: -1 },
    h("span", { class: "head-picture" }, canvas, frame),
    name,
    value,
  );
  return { node, canvas, frame, name, value };
}

/** A value in the unit of what it was ordered by. */
function valueText(sort: HeadSort, value: number, { strings }: Scene): string {
  if (sort === "entropy") return strings.modelView.bits(value);
  return sort === "meanDistance" ? strings.modelView.tokens(value) : strings.numbers.percent(value);
}
