// The chosen word replaced, deleted or masked in the text.
import { withWord, wordPlace } from "../edit_word.ts";
import { h } from "../views/dom.ts";
import { visible } from "../views/token_label.ts";
import { button, panelNode, type MakePanel } from "./panel.ts";

const MASK = "[MASK]";

export const wordPanel: MakePanel = (first, events) => {
  let scene = first;
  const words = scene.strings.whatif.word;
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto" });
  const edit = (word: string): void => {
    const place = wordPlace(scene.trained, scene.cell.row);
    if (place) events.change(withWord(scene.trained, place, word));
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
    const { trained, cell, labels } = scene;
    const place = wordPlace(trained, cell.row);
    title.textContent = words.title(place ? visible(place.text) : (labels[cell.row]?.plain ?? ""));
    none.hidden = place !== undefined;
    form.hidden = actions.hidden = place === undefined;
    // A model that goes from left to right has no such token.
    mask.hidden = why.hidden = trained.spelling !== "wordpiece" || place?.text === MASK || !place;
  }

  update(first);
  return { node, update, dispose: () => {} };
};
