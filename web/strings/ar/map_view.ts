// ما تقوله خريطة المصفوفة الطويلة.
import type { Strings } from "../index.ts";
import { formula, quoted } from "./words.ts";

export const mapView: Strings["mapView"] = {
  name: (head, rows, cols) => `انتباه ${head}، ${formula(`${rows} × ${cols}`)} رمز: خريطة`,
  howTo: `اسحب للتحريك، وقرّب إصبعيك أو باعدهما لتغيير المقياس؛ وبعد النقر تغيّره العجلة أيضًا. مفاتيح الأسهم تنقل الإطار من خلية إلى خلية، و${formula("+")} و${formula("−")} يغيّران المقياس، و0 يعرض الكل.`,
  closer: "أقرب",
  farther: "أبعد",
  all: "عرض الكل",
  reduce: "حيث يضم البكسل خلايا كثيرة، يُعرض",
  max: "أكبرها",
  mean: "متوسطها",
  overview: "المصفوفة كلها؛ والإطار هو ما يظهر منها",
  cell: (query, row, key, col, share) => `${quoted(query)} (${row}) تعطي ${quoted(key)} (${col}) ${share}`,
  score: (query, row, key, col, value) => `${quoted(query)} (${row}) ← ${quoted(key)} (${col}): ${value}`,
  legend: "حصة من انتباه الكلمة",
  legendTo: (top) => `حصة من انتباه الكلمة؛ ${top} فما فوقها هو الأسطع`,
};
