// Which head looks, and which head matters: two questions with two answers.
import { ALMOST_NOTHING, compareAt, tryEachHead, weightsAt, type HeadEffect } from "../experiments.ts";
import { rankHeads } from "../head_ranks.ts";
import { isLong, type RunData } from "../runner/run_data.ts";
import { messageOf } from "../runner/runner.ts";
import type { Verdict } from "../strings/en/whatif.ts";
import { h, type Child } from "../views/dom.ts";
import { vocabularyLabel } from "../views/token_label.ts";
import { isOff, toggled } from "./head_switches.ts";
import { button, panelNode, tableNode, tokenSelect, type MakePanel, type PanelScene } from "./panel.ts";

/** Heads of a ranking before all are asked for. */
const FEW = 6;

export const whichHeadPanel: MakePanel = (first, events) => {
  let scene = first;
  let stop: AbortController | undefined;
  let tried: { readonly run: RunData; readonly row: number; readonly effects: HeadEffect[] } | undefined;
  let [isAllRanked, isAllTried] = [false, false];
  const words = scene.strings.whatif.which;
  const from = tokenSelect(words.from, (row) => choose(row, scene.cell.col));
  const to = tokenSelect(words.to, (col) => choose(scene.cell.row, col));
  const ranking = h("div");
  const progress = h("p", { class: "aside", role: "status" });
  const found = h("div");
  const verdict = h("p", { class: "verdict", role: "status" });
  const start = button(words.tryEach, () => void tryAll());
  const { node, title } = panelNode(
    "which",
    h("div", { class: "pair" }, from.node, to.node),
    h(
      "div",
      { class: "which-body" },
      ranking,
      h("div", {}, start, progress, verdict, found, h("p", { class: "aside" }, words.measure)),
    ),
    h("p", { class: "aside" }, words.sources),
  );
  title.textContent = words.title;

  const choose = (row: number, col: number): void =>
    events.change({ cell: { row, col }, direction: "from", locked: [] });
  const token = (spelt: string): string => vocabularyLabel(spelt, scene.trained.spelling).plain;

  async function tryAll(): Promise<void> {
    stop?.abort();
    const mine = (stop = new AbortController());
    const { ask, cell, trained } = scene;
    start.disabled = true;
    try {
      const effects = await tryEachHead(ask, requestOf(scene), {
        position: cell.row,
        signal: mine.signal,
        onProgress: (done, of) => (progress.textContent = words.trying(done, of)),
      });
      if (mine.signal.aborted) return;
      tried = { run: trained, row: cell.row, effects };
      progress.textContent = "";
      draw();
    } catch (error) {
      if (!mine.signal.aborted) progress.textContent = scene.strings.whatif.failed(messageOf(error));
    } finally {
      if (stop === mine) start.disabled = false;
    }
  }

  /** What was chosen or typed since is another question. */
  function forget(): void {
    stop?.abort();
    stop = undefined;
    tried = undefined;
    start.disabled = false;
    progress.textContent = verdict.textContent = "";
    found.replaceChildren();
  }

  function switchButton(layer: number, head: number): HTMLElement {
    const { whatIf } = scene.state;
    const name = scene.strings.whatif.head(layer, head);
    return button(isOff(whatIf.ablated, layer, head) ? words.turnOn(name) : words.turnOff(name), () =>
      events.change({
        layer,
        heads: [head],
        whatIf: { ...whatIf, ablated: toggled(whatIf.ablated, layer, head) },
      }),
    );
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
    const { percent } = strings.whatif;
    const focused = node.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
    const weights = weightsAt(trained, cell);
    const ranked = rankHeads(trained, "pair", weights);
    const word = (at: number): string => labels[at]?.plain ?? "";
    ranking.replaceChildren(
      tableNode(
        words.ranking(word(cell.row), word(cell.col)),
        [words.headName, words.weight],
        ranked
          .slice(0, isAllRanked ? undefined : FEW)
          .map(({ layer, head, value }) => [switchButton(layer, head), percent(value ?? 0)]),
      ),
      ...[more(ranked.length, isAllRanked, () => (isAllRanked = true))].filter(
        (child) => child instanceof Node,
      ),
    );
    if (tried) drawTried(tried.effects, weights, ranked[0]);
    if (!focused) return;
    // The button that was pressed has another name now, and another place may say the same.
    const again = [...node.querySelectorAll("button")];
    const names = focused.split(" ");
    const same = again.find((one) => one.textContent === focused);
    (
      same ??
      again.find((one) => names.some((name) => /^L\d/.test(name) && one.textContent.includes(`${name} `)))
    )?.focus();
  }

  function drawTried(
    effects: readonly HeadEffect[],
    weights: Float32Array,
    top: { readonly layer: number; readonly head: number } | undefined,
  ): void {
    const { trained, cell, labels, strings } = scene;
    const { head: nameOf, percent } = strings.whatif;
    const weightOf = (layer: number, head: number): number => weights[layer * trained.numHeads + head] ?? 0;
    const told = ({ layer, head, distance, first: before, last }: HeadEffect): Verdict => ({
      name: nameOf(layer, head),
      weight: weightOf(layer, head),
      distance,
      first: token(before.token),
      before: before.before,
      after: before.after,
      last: token(last.token),
    });
    const rank = effects.findIndex(({ layer, head }) => layer === top?.layer && head === top.head);
    const [looks, most] = [effects[rank], effects[0]];
    verdict.textContent =
      looks && most
        ? words.verdict(told(looks), told(most), rank + 1, effects.length, looks.distance < ALMOST_NOTHING)
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
    if (
      tried &&
      (tried.run.text !== trained.text || tried.run.model !== trained.model || tried.row !== cell.row)
    )
      forget();
    from.show(labels, cell.row);
    to.show(labels, cell.col);
    start.hidden = isLong(trained) || compareAt(trained, trained, cell.row) === undefined;
    if (isLong(trained)) ranking.replaceChildren(h("p", { class: "aside" }, scene.strings.whatif.long));
    else draw();
  }

  update(first);
  return { node, update, dispose: () => stop?.abort() };
};

function requestOf({ state, trained }: PanelScene) {
  const { text, pair } = trained;
  return { model: state.model, text, pair, whatIf: trained.whatIf };
}
