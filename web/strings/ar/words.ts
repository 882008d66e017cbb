// How Arabic writes numbers, lists and words that are spoken of.
import { wordsIn } from "../words.ts";

export const { numbers, quoted, list, share, count, plural, bytes, duration } = wordsIn({
  language: "ar",
  quotes: ["«", "»"],
  over: "أكثر من ",
  under: "أقل من ",
  andOthers: (said, others) => `${said} و${others} غيرها`,
});

/** A formula or a run of figures, which is read from left to right in Arabic too. */
export const formula = (text: string): string => `\u2066${text}\u2069`;

/** So many tokens. */
export const tokens = (amount: number): string =>
  plural(amount, {
    zero: "لا رموز",
    one: "رمز واحد",
    two: "رمزان",
    few: `${count(amount)} رموز`,
    many: `${count(amount)} رمزًا`,
    other: `${count(amount)} رمز`,
  });
