// The models' cards as tables.
import { NOT_AN_EXPLANATION, PRONOUN_RUNS, TRAINING, type ModelCard, type Verdict } from "../model_cards.ts";
import { h } from "./dom.ts";

const VERDICTS: Readonly<Record<Verdict, string>> = {
  yes: "\u2713 yes",
  weak: "\u223c weak",
  no: "\u2717 no",
};

/** The cards are in English; `inEnglish` says so to who reads another language. */
export function modelCardsView(cards: readonly ModelCard[], inEnglish: string): HTMLElement {
  return h(
    "section",
    { class: "cards", lang: "en", dir: "ltr", "aria-labelledby": "cards-title" },
    h("h2", { id: "cards-title" }, "What these models can and can\u2019t do"),
    inEnglish !== "" && h("p", { class: "aside" }, h("bdi", {}, inEnglish)),
    h("p", {}, NOT_AN_EXPLANATION),
    h("p", {}, TRAINING),
    ...cards.map(cardView),
    h(
      "details",
      {},
      h("summary", {}, "How the pronoun head came about"),
      table("How the pronoun head came about", PRONOUN_RUNS.head, PRONOUN_RUNS.rows),
      h("p", {}, PRONOUN_RUNS.note),
    ),
  );
}

function cardView(card: ModelCard): HTMLElement {
  const rows = card.measures.map(({ measure, value, before, baseline, verdict }) => [
    measure,
    value,
    before ?? "",
    baseline,
    VERDICTS[verdict],
  ]);
  return h(
    "details",
    {},
    h("summary", {}, `Model card: ${card.name}`),
    h("p", {}, card.summary),
    h("p", { class: "warning" }, card.warning),
    h("dl", {}, ...card.facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    table(
      `${card.name}, measured on held-out sentences`,
      ["Measured", "Now", "Before", "To compare", "Learnt?"],
      rows,
    ),
    h(
      "p",
      { class: "aside" },
      `\u201cBefore\u201d: ${card.before}. Figures are shares of 1 unless said otherwise; heads were chosen on a development set.`,
    ),
  );
}

/** Wide tables scroll by themselves; the region can be reached and scrolled by keyboard. */
function table(name: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return h(
    "div",
    { class: "table", role: "region", "aria-label": name, tabindex: 0 },
    h(
      "table",
      {},
      h("caption", {}, name),
      h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
      h(
        "tbody",
        {},
        ...rows.map(([first = "", ...rest]) =>
          h("tr", {}, h("th", { scope: "row" }, first), ...rest.map((text) => h("td", {}, text))),
        ),
      ),
    ),
  );
}
