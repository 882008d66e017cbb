// What the picture of lines says.
import { share } from "./words.ts";

export const headsView = {
  toggles: (layer: number) => `Heads of layer ${layer}`,
  queries: "Words that look",
  keys: "Words that are looked at",
  from: "looks",
  to: "is looked at",
  /** Which lines are left out of the picture. */
  threshold: (least: number) =>
    `Lines under ${share(least)} are not drawn, except those of the chosen words: of them every one is. The more weight, the wider and stronger.`,
  alone: "Only the lines of the chosen words are drawn, every one. The more weight, the wider and stronger.",
  all: "Every line is drawn: the more weight, the wider and stronger.",
  onlyChosen:
    "This text is too long for all its lines: those of the chosen words are drawn, every one. The more weight, the wider and stronger.",
};
