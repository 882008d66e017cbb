// Two columns of words and, for each chosen head, a line from every word to every word it looks at. After the head view of
// BertViz (Vig 2019), with a canvas for the lines and only what is in sight on it.
import {
  choosing,
  chosenUnit,
  followedCell,
  movingTo,
  readUnits,
  toggling,
  type Direction,
} from "../reading/focus.ts";
import { isLong, partOf } from "../runner/run_data.ts";
import { allOf, sharesOf, whenThere } from "../reading/shares.ts";
import { axesOf, nearestUnit, sideRead, sideShared, unitMatrix, type Axes } from "../reading/units.ts";
import { h } from "./dom.ts";
import { severalToggle } from "./several.ts";
import { headToggles } from "./head_toggles.ts";
import { fanOf, linesOf, thresholdOf } from "./lines.ts";
import { paintLines, type Layer } from "./lines_canvas.ts";
import { hiddenShare, say, spokenSummary } from "./spoken.ts";
import { isOtherText } from "./text_view.ts";
import type { MakeView } from "./view.ts";
import { ROW, wordColumn, type WordColumn } from "./word_column.ts";

/** Words that are looked from or at, for as long as the pointer is there or they are chosen. */
interface Focus {
  readonly direction: Direction;
  readonly read: readonly number[];
}

