// ما تقوله خطوات الانتباه، كل منها في جملة بسيطة؛ والحساب تحتها بالأعداد وحدها.
import type { Strings } from "../index.ts";
import { formula, plural, quoted } from "./words.ts";

export const stepsView: Strings["stepsView"] = {
  follow: "تتبّع خلية واحدة عبر كل الخطوات",
  row: "من ينظر (الاستعلام)",
  col: "إلى من (المفتاح)",
  tooLong: (n) => `مع ${n} رمزًا لا تتسع الذاكرة لمصفوفة كل خطوة كاملة: يُعرض من كل منها صف الكلمة الناظرة.`,
  input: {
    title: "تدخل الكلمات",
    say: (query, key, width) =>
      `${quoted(query)} صف من ${width} عددًا، وكذلك ${quoted(key)}: هذا كل ما تعرفه الطبقة عنهما.`,
    normalised: "قبل ذلك يسوّي النموذج كل صف (layer norm)، كي لا تعلو كلمة على غيرها.",
    plate: "مدخل الطبقة، صف لكل رمز",
  },
  project: {
    title: "الاستعلام والمفتاح والقيمة",
    say: (query, key, width) =>
      `ثلاثة جداول من أعداد متعلَّمة تصنع من كل كلمة استعلامًا، وهو ما تبحث عنه، ومفتاحًا، وهو ما تُعرف به، وقيمة، وهي ما تعطيه: ${width} عددًا لكل منها. تتبّع استعلام ${quoted(query)} ومفتاح ${quoted(key)} وقيمتها.`,
    query: "استعلامات كل الرموز",
    key: "مفاتيح كل الرموز",
    value: "قيم كل الرموز",
  },
  products: {
    title: "إلى أي حد يوافق المفتاح؟",
    say: (query, key, count, value) =>
      `استعلام ${quoted(query)} في مفتاح ${quoted(key)}، عددًا عددًا، ثم تُجمع كلها (${count}): ${value}.`,
    terms: (others) =>
      plural(others, {
        one: "أكبر ثلاثة جداءات؛ والعدد الأخير هو الباقي.",
        other: `أكبر ثلاثة جداءات؛ والعدد الأخير مجموع الباقي وعدده ${others}.`,
      }),
    plate: "جداءات كل استعلام مع كل مفتاح",
  },
  scores: {
    title: "القسمة، كي تحتفظ الأعداد بحجمها",
    say: (width) =>
      `مجموع ${width} من الجداءات يكبر مع جذر ${width}؛ فإذا قُسم عليه بقي عددًا تستطيع softmax التعامل معه.`,
    unscaled: "مُطفأة: تمضي الجداءات كما هي، وستتلقى softmax أعدادًا كبيرة جدًا.",
    warm: (temperature) => `وتُقسم أيضًا على درجة الحرارة ${temperature}.`,
    plate: "الدرجات",
  },
  mask: {
    title: "حجب ما لا يجوز أن يُرى",
    seen: (query, key, score) => `يجوز لـ${quoted(query)} أن تنظر إلى ${quoted(key)}، فيبقى ${score} كما هو.`,
    future: (query, key) =>
      `تأتي ${quoted(key)} بعد ${quoted(query)}: المستقبل محجوب، وتصير الدرجة سالب ما لا نهاية.`,
    hand: (query, key) => `لقد حجبتَ ${quoted(key)} عن ${quoted(query)}: تصير الدرجة سالب ما لا نهاية.`,
    both: "يقرأ هذا النموذج في الاتجاهين، فلا يُحجب شيء.",
    causal: "كل ما فوق القطر محجوب: لا ترى أي كلمة ما يأتي بعدها.",
    plate: "الدرجات بعد القناع",
  },
  softmax: {
    title: "تحويل كل صف إلى حصص",
    say: (query, key, share) =>
      `ترفع softmax العدد e إلى كل درجة، ثم تقسم على مجموع الصف. ومن انتباهها كله تعطي ${quoted(query)} ${quoted(key)} ${share}. (تُطرح أكبر درجة في الصف أولًا؛ وهذا لا يغيّر شيئًا ويُبقي الأعداد صغيرة.)`,
    hidden: (key) => `‏e مرفوعًا إلى سالب ما لا نهاية يساوي 0: لا تنال ${quoted(key)} شيئًا.`,
    blind: (query) => `لا يجوز لـ${quoted(query)} أن تنظر إلى أي شيء: صفها 0.`,
    row: (query) => `مجموع صف ${quoted(query)} يساوي 1:`,
    plate: "الأوزان",
  },
  context: {
    title: "أخذ نصيب من كل قيمة",
    say: (query, key, share, channel) =>
      `ما تأخذه ${quoted(query)} معها مزيج من كل القيم: ${share} من ${quoted(key)}، ومن غيرها بحسب حصصها. العدد ${channel} منه، وهو الأكبر:`,
    ablated: "هذا الرأس مُطفأ: أيًّا كان المزيج، تمضي أصفار مكانه.",
    terms: (others) => (others === 0 ? "" : "الأجزاء الكبرى أولًا؛ والعدد الأخير مجموع كل ما عداها."),
    plate: "سياقات كل الرموز",
  },
  concat: {
    title: "وضع الرؤوس جنبًا إلى جنب",
    say: (heads, each, width, head) =>
      `فعلت رؤوس الطبقة كلها (${heads}) هذا في آن واحد، ولكل منها جداوله. وتوضع نتائجها جنبًا إلى جنب: ${formula(`${heads} × ${each} = ${width}`)} عددًا لكل كلمة. وأعداد الرأس ${head} داخل الإطار.`,
    plate: "سياقات كل الرؤوس، جنبًا إلى جنب",
  },
  output: {
    title: "مزجها",
    say: (query, width) =>
      `جدول متعلَّم آخر يمزج الأعداد (${width}): هذا ما يقوله الانتباه عن ${quoted(query)} في هذه الطبقة.`,
    added: "ويُضاف إلى ما دخل، وتمضي الطبقة من هناك.",
    largest: (channel, value) => `أكبرها العدد ${channel}: ${value}.`,
    plate: "خرج الانتباه بعد الجدول الأخير",
  },
  cellOf: (plate, row, value) => `${plate}، ${quoted(row)}: ${value}`,
  pairOf: (query, key, value) => `${quoted(query)} ← ${quoted(key)}: ${value}`,
};
