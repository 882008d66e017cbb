// 所有头的总图所说的话。
import type { Strings } from "../index.ts";
import { numbers } from "./words.ts";

export const modelView: Strings["modelView"] = {
  grid: (stage) => `所有的头：${stage}。行是层，列是头`,
  sorted: (order) => `所有的头，排序：${order}`,
  order: "排序",
  sorts: (sort, pair) =>
    ({
      place: "按模型中的位置",
      pair: `${pair} 的权重最大`,
      previousToken: "最看前一个词元",
      nextToken: "最看后一个词元",
      self: "最看自身",
      sameToken: "最看别处的同一个词",
      firstToken: "最看第一个词元（注意力汇）",
      separator: "最看分隔符（注意力汇）",
      induction: "最看上次跟在后面的词",
      entropy: "最分散（熵）",
      meanDistance: "平均看得最远",
    })[sort],
  pair: (from, to) => `\u2068${from}\u2069 → \u2068${to}\u2069`,
  byPair: (pair) => `按 ${pair} 排序`,
  layerShort: (layer) => `L${layer}`,
  rank: (rank) => `${rank}.`,
  bits: (value) => `${numbers.fixed(value, 2)} 比特`,
  tokens: (value) => `${numbers.fixed(value, 1)} 个词元`,
  cell: (head, name, value) => (value === "" ? `${head}：${name}` : `${head}：${name}，${value}`),
  several: "多个头",
  howTo: {
    mouse: "点击选择一个头；按住 Shift 点击，或 Shift 加空格，可同时显示同一层的多个头。",
    touch: "点一个头即可选择它；打开“多个头”后，可选择同一层的多个头。",
  },
  rules: "名字的含义",
};
