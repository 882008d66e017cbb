// The words shuffled: does the attention go with them?
import { shuffleWords, type ShuffleResult } from "./experiments.ts";
import { isLong, type RunData } from "../runner/run_data.ts";
import { messageOf } from "../runner/runner.ts";
import { button, h } from "../views/dom.ts";
import { visible } from "../views/token_label.ts";
import { panelNode, tableNode, type MakePanel } from "./panel.ts";

/** Below this two weights differ by rounding only. */
const ROUNDING = 1e-4;

export const shufflePanel: MakePanel = (first) => {
  let scene = first;
  let shown: RunData | undefined;
  const words = scene.strings.whatif.shuffle;
  const said = h("p", { class: "verdict", role: "status" });
  const place = h("div");
  const start = button(words.button, () => void shuffle());
  const { node, title } = panelNode("shuffle", h("p", { class: "aside" }, words.intro), start, said, place);
  title.textContent = words.title;

  async function shuffle(): Promise<void> {
    const { trained, state, ask, strings } = scene;
    const { text, pair } = trained;
    shown = trained;
    said.textContent = strings.whatif.working;
    try {
      const result = await shuffleWords(
        ask,
        { model: state.model, text, pair, whatIf: trained.whatIf },
        Math.random,
      );
      if (isSame(shown, trained)) show(result);
    } catch (error) {
      if (isSame(shown, trained)) said.textContent = strings.whatif.failed(messageOf(error));
    }
  }

  function show(result: ShuffleResult | undefined): void {
    place.replaceChildren();
    if (!result) {
      said.textContent = words.impossible;
      return;
    }
    const { text, positionsOff, positionsOn, unmasked } = result;
    const row = (name: string, { largest, mean }: ShuffleResult["positionsOn"]) => [
      name,
      words.number(largest),
      words.number(mean),
    ];
    said.textContent =
      positionsOff.largest < ROUNDING
        ? words.said(positionsOff.largest)
        : unmasked && unmasked.largest < ROUNDING
          ? words.causal
          : words.different;
    place.replaceChildren(
      h("p", { class: "shuffled" }, h("bdi", { dir: "auto" }, visible(text))),
      tableNode(
        words.caption,
        [words.setting, words.largest, words.mean],
        [
          row(words.positionsOff, positionsOff),
          ...(unmasked ? [row(words.unmasked, unmasked)] : []),
          row(words.positionsOn, positionsOn),
        ],
      ),
    );
  }

  function update(next: typeof first): void {
    scene = next;
    const isTooLong = isLong(scene.trained);
    start.disabled = isTooLong;
    if (shown && !isSame(shown, scene.trained)) {
      shown = undefined;
      said.textContent = "";
      place.replaceChildren();
    }
    if (isTooLong) said.textContent = scene.strings.whatif.long;
  }

  update(first);
  return { node, update, dispose: () => (shown = undefined) };
};

/** Another run of the same text says the same. */
function isSame(a: RunData | undefined, b: RunData): boolean {
  return a?.text === b.text && a.pair === b.pair && a.model === b.model;
}
