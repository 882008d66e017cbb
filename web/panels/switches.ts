// What can be changed about attention, each with a sentence that says what it does.
import { partOf, type RunData } from "../runner/run_data.ts";
import type { WhatIf } from "../state.ts";
import { choiceView } from "../views/choice.ts";
import { h } from "../views/dom.ts";
import { panelNode, type MakePanel } from "./panel.ts";

/** The slider goes by powers of two: as far to each side. */
const RANGE = 3;

export const switchesPanel: MakePanel = (first, events) => {
  let scene = first;
  const words = scene.strings.whatif.switches;
  const change = (next: Partial<WhatIf>): void =>
    events.change({ whatIf: { ...scene.state.whatIf, ...next } });
  const said = () => h("p", { class: "aside" });
  const [saidCausal, saidScaled, saidTemperature, saidPositions] = [said(), said(), said(), said()];

  const causal = choiceView<boolean | undefined>(
    [
      { value: undefined, label: words.trained },
      { value: true, label: words.on },
      { value: false, label: words.off },
    ],
    {
      legend: words.causal.legend,
      class: "segmented",
      selected: undefined,
      onChoose: (value) => change({ causal: value }),
    },
  );
  const onOff = (legend: string, onChoose: (value: boolean) => void) =>
    choiceView(
      [
        { value: true, label: words.on },
        { value: false, label: words.off },
      ],
      { legend, class: "segmented", selected: true, onChoose },
    );
  const scaled = onOff(words.scaled.legend, (value) => change({ scaled: value }));
  const positions = onOff(words.positions.legend, (value) => change({ positions: value }));

  const value = h("output");
  const slider = h("input", {
    type: "range",
    min: -RANGE,
    max: RANGE,
    step: 0.25,
    on: { input: () => change({ temperature: 2 ** Number(slider.value) }) },
  });
  const temperature = h(
    "label",
    { class: "slider" },
    h("span", { class: "choice-label" }, words.temperature.label, " ", value),
    slider,
  );
  const summary = h("p", { role: "status" });
  const scaledSwitch = h("div", { class: "switch" }, scaled.node, saidScaled);
  const { node, title } = panelNode(
    "switches",
    h("div", { class: "switch" }, causal.node, saidCausal),
    scaledSwitch,
    h("div", { class: "switch" }, temperature, saidTemperature),
    h("div", { class: "switch" }, positions.node, saidPositions),
    summary,
  );
  title.textContent = words.title;

  function update(next: typeof first): void {
    scene = next;
    const { whatIf } = scene.state;
    const { trained, changed } = scene;
    const isCausal = whatIf.causal ?? trained.isCausal;
    causal.select(whatIf.causal);
    scaled.select(whatIf.scaled);
    positions.select(whatIf.positions);
    slider.value = String(Math.log2(whatIf.temperature));
    value.textContent = scene.strings.numbers.fixed(whatIf.temperature, 2);
    slider.setAttribute("aria-valuetext", value.textContent);
    const isCross = partOf(trained) === "cross";
    causal.node.hidden = isCross;
    saidCausal.textContent = isCross
      ? scene.strings.parts.mask
      : words.causal.said(isCausal, trained.isCausal);
    // T5, for one, was trained without dividing: there is nothing to switch off.
    scaledSwitch.hidden = !trained.scales.some(
      (scale) => Math.abs(scale * Math.sqrt(trained.headDim) - 1) < 1e-6,
    );
    saidScaled.textContent = words.scaled.said(whatIf.scaled, trained.headDim);
    saidTemperature.textContent = words.temperature.said(whatIf.temperature);
    saidPositions.textContent = words.positions.said(whatIf.positions, isCausal);
    const [before, after] = [meanEntropy(trained), meanEntropy(changed)];
    summary.hidden = before === undefined || after === undefined;
    summary.textContent =
      changed === trained ? words.entropySame(before ?? 0) : words.entropy(before ?? 0, after ?? 0);
  }

  update(first);
  return { node, update, dispose: () => {} };
};

/** Over all heads; undefined where they were not measured. */
function meanEntropy(run: RunData): number | undefined {
  const all = run.statistics.flat().map(({ entropy = 0 }) => entropy);
  return all.length === 0 ? undefined : all.reduce((sum, entropy) => sum + entropy, 0) / all.length;
}
