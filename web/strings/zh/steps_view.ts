// 注意力各步骤所说的话，每步一句；下面是纯数字的算式。
import type { Strings } from "../index.ts";
import { quoted } from "./words.ts";

export const stepsView: Strings["stepsView"] = {
  follow: "跟随一个单元格走完所有步骤",
  colors: "蓝色小于零，深色为零，黄色大于零；每幅图名旁边标着颜色所及的范围。",
  row: "谁在看（查询）",
  col: "看谁（键）",
  tooLong: (n) => `有 ${n} 个词元时，存不下每一步的整个矩阵：每一步只显示在看的那个词的一行。`,
  notReckoned: (n) =>
    `有 ${n} 个词元时，存不下每一步的整个矩阵；而这个模型对分数所做的不只是相除和掩码，这些步骤无法重新算出。较短的文字可以看到它们。`,
  others: (count) => `来自其余 ${count} 个`,
  wholeRow: "（整行之和）",
  input: {
    title: "词进来了",
    say: (query, key, width) =>
      `${quoted(query)}是一行 ${width} 个数，${quoted(key)}也是：这一层对它们所知的仅此而已。`,
    normalised: "在此之前，模型先把每一行归一化（layer norm），免得哪个词声音太大。",
    plate: "这一层的输入，每个词元一行",
  },
  project: {
    title: "查询、键和值",
    say: (query, key, width) =>
      `三张学到的数表把每个词变成一个查询（它在找什么）、一个键（凭什么能找到它）和一个值（它能给出什么）：各 ${width} 个数。请跟随${quoted(query)}的查询，以及${quoted(key)}的键和值。`,
    bias: "b 也是学到的数，叫偏置：不管是什么词都加上。",
    normed: "然后每个头的查询和键要归一化。",
    turned: "然后查询和键按各自词的位置旋转（旋转位置编码）。",
    query: "所有词元的查询",
    key: "所有词元的键",
    value: "所有词元的值",
  },
  products: {
    title: "键有多匹配？",
    say: (query, key, count, value) =>
      `${quoted(query)}的查询乘以${quoted(key)}的键，逐个数字相乘，${count} 个乘积全部相加：${value}。`,
    plate: "每个查询与每个键的点积",
  },
  scores: {
    title: "做除法，让数保持大小",
    say: (width) => `${width} 个乘积之和随 ${width} 的平方根增长；除以它，结果仍是 softmax 能够处理的数。`,
    unscaled: "已关闭：点积原样继续，softmax 将遇到很大的数。",
    warm: (temperature) => `还要除以温度 ${temperature}。`,
    plate: "分数",
  },
  mask: {
    title: "遮住不许看的",
    seen: (query, key, score) => `${quoted(query)}可以看${quoted(key)}，所以 ${score} 保持不变。`,
    future: (query, key) => `${quoted(key)}在${quoted(query)}之后：未来被遮住，分数变为负无穷。`,
    hand: (query, key) => `你对${quoted(query)}遮住了${quoted(key)}：分数变为负无穷。`,
    nothing: (model) => `${model} 在这里什么都不遮住：它双向阅读，分数原样继续。`,
    causal: "对角线以上全部遮住：没有哪个词能看到它后面的内容。",
    plate: "掩码后的分数",
  },
  softmax: {
    title: "把每一行变成份额",
    say: (query, key, share) =>
      `softmax 以每个分数为指数求 e 的幂，再除以这一行的和。${quoted(query)}把全部注意力的 ${share} 给了${quoted(key)}。（事先减去这一行最大的分数；这不改变结果，只让数保持较小。）`,
    hidden: (key) => `e 的负无穷次幂是 0：${quoted(key)}什么也得不到。`,
    blind: (query) => `${quoted(query)}什么都不能看：它的一行是 0。`,
    plate: "权重",
  },
  context: {
    title: "按份额取每个值",
    say: (query, key, share, channel) =>
      `${quoted(query)}带走的是所有值的混合：${quoted(key)}的 ${share}，其余按各自的份额。其中最大的是${channel} 号数：`,
    ablated: "这个头已关闭：无论混合成什么，都以零代替。",
    plate: "所有词元的上下文向量",
  },
  concat: {
    title: "把各头并排放在一起",
    say: (heads, each, width, head) =>
      `这一层的 ${heads} 个头同时做了这件事，各用各的数表。结果并排放在一起：每个词 ${heads} × ${each} = ${width} 个数。头 ${head} 的部分加了框。`,
    plate: "所有头的上下文向量，并排",
  },
  output: {
    title: "混合起来",
    say: (query, width) =>
      `再用一张学到的数表把这 ${width} 个数混合起来：这就是注意力在这一层对${quoted(query)}要说的话。`,
    added: "它加到输入上，这一层从那里继续。",
    largest: (channel, value) => `其中最大的是${channel} 号数：${value}。`,
    heads:
      "每个头在这张数表里有自己的几行，所以结果是每个头的一份再加上数表的偏置之和。\u2016 \u2016 之间是每一份的长度：这个头说了多少。",
    unparted: "这里不列出每个头加进来的部分：头和词这么多，要保存的数太多。",
    bias: "偏置",
    parts: "每个头加进来的部分",
    plate: "经过最后一张数表的注意力输出",
  },
  cellOf: (plate, row, value) => `${plate}，${quoted(row)}：${value}`,
  pairOf: (query, key, value) => `${quoted(query)} → ${quoted(key)}：${value}`,
};
