// 注意力的各个阶段，每个用一句话说明。
import type { Strings } from "../index.ts";
import { numbers } from "./words.ts";

export const stages: Strings["stages"] = {
  products: {
    name: "点积",
    formula: "QKᵀ",
    value: "点积",
    explain: () => "每个单元格是一个点积：在做任何其他处理之前，左边词元的查询与上方词元的键有多匹配。",
    legend: "查询与键的点积；本层所有的头用同一标尺",
  },
  scores: {
    name: "分数",
    formula: "÷ √dₖ",
    value: "分数",
    explain: ({ headDim, scale, isTrained }) =>
      Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-6
        ? `同样的数除以 √${headDim} ≈ ${numbers.fixed(Math.sqrt(headDim), 2)}，即头的宽度的平方根，使它们保持 softmax 能够处理的大小。`
        : `同样的数乘以 ${numbers.tick(scale)}，这${isTrained ? "正" : "不"}是模型训练时所用的。`,
    legend: "分数；本层所有的头用同一标尺",
  },
  maskedScores: {
    name: "掩码后",
    formula: "−∞",
    value: "掩码后的分数",
    explain: ({ isCausal }) =>
      isCausal
        ? "词元不能看它后面的内容：那些分数变为 −∞，用斜线画出：标尺上没有代表它们的颜色。"
        : "这里每个词元前后都能看，所以什么都没有遮住：这张图与前一张相同。在 heed-gpt 中则不然。",
    legend: "掩码后的分数；本层所有的头用同一标尺",
  },
  weights: {
    name: "权重",
    formula: "softmax",
    value: "权重",
    explain: () => "softmax 把每一行变成份额：左边的词元对上方每个词元关注多少。每一行的和为 1。",
    legend: "权重：在一行注意力中所占的份额",
  },
};
