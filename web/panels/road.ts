// How far it is from one word to another, for an RNN and for attention.
import { KERNEL, roads } from "./roads.ts";
import { h } from "../views/dom.ts";
import { panelNode, tableNode, tokenSelect, type MakePanel } from "./panel.ts";

export const roadPanel: MakePanel = (first, events) => {
  let scene = first;
  const words = scene.strings.whatif.road;
  const choose = (row: number, col: number): void =>
    events.change({ cell: { row, col }, direction: "from", locked: [] });
  const from = tokenSelect(words.from, (col) => choose(scene.cell.row, col));
  const to = tokenSelect(words.to, (row) => choose(row, scene.cell.col));
  const said = h("p", { class: "verdict", role: "status" });
  const track = h("div", { class: "track", "aria-hidden": "true" });
  const more = h("p", { class: "aside" });
  const place = h("div");
  const { node, title } = panelNode(
    "road",
    h("div", { class: "pair" }, from.node, to.node),
    said,
    more,
    track,
    place,
    h("p", { class: "aside" }, words.orders),
  );
  title.textContent = words.title;

  function update(next: typeof first): void {
    scene = next;
    const { changed, labels, cell } = scene;
    const n = changed.tokens.length;
    const d = changed.modelDim;
    // The word that looks is the one that hears.
    const [start, end] = [cell.col, cell.row];
    const steps = Math.abs(end - start);
    from.show(labels, start);
    to.show(labels, end);
    said.textContent = words.said(labels[start]?.plain ?? "", labels[end]?.plain ?? "", steps, n);
    const isBackwards = end < start;
    more.textContent = isBackwards ? words.backwards + (changed.isCausal ? ` ${words.masked}` : "") : "";
    track.replaceChildren(
      ...labels.map((_, i) =>
        h("span", {
          class:
            i === start || i === end
              ? "stop end"
              : i > Math.min(start, end) && i < Math.max(start, end)
                ? "stop"
                : "stop off",
        }),
      ),
    );
    place.replaceChildren(
      tableNode(
        words.caption(n, d, KERNEL),
        [words.kind, words.operations, words.sequential, words.longest],
        roads(n, d).map(({ kind, operations, sequential, longest }) => [
          words.kinds[kind],
          ...[operations, sequential, longest].map((value, i) =>
            h(
              "span",
              { class: "growth" },
              h("i", {}, words.formulas[kind][i] ?? ""),
              ` ${words.value(value)}`,
            ),
          ),
        ]),
      ),
    );
  }

  update(first);
  return { node, update, dispose: () => {} };
};
