// 表格形式的数字所说的话。
import type { Strings } from "../index.ts";

export const tableView: Strings["tableView"] = {
  title: "以表格显示数字",
  caption: (of) => `${of}：每行是一个在看的词，每列是一个被看的词。`,
  corner: "看者 ↓ 被看者 →",
  numbers: (from, to, n) => `${from}–${to} 号数，共 ${n} 个`,
  window: (from, to, n) => `共 ${n} 个词元，第 ${from} 到第 ${to} 个`,
  rows: "行",
  columns: "列",
  before: "前一段",
  after: "后一段",
};
