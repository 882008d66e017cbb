// 矩阵所说的话。
import type { Strings } from "../index.ts";
import { quoted } from "./words.ts";

export const matrixView: Strings["matrixView"] = {
  name: (stage, model, layer, head) => `${model} L${layer}H${head} 的${stage}：行是查询，列是键`,
  corner: "查询 ↓ 键 →",
  about: "查询：左边的词元在找什么。键：上方的词元能提供什么。两者越相配，就看得越多。",
  exactly: (value, number, row, col) => `${value} ${number}，词元 ${row} 到词元 ${col}`,
  notSeen: (row, col) => `词元 ${row} 不能看词元 ${col}，因为后者在它之后`,
  hiddenCell: "负无穷，被掩码遮住",
  hiddenSwatch: "−∞，被掩码遮住",
  hide: {
    mode: "遮住单元格",
    howTo:
      "点击一个单元格，或在其上按回车键，即可遮住它；再来一次则恢复。模型随后在没有它的情况下重新运行，对所有层和头都有效。",
    undo: "撤销",
    all: "全部恢复",
    count: (count) => `已手动遮住 ${count} 个单元格。`,
    hidden: (query, key) => `${quoted(query)}现在看不到${quoted(key)}了。`,
    shown: (query, key) => `${quoted(query)}又能看到${quoted(key)}了。`,
    byHand: (row, col) => `词元 ${col} 已手动对词元 ${row} 遮住`,
  },
};
