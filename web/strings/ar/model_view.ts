// ما تقوله صورة الرؤوس كلها.
import type { Strings } from "../index.ts";
import { numbers } from "./words.ts";

export const modelView: Strings["modelView"] = {
  grid: (stage) => `الرؤوس كلها: ${stage}. الصفوف طبقات والأعمدة رؤوس`,
  sorted: (order) => `الرؤوس كلها، مرتبةً: ${order}`,
  order: "الترتيب",
  sorts: (sort, pair) =>
    ({
      place: "كما في النموذج",
      pair: `أكثر وزنًا في ${pair}`,
      previousToken: "أكثر إلى الرمز السابق",
      nextToken: "أكثر إلى الرمز التالي",
      self: "أكثر إلى الرمز نفسه",
      sameToken: "أكثر إلى الكلمة نفسها في موضع آخر",
      firstToken: "أكثر إلى الرمز الأول (مصرف)",
      separator: "أكثر إلى الفواصل (مصرف)",
      induction: "أكثر إلى ما جاء بعدها في المرة السابقة",
      entropy: "الأكثر توزعًا (إنتروبيا)",
      meanDistance: "الأبعد نظرًا في المتوسط",
    })[sort],
  pair: (from, to) => `\u2068${from}\u2069 ← \u2068${to}\u2069`,
  byPair: (pair) => `رتّب بحسب ${pair}`,
  layerShort: (layer) => `L${layer}`,
  rank: (rank) => `${rank}.`,
  bits: (value) => `${numbers.fixed(value, 2)} بت`,
  tokens: (value) => `${numbers.fixed(value, 1)} رمز`,
  cell: (head, name, value) => (value === "" ? `${head}: ${name}` : `${head}: ${name}، ${value}`),
  several: "عدة رؤوس",
  howTo: {
    mouse: "انقر لاختيار رأس؛ وبالنقر مع Shift، أو Shift مع المسافة، تُعرض عدة رؤوس من الطبقة.",
    touch: "المس رأسًا لاختياره؛ ومع تفعيل «عدة رؤوس» يمكن اختيار عدة رؤوس من الطبقة.",
  },
  rules: "معاني الأسماء",
};
