// The page's fixed parts, and the places that the composition root fills.
import { EXAMPLES } from "./examples.ts";
import { MODEL_CARDS } from "./model-cards.ts";
import type { HeedAttention } from "./element/element.ts";
import { h } from "./views/dom.ts";
import { modelCardsView } from "./views/model_card.ts";

export interface Page {
  readonly input: HTMLTextAreaElement;
  readonly examples: HTMLSelectElement;
  readonly status: HTMLElement;
  /** What of the link that was opened could not be followed. */
  readonly linkSaid: HTMLElement;
  readonly figure: HeedAttention;
  /** Filled by views. */
  readonly slots: Readonly<Record<"note" | "models" | "share" | "predictions" | "whatIf", HTMLElement>>;
}

export function buildPage(root: HTMLElement): Page {
  const input = h("textarea", {
    id: "text",
    rows: 2,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    dir: "auto",
    "aria-describedby": "hint status",
  });
  const examples = h(
    "select",
    { id: "examples" },
    h("option", { value: "" }, "Pick an example \u2026"),
    ...EXAMPLES.map(({ text }, i) => h("option", { value: String(i) }, text)),
  );
  const status = h("p", { id: "status", class: "status", role: "status" });
  const linkSaid = h("p", { class: "link-said", role: "status" });
  const slots = {
    note: h("div", { class: "note", "aria-live": "polite" }),
    models: h("div"),
    share: h("div"),
    predictions: h("div"),
    whatIf: h("div"),
  };
  const figure = h("heed-attention", { controls: "sentence layer heads view stage" });
  root.append(
    header(),
    h(
      "main",
      {},
      h(
        "section",
        { class: "ask", "aria-label": "Sentence and model" },
        h(
          "div",
          { class: "typed" },
          h("label", { for: "text" }, "Type a sentence"),
          input,
          h("div", { class: "below" }, hint(), status),
        ),
        h("div", { class: "picked" }, h("label", { for: "examples" }, "or pick one"), examples, slots.models),
        linkSaid,
        slots.note,
      ),
      h(
        "div",
        { class: "columns" },
        h("section", { "aria-label": "Attention" }, figure, slots.share),
        h("div", { class: "rail" }, slots.predictions),
      ),
      slots.whatIf,
      modelCardsView(MODEL_CARDS),
    ),
    footer(),
  );
  return { input, examples, status, linkSaid, figure, slots };
}

function hint(): HTMLElement {
  return h("p", { id: "hint", class: "hint" }, "With heed-bert, [MASK] stands for a word to be guessed.");
}

function header(): HTMLElement {
  return h(
    "header",
    { class: "masthead" },
    h("h1", {}, "heed"),
    h(
      "p",
      {},
      "Attention is how a transformer\u2019s words look at one another. Type a sentence: two small, really trained models read it in your browser, and every number of their attention lies open below. ",
      h("a", { href: "./lesson.html" }, "New to attention? Take the lesson."),
    ),
  );
}

function footer(): HTMLElement {
  return h(
    "footer",
    { class: "colophon" },
    h("h2", {}, "Credits"),
    h(
      "p",
      {},
      "The models learnt from texts of Wikipedia, by way of WikiSplit, WikiText-2 and GAP: by Wikipedia\u2019s contributors, ",
      h(
        "a",
        { href: "https://creativecommons.org/licenses/by-sa/4.0/", rel: "license noreferrer" },
        "CC BY-SA",
      ),
      ". Colours: cividis, by Nu\u00f1ez, Anderton and Renslow. heed itself is free software under the Apache License 2.0.",
    ),
    h(
      "p",
      {},
      "Nothing you type leaves this page: the models run here, and no request is made after they are loaded.",
    ),
  );
}
