// 连线图所说的话。
import type { Strings } from "../index.ts";
import { share } from "./words.ts";

export const headsView: Strings["headsView"] = {
  toggles: (layer) => `第 ${layer} 层的头`,
  queries: "在看的词",
  keys: "被看的词",
  from: "看",
  to: "被看",
  threshold: (least) =>
    `权重低于 ${share(least)} 的线不画，所选词的线除外：它们的线全部画出。权重越大，线越粗、越醒目。`,
  alone: "只画所选词的线，全部画出。权重越大，线越粗、越醒目。",
  all: "所有的线都已画出：权重越大，线越粗、越醒目。",
  onlyChosen: "这段文本太长，画不下所有的线：只画所选词的线，全部画出。权重越大，线越粗、越醒目。",
};
