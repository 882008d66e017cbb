// 关于词看词的说法。
import type { Strings } from "../index.ts";
import { list, numbers, quoted } from "./words.ts";

export const reading: Strings["reading"] = {
  list,
  arrow: "→",
  head: (layer, head) => `L${layer}H${head}`,
  off: "已关掉：不起作用",
  percent: numbers.percent,
  looksMost: (words, at, share) =>
    words.length === 1
      ? `${list(words)}最关注${quoted(at)}：${share}`
      : `${list(words)}合起来最关注${quoted(at)}：${share}`,
  lookedAt: (words, by, share) => `最关注${list(words)}的是${quoted(by)}：${share}`,
  sentence: (said, head) => (head === undefined ? `${said}。` : `${said}（${head}）。`),
  gap: "",
  nobodyLooks: (words) => `没有哪个词对${list(words)}的关注达到 1%`,
  nothingShown: "这段文本的词元全是特殊词元，而特殊词元现已隐藏。",
  tooLong: "正在读取这一部分……",
  direction: {
    legend: "读法",
    from: "它看谁",
    to: "谁看它",
  },
  words: "词：选一个，或用空格、Shift 或 Ctrl 锁定多个",
  chosen: "已选",
  locked: "已锁定",
  hiddenShare: (share) => `其中 ${share} 给了特殊词元，它们已隐藏。`,
};
