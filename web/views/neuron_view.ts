// Query times key, number by number: the chosen pair, and the chosen query against every key. After BertViz's neuron view
// (Vig 2019), with the scale and the mask.
import { headVectors } from "../runner/run_data.ts";
import type { Cell } from "../state.ts";
import { keyLabelsOf } from "../reading/units.ts";
import { button, h } from "./dom.ts";
import { keyTable } from "./neuron/key_table.ts";
import { pairGrid } from "./neuron/pair_grid.ts";
import { scaleOf } from "./scale.ts";
import { colorKey } from "./steps/color_key.ts";
import { factsOf, hidesNothing, strongest, type Facts } from "./steps/facts.ts";
import { decimals } from "./steps/reckoning.ts";
import { sayStep } from "./steps/said.ts";
import { tokenChooser } from "./steps/token_chooser.ts";
import { byPointer } from "./several.ts";
import { typeset } from "./steps/typeset.ts";
import type { MakeView, Scene } from "./view.ts";

/** Rows of the table; of a longer text those with the most attention. */
const MOST = 64;

export const neuronView: MakeView = (first, events) => {
  let scene = first;
  let isSorted = false;
  let isRanked = false;
  const follow = (cell: Partial<Cell>): void =>
    events.change({ cell: { ...factsOf(scene).cell, ...cell }, locked: [] });
  const queries = tokenChooser((row) => follow({ row }));
  const keys = tokenChooser((col) => follow({ col }));
  const legend = h("legend");
  const title = h("h3");
  const read = h("output", { class: "pair-read" });
  const grid = pairGrid((text) => (read.textContent = text));
  const colors = colorKey();
  const said = h("p", { class: "said", "aria-live": "polite" });
  const reckoning = h("p", { class: "reckoning", dir: "ltr" });
  const table = keyTable((col) => follow({ col }));
  const against = h("h3");
  const few = h("p", { class: "aside" });
  const sort = button("", () => {
    isSorted = !isSorted;
    draw();
  });
  const rank = button("", () => {
    isRanked = !isRanked;
    draw();
  });
  const node = h(
    "div",
    { class: "neuron-view" },
    h("fieldset", { class: "followed" }, legend, queries.node, keys.node),
    h("div", { class: "neuron-head" }, title, sort),
    grid.node,
    read,
    colors.node,
    said,
    reckoning,
    h("div", { class: "neuron-head" }, against, rank),
    few,
    table.node,
  );

  function draw(): void {
    const facts = factsOf(scene);
    const { neuronView: strings, reading, numbers } = scene.strings;
    const { local } = numbers;
    const { row, col } = facts.cell;
    const query = facts.vector("query", row);
    const key = facts.vector("key", col);
    const products = query.map((value, d) => value * (key[d] ?? 0));
    const order = channels(products, isSorted);
    const keyLabels = keyLabelsOf(scene);
    const [asks, answers] = [scene.labels[row]?.plain ?? "", keyLabels[col]?.plain ?? ""];

    legend.textContent = strings.follow;
    queries.update(strings.query, scene.labels, row);
    keys.update(strings.key, keyLabels, col);
    title.textContent = strings.pair(asks, answers);
    press(sort, strings.sort, isSorted);
    press(rank, strings.byWeight, isRanked);
    const rows = [strings.rows.query, strings.rows.key, strings.rows.product];
    grid.show({ name: strings.pair(asks, answers), rows, query, key, order, say: strings.cell, numbers });
    colors.show(scene, strings.colors);
    const best = strongest(products);
    read.textContent = byPointer(strings.howTo);
    const share = reading.percent(facts.at("weights"));
    said.textContent = [
      strings.said(
        asks,
        answers,
        local(decimals(facts.at("products"), 2)),
        local(decimals(facts.at("maskedScores"), 2)),
        share,
        !hidesNothing(scene),
      ),
      strings.most(best, local(decimals(products[best] ?? 0, 2))),
    ].join(" ");
    const lines = (["products", "scores", "softmax"] as const).flatMap((step) =>
      sayStep(step, scene, facts).reckoning.slice(0, 1),
    );
    reckoning.replaceChildren(...lines.map(typeset));
    drawTable(facts, query, order);
  }

  function drawTable(facts: Facts, query: Float32Array, order: readonly number[]): void {
    const { neuronView: strings } = scene.strings;
    const { cell, m, layer, head } = facts;
    const [sums, scores, weights] = [facts.row("products"), facts.row("maskedScores"), facts.row("weights")];
    const tokens = shownTokens(weights, cell.col, isRanked);
    const rows = tokens.map((token) => {
      const key = facts.vector("key", token);
      return {
        ...{ token, label: keyLabelsOf(scene)[token] },
        key: Float32Array.from(order, (d) => key[d] ?? 0),
        products: Float32Array.from(order, (d) => (query[d] ?? 0) * (key[d] ?? 0)),
        ...{ sum: sums[token] ?? 0, score: scores[token] ?? 0, weight: weights[token] ?? 0 },
      };
    });
    against.textContent = strings.all(scene.labels[cell.row]?.plain ?? "");
    few.textContent = tokens.length < m ? strings.few(tokens.length, m) : "";
    const { token, key, product, sum, score, weight } = strings.columns;
    table.show({
      name: against.textContent,
      columns: [token, key, product, sum, score, weight],
      ...{ rows, chosen: cell.col, numbers: scene.strings.numbers },
      keyScale: scaleOf("scores", headVectors(scene.run, "key", layer, head)),
      productScale: scaleOf("scores", Float32Array.of(...rows.flatMap((row) => [...row.products]))),
    });
  }

  function update(next: Scene): void {
    scene = next;
    draw();
  }

  draw();
  return { node, update, dispose: () => {} };
};

/** Channels as they come, or the one that adds most first. */
function channels(products: Float32Array, isSorted: boolean): number[] {
  const all = [...products.keys()];
  return isSorted ? all.sort((a, b) => (products[b] ?? 0) - (products[a] ?? 0)) : all;
}

/** The keys that the table shows. */
export function shownTokens(weights: Float32Array, chosen: number, isRanked: boolean): number[] {
  const ranked = [...weights.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  const most = ranked.slice(0, MOST);
  if (!most.includes(chosen)) most.splice(-1, 1, chosen);
  return isRanked ? most : most.sort((a, b) => a - b);
}

function press(toggle: HTMLButtonElement, text: string, isPressed: boolean): void {
  toggle.textContent = text;
  toggle.ariaPressed = String(isPressed);
}
