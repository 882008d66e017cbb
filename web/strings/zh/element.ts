// <heed-attention> 在各视图之外所说的话。
import type { Strings } from "../index.ts";
import { isolated } from "../words.ts";
import { count as number, list, numbers } from "./words.ts";

export const element: Strings["element"] = {
  controls: {
    model: "模型",
    view: "视图",
    sentence: "选择一个词元：其余词元按它对它们的关注程度着色",
    layer: "层",
    heads: (layer) => `第 ${layer} 层的头`,
    stage: "阶段",
    map: "配色",
    tokens: "词元",
  },
  about: {
    layer: "模型的各层依次工作：每一层接着处理前一层从这些词得到的结果。",
    heads: "同一层的各个头并排工作：每个头以自己的方式看这些词。",
  },
  tokens: {
    words: "合并成单词",
    hide: (signs) => (signs.length > 0 ? `隐藏 ${signs.map(isolated).join(" ")}` : "隐藏特殊词元"),
    renormalise: "只在余下的词元中分配份额",
  },
  signs: {
    title: "这些符号的意思",
    token: "词元是一个单词或单词的一部分",
    first: (sign) => `${sign} 放在文本之前`,
    last: (sign) => `${sign} 放在文本之后`,
    piece: (sign) => `${sign} 表示接着前面的单词`,
    space: (sign) => `${sign} 是空格`,
    byte: (sign) => `${sign} 是一个字符中的一个字节`,
    unknown: (sign, words) => `${sign}：${list(words)}不在这个模型的词表里`,
  },
  maps: { cividis: "Cividis", viridis: "Viridis", magma: "Magma", greys: "灰度" },
  layer: (layer) => `第 ${layer} 层`,
  head: (layer, head) => `头 ${head} · L${layer}H${head}`,
  loading: (model) => `正在加载 ${model}……`,
  loadingShare: (model, percent) => `正在加载 ${model}……${percent}%`,
  notLoaded: (model, message, isPassing) =>
    `无法加载 ${model}。${isPassing ? "重新加载页面或许有用。" : ""}（${message}）`,
  notDrawn: (view, message) => `无法加载视图“${view}”。可以再选一次试试。（${message}）`,
  refused: (model, message) => `${model} 无法读取这段文字：${message}`,
  nothing: "还没有可读的内容。",
  noWords: (model) => `没有剩下可读的词：${model} 略去了这段文字的每一个字符。`,
  changed: {
    said: (what) => `与训练时不同：${what}。`,
    off: (heads) => `关掉 ${heads}`,
    heads: (count) => `${count} 个头`,
    unused: (heads) => `${heads} 看向哪里仍然画出，但它找到的内容不再往下传。`,
    reset: "全部恢复到训练时",
    causal: "隐藏未来",
    notCausal: "不隐藏未来",
    hidden: (cells) => `隐藏 ${number(cells)} 个单元格`,
    unscaled: "不除以 √dₖ",
    temperature: (value) => `温度 ${numbers.fixed(value, 2)}`,
    unplaced: "没有位置",
  },
  cut: {
    title: "已截断：",
    message: (model, most, read, left) =>
      `${model} 最多读 ${number(most)} 个词元。它读了前 ${number(read)} 个单词；后面 ${number(left)} 个单词没有读，从“`,
    inside: (model, most, read) =>
      `${model} 最多读 ${number(most)} 个词元。它读了前 ${number(read)} 个字符；其余没有读，从“`,
    end: "……”开始。",
    more: "没有读的部分",
  },
};
