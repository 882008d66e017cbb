// 各视图的名字。
import type { Strings } from "../index.ts";

export const views: Strings["views"] = {
  names: {
    text: "文本",
    matrix: "矩阵",
    heads: "连线",
    model: "所有的头",
    neuron: "查询 × 键",
    steps: "步骤",
    rows: "排行",
  },
};