export const headsView: MakeView = (first, events) => {
  let scene = first;
  let axes: Axes;
  let columns: Record<Direction, WordColumn>;
  let threshold = 0;
  /** Of all words, of every head shown. */
  let all: Layer[] = [];
  /** What is on the canvas. */
  let layers: readonly Layer[] = [];
  let hovered: Focus | undefined;
  let asked = 0;
  let frame = 0;

  const toggles = headToggles(scene, events);
  const several = severalToggle(scene.strings.textView.several);
  const tools = h("div", { class: "tools" }, toggles.node, several.node);
  const canvas = h("canvas", { class: "lines-canvas", "aria-hidden": "true" });
  const middle = h("div", { class: "lines-place" }, canvas);
  const names = h("div", { class: "lines-names", "aria-hidden": "true" });
  const plate = h("div", { class: "lines-plate" });
  const scroller = h("div", { class: "lines-scroller" }, plate);
  const said = h("p", { class: "said", "aria-live": "polite" });
  const note = h("p", { class: "aside" });
  const node = h("div", { class: "heads-view" }, tools, names, scroller, said, note);

  const chosen = (): Focus => ({ direction: scene.state.direction, read: readUnits(scene, axes) });

  function build(): void {
    axes = axesOf(scene);
    hovered = undefined;
    const { headsView: words, parts } = scene.strings;
    const isCross = partOf(scene.run) === "cross";
    const { queries, keys } = words;
    const column = (direction: Direction, name: string): WordColumn =>
      wordColumn(sideRead(axes, direction).labels, name, {
        move: (unit) => events.change(movingTo(scene, axes, unit, direction)),
        choose: (unit) => events.change(choosing(scene, axes, unit, direction)),
        toggle: (unit) => events.change(toggling(scene, axes, unit, direction)),
        clear: () => events.change({ locked: [] }),
        isSeveral: several.isOn,
        hover(unit) {
          const next = unit === undefined ? undefined : { direction, read: [unit] };
          if (next?.direction === hovered?.direction && next?.read[0] === hovered?.read[0]) return;
          hovered = next;
          // Passing over words is not worth a spoken sentence each.
          said.ariaLive = "off";
          events.hover(unit === undefined ? undefined : movingTo(scene, axes, unit, direction).cell);
          drawFocus();
        },
      });
    columns = { from: column("from", queries), to: column("to", keys) };
    const shown = isCross ? parts.sides : words;
    names.replaceChildren(h("span", {}, shown.from), h("span", {}, shown.to));
    plate.style.height = `${longest() * ROW}px`;
    plate.replaceChildren(columns.from.node, middle, columns.to.node);
  }

  /** Words in the longer of the columns. */
  const longest = (): number => Math.max(axes.rows.shown.length, axes.cols.shown.length);

  /** All lines, by the heads and the units. */
  function gatherLines(): void {
    const { run, state } = scene;
    const m = axes.cols.shown.length;
    const matrices = isLong(run)
      ? []
      : state.heads.map((head) => unitMatrix(axes, run, "weights", state.layer, head));
    threshold = thresholdOf(matrices);
    all = matrices.map((matrix, k) => ({
      head: state.heads[k] ?? 0,
      lines: linesOf(matrix, m, threshold),
      isFaint: true,
    }));
  }

  /** What depends on the words in focus. */
  function drawFocus(): void {
    const { state, strings } = scene;
    const focus = hovered ?? chosen();
    const question = ++asked;
    const answers = state.heads.flatMap((head) =>
      focus.read.map((unit) =>
        sharesOf(scene, axes, { layer: state.layer, head, read: [unit], direction: focus.direction }),
      ),
    );
    const together = allOf(answers);
    if (together instanceof Promise) said.textContent = strings.reading.tooLong;
    whenThere(together, (shares) => {
      if (question === asked) showFocus(focus, shares);
    });
  }

  /** `fans`: of every head, of every word in focus. */
  function showFocus({ direction, read }: Focus, fans: readonly Float32Array[]): void {
    const { state, strings } = scene;
    const isAlone = hovered !== undefined || state.locked.length > 0;
    const fanLayers = state.heads.map((head, k) => ({
      head,
      lines: read.flatMap((unit, i) =>
        fanOf(fans[k * read.length + i] ?? new Float32Array(), unit, direction),
      ),
      isFaint: false,
    }));
    layers = [...(isAlone ? [] : all), ...fanLayers];
    const others = sideShared(axes, direction).shown.length;
    const shares = state.heads.map((head, k) => ({
      head,
      name: strings.reading.head(state.layer, head),
      values: together(fans.slice(k * read.length, (k + 1) * read.length), others, direction),
    }));
    const cell = followedCell(scene);
    const common = { locked: state.locked.length > 0, numbers: strings.numbers };
    const picked = chosen();
    for (const side of ["from", "to"] as const) {
      columns[side].mark({
        ...common,
        active: nearestUnit(sideRead(axes, side), side === "from" ? cell.row : cell.col),
        read: side === picked.direction ? picked.read : [],
        shares: side === direction ? [] : shares,
      });
    }
    say(
      said,
      shares.map(({ name, values }) => spokenSummary(strings, axes, values, read, direction, name)),
    );
    // While the pointer passes, what is below stays where it is.
    note.textContent = [
      isLong(scene.run)
        ? strings.headsView.onlyChosen
        : state.locked.length > 0
          ? strings.headsView.alone
          : threshold > 0
            ? strings.headsView.threshold(threshold)
            : strings.headsView.all,
      shares.length === 1 && shares[0] && hiddenShare(strings, axes, shares[0].values, direction),
    ]
      .filter(Boolean)
      .join(strings.reading.gap);
    paint();
  }

  function paint(): void {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const { scrollTop: top, clientHeight: height } = scroller;
      const isRightToLeft = getComputedStyle(plate).direction === "rtl";
      const tall = Math.min(height, longest() * ROW);
      columns.from.show(top, tall);
      columns.to.show(top, tall);
      canvas.style.height = `${tall}px`;
      const drawn = paintLines(canvas, layers, {
        width: middle.clientWidth,
        height: tall,
        top,
        row: ROW,
        isRightToLeft,
      });
      canvas.dataset["drawn"] = String(drawn);
    });
  }

  /** Brings the chosen word into sight, where it is not. */
  function reveal(unit = chosenUnit(scene, axes)): void {
    const top = unit * ROW;
    if (top < scroller.scrollTop || top + ROW > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = top - (scroller.clientHeight - ROW) / 2;
  }

  function update(isOther: boolean, isOtherHead: boolean): void {
    toggles.update(scene);
    if (isOther) build();
    if (isOther || isOtherHead) gatherLines();
    said.ariaLive = "polite";
    drawFocus();
    reveal();
  }

  const watch = new ResizeObserver(() => {
    reveal();
    paint();
  });
  watch.observe(scroller);
  scroller.addEventListener("scroll", paint, { passive: true });
  // The tab stop may lie out of sight.
  scroller.addEventListener("focusin", (event) => {
    const index = (event.target as HTMLElement).dataset["index"];
    if (index !== undefined) reveal(Number(index));
  });
  const theme = matchMedia("(prefers-color-scheme: dark)");
  theme.addEventListener("change", paint);
  update(true, true);
  return {
    node,
    update(next) {
      const before = scene;
      scene = next;
      const isOtherHead =
        before.state.layer !== next.state.layer || before.state.heads.join() !== next.state.heads.join();
      update(isOtherText(before, next), isOtherHead);
    },
    dispose() {
      asked++;
      cancelAnimationFrame(frame);
      watch.disconnect();
      theme.removeEventListener("change", paint);
    },
  };
};

/** Several words' shares as one: the mean of what they give, the sum of what they get. */
function together(fans: readonly Float32Array[], m: number, direction: Direction): Float32Array {
  const count = direction === "from" ? Math.max(1, fans.length) : 1;
  return Float32Array.from({ length: m }, (_, i) =>
    fans.reduce((sum, shares) => sum + (shares[i] ?? 0) / count, 0),
  );
}
