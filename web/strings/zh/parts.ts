// 关于编码器-解码器的三种注意力所说的话。
import type { Strings } from "../index.ts";

export const parts: Strings["parts"] = {
  legend: "谁的注意力",
  names: { encoder: "编码器", decoder: "解码器", cross: "交叉" },
  explain: {
    encoder: "源文的词彼此相看，前后都看。",
    decoder: "译文的词彼此相看，只往回看：解码器在每个词处写出下一个词。",
    cross:
      "译文的词看源文的词：查询来自解码器，键和值来自编码器。解码器每读到一个词，就写出下一个词。这里没有什么遮住未来：源文已全部读完。",
  },
  sides: { from: "译文：解码器已读的", to: "源文：编码器所读的" },
  matrix: {
    name: (stage, model, layer, head) =>
      `${model} 交叉注意力 L${layer}H${head} 的${stage}：行是译文的词元，列是源文的词元`,
    corner: "译文 ↓ 源文 →",
  },
  axes: "行：译文的词元。列：源文的词元。",
  statistics:
    "两段文本之间没有前一个、后一个词元，没有词元自身，也没有距离：只衡量每个头有多分散，以及它给源文的第一个词元和结尾词元多少。",
  memory: "编码器由源文得出的结果，每个词元一行",
  inputs: "在看的词是解码器在该词处的状态（X）；被看的词是编码器由源文得出的结果（E），各层相同。",
  mask: "交叉注意力中没有什么遮住未来：源文已全部读完。",
};
