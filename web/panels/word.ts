// The chosen word replaced, deleted or masked in the text.
import { withWord, wordPlace } from "./edit_word.ts";
import { button, h } from "../views/dom.ts";
import { visible } from "../views/token_label.ts";
import { keysOf, partOf, type ReadText } from "../runner/run_data.ts";
import { keyLabelsOf } from "../reading/units.ts";
import { panelNode, type MakePanel, type PanelScene } from "./panel.ts";

const MASK = "[MASK]";

export const wordPanel: MakePanel = (first, events) => {
  let scene = first;
  const words = scene.strings.whatif.word;
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto" });
  const edit = (word: string): void => {
    const { text, token, isTarget } = chosen(scene);
    const place = wordPlace(text, token);
    if (!place) return;
    const next = withWord(text, place, word);
    events.change(isTarget ? { target: next.text ?? "" } : next);
  };
  const form = h(
    "form",
    {
      class: "replace",
      on: {
        submit(event) {
          event.preventDefault();
          if (input.value.trim() === "") return;
          edit(input.value.trim());
          input.value = "";
        },
      },
    },
    h("label", {}, h("span", {}, words.replace), input),
    h("button", { type: "submit", class: "quiet" }, words.put),
  );
  const mask = button(words.mask, () => edit(MASK));
  const why = h("p", { class: "aside" }, words.maskWhy);
  const actions = h(
    "div",
    { class: "buttons" },
    button(words.delete, () => edit("")),
    mask,
  );
  const none = h("p", { class: "aside" }, words.none);
  const { node, title } = panelNode("word", none, form, actions, why);

  function update(next: typeof first): void {
    scene = next;
    const { trained } = scene;
    const { text, token, label } = chosen(scene);
    const place = wordPlace(text, token);
    title.textContent = words.title(place ? visible(place.text) : label);
    none.hidden = place !== undefined;
    form.hidden = actions.hidden = place === undefined;
    // A model that goes from left to right has no such token.
    mask.hidden = why.hidden = trained.spelling !== "wordpiece" || place?.text === MASK || !place;
  }

  update(first);
  return { node, update, dispose: () => {} };
};

interface Chosen {
  readonly text: ReadText;
  readonly token: number;
  readonly label: string;
  /** Of what the decoder reads. */
  readonly isTarget: boolean;
}

/** The word that looks; of two texts that on the side that is read. */
function chosen(scene: PanelScene): Chosen {
  const { trained, labels, cell, state } = scene;
  const part = partOf(trained);
  const isSource = part === "cross" && state.direction === "to";
  const [text, token] = isSource ? [keysOf(trained), cell.col] : [trained, cell.row];
  const named = isSource ? keyLabelsOf(scene) : labels;
  return { text, token, label: named[token]?.plain ?? "", isTarget: part !== "encoder" && !isSource };
}
