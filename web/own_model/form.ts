// Where a model is asked for: an address, or files.
import type { OwnStrings } from "../strings/own.ts";
import { button, h } from "../views/dom.ts";
import { pickedFrom, type Picked } from "./files.ts";
import type { Typed } from "./given.ts";

export interface FormEvents {
  typed(typed: Typed): void;
  picked(picked: Picked): void;
}

export interface Form {
  readonly node: HTMLElement;
  /** What stands in it, to be carried into another language. */
  readonly typed: Typed;
  /** Goes to where one asks. */
  focus(): void;
}

let forms = 0;

export function formView(before: Typed, words: OwnStrings, events: FormEvents): Form {
  const id = `own-${++forms}`;
  const field = (value: string): HTMLInputElement => {
    const input = h("input", {
      type: "text",
      dir: "ltr",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    input.value = value;
    return input;
  };
  const [address, revision, hub] = [field(before.address), field(before.revision), field(before.hub)];
  address.required = true;
  address.id = id;
  address.setAttribute("aria-describedby", `${id}-hint`);
  hub.placeholder = "https://huggingface.co";
  const keep = h("input", { type: "checkbox" });
  keep.checked = before.keep;
  const lookUp = h("button", { type: "submit", class: "quiet" }, words.lookUp);
  const typed = (): Typed => ({
    address: address.value.trim(),
    revision: revision.value.trim(),
    hub: hub.value.trim(),
    keep: keep.checked,
  });
  const form = h(
    "form",
    {
      class: "own-address",
      on: {
        submit(event) {
          event.preventDefault();
          if (typed().address !== "") events.typed(typed());
        },
      },
    },
    h("label", { for: id }, words.address),
    h("div", { class: "own-line" }, address, lookUp),
    h("p", { class: "aside", id: `${id}-hint` }, words.addressHint),
    h("label", { class: "own-check" }, keep, words.keep),
    h(
      "details",
      { open: before.revision !== "" || before.hub !== "" },
      h("summary", {}, words.more),
      h("label", {}, words.revision, revision),
      h("label", {}, words.hub, hub),
    ),
  );
  return {
    node: h("div", { class: "own-ask" }, form, dropZone(words, events)),
    get typed() {
      return typed();
    },
    focus: () => address.focus(),
  };
}

function dropZone(words: OwnStrings, events: FormEvents): HTMLElement {
  const picker = (properties: Readonly<Record<string, unknown>>): HTMLInputElement => {
    const input = h("input", { type: "file", multiple: true, hidden: true, ...properties });
    input.addEventListener("change", () => {
      if (input.files && input.files.length > 0) events.picked(pickedFrom(input.files));
      // The same files can be picked again.
      input.value = "";
    });
    return input;
  };
  const [folder, files] = [picker({ webkitdirectory: true }), picker({})];
  const zone = h(
    "div",
    { class: "own-drop" },
    h("p", {}, words.drop),
    h(
      "div",
      { class: "buttons" },
      button(words.chooseFolder, () => folder.click()),
      button(words.chooseFiles, () => files.click()),
    ),
    folder,
    files,
  );
  return zone;
}
