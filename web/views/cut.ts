// What of a text was too much for the model.
import type { Strings } from "../strings/index.ts";
import { h } from "./dom.ts";
import { visible } from "./token_label.ts";

export interface CutOptions {
  readonly strings: Strings["element"]["cut"];
  readonly model: string;
  readonly maxLength: number;
}

/** At most so many characters are shown of what was left out. */
const SHOWN = 2000;

/** Nothing, where nothing was left out. */
export function cutView(
  kept: string,
  leftOut: string,
  { strings, model, maxLength }: CutOptions,
): HTMLElement[] {
  if (leftOut.trim() === "") return [];
  const begin = visible(beginning(words(leftOut).slice(0, 4).join(" "), 60));
  // In the middle of a word: an endless one, or a script that writes no spaces.
  const isInside = /\S$/.test(kept) && /^\S/.test(leftOut);
  const said = isInside
    ? strings.inside(model, maxLength, Array.from(kept).length)
    : strings.message(model, maxLength, words(kept).length, words(leftOut).length);
  return [
    h("p", { role: "status" }, h("strong", {}, strings.title), " ", said, h("bdi", {}, begin), strings.end),
    h(
      "details",
      {},
      h("summary", {}, strings.more),
      h(
        "p",
        { class: "left-out", dir: "auto" },
        beginning(leftOut.trim(), SHOWN),
        leftOut.trim().length > SHOWN && " \u2026",
      ),
    ),
  ];
}

/** Not ending within a surrogate pair. */
function beginning(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
