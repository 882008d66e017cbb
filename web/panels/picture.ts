// The head that is looked at, small, as trained and with the switches: what a switch does to it is seen beside the switch.
import { compareAt, lessonOf, weightsAt } from "./experiments.ts";
import { headMatrix, isLong, keysOf, type RunData } from "../runner/run_data.ts";
import { strongest } from "../reading/selection.ts";
import { AS_TRAINED, isAsTrained } from "../state.ts";
import { keyLabelsOf } from "../reading/units.ts";
import { isOff } from "../views/changed.ts";
import { button, h } from "../views/dom.ts";
import { paintSmall } from "../views/heat_map.ts";
import { vocabularyLabel } from "../views/token_label.ts";
import { shareScale } from "../views/scale.ts";
import { panelNode, type MakePanel, type PanelScene } from "./panel.ts";

/** Cells a side that the picture can show. */
const FINEST = 96;

export const picturePanel: MakePanel = (first, events) => {
  const words = first.strings.whatif.picture;
  const [trainedPicture, changedPicture] = [smallPicture(words.before), smallPicture(words.after)];
  const said = h("p", { class: "verdict", role: "status" });
  // What is said at length elsewhere, for where that is out of sight: see the style sheet.
  const outcome = h("p", { class: "verdict outcome", "aria-hidden": "true" });
  const reset = button(words.reset, () => events.change({ whatIf: AS_TRAINED }));
  const { node, title } = panelNode(
    "picture",
    h("div", { class: "small-pictures" }, trainedPicture.node, changedPicture.node),
    h("div", { class: "small-said" }, said, outcome, reset),
  );

  function update(scene: typeof first): void {
    const { trained, changed, cell, state, labels, strings } = scene;
    const [layer, head = 0] = [state.layer, ...state.heads];
    const name = strings.whatif.head(layer, head);
    title.textContent = words.title(name);
    reset.disabled = changed === trained;
    node.hidden = isLong(trained);
    if (isLong(trained)) return;
    const keys = keyLabelsOf(scene);
    const looks = [trained, changed].map((run) => {
      const m = keysOf(run).tokens.length;
      const weights = headMatrix(run, "weights", layer, head);
      const at = strongest(weights, cell.row, m);
      return { at, word: keys[at]?.plain ?? "", share: weights[cell.row * m + at] ?? 0 };
    });
    const off = isOff(state.whatIf, layer, head);
    const scale = shareScale(state.map);
    const show = (picture: typeof trainedPicture, run: RunData, at = 0): void =>
      picture.show(run, { layer, head, row: cell.row, col: at, scale });
    show(trainedPicture, trained, looks[0]?.at);
    show(changedPicture, changed, looks[1]?.at);
    changedPicture.node.classList.toggle("off", off);
    outcome.textContent = outcomeOf(scene);
    const [before, after] = looks;
    const asks = labels[cell.row]?.plain ?? "";
    if (before && after)
      said.textContent =
        changed === trained
          ? words.same(asks, before)
          : `${words.said(asks, before, after)}${off ? ` ${words.off(name)}` : ""}`;
  }

  update(first);
  return { node, update, dispose: () => {} };
};

/** What the switches did to the prediction; "" where nothing is switched. */
function outcomeOf({ trained, changed, cell, strings }: PanelScene): string {
  const comparison = changed === trained ? undefined : compareAt(trained, changed, cell.row);
  if (!comparison) return "";
  const words = strings.whatif.picture;
  const { first, last } = comparison;
  const name = (token: string): string => vocabularyLabel(token, trained.spelling).plain;
  const fact = words.outcome(name(first.token), first.before, first.after, name(last.token));
  // Only of one head and nothing else can it be told whose doing it is.
  const [only, ...others] = changed.whatIf.ablated;
  if (!only || others.length > 0 || !isAsTrained({ ...changed.whatIf, ablated: [] })) return fact;
  const weight = weightsAt(trained, cell)[only[0] * trained.numHeads + only[1]] ?? 0;
  return lessonOf(weight, comparison.distance) === "none" ? fact : `${fact} ${words.notWhy}`;
}

interface Shown {
  readonly layer: number;
  readonly head: number;
  readonly row: number;
  readonly col: number;
  readonly scale: ReturnType<typeof shareScale>;
}

/** A head's weights with the chosen row and its brightest cell framed. */
function smallPicture(name: string): { node: HTMLElement; show(run: RunData, shown: Shown): void } {
  const canvas = h("canvas", { class: "cells", role: "img", "aria-label": name });
  const [rowFrame, cellFrame] = [h("i", { class: "small-row" }), h("i", { class: "small-cell" })];
  const plate = h("div", { class: "small-plate", dir: "ltr" }, canvas, rowFrame, cellFrame);
  return {
    node: h("figure", {}, plate, h("figcaption", {}, name)),
    show(run, { layer, head, row, col, scale }) {
      const [n, m] = [run.tokens.length, keysOf(run).tokens.length];
      paintSmall(canvas, headMatrix(run, "weights", layer, head), [n, m], FINEST, scale);
      plate.style.setProperty("--row", String(row / n));
      plate.style.setProperty("--col", String(col / m));
      plate.style.setProperty("--high", String(1 / n));
      plate.style.setProperty("--wide", String(1 / m));
    },
  };
}
