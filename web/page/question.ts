// What the element is asked: a text and a model, as they are typed, picked or linked.
import { EXAMPLES, type Example, type Look } from "../examples.ts";
import { shortName } from "../runner/local.ts";
import { MODELS } from "../runner/run_data.ts";
import type { ModelFacts } from "../runner/runner.ts";
import { DEFAULT_STATE, type ViewState } from "../state.ts";
import { pageEnglish, type PageStrings } from "../strings/page.ts";
import { choiceView } from "../views/choice.ts";
import { h } from "../views/dom.ts";
import { visible } from "../views/token_label.ts";
import type { Page } from "./page.ts";

export interface QuestionEvents {
  /** The visitor wants something else. */
  moved(): void;
  asked(): void;
  /** An example was picked and asked for: its run may be there already, and then none will come. */
  picked(): void;
}

export interface Question {
  readonly model: string;
  /** Of the model, where it is the visitor's own; undefined: it came with the page. */
  readonly ownFacts: ModelFacts | undefined;
  /** Whose text stands in the input unchanged. */
  readonly example: Example | undefined;
  isHere(model: string): boolean;
  /** Where to look in the next run: asked for by who picked an example or the model for one. Gives it once. */
  takeLook(): Look | undefined;
  ask(): void;
  /** Fills the fields. */
  put(next: Pick<ViewState, "text" | "model">, isToLook: boolean): void;
  /** As the visitor types. */
  type(text: string): void;
  /** A model of the visitor's own that is loaded, to be asked from now on. */
  putOwn(model: string, facts: ModelFacts): void;
  /** It is not there any more. */
  dropOwn(): void;
  speak(strings: PageStrings): void;
}

/** Typing counts as paused after this many milliseconds. */
const PAUSE = 150;

export function questionOf(page: Page, events: QuestionEvents): Question {
  const { figure, input, examples, slots } = page;
  let model = DEFAULT_STATE.model;
  let own: { readonly model: string; readonly facts: ModelFacts } | undefined;
  let example: Example | undefined = EXAMPLES[0];
  let isToLook = true;
  let legend = pageEnglish.page.model;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function ask(): void {
    figure.model = model;
    // Cells that were hidden are those of the text before.
    if (figure.text !== input.value) figure.hide = [];
    figure.text = input.value;
    events.asked();
  }

  function fill(text: string): void {
    if (input.value !== text) input.value = text;
    page.typed();
    example = EXAMPLES.find((one) => one.text === text);
    examples.value = example ? String(EXAMPLES.indexOf(example)) : "";
  }

  function type(text: string): void {
    events.moved();
    fill(text);
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  }

  function choose(chosen: string): void {
    events.moved();
    model = chosen;
    isToLook = example !== undefined;
    ask();
  }

  function drawModels(): void {
    const names: readonly string[] = own ? [...MODELS, own.model] : MODELS;
    const options = names.map((name) => ({ value: name, label: h("bdi", {}, visible(shortName(name))) }));
    const choice = choiceView(options, { legend, class: "segmented", selected: model, onChoose: choose });
    slots.models.replaceChildren(choice.node);
  }

  input.addEventListener("input", () => type(input.value));
  examples.addEventListener("change", () => {
    const picked = EXAMPLES[Number(examples.value || NaN)];
    if (!picked) return;
    events.moved();
    fill(picked.text);
    isToLook = true;
    ask();
    events.picked();
  });
  return {
    get model() {
      return model;
    },
    get ownFacts() {
      return model === own?.model ? own.facts : undefined;
    },
    get example() {
      return example;
    },
    isHere: (name) => [...MODELS, own?.model].some((one) => one === name),
    takeLook() {
      const bundled = MODELS.find((name) => name === model);
      const look = isToLook && bundled ? example?.looks[bundled] : undefined;
      isToLook = false;
      return look;
    },
    ask,
    put(next, isToLookNext) {
      clearTimeout(pause);
      ({ model } = next);
      fill(next.text);
      isToLook = isToLookNext;
    },
    type,
    putOwn(name, facts) {
      own = { model: name, facts };
      model = name;
      drawModels();
    },
    dropOwn() {
      own = undefined;
      model = DEFAULT_STATE.model;
      drawModels();
    },
    speak(strings) {
      legend = strings.page.model;
      drawModels();
    },
  };
}
