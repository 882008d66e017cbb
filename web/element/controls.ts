// The controls around a view: which model, layer, head, stage and view. Plain nodes, each made anew only when what it
// offers changes, so that the keyboard's place is kept.
import { choosing, choosingPart, followedCell, type Direction } from "../reading/focus.ts";
import { shortName } from "../runner/local.ts";
import { headMatrix, keysOf, MODELS, partOf, STAGES } from "../runner/run_data.ts";
import { COLOR_MAPS, PARTS, type Part, type ViewName } from "../state.ts";
import { isOff } from "../views/changed.ts";
import { choiceView } from "../views/choice.ts";
import { h } from "../views/dom.ts";
import { headButtons } from "../views/head_buttons.ts";
import { directionOf } from "../views/prose_pieces.ts";
import { sentenceView, type SentenceView } from "../views/sentence.ts";
import { stageFace } from "../views/stages.ts";
import { bringIn, fadeEdges } from "../views/scrolled.ts";
import { paintThumbnail } from "../views/thumbnail.ts";
import { sharesOf } from "../reading/shares.ts";
import { axesOf, keyLabelsOf } from "../reading/units.ts";
import { visible } from "../views/token_label.ts";
import { signsView } from "../views/signs.ts";
import { tokensView } from "../views/tokens_choice.ts";
import type { Scene, ViewEvents } from "../views/view.ts";
import type { ControlName } from "./settings.ts";

interface Control {
  readonly node: HTMLElement;
  /** `own`: the model that was set, which may be none of the bundled ones. */
  update(scene: Scene, own: string): void;
}

type MakeControl = (events: ViewEvents, views: readonly ViewName[]) => Control;

/** Tokens of a text whose room is kept: a longer one's would be a hole. */
const SENTENCE = 32;

/** Makes again only when one of `key` differs from before. */
function remade<Made extends { readonly node: Node }>(
  place: HTMLElement,
): (key: unknown[], make: () => Made) => Made {
  let before: unknown[] | undefined;
  let made: Made | undefined;
  return (key, make) => {
    if (!made || !before || key.some((part, i) => part !== before?.[i])) {
      made = make();
      before = key;
      place.replaceChildren(made.node);
    }
    return made;
  };
}

function isTyping(): boolean {
  return (
    document.activeElement?.matches(
      "textarea, input:not([type=radio], [type=checkbox]), [contenteditable]",
    ) ?? false
  );
}

