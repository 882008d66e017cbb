// What a model says at a token.
import type { Prediction, Token } from "heed/models";
import type { Spelling } from "../runner/run_data.ts";
import type { PageStrings } from "../strings/page.ts";
import { PRONOUNS } from "../reading/worth.ts";
import { h, type Child } from "./dom.ts";
import { tokenNode, vocabularyLabel, type TokenLabel } from "./token_label.ts";

export interface PredictionsData {
  readonly model: string;
  /** One of those that come with the page. */
  readonly isBundled: boolean;
  /** Of a model that has read another text before. */
  readonly isDecoder: boolean;
  /** What stands for a hidden word; "": the model reads from left to right, and hides none. */
  readonly mask: string;
  readonly spelling: Spelling;
  readonly token: Token;
  readonly label: TokenLabel;
  /** Most probable first. */
  readonly predictions: readonly Prediction[];
}

export interface PredictionsOptions {
  readonly strings: PageStrings;
  /** Puts the mask in the word's place. */
  onHide(): void;
  /** Goes to where heads are turned off; undefined where none can be. */
  readonly onWhich: (() => void) | undefined;
}

export function predictionsView(
  data: PredictionsData,
  { strings, onHide, onWhich }: PredictionsOptions,
): HTMLElement {
  const isBert = data.mask !== "";
  const canHide = isBert && !data.token.special;
  const name = data.isBundled ? data.model : `\u2068${data.model}\u2069`;
  const { predictions: said } = strings.page;
  const around = ([before, after]: readonly [string, string]): Child[] => [
    before,
    h("q", {}, tokenNode(data.label)),
    after,
  ];
  return h(
    "section",
    { class: "predictions", "aria-labelledby": "predictions-title" },
    h("h2", { id: "predictions-title" }, ...around((isBert ? said.at : said.next)(name))),
    h(
      "ol",
      {},
      ...data.predictions.map(({ token, probability }) =>
        h(
          "li",
          { style: { "--share": `${(100 * probability).toFixed(2)}%` } },
          h("span", { class: "guess" }, tokenNode(vocabularyLabel(token, data.spelling))),
          h("span", { class: "bar", "aria-hidden": "true" }),
          h("span", { class: "chance" }, strings.numbers.percent(probability)),
        ),
      ),
    ),
    h("p", {}, meaning(data, said)),
    onWhich &&
      h("button", { type: "button", class: "quiet", on: { click: onWhich } }, strings.whatif.which.title),
    canHide && h("button", { type: "button", class: "quiet", on: { click: onHide } }, ...around(said.hide)),
    data.isBundled && h("p", { class: "aside" }, isBert ? said.bertLimits : said.gptLimits),
  );
}

function meaning(
  { isBundled, isDecoder, mask, token, label, predictions }: PredictionsData,
  said: PageStrings["page"]["predictions"],
): string {
  if (mask === "") {
    const ends = predictions.some((guess) => guess.token === "<|endoftext|>");
    if (isDecoder) return said.readBoth;
    return ends ? `${said.read} ${said.ends}` : said.read;
  }
  if (token.text === mask) return said.hidden;
  if (token.special) return said.frame;
  return isBundled && PRONOUNS.has(label.text) ? said.pronoun(label.text) : said.open(mask);
}
