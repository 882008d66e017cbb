// 逐个数字的“查询 × 键”所说的话。
import type { Strings } from "../index.ts";
import { quoted } from "./words.ts";

export const neuronView: Strings["neuronView"] = {
  follow: "一个词的查询，另一个词的键",
  query: "查询来自",
  key: "键来自",
  sort: "贡献最大的在前",
  pair: (query, key) => `${quoted(query)}与${quoted(key)}，逐个数字`,
  rows: { query: "查询", key: "键", product: "查询 × 键" },
  howTo: {
    mouse: "每一列是查询的一个数、键的一个数以及它们的乘积。指向某一列，或用方向键移到那里，即可读出。",
    touch: "每一列是查询的一个数、键的一个数以及它们的乘积。点一下某一列即可读出。",
  },
  cell: (row, channel, value) => `${row}，${channel} 号数：${value}`,
  said: (query, key, product, score, share, isMasked) =>
    `所有乘积相加得 ${product}；经过缩放${isMasked ? "和掩码" : ""}后为 ${score}；${quoted(query)}把全部注意力的 ${share} 给了${quoted(key)}。`,
  colors: "蓝色小于零，深色为零，黄色大于零。",
  most: (channel, value) => `${channel} 号数贡献最大：${value}。`,
  all: (query) => `${quoted(query)}的查询与每一个键`,
  byWeight: "得到注意力最多的在前",
  few: (shown, n) => `共 ${n} 个键，只显示得到注意力最多的 ${shown} 个。`,
  columns: {
    token: "键来自",
    key: "k",
    product: "q × k",
    sum: "q · k",
    score: "分数",
    weight: "份额",
  },
};