export const MAKE_CONTROL: Readonly<Record<ControlName, MakeControl>> = {
  model: (events) => {
    const node = h("div", { class: "model-choice" });
    const made = remade<{ node: HTMLLabelElement; select: HTMLSelectElement }>(node);
    return {
      node,
      update({ state, strings }, own) {
        // A model from elsewhere stands beside the bundled ones, and can be gone back to.
        const names = [...new Set<string>([...MODELS, own])];
        const { select } = made([strings, names.join("\n")], () => {
          const select = h(
            "select",
            { on: { change: () => events.change({ model: select.value }) } },
            ...names.map((name) => h("option", { value: name }, visible(shortName(name)))),
          );
          const label = h("span", { class: "choice-label" }, strings.element.controls.model);
          return { node: h("label", { class: "model-choice" }, label, select), select };
        });
        select.value = state.model;
      },
    };
  },

  sentence: (events) => {
    const place = h("div");
    const signs = signsView();
    const node = h("div", {}, place, signs.node);
    const made = remade<{ node: HTMLElement; looking: SentenceView; lookedAt: SentenceView }>(place);
    let now: Scene | undefined;
    return {
      node,
      update(scene) {
        const { run, labels, state, strings } = scene;
        const { row, col } = followedCell(scene);
        const keyLabels = keyLabelsOf(scene);
        const m = keyLabels.length;
        // While somebody types a sentence it does not shrink, so that what is below stays under the pointer.
        const isSentence = now && now.run.tokens.length <= SENTENCE;
        if (now?.run !== run) node.style.minHeight = isSentence && isTyping() ? `${node.offsetHeight}px` : "";
        now = scene;
        const isCross = partOf(run) === "cross";
        const choose = (token: number, side: Direction): void => {
          if (!now) return;
          // Every token is a unit of its own here, whatever the view joins.
          const axes = axesOf({ ...now, state: { ...now.state, words: false, special: true } });
          events.change(choosing(now, axes, token, side));
        };
        const { looking, lookedAt } = made([run, strings], () => {
          const { numbers, parts, element } = strings;
          const asks = sentenceView(labels, {
            legend: isCross ? parts.sides.from : element.controls.sentence,
            ...{ numbers, direction: directionOf(run.text), selected: row },
            onChoose: (token) => choose(token, "from"),
          });
          if (!isCross) return { looking: asks, lookedAt: asks, node: asks.node };
          const answers = sentenceView(keyLabels, {
            legend: parts.sides.to,
            ...{ numbers, direction: directionOf(keysOf(run).text), selected: col },
            onChoose: (token) => choose(token, "to"),
          });
          const both = h("div", { class: "sides" }, asks.node, answers.node);
          return { looking: asks, lookedAt: answers, node: both };
        });
        const weights = headMatrix(run, "weights", state.layer, state.heads[0] ?? 0);
        signs.update(scene);
        if (isCross) looking.shade(row, new Float32Array());
        lookedAt.shade(isCross ? col : row, weights.subarray(row * m, (row + 1) * m));
      },
    };
  },

  attention: (events) => {
    const said = h("p", { class: "aside" });
    const place = h("div");
    const node = h("div", { class: "part-choice" }, place, said);
    const made = remade<ReturnType<typeof choiceView<Part>>>(place);
    let now: Scene;
    return {
      node,
      update(scene) {
        now = scene;
        const {
          run,
          strings: { parts },
        } = scene;
        const choice = made([parts], () =>
          choiceView(
            PARTS.map((part) => ({ value: part, label: parts.names[part] })),
            {
              legend: parts.legend,
              class: "segmented parts",
              selected: partOf(run),
              onChoose: (part) => events.change(choosingPart(now.state.whatIf, part)),
            },
          ),
        );
        choice.select(partOf(run));
        said.textContent = parts.explain[partOf(run)];
      },
    };
  },

  layer: (events) => {
    const node = h("div");
    const made = remade<ReturnType<typeof choiceView<number>>>(node);
    return {
      node,
      update({ run, state, strings }) {
        const choice = made([run.numLayers, strings], () =>
          choiceView(
            Array.from({ length: run.numLayers }, (_, layer) => ({
              value: layer,
              label: String(layer),
              name: strings.element.layer(layer),
            })),
            {
              legend: strings.element.controls.layer,
              about: strings.element.about.layer,
              class: "segmented",
              selected: state.layer,
              onChoose: (layer) => events.change({ layer }),
            },
          ),
        );
        choice.select(state.layer);
      },
    };
  },

  heads: (events) => {
    const node = h("div");
    const made = remade<ReturnType<typeof headButtons>>(node);
    return {
      node,
      update(scene) {
        const { run, state, strings } = scene;
        const { layer, stage } = state;
        const heads = made([run, layer, stage, state.map, strings], () => {
          // Token by token, whatever the view joins.
          const tokens = { ...scene, state: { ...state, words: false, special: true, renormalise: false } };
          const axes = axesOf(tokens);
          return headButtons(
            {
              layer,
              numHeads: run.numHeads,
              isOff: (head) => isOff(run.whatIf, layer, head),
              labels: keyLabelsOf(scene),
              paint: (canvas, head) => paintThumbnail(canvas, tokens, axes, { layer, head }, () => true),
              weights: (head, row) => sharesOf(tokens, axes, { layer, head, read: [row], direction: "from" }),
            },
            { strings, head: state.heads[0] ?? 0, onChoose: (head) => events.change({ heads: [head] }) },
          );
        });
        heads.select(state.heads[0] ?? 0);
        heads.look(followedCell(scene).row);
      },
    };
  },

  view: (events, views) => {
    const node = h("div", { hidden: views.length < 2 });
    const made = remade<ReturnType<typeof choiceView<ViewName>>>(node);
    /** For whom it was last brought into sight: who scrolls on is left alone. */
    let seen: HTMLElement | undefined;
    return {
      node,
      update({ state, strings }) {
        const choice = made([strings], () =>
          choiceView(
            views.map((view) => ({ value: view, label: strings.views.names[view] })),
            {
              legend: strings.element.controls.view,
              class: "segmented views",
              selected: state.view,
              onChoose: (view) => events.change({ view }),
            },
          ),
        );
        choice.select(state.view);
        const chosen = choice.node.querySelector("input:checked")?.parentElement;
        const strip = chosen?.parentElement;
        if (!strip || chosen === seen) return;
        if (!seen?.isConnected) fadeEdges(strip)();
        bringIn(strip, chosen.getBoundingClientRect());
        seen = chosen;
      },
    };
  },

  map: (events) => {
    const node = h("div", { class: "map-choice" });
    const made = remade<{ node: HTMLLabelElement; select: HTMLSelectElement }>(node);
    return {
      node,
      update({ state, strings }) {
        const { controls, maps } = strings.element;
        const { select } = made([strings], () => {
          const select = h(
            "select",
            { on: { change: () => events.change({ map: COLOR_MAPS[select.selectedIndex] ?? "cividis" }) } },
            ...COLOR_MAPS.map((name) => h("option", { value: name }, maps[name])),
          );
          const label = h("span", { class: "choice-label" }, controls.map);
          return { node: h("label", {}, label, select), select };
        });
        select.value = state.map;
      },
    };
  },

  tokens: (events) => tokensView(events),

  stage: (events) => {
    const node = h("div", { class: "stage" });
    const made = remade<ReturnType<typeof choiceView<(typeof STAGES)[number]>>>(node);
    return {
      node,
      update({ state, strings }) {
        const choice = made([strings], () =>
          choiceView(
            STAGES.map((stage) => ({
              value: stage,
              label: stageFace(strings.stages[stage]),
              name: strings.stages[stage].name,
            })),
            {
              legend: strings.element.controls.stage,
              class: "segmented stages",
              selected: state.stage,
              onChoose: (stage) => events.change({ stage }),
            },
          ),
        );
        choice.select(state.stage);
      },
    };
  },
};
