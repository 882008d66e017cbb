// 课程插图中的文字。
import type { PageStrings } from "../page.ts";
import { numbers, quoted, share } from "./words.ts";

export const lesson: PageStrings["lesson"] = {
  empty: "在上面输入一句话，插图就会回来。",
  number: numbers.fixed,
  percent: (value) => {
    if (value > 0 && value < 0.0005) return "不到 0.1%";
    return share(value, value > 0 && value < 0.0995 ? 1 : 0);
  },
  memory: {
    keep: "每一步保留",
    steps: (steps) => (steps === 1 ? "一步读完。" : `${steps} 步读完，每一步都要等前一步。`),
    left: (word, share) => `${word}：剩 ${share}`,
    bars: "最后每个词还剩多少",
    first: (word, steps, share) => `从第一个词到最后的状态：${steps} 步。${quoted(word)}还剩 ${share}。`,
    direct: "有了注意力：任意两个词之间只需一步。",
  },
  lookup: {
    query: "你要找",
    temperature: "温度",
    columns: ["甜", "脆"],
    food: "食物（条目）",
    key: (name) => `键：${name}`,
    value: "值：价格",
    fit: "匹配 q · k",
    weight: "权重",
    rows: [
      { name: "苹果", key: [0.8, 0.9], value: 2 },
      { name: "香蕉", key: [0.9, 0.1], value: 1 },
      { name: "胡萝卜", key: [0.3, 1], value: 0.5 },
      { name: "面包", key: [0.1, 0.3], value: 3 },
    ],
    cell: (food, column) => `${food}，${column}`,
    answer: (price) => `答案：${price}`,
    hard: (name) => `硬查找：${quoted(name)}全部拿走。`,
    mostly: (name, share) => `主要是${quoted(name)}，占 ${share}。`,
    mixed: (name, share) => `混合；${quoted(name)}最多，占 ${share}。`,
  },
  vectors: {
    query: "查询 q",
    key: "键 k",
    right: (name) => `${name}，向右`,
    up: (name) => `${name}，向上`,
    picture: (q, k) => `从同一点出发的两支箭：q 到 ${q}，k 到 ${k}`,
    product: (parts, sum) => `q · k = ${parts} = ${sum}`,
    angle: (degrees) => `两者的夹角：${degrees}°。`,
    noAngle: "有一支箭没有长度，所以没有夹角。",
    verdict: {
      same: "它们相合。",
      none: "它们彼此无话可说。",
      opposite: "它们方向相背。",
    },
  },
  spread: {
    length: "列表的长度 d",
    seed: "随机种子",
    scaled: "除以 √d",
    raw: "原样",
    plot: "点积的离散程度随列表长度的变化",
    axisX: "列表的长度",
    axisY: "离散程度",
    measured: (d, raw, root, scaled) =>
      `长度为 ${d} 时：测得的离散程度 ${raw}，理论值 ${root}；做除法后 ${scaled}。`,
    shares: (kind) => `八个分数的 softmax，${kind}`,
    largest: (kind, share) => `${kind}：八个中最大的平均占 ${share}。`,
    key: (i) => `键 ${i}`,
  },
  softmax: {
    score: (name) => `${name} 的分数`,
    hide: (name) => `遮住 ${name}`,
    names: ["a", "b", "c", "d"],
    plus: "每个分数加 1",
    minus: "每个分数减 1",
    reset: "重新开始",
    table: { word: "条目", score: "分数 s", exp: "eˢ", share: "份额" },
    sum: "和",
    hidden: "−∞",
    all: "所有条目都被遮住了：没有什么可分。",
  },
  mix: {
    value: (word) => `\u2068${word}\u2069 的值`,
    rest: (count) => `其余 ${count} 个词元`,
    context: (word) => `\u2068${word}\u2069 的上下文向量`,
    times: (weight) => `× ${weight}`,
    caption: (word) => `${quoted(word)}取了什么，加起来又是什么`,
    legend: (most) => `颜色：−${most} 浅蓝，0 深色，${most} 黄。`,
  },
  concat: {
    choose: "词",
    head: (head) => `头 ${head}`,
    strip: (head, word) => `头 ${head}：${word} 的 32 个数`,
    caption: (count, each) => `${count} 个头 × ${each} 个数 = ${count * each}`,
  },
};
