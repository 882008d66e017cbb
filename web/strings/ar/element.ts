// ما يقوله <heed-attention> حول مشاهده.
import type { Strings } from "../index.ts";
import { isolated } from "../words.ts";
import { count as number, list, numbers, plural } from "./words.ts";

export const element: Strings["element"] = {
  controls: {
    model: "النموذج",
    view: "المشهد",
    sentence: "اختر رمزًا: تُظلَّل الرموز الأخرى بقدر ما ينظر إليها",
    layer: "الطبقة",
    heads: (layer) => `رؤوس الطبقة ${layer}`,
    stage: "المرحلة",
    map: "الألوان",
    tokens: "الرموز",
  },
  about: {
    layer: "تعمل طبقات النموذج واحدة بعد أخرى: تتابع كل طبقة ما صنعته سابقتها من الكلمات.",
    heads: "تعمل رؤوس الطبقة جنبًا إلى جنب: ينظر كل رأس إلى الكلمات بطريقته.",
  },
  tokens: {
    words: "مضمومة في كلمات",
    hide: (signs) => (signs.length > 0 ? `إخفاء ${signs.map(isolated).join(" ")}` : "إخفاء الرموز الخاصة"),
    renormalise: "حصص مما بقي",
  },
  signs: {
    title: "معاني العلامات",
    token: "الرمز كلمة أو جزء منها",
    first: (sign) => `${sign} يسبق النص`,
    last: (sign) => `${sign} يأتي بعده`,
    piece: (sign) => `${sign} يتابع الكلمة التي قبله`,
    space: (sign) => `${sign} مسافة`,
    byte: (sign) => `${sign} بايت واحد من محرف`,
    unknown: (sign, words) => `${sign}: ${list(words)} خارج مفردات هذا النموذج`,
  },
  maps: { cividis: "Cividis", viridis: "Viridis", magma: "Magma", greys: "رماديات" },
  layer: (layer) => `الطبقة ${layer}`,
  head: (layer, head) => `الرأس ${head} · L${layer}H${head}`,
  loading: (model) => `جارٍ تحميل \u2068${model}\u2069 …`,
  loadingShare: (model, percent) => `جارٍ تحميل \u2068${model}\u2069 … \u2066${percent}%\u2069`,
  notLoaded: (model, message, isPassing) =>
    `تعذّر تحميل \u2068${model}\u2069. ${isPassing ? "قد يفيد تحميل الصفحة من جديد. " : ""}(\u2068${message}\u2069)`,
  notDrawn: (view, message) => `تعذّر جلب العرض «${view}». قد يفيد اختياره مرة أخرى. (\u2068${message}\u2069)`,
  refused: (model, message) => `لم يستطع \u2068${model}\u2069 قراءة هذا: \u2068${message}\u2069`,
  nothing: "لا شيء للقراءة بعد.",
  noWords: (model) => `لم تبقَ كلمة للقراءة: يُسقط \u2068${model}\u2069 كل حرف في هذا النص.`,
  changed: {
    said: (what) => `ليس كما دُرّب: ${what}.`,
    off: (heads) => `أُطفئ ${heads}`,
    heads: (amount) =>
      plural(amount, {
        few: `${number(amount)} رؤوس`,
        many: `${number(amount)} رأسًا`,
        other: `${number(amount)} رأس`,
      }),
    unused: (heads) => `ما زال يُرسم إلى أين ينظر ${heads}، لكن لا يُنقل شيء مما يجده.`,
    reset: "كل شيء كما دُرّب",
    causal: "المستقبل مخفي",
    notCausal: "المستقبل غير مخفي",
    hidden: (cells) =>
      plural(cells, {
        one: "أُخفيت خلية واحدة",
        two: "أُخفيت خليتان",
        few: `أُخفيت ${number(cells)} خلايا`,
        many: `أُخفيت ${number(cells)} خلية`,
        other: `أُخفيت ${number(cells)} خلية`,
      }),
    unscaled: "من دون القسمة على \u2066√dₖ\u2069",
    temperature: (value) => `درجة الحرارة ${numbers.fixed(value, 2)}`,
    unplaced: "من دون مواضع",
  },
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
    inside: (model, most, read) =>
      `يقرأ \u2068${model}\u2069 ما لا يزيد على ${number(most)} من الرموز. ${plural(read, {
        one: "قرأ المحرف الأول",
        two: "قرأ أول محرفين",
        few: `قرأ أول ${number(read)} محارف`,
        many: `قرأ أول ${number(read)} محرفًا`,
        other: `قرأ أول ${number(read)} محرف`,
      })}، وتُرك الباقي، ابتداءً من «`,
    end: "…».",
    more: "ما تُرك",
  },
};
