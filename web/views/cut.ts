// What of a text was too much for the model.
import { h } from "./dom.ts";

export interface CutOptions {
  readonly model: string;
  readonly maxLength: number;
}

/** At most so many characters are shown of what was left out. */
const SHOWN = 2000;

/** Nothing, where nothing was left out. */
export function cutView(kept: string, leftOut: string, { model, maxLength }: CutOptions): HTMLElement[] {
  if (leftOut.trim() === "") return [];
  const begin = words(leftOut).slice(0, 4).join(" ").slice(0, 60);
  const [read, left] = [words(kept).length, words(leftOut).length];
  return [
    h(
      "p",
      { role: "status" },
      h("strong", {}, "Cut: "),
      `${model} reads at most ${maxLength} tokens. It read the first ${count(read)}; the last ${count(left)} ${left === 1 ? "was" : "were"} left out, from \u201c`,
      h("bdi", {}, begin),
      "\u2026\u201d on.",
    ),
    h(
      "details",
      {},
      h("summary", {}, "What was left out"),
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

function count(number: number): string {
  return number === 1 ? "word" : `${number.toLocaleString("en")} words`;
}
