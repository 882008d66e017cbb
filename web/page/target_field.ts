// What a model's decoder reads, to be typed: filled with what the model itself writes while nothing else is asked for.
import type { HeedAttention } from "../element/element.ts";
import { pageEnglish, type PageStrings } from "../strings/page.ts";
import { h } from "../views/dom.ts";

export interface TargetField {
  readonly node: HTMLElement;
  /** Follows what the element shows: hidden where no decoder is asked. */
  update(): void;
  /** What was typed a moment ago is not wanted any more: something else has come. */
  clear(): void;
  speak(strings: PageStrings): void;
}

/** Typing counts as paused after this many milliseconds. */
const PAUSE = 150;

/** `onTyped`: told when the visitor changed it. */
export function targetField(figure: HeedAttention, onTyped: () => void): TargetField {
  const label = h("label", { for: "target" });
  const note = h("p", { id: "target-note", class: "hint" });
  const input = h("textarea", {
    id: "target",
    rows: 1,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    dir: "auto",
    "aria-describedby": "target-note",
  });
  const node = h("div", { class: "typed target", hidden: true }, label, input, note);
  /** What the element is about to be asked for. */
  let typed: string | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let words = pageEnglish.page.target;

  function update(): void {
    const { stacks } = figure.run ?? {};
    node.hidden = stacks?.target === undefined;
    if (!stacks) return;
    label.textContent = words.label;
    const isWritten = (typed ?? figure.target).trim() === "";
    note.textContent = isWritten ? words.written : words.typed;
    // Who empties it to type is not written over, and neither is who types faster than the model reads.
    if (input.matches(":focus")) return;
    input.value = figure.target === "" ? (stacks.target ?? "") : figure.target;
  }

  input.addEventListener("input", () => {
    onTyped();
    typed = input.value;
    update();
    clearTimeout(pause);
    pause = setTimeout(() => {
      figure.target = input.value;
      typed = undefined;
    }, PAUSE);
  });
  input.addEventListener("blur", update);
  return {
    node,
    update,
    clear() {
      clearTimeout(pause);
      typed = undefined;
      input.value = figure.target;
      update();
    },
    speak({ page }) {
      words = page.target;
      update();
    },
  };
}
