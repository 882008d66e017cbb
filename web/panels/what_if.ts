// All panels of "What if?", and the two runs that they are drawn of: as trained, and with the switches.
import { labelsOf, type Labels } from "../views/token_label.ts";
import { followedCell } from "../reading/focus.ts";
import { messageOf, type Runner } from "../runner/runner.ts";
import { partOf, type RunData } from "../runner/run_data.ts";
import { AS_TRAINED, isAsTrained, type ViewState } from "../state.ts";
import type { PageStrings } from "../strings/page.ts";
import { h } from "../views/dom.ts";
import { changePanel } from "./change.ts";
import { differing } from "./differing.ts";
import { headSwitchesPanel } from "./head_switches.ts";
import type { MakePanel, Panel, PanelEvents, PanelScene } from "./panel.ts";
import { picturePanel } from "./picture.ts";
import { roadPanel } from "./road.ts";
import { rolloutPanel } from "./rollout.ts";
import { shufflePanel } from "./shuffle.ts";
import { switchesPanel } from "./switches.ts";
import { twoSentencesPanel } from "./two_sentences.ts";
import { whichHeadPanel } from "./which_head.ts";
import { wordPanel } from "./word.ts";

/** What is switched, and beside it what that does. */
const SWITCHES: readonly MakePanel[] = [whichHeadPanel, headSwitchesPanel, switchesPanel, wordPanel];
const EFFECTS: readonly MakePanel[] = [picturePanel, changePanel];

/**
 * What else there is to try, each folded until it is asked for: of one text that looks at itself, and of all that a layer makes
 * of it. What a decoder looks at is two texts.
 */
const EXPERIMENTS = {
  shuffle: shufflePanel,
  two: twoSentencesPanel,
  road: roadPanel,
  rollout: rolloutPanel,
} as const;
type Experiment = keyof typeof EXPERIMENTS;

export interface WhatIfHost extends PanelEvents {
  readonly runner: Pick<Runner, "run">;
  readonly strings: PageStrings;
  /** What is shown now; its model is loaded. */
  state(): ViewState;
}

export interface WhatIfPanels {
  readonly node: HTMLElement;
  /** Draws the host's state; runs the model only where text, model, switches or chosen word are others than before. */
  update(): Promise<void>;
  /** Scrolls to them, and puts the keyboard there. */
  enter(): void;
  dispose(): void;
}

interface Runs extends Labels {
  readonly trained: RunData;
  readonly changed: RunData;
}

export function whatIfPanels(host: WhatIfHost): WhatIfPanels {
  const words = host.strings.whatif;
  const status = h("p", { class: "aside", role: "status" });
  const [switches, effects] = [h("div", { class: "whatif-group" }), h("div", { class: "whatif-effects" })];
  const experiments = h("div", { class: "whatif-more" });
  const place = h("div", {}, h("div", { class: "whatif-panels" }, switches, effects), experiments);
  const onlyOne = h("p", { class: "aside", hidden: true }, words.onlyOneText);
  const heading = h("h2", { id: "whatif-title", tabindex: -1 }, words.title);
  const node = h(
    "section",
    { class: "whatif", "aria-labelledby": "whatif-title" },
    heading,
    h("p", { class: "whatif-intro" }, words.intro),
    status,
    place,
    onlyOne,
  );
  /** Drawn whenever something changes. */
  let panels: Panel[] = [];
  const folds = (Object.keys(EXPERIMENTS) as Experiment[]).map(fold);
  experiments.append(...folds.map((one) => one.node));
  let runs: Runs | undefined;
  const both = differing((state: ViewState) => runBoth(host.runner, state), keyOf);

  function sceneOf(of: Runs): PanelScene {
    const { trained } = of;
    const shown = host.state();
    const state = {
      ...shown,
      layer: Math.min(shown.layer, trained.numLayers - 1),
      heads: shown.heads.filter((head) => head < trained.numHeads),
    };
    return {
      ...of,
      state,
      strings: host.strings,
      cell: followedCell({ run: trained, state }),
      ask: (request) => host.runner.run(request),
    };
  }

  function draw(): void {
    if (!runs) return;
    const scene = sceneOf(runs);
    const isOne = partOf(scene.trained) === "encoder";
    onlyOne.hidden = isOne;
    experiments.hidden = !isOne;
    if (panels.length === 0) {
      const make = (one: MakePanel): Panel => one(scene, host);
      const [left, right] = [SWITCHES.map(make), EFFECTS.map(make)];
      switches.append(...left.map((panel) => panel.node));
      effects.append(...right.map((panel) => panel.node));
      panels = [...left, ...right];
    } else for (const panel of panels) panel.update(scene);
    if (isOne) for (const one of folds) one.draw(scene);
  }

  /** Its panel is made when it is first opened, and follows while it is open. */
  function fold(name: Experiment): { node: HTMLElement; draw(scene: PanelScene): void; dispose(): void } {
    let panel: Panel | undefined;
    const details = h(
      "details",
      { class: "fold", on: { toggle: draw } },
      h(
        "summary",
        {},
        h("h3", { id: `whatif-${name}` }, words[name].title),
        h("span", { class: "aside" }, words.about[name]),
      ),
    );
    return {
      node: details,
      draw(scene) {
        if (!details.open) return;
        if (panel) return panel.update(scene);
        panel = EXPERIMENTS[name](scene, host);
        // The summary says it.
        panel.node.querySelector("h3")?.remove();
        details.append(panel.node);
      },
      dispose: () => panel?.dispose(),
    };
  }

  return {
    node,
    async update() {
      const state = host.state();
      place.hidden = state.text.trim() === "";
      if (place.hidden) return both.cancel();
      if (both.isAsked(state)) return draw();
      try {
        const ran = await both.ask(state);
        if (!ran) return;
        runs = { ...ran, ...labelsOf(ran.trained) };
        status.textContent = "";
        draw();
      } catch (error) {
        status.textContent = words.failed(messageOf(error));
      }
    },
    enter() {
      heading.scrollIntoView();
      heading.focus({ preventScroll: true });
    },
    dispose() {
      both.cancel();
      for (const one of [...panels, ...folds]) one.dispose();
    },
  };
}

/** All that the runs are made of. A cell that the view suggests itself goes with layer and head. */
function keyOf(state: ViewState): string {
  const { text, pair, model, attention, target, whatIf, cell, layer, heads } = state;
  return JSON.stringify([text, pair, model, attention, target, whatIf, cell?.row ?? [layer, heads[0]]]);
}

/** Both know every probability at the row that is followed. */
async function runBoth(runner: Pick<Runner, "run">, state: ViewState): Promise<Omit<Runs, keyof Labels>> {
  const { model, text, pair, attention, target, whatIf } = state;
  const at = (position: number | undefined, what = AS_TRAINED): Promise<RunData> =>
    runner.run({
      model,
      text,
      pair,
      attention,
      target,
      whatIf: what,
      ...(position === undefined ? {} : { position }),
    });
  let trained = await at(state.cell?.row);
  const { row } = followedCell({ run: trained, state });
  if (!trained.distribution && trained.tokens.length > 0) trained = await at(row);
  return { trained, changed: isAsTrained(whatIf) ? trained : await at(row, whatIf) };
}
