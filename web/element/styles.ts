// The element's style sheets: those of the page's views, adopted by every shadow root as one. Chunks bring their own.
import { unsafeCSS } from "@lit/reactive-element";
import tokens from "../styles/tokens.css?inline";
import base from "../styles/base.css?inline";
import choices from "../styles/choices.css?inline";
import element from "../styles/element.css?inline";
import headsView from "../styles/heads_view.css?inline";
import hues from "../styles/hues.css?inline";
import matrix from "../styles/matrix.css?inline";
import model from "../styles/model_view.css?inline";
import rows from "../styles/rows_view.css?inline";
import text from "../styles/text.css?inline";
import textView from "../styles/text_view.css?inline";

export const STYLES = unsafeCSS(
  [tokens, base, choices, matrix, text, hues, textView, rows, headsView, model, element].join("\n"),
);
