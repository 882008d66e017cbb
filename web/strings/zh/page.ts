// 元素周围的页面所说的话。
import type { PageStrings } from "../page.ts";
import { count, numbers } from "./words.ts";

export const page: PageStrings["page"] = {
  title: "heed：浏览器里的注意力",
  lead: "注意力是 Transformer 里的词互相看的方式：在这里，用你自己的（英语）句子，看它的每一个数字。",
  skip: "跳到图",
  lesson: "第一次接触注意力？来上这一课。",
  inEnglish: "（英文）",
  language: "语言",
  ask: "句子与模型",
  type: "输入一句话",
  pick: "或选一句",
  pickNone: "选择一个例句……",
  model: "模型",
  hint: (mask) => `${mask} 代表一个待猜的词。`,
  hintCausal: (model) => `\u2068${model}\u2069 从左往右读，在每个词元处说出接下来是什么。`,
  own: "使用你自己的模型",
  attention: "注意力",
  status: (tokens, heads, milliseconds) =>
    `${count(tokens)} 个词元，${count(heads)} 个头，${numbers.fixed(milliseconds, milliseconds < 10 ? 1 : 0)} 毫秒`,
  target: {
    label: "解码器所读的",
    written: "由模型自己写出：每一步取最可能的词元。改动它，解码器就读你的。",
    typed: "这是你写的：清空后由模型重新写。",
  },
  credits: {
    title: "致谢",
    before: "模型学自维基百科的文本，取自 WikiSplit、WikiText-2 和 GAP，作者为维基百科的贡献者，许可协议 ",
    after: "。配色：cividis，作者 Nuñez、Anderton 和 Renslow。heed 本身是采用 Apache 2.0 许可证的自由软件。",
    privacy:
      "你输入的内容不会离开这个页面：模型在这里运行，加载之后不再发出任何请求，除非你为自己的模型给出一个地址。",
  },
  predictions: {
    at: (model) => [`\u2068${model}\u2069 在`, "处的输出"],
    next: (model) => [`\u2068${model}\u2069 在`, "之后的下一个词元"],
    silent: "这个模型不对词作任何预测：保存时没有带上那一部分。",
    hide: ["遮住", "，让模型来猜"],
    bertLimits: "这是一个极小的模型：在没见过的真实文本里，遮住的词它能猜对 15%。",
    gptLimits: "这是一个极小的模型：在没见过的真实文本里，下一个词元它能猜对 18.5%。别指望它长久地有条理。",
    read: "它从开头读到这里，后面的都没有读。",
    readBoth: "它已读完源文，译文则从开头读到这里。",
    ends: "<|endoftext|> 的意思是：文本到此结束。",
    hidden: "被遮住的词，从两边猜出。",
    frame: "这是框住句子的词元；它的输出本身没有意义。",
    pronoun: (word) =>
      `heed-bert 受过的训练是：在代词处说出代词所指。所以这是它对“\u2068${word}\u2069 指的是谁？”的回答，而不是在猜“\u2068${word}\u2069”这个词。`,
    open: (mask) => `这里没有遮住任何词，所以说明不了什么。用 ${mask} 代替一个词，让模型来猜。`,
  },
};
