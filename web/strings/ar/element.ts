// ما يقوله <heed-attention> حول مشاهده.
import type { Strings } from "../index.ts";
import { count as number, plural } from "./words.ts";

export const element: Strings["element"] = {
  controls: {
    group: "ما يُعرض",
    model: "النموذج",
    view: "المشهد",
    sentence: "اختر رمزًا: تُظلَّل الرموز الأخرى بقدر ما ينظر إليها",
    layer: "الطبقة",
    heads: (layer) => `رؤوس الطبقة ${layer}`,
    stage: "المرحلة",
    map: "الألوان",
  },
  maps: { cividis: "Cividis", viridis: "Viridis", magma: "Magma", greys: "رماديات" },
  layer: (layer) => `الطبقة ${layer}`,
  head: (layer, head) => `الرأس ${head} · L${layer}H${head}`,
  loading: (model) => `جارٍ تحميل \u2068${model}\u2069 …`,
  loadingShare: (model, percent) => `جارٍ تحميل \u2068${model}\u2069 … \u2066${percent}%\u2069`,
  notLoaded: (model, message) =>
    `تعذّر تحميل \u2068${model}\u2069. قد يفيد تحميل الصفحة من جديد. (\u2068${message}\u2069)`,
  refused: (model, message) => `لم يستطع \u2068${model}\u2069 قراءة هذا: \u2068${message}\u2069`,
  nothing: "لا شيء للقراءة بعد.",
  cut: {
    title: "اقتُطع النص:",
    message: (model, most, read, left) =>
      `يقرأ \u2068${model}\u2069 ما لا يزيد على ${number(most)} من الرموز. ${plural(read, {
        one: "قرأ الكلمة الأولى",
        two: "قرأ أول كلمتين",
        few: `قرأ أول ${number(read)} كلمات`,
        many: `قرأ أول ${number(read)} كلمة`,
        other: `قرأ أول ${number(read)} كلمة`,
      })}، ${plural(left, {
        one: "وتُركت الكلمة الأخيرة",
        two: "وتُركت آخر كلمتين",
        few: `وتُركت آخر ${number(left)} كلمات`,
        many: `وتُركت آخر ${number(left)} كلمة`,
        other: `وتُركت آخر ${number(left)} كلمة`,
      })}، ابتداءً من «`,
    end: "…».",
    more: "ما تُرك",
  },
};
