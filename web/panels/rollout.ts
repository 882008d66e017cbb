// Attention followed through all layers.
import { h } from "../views/dom.ts";
import { paintSmall } from "../views/heat_map.ts";
import { shareScale } from "../views/scale.ts";
import { labelNode, panelNode, tableNode, type MakePanel } from "./panel.ts";
import { smallMatrix } from "./small_matrix.ts";

/** Tokens whose names have room beside the picture, on a phone too. */
const MOST_NAMED = 40;
/** Cells a side that the picture can show. */
const FINEST = 96;
/** Tokens of the chosen row that are listed. */
const FEW = 6;

export const rolloutPanel: MakePanel = (first) => {
  const words = first.strings.whatif.rollout;
  const unnamed = h("canvas", { class: "cells", role: "img", "aria-label": words.picture });
  const picture = h("div");
  const legend = h("figcaption");
  const said = h("p", { class: "verdict" });
  const place = h("div");
  const { node, title } = panelNode(
    "rollout",
    h("p", { class: "aside" }, words.intro),
    said,
    h("div", { class: "rollout-body" }, h("figure", {}, picture, legend), place),
    h("p", { class: "aside" }, words.limits),
  );
  title.textContent = words.title;

  function update({ changed, cell, labels, state, strings }: typeof first): void {
    const n = changed.tokens.length;
    const { rollout } = changed;
    picture.replaceChildren();
    place.replaceChildren();
    if (rollout.length === 0) {
      said.textContent = strings.whatif.long;
      legend.textContent = "";
      return;
    }
    // Rollout spreads: on the scale of one head's weights it would all be dark.
    const most = rollout.reduce((a, b) => Math.max(a, b), 0);
    const scale = shareScale(state.map, most);
    const isNamed = n <= MOST_NAMED;
    const unsaid = isNamed ? "" : words.unnamed(n);
    legend.textContent = `${words.legend(strings.whatif.percent(most))} ${unsaid}`.trim();
    if (!isNamed) paintSmall(unnamed, rollout, [n, n], FINEST, scale);
    picture.append(
      isNamed ? smallMatrix({ values: rollout, labels, row: cell.row, scale, name: words.picture }) : unnamed,
    );
    const row = rollout.subarray(cell.row * n, (cell.row + 1) * n);
    const order = [...row.keys()].sort((i, j) => (row[j] ?? 0) - (row[i] ?? 0));
    const other = order.find((i) => i !== cell.row) ?? cell.row;
    const word = labels[cell.row]?.plain ?? "";
    said.textContent = words.said(word, row[cell.row] ?? 0, labels[other]?.plain ?? "", row[other] ?? 0);
    place.replaceChildren(
      tableNode(
        words.caption(word),
        [words.token, words.share],
        order.slice(0, FEW).map((i) => [labelNode(labels[i]), strings.whatif.percent(row[i] ?? 0)]),
      ),
    );
  }

  update(first);
  return { node, update, dispose: () => {} };
};
