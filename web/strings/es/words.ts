// How Spanish writes numbers, lists and words that are spoken of.
import { wordsIn } from "../words.ts";

export const { numbers, quoted, list, share, count, plural, bytes, duration } = wordsIn({
  language: "es",
  quotes: ["«", "»"],
  over: "más del ",
  under: "menos del ",
  andOthers: (said, others) => `${said} y otras ${others}`,
});
