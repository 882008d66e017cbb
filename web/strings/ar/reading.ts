// ما يقال عن كلمات تنظر إلى كلمات.
import type { Strings } from "../index.ts";
import { list, numbers, quoted, share as percent } from "./words.ts";

export const reading: Strings["reading"] = {
  list,
  arrow: "←",
  head: (layer, head) => `L${layer}H${head}`,
  off: "مُطفأ: لا يضيف شيئًا",
  percent: numbers.percent,
  looksMost: (words, at, share) =>
    words.length === 1
      ? `أكثر ما تنظر إليه ${list(words)} هو ${quoted(at)}: ${share}`
      : `أكثر ما تنظر إليه ${list(words)} معًا هو ${quoted(at)}: ${share}`,
  lookedAt: (words, by, share) => `أكثر من ينظر إلى ${list(words)} هو ${quoted(by)}: ${share}`,
  sentence: (said, head) => (head === undefined ? `${said}.` : `${said} (${head}).`),
  gap: " ",
  nobodyLooks: (words) => `لا تنظر أي كلمة إلى ${list(words)} ولو بمقدار ${percent(0.01)}`,
  nothingShown: "كل رموز هذا النص رموز خاصة، وهي مخفية.",
  tooLong: "جارٍ قراءة هذا الجزء …",
  direction: {
    legend: "القراءة",
    from: "إلى من تنظر",
    to: "من ينظر إليها",
  },
  words: "كلمات: اختر واحدة، أو ثبّت عدة كلمات بالمسافة أو Shift أو Ctrl",
  chosen: "مختارة",
  locked: "مثبَّتة",
  hiddenShare: (share) => `يذهب ${share} منه إلى رموز خاصة، وهي مخفية.`,
};
