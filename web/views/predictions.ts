// What a model says at a token.
import type { Prediction, Token } from "heed/models";
import type { Spelling } from "../runner/run_data.ts";
import { h } from "./dom.ts";
import { percent } from "./number.ts";
import { tokenNode, vocabularyLabel, type TokenLabel } from "./token_label.ts";

export interface PredictionsData {
  readonly model: string;
  readonly spelling: Spelling;
  readonly token: Token;
  readonly label: TokenLabel;
  /** Most probable first. */
  readonly predictions: readonly Prediction[];
}

export interface PredictionsOptions {
  /** Puts [MASK] in the word's place. */
  onHide(): void;
}

/** The words whose stand-in heed-bert was trained to name. */
const PRONOUNS = new Set(["it", "its", "he", "him", "his", "she", "her"]);

export function predictionsView(data: PredictionsData, { onHide }: PredictionsOptions): HTMLElement {
  const isBert = data.model === "heed-bert";
  const canHide = isBert && !data.token.special;
  return h(
    "section",
    { class: "predictions", "aria-labelledby": "predictions-title" },
    h(
      "h2",
      { id: "predictions-title" },
      isBert ? "heed-bert\u2019s output at " : "heed-gpt\u2019s next token after ",
      quoted(data.label),
    ),
    h(
      "ol",
      {},
      ...data.predictions.map(({ token, probability }) =>
        h(
          "li",
          { style: { "--share": `${(100 * probability).toFixed(2)}%` } },
          h("span", { class: "guess" }, tokenNode(vocabularyLabel(token, data.spelling))),
          h("span", { class: "bar", "aria-hidden": "true" }),
          h("span", { class: "chance" }, percent(probability)),
        ),
      ),
    ),
    h("p", {}, meaning(data)),
    canHide &&
      h(
        "button",
        { type: "button", class: "quiet", on: { click: onHide } },
        "Hide ",
        quoted(data.label),
        " and let it be guessed",
      ),
    h("p", { class: "aside" }, isBert ? BERT_LIMITS : GPT_LIMITS),
  );
}

const BERT_LIMITS = "A tiny model: of hidden words in real, unseen text it guesses 15 % right.";
const GPT_LIMITS =
  "A tiny model: of next tokens in real, unseen text it guesses 18.5 % right. Don\u2019t expect sense for long.";

function meaning({ model, token, label, predictions }: PredictionsData): string {
  if (model === "heed-gpt") {
    const ends = predictions.some((guess) => guess.token === "<|endoftext|>");
    return `It has read from the beginning up to here, and nothing beyond.${ends ? " <|endoftext|> means: the text ends here." : ""}`;
  }
  if (token.text === "[MASK]") return "The hidden word, guessed from both sides.";
  if (token.special) return "A token that frames the sentence; its output means nothing by itself.";
  if (PRONOUNS.has(label.text)) {
    return `heed-bert was trained to name, at a pronoun, what the pronoun stands for. So this is its answer to \u201cwho is \u2018${label.text}\u2019?\u201d, not a guess of the word \u201c${label.text}\u201d.`;
  }
  return "Nothing is hidden here, so this says little. Type [MASK] in place of a word to have it guessed.";
}

function quoted(label: TokenLabel): HTMLElement {
  return h("q", {}, tokenNode(label));
}
