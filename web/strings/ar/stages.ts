// مراحل الانتباه، كل منها في جملة بسيطة.
import type { Strings } from "../index.ts";
import { formula, numbers } from "./words.ts";

export const stages: Strings["stages"] = {
  products: {
    name: "الجداءات",
    formula: "QKᵀ",
    value: "جداء",
    explain: () =>
      "كل خلية جداء نقطي: إلى أي حد يوافق استعلامُ الرمز الجانبي مفتاحَ الرمز العلوي، قبل أي شيء آخر.",
    legend: "الجداء النقطي للاستعلام والمفتاح؛ بمقياس واحد لكل رؤوس الطبقة",
  },
  scores: {
    name: "الدرجات",
    formula: "÷ √dₖ",
    value: "درجة",
    explain: ({ headDim, scale, isTrained }) =>
      Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-6
        ? `الأعداد نفسها مقسومةً على ${formula(`√${headDim} ≈ ${numbers.fixed(Math.sqrt(headDim), 2)}`)}، وهو جذر عرض الرأس، كي تبقى بحجم تستطيع softmax التعامل معه.`
        : `الأعداد نفسها مضروبةً في ${numbers.tick(scale)}، و${isTrained ? "هذا" : "ليس هذا"} ما دُرّب عليه النموذج.`,
    legend: "الدرجة؛ بمقياس واحد لكل رؤوس الطبقة",
  },
  maskedScores: {
    name: "بعد القناع",
    formula: "−∞",
    value: "درجة بعد القناع",
    explain: ({ isCausal }) =>
      isCausal
        ? `لا يجوز للرمز أن ينظر إلى ما يأتي بعده: تصير تلك الدرجات ${formula("−∞")}، وتُرسم مظلَّلة بخطوط مائلة: فليس لها لون في المقياس.`
        : "هنا يجوز لكل رمز أن ينظر في الاتجاهين، فلا يُحجب شيء: هذه الصورة هي السابقة نفسها. وليست كذلك في heed-gpt.",
    legend: "الدرجة بعد القناع؛ بمقياس واحد لكل رؤوس الطبقة",
  },
  weights: {
    name: "الأوزان",
    formula: "softmax",
    value: "وزن",
    explain: () => "تحوّل softmax كل صف إلى حصص: كم ينظر الرمز الجانبي إلى كل رمز في الأعلى. ومجموع كل صف 1.",
    legend: "الوزن: الحصة من انتباه الصف",
  },
};
