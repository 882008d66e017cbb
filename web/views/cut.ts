// What of a text was too much for the model.
import type { Strings } from "../strings/index.ts";
import { h } from "./dom.ts";

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
  const begin = words(leftOut).slice(0, 4).join(" ").slice(0, 60);
  const [read, left] = [words(kept).length, words(leftOut).length];
  return [
    h(
      "p",
      { role: "status" },
      h("strong", {}, strings.title),
      " ",
      strings.message(model, maxLength, read, left),
      h("bdi", {}, begin),
      strings.end,
    ),
    h(
      "details",
      {},
      h("summary", {}, strings.more),
      h(
        "p",
        { class: "left-out", dir: "auto" },
        leftOut.trim().slice(0, SHOWN),
        leftOut.trim().length > SHOWN && " \u2026",
      ),
    ),
  ];
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
