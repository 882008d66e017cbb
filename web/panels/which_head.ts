// Which head looks, and which head matters: two questions with two answers.
import {
  ALMOST_NOTHING,
  compareAt,
  lessonOf,
  weightsAt,
  type Comparison,
  type HeadEffect,
} from "./experiments.ts";
import { rankHeads } from "../heads/head_ranks.ts";
import { isLong } from "../runner/run_data.ts";
import { messageOf } from "../runner/runner.ts";
import { isAsTrained } from "../state.ts";
import type { Verdict } from "../strings/en/whatif.ts";
import { isOff } from "../views/changed.ts";
import { button, h, type Child } from "../views/dom.ts";
import { vocabularyLabel } from "../views/token_label.ts";
import { keyLabelsOf } from "../reading/units.ts";
import { eachHead } from "./each_head.ts";
import { toggled } from "./head_switches.ts";
import { panelNode, tableNode, tokenSelect, type MakePanel, type PanelScene } from "./panel.ts";

/** Heads of a ranking before all are asked for. */
const FEW = 4;

export const whichHeadPanel: MakePanel = (first, events) => {
  let scene = first;
  const each = eachHead();
  let [isAllRanked, isAllTried] = [false, false];
  const words = scene.strings.whatif.which;
  const from = tokenSelect(words.from, (row) => choose(row, scene.cell.col));
  const to = tokenSelect(words.to, (col) => choose(scene.cell.row, col));
  const ranking = h("div");
  const without = h("p", { class: "verdict without", role: "status" });
  const progress = h("p", { class: "aside", role: "status" });
  const found = h("div");
  const verdict = h("p", { class: "verdict", role: "status" });
  const sources = h("p", { class: "aside" });
  const start = button(words.tryEach, () => void tryAll());
  const { node, title } = panelNode(
    "which",
    h("div", { class: "pair" }, from.node, to.node),
    ranking,
    without,
    start,
    progress,
    verdict,
    found,
    sources,
  );
  title.textContent = words.title;

  const choose = (row: number, col: number): void =>
    events.change({ cell: { row, col }, direction: "from", locked: [] });
  const token = (spelt: string): string => vocabularyLabel(spelt, scene.trained.spelling).plain;

  async function tryAll(): Promise<void> {
    start.disabled = true;
    try {
      const isFollowed = await each.ask(scene, (done, of) => (progress.textContent = words.trying(done, of)));
      if (!isFollowed) return;
      progress.textContent = "";
      draw();
      // Both, where there is room for both; else what is read first.
      for (const one of [found.querySelector("button"), verdict]) one?.scrollIntoView({ block: "nearest" });
    } catch (error) {
      progress.textContent = scene.strings.whatif.failed(messageOf(error));
    }
    start.disabled = false;
  }

  /** Takes away what was told of another question. */
  function clear(): void {
    start.disabled = false;
    progress.textContent = verdict.textContent = "";
    found.replaceChildren();
    ranking.after(without);
  }

  /** Off, it is the only one: the tables say what each head does alone. */
  function switchButton(layer: number, head: number): HTMLElement {
    const { whatIf } = scene.state;
    const name = scene.strings.whatif.head(layer, head);
    const off = isOff(whatIf, layer, head);
    const ablated = off ? toggled(whatIf.ablated, layer, head) : ([[layer, head]] as const);
    const one = button(off ? words.turnOn(name) : words.turnOff(name), () =>
      events.change({ layer, heads: [head], whatIf: { ...whatIf, ablated } }),
    );
    one.dataset["head"] = name;
    return one;
  }

  /** The rest when asked for; a button between would lose the focus to a redrawn one. */
  function more(count: number, isAll: boolean, show: () => void): Child {
    if (isAll || count <= FEW) return undefined;
    return button(words.more(count), () => {
      show();
      draw();
    });
  }

  function draw(): void {
    const { trained, cell, labels, strings } = scene;
    const keyLabels = keyLabelsOf(scene);
    const { percent } = strings.whatif;
    const focused = document.activeElement;
    const table = [ranking, found].find((place) => place.contains(focused));
    const weights = weightsAt(trained, cell);
    const ranked = rankHeads(trained, "pair", weights);
    const [asks, answers] = [labels[cell.row]?.plain ?? "", keyLabels[cell.col]?.plain ?? ""];
    ranking.replaceChildren(
      tableNode(
        words.ranking(asks, answers),
        [words.headName, words.weight],
        ranked
          .slice(0, isAllRanked ? undefined : FEW)
          .map(({ layer, head, value }) => [switchButton(layer, head), percent(value ?? 0)]),
      ),
      ...[more(ranked.length, isAllRanked, () => (isAllRanked = true))].filter(
        (child) => child instanceof Node,
      ),
    );
    drawWithout(weights);
    // The order that it speaks of is that of the heads tried.
    sources.textContent = each.effects ? `${words.measure} ${words.sources}` : words.sources;
    if (each.effects) drawTried(each.effects, weights, ranked[0]);
    if (!table || !(focused instanceof HTMLElement)) return;
    // The button that was pressed has been made anew; who has scrolled away from it since stays where they are.
    const again = [...table.querySelectorAll("button")];
    const same = again.find((one) => one.dataset["head"] === focused.dataset["head"]) ?? again[0];
    same?.focus({ preventScroll: true });
  }

  function told(one: Pick<HeadEffect, "layer" | "head"> & Comparison, weights: Float32Array): Verdict {
    const { layer, head, distance, first: before, last } = one;
    return {
      name: scene.strings.whatif.head(layer, head),
      weight: weights[layer * scene.trained.numHeads + head] ?? 0,
      distance,
      first: token(before.token),
      before: before.before,
      after: before.after,
      last: token(last.token),
    };
  }

  /** What the one head that is off did: of several, or with more switched, nobody could say whose doing it is. */
  function drawWithout(weights: Float32Array): void {
    const { trained, changed, cell } = scene;
    const [only, ...others] = changed.whatIf.ablated;
    const isAlone = others.length === 0 && isAsTrained({ ...changed.whatIf, ablated: [] });
    const comparison = only && isAlone ? compareAt(trained, changed, cell.row) : undefined;
    without.textContent = "";
    if (!only || !comparison) return;
    const [layer, head] = only;
    const one = told({ layer, head, ...comparison }, weights);
    const looking = weights.filter(
      (weight, i) => weight > 0.5 && i !== layer * trained.numHeads + head,
    ).length;
    const lesson = lessonOf(one.weight, one.distance);
    const next = lesson === "needless" && !each.effects ? ` ${words.next}` : "";
    without.textContent = words.without(one, lesson, looking) + next;
  }

  function drawTried(
    effects: readonly HeadEffect[],
    weights: Float32Array,
    top: { readonly layer: number; readonly head: number } | undefined,
  ): void {
    const { trained, cell, labels, strings } = scene;
    const { percent } = strings.whatif;
    const weightOf = (layer: number, head: number): number => weights[layer * trained.numHeads + head] ?? 0;
    const rank = effects.findIndex(({ layer, head }) => layer === top?.layer && head === top.head);
    const [looks, most] = [effects[rank], effects[0]];
    // Below the buttons that change it: they must not move under the hand.
    found.after(without);
    verdict.textContent =
      looks && most
        ? words.verdict(
            told(looks, weights),
            told(most, weights),
            rank + 1,
            effects.length,
            looks.distance < ALMOST_NOTHING,
          )
        : "";
    found.replaceChildren(
      tableNode(
        words.effects(labels[cell.row]?.plain ?? ""),
        [words.headName, words.moved, words.answer, words.weight],
        effects
          .slice(0, isAllTried ? undefined : FEW)
          .map(({ layer, head, distance, last }) => [
            switchButton(layer, head),
            percent(distance),
            words.stays(token(last.token), last.after),
            percent(weightOf(layer, head)),
          ]),
      ),
      ...[more(effects.length, isAllTried, () => (isAllTried = true))].filter(
        (child) => child instanceof Node,
      ),
    );
  }

  function update(next: PanelScene): void {
    scene = next;
    const { trained, cell, labels } = scene;
    if (each.follow(scene)) clear();
    from.show(labels, cell.row);
    to.show(keyLabelsOf(scene), cell.col);
    start.hidden = isLong(trained) || compareAt(trained, trained, cell.row) === undefined;
    if (isLong(trained)) ranking.replaceChildren(h("p", { class: "aside" }, scene.strings.whatif.long));
    else draw();
  }

  update(first);
  return { node, update, dispose: each.stop };
};
