// For the chosen words: whom they look at and who looks at them, in order, for one head or several side by side.
import { chosenUnit, followedCell, readUnits, type Direction } from "../reading/focus.ts";
import { partOf } from "../runner/run_data.ts";
import { allOf, sharesOf, whenThere } from "../reading/shares.ts";
import { axesOf, sideRead, sideShared, tokenOf, type Axes } from "../reading/units.ts";
import { button, focusedIn, h } from "./dom.ts";
import { hueStyle, strokeNode } from "./head_hues.ts";
import { headToggles } from "./head_toggles.ts";
import { headNodes } from "./off_mark.ts";
import { rankingView, ranked } from "./ranking.ts";
import { severalToggle } from "./several.ts";
import { hiddenShare, say, spokenSummary } from "./spoken.ts";
import { isOtherText } from "./text_view.ts";
import { textsView, type Texts } from "./texts.ts";
import type { MakeView, Scene } from "./view.ts";

/** Words in a list, before and after all are asked for: beyond the second, a list is no longer read. */
const FEW = 8;
const MANY = 200;

/** Both; but where one text looks at another, a word of either only looks, or is only looked at. */
export function directionsOf({ run, state }: Scene): readonly Direction[] {
  return partOf(run) === "cross" ? [state.direction] : ["from", "to"];
}

export const rowsView: MakeView = (first, events) => {
  let scene = first;
  let axes: Axes;
  let texts: Texts;
  let asked = 0;
  let most = FEW;

  const toggles = headToggles(scene, events);
  const several = severalToggle(scene.strings.textView.several);
  const tools = h("div", { class: "tools" }, toggles.node, several.node);
  const place = h("div");
  const said = h("p", { class: "said", "aria-live": "polite" });
  const lists = h("div", { class: "rankings" });
  const more = button("", showMore);
  const node = h("div", { class: "rows-view" }, place, said, tools, lists, more);

  function showMore(): void {
    most = most === FEW ? MANY : FEW;
    draw();
    more.focus();
  }

  function build(): void {
    axes = axesOf(scene);
    texts = textsView(() => scene, axes, events, {
      clear: () => events.change({ locked: [] }),
      isSeveral: several.isOn,
    });
    place.replaceChildren(texts.node);
  }

  function draw(): void {
    const { state, strings } = scene;
    const read = readUnits(scene, axes);
    const directions = directionsOf(scene);
    const count = Math.max(...directions.map((direction) => sideShared(axes, direction).shown.length));
    const question = ++asked;
    toggles.update(scene);
    more.hidden = count <= FEW;
    more.textContent =
      most === FEW ? strings.rowsView.more(Math.min(count, MANY) - FEW) : strings.rowsView.less;
    const answers = state.heads.flatMap((head) =>
      directions.map((direction) => sharesOf(scene, axes, { layer: state.layer, head, read, direction })),
    );
    const together = allOf(answers);
    if (together instanceof Promise) said.textContent = strings.reading.tooLong;
    whenThere(together, (shares) => {
      if (question === asked) show(shares, read);
    });
  }

  function show(all: readonly Float32Array[], read: readonly number[]): void {
    const { state, strings } = scene;
    const { reading } = strings;
    const directions = directionsOf(scene);
    const sharesAt = (i: number, direction: Direction): Float32Array =>
      all[directions.length * i + directions.indexOf(direction)] ?? new Float32Array();
    texts.mark(scene, axes, read, sharesAt(0, state.direction));
    const spoken = state.heads.map((head, i) =>
      spokenSummary(
        strings,
        axes,
        sharesAt(i, state.direction),
        read,
        state.direction,
        reading.head(state.layer, head),
      ),
    );
    say(said, spoken);
    const focused = focusedPlace(lists);
    lists.replaceChildren(
      ...state.heads.map((head, i) =>
        h(
          "section",
          { class: "head-ranking", style: hueStyle(head), "aria-label": reading.head(state.layer, head) },
          h("h3", {}, strokeNode(head), ...headNodes(scene, head)),
          ...directions.map((direction) => list(head, direction, sharesAt(i, direction), read)),
        ),
      ),
    );
    if (!focused) return;
    const again = lists.querySelectorAll(".ranking")[focused.list];
    const option = again?.querySelectorAll<HTMLElement>("[role=option]")[focused.option];
    option?.focus({ preventScroll: true });
  }

  function list(
    head: number,
    direction: Direction,
    shares: Float32Array,
    read: readonly number[],
  ): HTMLElement {
    const { state, strings } = scene;
    const [own, others] = [sideRead(axes, state.direction), sideShared(axes, direction)];
    const words = strings.reading.list(read.map((unit) => own.labels[unit]?.plain ?? ""));
    const titles = strings.rowsView;
    const title =
      direction === "to" ? titles.to(words) : (read.length === 1 ? titles.from : titles.fromTogether)(words);
    const cell = followedCell(scene);
    const end = state.direction === direction ? (direction === "from" ? cell.col : cell.row) : -1;
    const followed = end < 0 ? -1 : (others.ofToken[end] ?? -1);
    const cellOf = (unit: number) => {
      const [here, there] = [tokenOf(own, chosenUnit(scene, axes)), tokenOf(others, unit)];
      return direction === "from" ? { row: here, col: there } : { row: there, col: here };
    };
    const left = ranked(shares).slice(most);
    const rest = left.reduce((sum, unit) => sum + (shares[unit] ?? 0), 0);
    return h(
      "div",
      { class: "ranking-place" },
      h("p", { class: "ranking-title" }, title),
      rankingView(
        {
          labels: others.labels,
          shares,
          most,
          followed,
          name: titles.list(title, strings.reading.head(state.layer, head)),
          numbers: strings.numbers,
        },
        {
          choose: (unit) => events.change({ direction, cell: cellOf(unit) }),
          hover: (unit) => events.hover(unit === undefined ? undefined : cellOf(unit)),
        },
      ),
      direction === "from" &&
        left.length > 0 &&
        h("p", { class: "aside" }, titles.rest(left.length, strings.reading.percent(rest))),
      h("p", { class: "aside" }, hiddenShare(strings, axes, shares, direction)),
    );
  }

  build();
  draw();
  return {
    node,
    update(next) {
      const isOther = isOtherText(scene, next);
      scene = next;
      if (isOther) build();
      draw();
    },
    dispose: () => void asked++,
  };
};

/** Which option of which list has the focus, so that the one drawn in its place gets it. */
function focusedPlace(lists: HTMLElement): { list: number; option: number } | undefined {
  const active = focusedIn(lists);
  const all = [...lists.querySelectorAll(".ranking")];
  const list = all.findIndex((element) => element.contains(active));
  const option = Number((active as HTMLElement | null)?.dataset["index"] ?? NaN);
  return list < 0 || Number.isNaN(option) ? undefined : { list, option };
}
