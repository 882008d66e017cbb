// ما تقوله الصفحة حول العنصر.
import type { PageStrings } from "../page.ts";
import { count, numbers, plural, tokens as tokensOf } from "./words.ts";

export const page: PageStrings["page"] = {
  title: "heed: الانتباه في متصفحك",
  lead: "الانتباه هو الطريقة التي تنظر بها كلمات الـTransformer بعضها إلى بعض. اكتب جملة (بالإنجليزية، وهي اللغة التي تعلّمها النموذجان): يقرؤها في متصفحك نموذجان صغيران مدرَّبان حقًا، وكل عدد من انتباههما مكشوف أدناه.",
  lesson: "هل الانتباه جديد عليك؟ خذ الدرس.",
  inEnglish: "(بالإنجليزية)",
  language: "اللغة",
  ask: "الجملة والنموذج",
  type: "اكتب جملة",
  pick: "أو اختر واحدة",
  pickNone: "اختر مثالًا …",
  model: "النموذج",
  hint: "في heed-bert تقوم \u2066[MASK]\u2069 مقام كلمة يُراد تخمينها.",
  attention: "الانتباه",
  status: (tokens, heads, milliseconds) =>
    `${tokensOf(tokens)}، ${plural(heads, {
      one: "رأس واحد",
      two: "رأسان",
      few: `${count(heads)} رؤوس`,
      many: `${count(heads)} رأسًا`,
      other: `${count(heads)} رأس`,
    })}، ${numbers.fixed(milliseconds, milliseconds < 10 ? 1 : 0)} ملّي ثانية`,
  credits: {
    title: "شكر وعرفان",
    before:
      "تعلّم النموذجان من نصوص ويكيبيديا، عن طريق WikiSplit وWikiText-2 وGAP: كتبها المساهمون في ويكيبيديا، برخصة ",
    after: ". الألوان: cividis، من وضع Nuñez وAnderton وRenslow. أما heed فبرمجية حرة برخصة Apache 2.0.",
    privacy: "لا شيء مما تكتبه يغادر هذه الصفحة: يعمل النموذجان هنا، ولا يُرسل أي طلب بعد تحميلهما.",
  },
  predictions: {
    at: ["خرج heed-bert عند ", ""],
    next: ["رمز heed-gpt التالي بعد ", ""],
    hide: ["احجب ", " ودع النموذج يخمّنها"],
    bertLimits: "نموذج ضئيل: من الكلمات المحجوبة في نصوص حقيقية لم يرها يصيب 15%.",
    gptLimits: "نموذج ضئيل: من الرموز التالية في نصوص حقيقية لم يرها يصيب 18.5%. فلا تتوقع منه معنى يطول.",
    read: "قرأ من البداية إلى هنا، ولم يقرأ ما بعد ذلك.",
    ends: "معنى \u2066<|endoftext|>\u2069: هنا ينتهي النص.",
    hidden: "الكلمة المحجوبة، يخمّنها من الجانبين.",
    frame: "رمز يحيط بالجملة؛ ولا معنى لخرجه في ذاته.",
    pronoun: (word) =>
      `دُرّب heed-bert على أن يسمّي عند الضمير ما يعود إليه الضمير. فهذا جوابه عن سؤال «من هو \u2068${word}\u2069؟»، لا تخمين لكلمة «\u2068${word}\u2069».`,
    open: "لا شيء محجوب هنا، فلا يدل هذا على الكثير. اكتب \u2066[MASK]\u2069 مكان كلمة ليخمّنها.",
  },
};
