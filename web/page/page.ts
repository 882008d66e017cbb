// The page's fixed parts, and the places that the composition root fills.
import { EXAMPLES } from "../examples.ts";
import type { HeedAttention } from "../element/element.ts";
import { lessonPage } from "../language.ts";
import { LONGEST, writePlace } from "../lesson/address.ts";
import { LANGUAGES, LANGUAGE_NAMES } from "../strings/languages.ts";
import type { PageStrings } from "../strings/page.ts";
import { h } from "../views/dom.ts";

export interface Page {
  readonly input: HTMLTextAreaElement;
  readonly examples: HTMLSelectElement;
  readonly language: HTMLSelectElement;
  readonly status: HTMLElement;
  /** What of the link that was opened could not be followed. */
  readonly linkSaid: HTMLElement;
  readonly figure: HeedAttention;
  /** Filled by views. */
  readonly slots: Readonly<
    Record<"note" | "models" | "target" | "share" | "predictions" | "whatIf" | "cards", HTMLElement>
  >;
  /** Of models of one's own; what it holds comes when it is opened. */
  readonly own: HTMLDetailsElement;
  /** What there is to know of typing for a model. */
  readonly hint: HTMLElement;
  /** What stands in the input may be another text: it goes along to the lesson, and the input grows with it. */
  typed(): void;
  /** Says all that is its own in another language. */
  speak(strings: PageStrings): void;
}

export function buildPage(root: HTMLElement): Page {
  let spoken: PageStrings["language"] = "en";
  const input = h("textarea", {
    id: "text",
    rows: 1,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    dir: "auto",
    "aria-describedby": "hint status",
  });
  const examples = h("select", { id: "examples" });
  const none = h("option", { value: "" });
  // The sentences are for models that read English.
  examples.append(
    none,
    ...EXAMPLES.map(({ text }, i) => h("option", { value: String(i), lang: "en", dir: "ltr" }, text)),
  );
  const language = h(
    "select",
    { id: "language" },
    ...LANGUAGES.map((name) => h("option", { value: name, lang: name }, LANGUAGE_NAMES[name])),
  );
  const status = h("p", { id: "status", class: "status", role: "status" });
  const linkSaid = h("p", { class: "link-said", role: "status" });
  const slots = {
    note: h("div", { class: "note", "aria-live": "polite" }),
    models: h("div", { class: "models" }),
    target: h("div", { class: "target-place" }),
    share: h("div"),
    predictions: h("div"),
    whatIf: h("div"),
    cards: h("div"),
  };
  const figure = h("heed-attention", { controls: "sentence attention layer heads view stage map tokens" });
  const lesson = h("a");
  const skip = h("a", {
    class: "skip",
    href: "#attention",
    on: {
      // The address says what is shown, and nothing else.
      click(event) {
        event.preventDefault();
        heading.scrollIntoView();
        heading.focus({ preventScroll: true });
      },
    },
  });
  const [lead, typeLabel, pickLabel, languageLabel] = [
    h("span"),
    h("label", { for: "text" }),
    h("label", { for: "examples" }),
    h("label", { for: "language" }),
  ];
  const hint = h("p", { id: "hint", class: "hint" });
  const ownTitle = h("summary");
  const own = h("details", { class: "own" }, ownTitle);
  const heading = h("h2", { class: "unseen", id: "attention", tabindex: -1 });
  const ask = h("section", { class: "ask" });
  const attention = h("section", { "aria-labelledby": "attention" }, heading, figure, slots.share);
  const footer = h("footer", { class: "colophon" });
  ask.append(
    h("div", { class: "typed" }, typeLabel, input),
    h("div", { class: "picked" }, pickLabel, examples),
    slots.models,
    own,
    h("div", { class: "below" }, hint, status),
    linkSaid,
    slots.note,
    slots.target,
  );
  root.append(
    skip,
    h(
      "header",
      { class: "masthead" },
      h("h1", {}, "heed"),
      h("p", {}, lead, " ", lesson),
      h("div", { class: "language" }, languageLabel, language),
    ),
    h(
      "main",
      {},
      ask,
      h("div", { class: "columns" }, attention, h("div", { class: "rail" }, slots.predictions)),
      slots.whatIf,
      slots.cards,
    ),
    footer,
  );

  function typed(): void {
    const text = input.value.trim() === "" ? undefined : input.value.slice(0, LONGEST);
    lesson.href = lessonPage(spoken) + writePlace({ section: "", text });
    // Where the style sheet can't.
    if (CSS.supports("field-sizing", "content")) return;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
  }

  function speak(strings: PageStrings): void {
    const { page } = strings;
    spoken = strings.language;
    typed();
    skip.textContent = page.skip;
    lesson.textContent = page.lesson;
    language.value = strings.language;
    languageLabel.textContent = page.language;
    lead.textContent = page.lead;
    ask.setAttribute("aria-label", page.ask);
    heading.textContent = page.attention;
    typeLabel.textContent = page.type;
    pickLabel.textContent = page.pick;
    none.textContent = page.pickNone;
    ownTitle.textContent = page.own;
    footer.replaceChildren(...colophon(strings));
  }

  return { input, examples, language, status, linkSaid, figure, slots, own, hint, typed, speak };
}

function colophon({ page: { credits } }: PageStrings): HTMLElement[] {
  const licence = h(
    "a",
    { href: "https://creativecommons.org/licenses/by-sa/4.0/", rel: "license noreferrer" },
    "CC BY-SA",
  );
  return [
    h("h2", {}, credits.title),
    h("p", {}, credits.before, licence, credits.after),
    h("p", {}, credits.privacy),
  ];
}
