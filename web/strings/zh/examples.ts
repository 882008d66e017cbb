// 各例句中真正能看到的东西，顺序同 web/examples.ts：先 heed-bert，后 heed-gpt。
import type { PageStrings } from "../page.ts";

export const examples: PageStrings["examples"] = [
  [
    "“it”看“animal”。把“tired”换成“wide”，它就看“street”。",
    "heed-gpt 从左到右阅读。读到“it”时它还没见过“tired”，所以不可能知道“it”指什么。",
  ],
  [
    "“it”看“street”。反过来就看不出什么：从“wide”出发，同一个头主要看“was”。",
    "到“it”为止，这句话与以“tired”结尾的那句相同，所以 heed-gpt 在“it”处的注意力在两句中一样。",
  ],
  [
    "这里是公司，下一个例句里是水果：“apple”的两个向量逐层分开（余弦 1.00、0.944、0.799、0.736、0.775）。没有哪个头能单独显示这一点。“unveiled”被切成三段。",
    "“Apple”在句首，而词元看不到它后面的任何内容：对 heed-gpt 来说，它在这里与在“Apple pie”里完全一样。",
  ],
  [
    "用 [MASK] 代替“Apple”：heed-bert 以 46% 猜出“apple”。对那家发布手机的公司，它猜的是“a”，猜“apple”的不到 1%。",
    "“Apple”在句首，而词元看不到它后面的任何内容：对 heed-gpt 来说，它在这里与在“Apple unveiled”里完全一样。",
  ],
  [
    "“making”看七个词元之后的“difficult”，也稍微看一点“more”。只有一个方向：从“difficult”没有回看。",
    "heed-gpt 完全没有显示“making … more difficult”。",
  ],
  [
    "“its”看“law”。这是容易的情形：句中没有别的可指，而对没见过的所有者，heed-bert 并不比一条简单规则强。",
    "在这里 L2H0 看“Law”。这只是一句话：没有在其他句子上测量过，所以不作任何断言。",
  ],
  [
    "heed-bert 没能显示出来：没有哪个头能从第二个“was”很好地通向“cat”。遮住“was”，它照样猜对。",
    "在逗号处 heed-gpt 必须猜动词，它越过那些狗回看“cat”：所以它说“was”而不是“were”。",
  ],
  ["除了看相邻词的头，别无所见。", "最可能的下一个词元是“s”，即“steps”的“s”；再往后写就不成句了。"],
  [
    "这里只能看到按位置工作的头：L1H2 看前一个词元，L2H2 看后一个词元。",
    "这里只能看到按位置工作的头：L0H3 常看前一个词元。",
  ],
  [
    "没有什么特别的：L2H2 看后一个词元。",
    "heed-gpt 接不出像样的下文：最可能的下一个词元是文本结束，不到 2%。",
  ],
];
