// كلمات أشكال الدرس.
import type { PageStrings } from "../page.ts";
import { formula, numbers, plural, quoted, share } from "./words.ts";

const steps = (count: number): string =>
  plural(count, {
    zero: "بلا خطوات",
    one: "خطوة واحدة",
    two: "خطوتان",
    few: `${count} خطوات`,
    many: `${count} خطوة`,
    other: `${count} خطوة`,
  });

export const lesson: PageStrings["lesson"] = {
  empty: "اكتب جملة في الأعلى، فتعود الأشكال.",
  number: numbers.fixed,
  percent: (value) => {
    if (value > 0 && value < 0.0005) return `أقل من ${share(0.001, 1)}`;
    return share(value, value > 0 && value < 0.0995 ? 1 : 0);
  },
  memory: {
    keep: "تحتفظ كل خطوة بـ",
    steps: (count) =>
      count === 1 ? "خطوة واحدة لقراءتها." : `${steps(count)} لقراءتها، كل منها تنتظر سابقتها.`,
    left: (word, share) => `${word}: بقي ${share}`,
    bars: "ما يبقى من كل كلمة في النهاية",
    first: (word, count, share) =>
      `من الكلمة الأولى إلى الحالة الأخيرة: ${steps(count)}. وبقي من ${quoted(word)} ${share}.`,
    direct: "مع الانتباه: خطوة واحدة بين أي كلمتين.",
  },
  lookup: {
    query: "تطلب",
    temperature: "درجة الحرارة",
    columns: ["حلو", "مقرمش"],
    food: "الطعام (المدخل)",
    key: (name) => `المفتاح: ${name}`,
    value: "القيمة: السعر",
    fit: `الموافقة ${formula("q · k")}`,
    weight: "الوزن",
    rows: [
      { name: "تفاح", key: [0.8, 0.9], value: 2 },
      { name: "موز", key: [0.9, 0.1], value: 1 },
      { name: "جزر", key: [0.3, 1], value: 0.5 },
      { name: "خبز", key: [0.1, 0.3], value: 3 },
    ],
    cell: (food, column) => `${food}، ${column}`,
    answer: (price) => `الجواب: ${price}`,
    hard: (name) => `بحث صارم: ${quoted(name)} يأخذ كل شيء.`,
    mostly: (name, share) => `معظمه ${quoted(name)}، بنسبة ${share}.`,
    mixed: (name, share) => `مزيج؛ أكثره ${quoted(name)}، بنسبة ${share}.`,
  },
  vectors: {
    query: "الاستعلام q",
    key: "المفتاح k",
    right: (name) => `${name}، إلى اليمين`,
    up: (name) => `${name}، إلى الأعلى`,
    picture: (q, k) => `سهمان من نقطة واحدة: q إلى ${q}، وk إلى ${k}`,
    product: (parts, sum) => formula(`q · k = ${parts} = ${sum}`),
    angle: (degrees) => `الزاوية بينهما: ${degrees}°.`,
    noAngle: "أحد السهمين بلا طول، فلا زاوية.",
    verdict: {
      same: "متوافقان.",
      none: "لا شيء يقوله أحدهما للآخر.",
      opposite: "متعاكسان.",
    },
  },
  spread: {
    length: "طول القوائم d",
    seed: "البذرة",
    scaled: "مقسومة على \u2066√d\u2069",
    raw: "كما هي",
    plot: "تشتت الجداءات النقطية بحسب طول القوائم",
    axisX: "طول القوائم",
    axisY: "التشتت",
    measured: (d, raw, root, scaled) =>
      `عند الطول ${d}: التشتت المقيس ${raw}، والنظري ${root}؛ وبعد القسمة ${scaled}.`,
    shares: (kind) => `softmax لثماني درجات، ${kind}`,
    largest: (kind, share) => `${kind}: أكبر الثماني تأخذ ${share} في المتوسط.`,
    key: (i) => `المفتاح ${i}`,
  },
  softmax: {
    score: (name) => `درجة ${name}`,
    hide: (name) => `حجب ${name}`,
    names: ["a", "b", "c", "d"],
    plus: "زيادة 1 على كل درجة",
    minus: "طرح 1 من كل درجة",
    reset: "البدء من جديد",
    table: { word: "المدخل", score: "الدرجة s", exp: "eˢ", share: "الحصة" },
    sum: "المجموع",
    hidden: "\u200e−∞",
    all: "كل المداخل محجوبة: لا شيء يُقسم.",
  },
  mix: {
    value: (word) => `قيمة \u2068${word}\u2069`,
    rest: (count) =>
      plural(count, {
        one: "رمز آخر",
        two: "رمزان آخران",
        few: `${count} رموز أخرى`,
        many: `${count} رمزًا آخر`,
        other: `${count} رمز آخر`,
      }),
    context: (word) => `سياق \u2068${word}\u2069`,
    times: (weight) => formula(`× ${weight}`),
    caption: (word) => `ما تأخذه ${quoted(word)}، وحاصل جمعه`,
    legend: (most) => `الألوان: ${formula(`−${most}`)} أزرق فاتح، و0 داكن، و${most} أصفر.`,
  },
  concat: {
    choose: "الكلمة",
    head: (head) => `الرأس ${head}`,
    strip: (head, word) => `الرأس ${head}: 32 عددًا لـ${word}`,
    caption: (count, each) => `الرؤوس × الأعداد: ${formula(`${count} × ${each} = ${count * each}`)}`,
  },
};
