// ما يقال عند مشاركة صورة: برابط، أو ملفًا، أو في صفحة أخرى.
import type { PageStrings } from "../page.ts";
import { count, formula } from "./words.ts";

export const share: PageStrings["share"] = {
  title: "المشاركة",
  copyLink: "نسخ الرابط",
  copied: "نُسخ الرابط. يفتح هذه الصورة بعينها، ومعها الجملة.",
  copiedLong: (length) => `نُسخ الرابط. طوله ${count(length)} من المحارف، وبعض البرامج تقطع روابط بهذا الطول.`,
  copiedCut: (most) => `نُسخ الرابط. النص أطول مما يتسع له رابط: فيه أول ${count(most)} من محارفه.`,
  notCopied: "لا يسمح المتصفح لهذه الصفحة بالنسخ. النص محدَّد: انسخه بنفسك.",
  link: "الرابط",
  save: "حفظ بصيغة",
  scale: "البكسلات",
  times: (scale) => formula(`${scale}×`),
  saved: (name) => `حُفظ باسم ${formula(name)}.`,
  notSaved: (message) => `لم يُحفظ شيء: \u2068${message}\u2069`,
  unsaid: (keys, isUnknown) => {
    if (keys.length > 0) return `جزء من هذا الرابط لا معنى له وقد تُرك: ${formula(keys.join(", "))}.`;
    return isUnknown ? "جزء من هذا الرابط غير معروف هنا وقد تُرك." : "";
  },
  notInLinks: "نموذج من قرصك أو من مستودع آخر لا يمكن أن يكون في رابط: هذا الرابط يعرض heed-bert.",
  notEmbedded: "لا يمكن تضمين نموذج خاص بك في إطار: الإطار يعرض heed-bert.",
  beyond: "يذكر هذا الرابط طبقة أو رأسًا أو كلمة لا وجود لها هنا. يُعرض أقرب شيء إليها.",
  embed: {
    open: "تضمين …",
    title: "تضمين هذه الصورة",
    intro: "كل من هذه يعرض في صفحتك ما تراه الآن. ولا شيء مما يكتبه قرّاؤك يغادر متصفحاتهم.",
    controls: "مع أدوات التحكم",
    theme: "فاتح أو داكن",
    themes: { auto: "كما في الصفحة", light: "فاتحة", dark: "داكنة" },
    iframe: "في إطار",
    iframeWhy: (megabytes) =>
      `لأي صفحة تقبل HTML. للإطار أن يشغّل نصوصًا برمجية لا غير، ويخبر الصفحة بارتفاعه. ويحمّل ملفًا واحدًا حجمه ${formula(`${megabytes} MB`)}.`,
    element: "عنصرًا",
    elementWhy: "لصفحة يجوز لها أن تحمّل نصوصًا برمجية من هنا. تتشارك عدة عناصر محرّكًا واحدًا ونموذجًا واحدًا.",
    link: "رابطًا",
    linkWhy: "لمحادثة أو رسالة أو شريحة عرض.",
    copy: (what) => `نسخ: ${what}`,
    copyFace: "نسخ",
    copied: (what) => `نُسخ: ${what}`,
    close: "إغلاق",
    frameTitle: (model, text) => `انتباه \u2068${model}\u2069: \u2068${text}\u2069`,
  },
};
