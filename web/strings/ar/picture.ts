// ما تقوله الصورة المصدَّرة عن نفسها.
import type { Strings } from "../index.ts";
import { count, formula, quoted } from "./words.ts";

export const picture: Strings["picture"] = {
  title: (view, model, heads) => `${view}: \u2068${model}\u2069، ${heads}`,
  text: (sentence) => `النص: ${sentence}`,
  pair: (sentence) => `النص الثاني: ${sentence}`,
  cell: (from, to, value, number) => `من ${quoted(from)} إلى ${quoted(to)}: ${value} ${number}.`,
  overview: (tokens, cells) =>
    `الرموز كلها (${count(tokens)}) في ${cells} خلية لكل ضلع؛ وتعرض كل خلية أكبر وزن تحتها.`,
  allHeads: "الرؤوس كلها",
  tooLarge: (width, height, scale) =>
    `ستكون الصورة ${formula(`${width} × ${height}`)} بكسل بمقياس ${scale}، وهو أكثر مما ترسمه المتصفحات؛ وليس لصيغة SVG هذا الحد`,
  badScale: (scale) => `المقياس ${scale}؛ والمتوقع عدد من 1 إلى 4`,
  notDrawn: "لم يستطع المتصفح رسم الصورة؛ وعلى الصفحة ذات Content-Security-Policy أن تسمح بصور من blob:",
};
