// How English writes numbers, lists and words that are spoken of.
import { wordsIn } from "../words.ts";

export const { numbers, quoted, list, share, count, plural, bytes, duration } = wordsIn({
  language: "en",
  quotes: ["\u2018", "\u2019"],
  over: "over ",
  under: "under ",
  andOthers: (said, others) => `${said} and ${others} others`,
});
