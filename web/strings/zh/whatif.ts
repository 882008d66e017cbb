// “如果……会怎样？”各面板所说的话。句中的数字总是刚刚测得的。
import { ALMOST_NOTHING } from "../../panels/experiments.ts";
import type { PageStrings } from "../page.ts";
import { count, numbers, quoted } from "./words.ts";

const { fixed, percent } = numbers;
const head = (layer: number, index: number): string => `L${layer}H${index}`;
const root = (width: number): string => `√${width} ≈ ${fixed(Math.sqrt(width), 2)}`;

export const whatif: PageStrings["whatif"] = {
  quoted,
  percent,
  head,
  title: "如果……会怎样？",
  intro:
    "每个开关都只改动这一件事，然后让模型重新运行。这里没有事先画好的东西：每个数字都来自这样的一次运行。",
  failed: (message) => `无法计算：${message}`,
  working: "正在计算……",
  long: "这段文本太长：这需要完整的矩阵。请缩短它。",
  onlyOneText:
    "打乱词序、词间距离、两个句子以及贯穿各层的注意力，都只适用于一段看自身的文本：请为此选择编码器。解码器看的是两段文本，它们之间没有这些定义。",

  switches: {
    title: "开关",
    trained: "与训练时相同",
    on: "开",
    off: "关",
    causal: {
      legend: "因果掩码：遮住未来",
      said: (isCausal, wasCausal) =>
        isCausal === wasCausal
          ? isCausal
            ? "与训练时相同：没有哪个词元能看到它后面的内容。"
            : "与训练时相同：每个词元都能看到前后所有其他词元。"
          : isCausal
            ? "已改动：词元不再能看到它后面的内容，而这个模型训练时从未缺少过这些。"
            : "已改动：每个词元现在能看到它后面的内容，而这个模型从未受过使用它们的训练。",
    },
    scaled: {
      legend: "除以 √dₖ",
      said: (isScaled, width) =>
        isScaled
          ? `与训练时相同：点积除以 ${root(width)}。`
          : `已改动：进入 softmax 的点积是原来的 ${fixed(Math.sqrt(width), 2)} 倍，因为没有除以 ${root(width)}。于是分布变尖。`,
    },
    temperature: {
      label: "softmax 的温度",
      said: (temperature) =>
        temperature === 1
          ? "与训练时相同：1。"
          : temperature > 1
            ? `已改动：分数除以 ${fixed(temperature, 2)}，使各行更均匀。`
            : `已改动：分数除以 ${fixed(temperature, 2)}，使各行更尖。`,
    },
    positions: {
      legend: "位置",
      said: (isOn, isCausal) =>
        isOn
          ? "与训练时相同：每个词元都知道自己在哪里。"
          : isCausal
            ? "已改动：除了能看到多少之外，没有什么告诉词元它在哪里。"
            : "已改动：文本现在是一袋词；没有什么说明哪个在前。",
    },
    entropy: (before, after) =>
      `对所有头取平均，一行注意力的熵原为 ${fixed(before, 2)} 比特；用了这些开关后为 ${fixed(after, 2)} 比特。`,
    entropySame: (before) => `一切与训练时相同。对所有头取平均，一行注意力的熵为 ${fixed(before, 2)} 比特。`,
  },

  heads: {
    title: "关掉一些头",
    intro: "关掉的头不起任何作用：它的上下文向量在输出投影之前置为零。",
    grid: "头：行是层，列是头；按下为开",
    column: (index) => `H${index}`,
    row: (layer) => `L${layer}`,
    isOn: "开",
    isOff: "关",
    alone: (layer, index) => `只留 ${head(layer, index)}`,
    all: "全部打开",
    said: (off, total) =>
      off.length === 0
        ? "所有的头都开着。"
        : off.length === total
          ? "所有的头都关了：剩下的是每个词元自己说的话。"
          : off.length > total / 2
            ? `${total} 个头中关了 ${off.length} 个。`
            : `已关：${off.join("、")}。`,
  },

  word: {
    title: (word) => `改动${quoted(word)}`,
    none: "所选词元不在任何文本里：请选一个词。",
    replace: "另一个词",
    put: "放进去",
    delete: "删除",
    mask: "遮住",
    maskWhy: "遮住之后，由模型来猜。",
  },

  about: {
    shuffle: "顺序对注意力要紧吗？试一试。",
    two: "同一个词的含义随句子而变，逐层分开。",
    road: "一个词离另一个词有多少步。",
    rollout: "到达一个词的信息，穿过所有层，从哪里来。",
  },

  picture: {
    reset: "全部恢复到训练时",
    title: (name) => `${name} 看向哪里`,
    before: "训练时",
    after: "使用开关后",
    same: (asks, { word, share: part }) => `${quoted(asks)}看得最多的是${quoted(word)}：${percent(part)}。`,
    said: (asks, before, after) =>
      before.word === after.word
        ? `${quoted(asks)}看得最多的是${quoted(before.word)}：训练时为 ${percent(before.share)}，现在为 ${percent(after.share)}。`
        : `${quoted(asks)}原来看得最多的是${quoted(before.word)}，${percent(before.share)}；现在是${quoted(after.word)}，${percent(after.share)}。`,
    off: (name) => `${name} 已关掉：它看到的一切都不再传下去。`,
    outcome: (first, before, after, last) =>
      `${quoted(first)}：${percent(before)} → ${percent(after)}${last === first ? "。" : `；现在最可能的是${quoted(last)}。`}`,
    notWhy: "注意力不是解释。",
  },

  change: {
    title: (word) => `${quoted(word)}处的预测`,
    titleNext: (word) => `${quoted(word)}之后的下一个词元`,
    caption: "最可能的词元：训练时与使用开关后",
    token: "词元",
    before: "训练时",
    after: "使用开关后",
    difference: "变化",
    points: (change) =>
      Math.abs(change) < 0.0005
        ? "± 0"
        : `${change > 0 ? "+" : "−"}\u00a0${fixed(Math.abs(100 * change), 1)}`,
    same: "没有改动任何开关：两列都是训练时的模型。",
    said: (distance, first, before, after, last) =>
      `${distance < ALMOST_NOTHING ? "几乎没有变化" : distance < 0.1 ? "变化不大" : distance < 0.5 ? "变化很大" : "几乎成了另一个预测"}：${percent(distance)} 的概率转到了其他词元。${quoted(first)}原为 ${percent(before)}，现为 ${percent(after)}${
        last === first ? "；它仍是最可能的。" : `；现在最可能的是${quoted(last)}。`
      }`,
    measure: "变化的大小用总变差距离衡量：整个词表上每个词元概率变化之和的一半。",
    pronoun: "在代词处，heed-bert 说出代词所指：它受过这种训练。",
  },

  which: {
    title: "是哪个头做的？",
    from: "从",
    to: "到",
    ranking: (from, to) => `按从${quoted(from)}到${quoted(to)}的权重排列的头`,
    weight: "那里的权重",
    headName: "头",
    turnOff: (name) => `关掉 ${name}`,
    turnOn: (name) => `打开 ${name}`,
    tryEach: "逐个尝试：依次关掉每一个头",
    trying: (done, of) => `已尝试 ${done}/${of} 个头……`,
    effects: (word) => `单独关掉每个头对${quoted(word)}处预测的影响`,
    moved: "移动的概率",
    answer: "那时最可能的",
    stays: (first, after) => `${quoted(first)}，${percent(after)}`,
    more: (total) => `显示全部 ${total} 个`,
    without: (one, lesson, looking) => {
      const fact = `${one.name} 已关掉，它原来在那里的权重是 ${percent(one.weight)}：${quoted(one.first)}从 ${percent(one.before)} 变为 ${percent(one.after)}${one.last === one.first ? "" : `，现在最可能的是${quoted(one.last)}`}。`;
      const others = looking === 0 ? "" : `另有 ${looking} 个头也把超过一半的注意力放在那里。`;
      return {
        needless: `${fact}几乎没有变化：答案由模型的其余部分承担。${others}可见，一个头看向那里，并不能解释答案：注意力不是解释。`,
        needed: `${fact}它几乎不看那里，答案却离不开它：注意力不是解释。`,
        none: fact,
      }[lesson];
    },
    next: "在这句话里，答案需要的是哪个头？逐个试试。",
    verdict: (looks, most, rank, total, isFew) => {
      const looking = `${looks.name} 在那里的权重最大，为 ${percent(looks.weight)}。关掉它，移动 ${percent(looks.distance)} 的概率：${quoted(looks.first)}从 ${percent(looks.before)} 变为 ${percent(looks.after)}${looks.last === looks.first ? "" : `，最可能的成了${quoted(looks.last)}`}。按它带来的变化，在 ${total} 个头中排第 ${rank}。`;
      const mattering = `变化最大的是 ${most.name}：移动 ${percent(most.distance)}，${quoted(most.first)}降到 ${percent(most.after)}${most.last === most.first ? "" : `，现在最可能的是${quoted(most.last)}`}。它自己在那里的权重是 ${percent(most.weight)}。`;
      if (looks.name === most.name) return `${looking}在这里，看的那个头也正是最要紧的头；这并非总是如此。`;
      return isFew
        ? `${looking}所以看似解释了答案的头几乎什么也没有改变：没有它，模型照样回答。${mattering}注意力不是解释。`
        : looking + mattering;
    },
    sources:
      "注意力能否作为解释，尚有争论：Jain 和 Wallace 2019，“Attention is not Explanation”；Wiegreffe 和 Pinter 2019，“Attention is not not Explanation”。关掉一个头，也让其他头收到训练时从未见过的输入。",
    measure:
      "按训练时的预测与去掉该头之后的预测之间的总变差距离排列：转到其他词元的概率所占份额。这只对这句话成立：换一句，或对许多句子取平均，排在最前的可能是另一个头。",
  },

  shuffle: {
    title: "打乱词序",
    intro: "没有位置，注意力就不知道顺序。打乱词序，在矩阵中把打乱还原，再与原句的矩阵比较。",
    button: "打乱",
    shuffled: "打乱后",
    caption: "两个注意力权重之间的最大差别，取所有的头",
    setting: "设置",
    largest: "最大",
    mean: "平均",
    positionsOff: "位置关",
    positionsOn: "位置开",
    unmasked: "位置关，因果掩码关",
    zero: "0，舍入误差之内",
    number: (value) => (value === 0 ? "0" : value < 0.0005 ? numbers.power(value) : fixed(value, 3)),
    said: (off) =>
      `关掉位置后，注意力随词一起打乱：没有哪个权重相差超过 ${numbers.power(off)}，那只是舍入误差。开着位置则不然。`,
    causal:
      "关掉了位置，注意力仍不随词一起打乱：因果掩码本身就透露了顺序，因为词元只看得到它前面的内容。把掩码也关掉，差别就只剩舍入误差。",
    different: "在这里，注意力没有随词一起打乱。",
    impossible: "这段文本一打乱，词元就会变成别的词元。",
  },

  two: {
    title: "两句话里的同一个词",
    intro:
      "一个词自己的向量无论在哪里都一样；进入第一层之前，heed-bert 和 heed-gpt 还要加上它所在位置的向量。所以只有两处位置相同时，余弦才从 1 开始。之后每一层都混入它的注意力找到的东西，于是两句话把它拉开。",
    first: "第一句",
    second: "第二句",
    word: "两句共有的词",
    none: "两句话没有共同的词。",
    caption: (word) => `${quoted(word)}两个状态的余弦，逐层`,
    layer: "经过的层",
    embeddings: "嵌入",
    layerName: (layer) => String(layer - 1),
    cosine: "余弦",
    said: (word, start, least, layer, end) =>
      start - least < 0.0005
        ? `${quoted(word)}的两个状态在每一层都相同：使两句话不同的内容在它后面，而这个模型只读前面的内容。`
        : `${quoted(word)}的两个状态起初余弦为 ${fixed(start, 3)}，经过第 ${layer} 层后相距最远（${fixed(least, 3)}），最后为 ${fixed(end, 3)}。`,
    rows: (name, word) => `按 ${name}，${quoted(word)}在两句中各看谁`,
    picture: (head, text) => `${head} 在${quoted(text)}中的注意力；该词所在的行已加框`,
    difference: "差（百分点）",
    absent: "其中没有",
    pieces: "由多个词元组成的词取其各状态的平均；各行中只显示第一个词元的那一行。",
  },

  road: {
    title: "RNN 的路与注意力的路",
    from: "从",
    to: "到",
    said: (from, to, steps, n) =>
      steps === 0
        ? `请选两个不同的词。RNN 读 ${n} 个词元要 ${n} 步，一步接一步。`
        : `要让${quoted(to)}得知${quoted(from)}，RNN 要把它带过 ${steps} 步，每一步都得等前一步，而且可能遗忘；读完全部 ${n} 个词元需要依次 ${n} 步。注意力无论多远都一步到达，而且所有词元同时进行。`,
    backwards: "第二个词在前：向前读的 RNN 根本到不了；向后读的 RNN 需要同样多的步数。",
    masked: "有因果掩码时注意力也到不了：词元看不到它后面的任何内容。",
    caption: (n, d, kernel) => `Vaswani 等 2017 的表 1，n = ${n} 个词元，d = ${d}，k = ${kernel}`,
    kind: "层的类型",
    operations: "每层的复杂度",
    sequential: "依次的步数",
    longest: "最长路径",
    kinds: {
      attention: "自注意力",
      recurrent: "循环",
      convolutional: "卷积",
    },
    formulas: {
      attention: ["O(n²·d)", "O(1)", "O(1)"],
      recurrent: ["O(n·d²)", "O(n)", "O(n)"],
      convolutional: ["O(k·n·d²)", "O(1)", "O(logₖ n)"],
    },
    value: count,
    orders:
      "这是增长的阶，代入了本次运行的数字，不是时间。只要 n 小于 d，自注意力就比循环便宜。卷积的路径按膨胀卷积核计算。论文的第四行，即限制在邻域内的自注意力，这里略去。",
  },

  rollout: {
    title: "注意力展开（attention rollout）",
    intro:
      "一个头的权重只说明一层看向哪里，并不说明它找到的东西来自何处。展开法跟随注意力穿过所有的层：每层取各头的平均，再加上代表词元保留自身的单位矩阵，各占一半；然后把所有层相乘（Abnar 和 Zuidema 2020）。",
    limits: "这只是由权重得出的估计：没有计入值、前馈网络和输出投影。",
    picture: "注意力展开：行是到达之处，列是来源",
    legend: (most) => `行：到达之处；列：来源。最亮为 ${most}。`,
    unnamed: (tokens) => `图旁放不下 ${count(tokens)} 个词元的名称；表中列出给所选词元最多的那些。`,
    said: (word, self, other, value) =>
      `到达${quoted(word)}的内容有 ${percent(self)} 来自它自身；其余之中最大的一份，即 ${percent(value)}，来自${quoted(other)}。`,
    caption: (word) => `到达${quoted(word)}的内容来自何处`,
    token: "词元",
    share: "份额",
  },
};
