// How Chinese writes numbers, lists and words that are spoken of.
import { wordsIn } from "../words.ts";

export const { numbers, quoted, list, share, count, plural, bytes, duration } = wordsIn({
  language: "zh",
  quotes: ["“", "”"],
  over: "超过 ",
  under: "不到 ",
  andOthers: (said, others) => `${said}等 ${others + 5} 个词`,
});
