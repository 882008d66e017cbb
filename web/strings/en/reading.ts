// What is said of words looking at words.
import { list, numbers, quoted } from "./words.ts";

export const reading = {
  list,
  /** From who looks to whom it looks at. */
  arrow: "\u2192",
  head: (layer: number, head: number) => `L${layer}H${head}`,
  /** Of a head that is turned off. */
  off: "off: adds nothing",
  percent: numbers.percent,
  looksMost: (words: readonly string[], at: string, share: string) =>
    words.length === 1
      ? `${list(words)} looks most at ${quoted(at)}, ${share}`
      : `${list(words)} together look most at ${quoted(at)}, ${share}`,
  lookedAt: (words: readonly string[], by: string, share: string) =>
    `${quoted(by)} looks most at ${list(words)}, ${share}`,
  /** What the two above begin, ended; `head`: whose it is, where there are several. */
  sentence: (said: string, head?: string) => (head === undefined ? `${said}.` : `${said} (${head}).`),
  /** Between sentences. */
  gap: " ",
  /** Where the strongest of a column is almost nothing. */
  nobodyLooks: (words: readonly string[]) => `No word looks at ${list(words)} with as much as 1\u00a0%`,
  nothingShown: "Every token of this text is a special one, and those are hidden.",
  tooLong: "Reading this part \u2026",
  direction: {
    legend: "Read",
    from: "whom it looks at",
    to: "who looks at it",
  },
  words: "Words: choose one, or lock several with Space, Shift or Ctrl",
  chosen: "chosen",
  locked: "locked",
  hiddenShare: (share: string) => `${share} of it goes to special tokens, which are hidden.`,
};
