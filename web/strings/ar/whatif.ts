// ما تقوله لوحات «ماذا لو؟». الأعداد في الجمل هي دائمًا ما قيس لتوّه.
import { ALMOST_NOTHING } from "../../panels/experiments.ts";
import type { PageStrings } from "../page.ts";
import { count, formula, numbers, plural, quoted, tokens } from "./words.ts";

const { fixed, percent } = numbers;
const head = (layer: number, index: number): string => `L${layer}H${index}`;
const root = (width: number): string => formula(`√${width} ≈ ${fixed(Math.sqrt(width), 2)}`);
const inSteps = (amount: number): string =>
  plural(amount, {
    one: "خطوة واحدة",
    two: "خطوتين",
    few: `${count(amount)} خطوات`,
    many: `${count(amount)} خطوة`,
    other: `${count(amount)} خطوة`,
  });

export const whatif: PageStrings["whatif"] = {
  quoted,
  percent,
  head,
  title: "ماذا لو؟",
  intro:
    "كل مفتاح تحكم يشغّل النموذج من جديد وقد تغيّر فيه ذلك الشيء وحده. لا شيء هنا مرسوم من الذاكرة: كل عدد يأتي من تشغيل كهذا.",
  failed: (message) => `تعذّر حساب هذا: \u2068${message}\u2069`,
  working: "جارٍ الحساب …",
  long: "هذا النص أطول من ذلك: يحتاج الأمر إلى مصفوفات كاملة. اختصره.",
  onlyOneText:
    "خلط الكلمات والمسافات بينها والجملتان والانتباه المتتبَّع عبر كل الطبقات لنص واحد ينظر إلى نفسه: اختر لها المُرمِّز. ففاكّ الترميز ينظر إلى نصين، ولا يُعرَّف بينهما شيء من هذا.",

  switches: {
    title: "مفاتيح التحكم",
    trained: "كما دُرّب",
    on: "تشغيل",
    off: "إطفاء",
    causal: {
      legend: "القناع السببي: حجب المستقبل",
      said: (isCausal, wasCausal) =>
        isCausal === wasCausal
          ? isCausal
            ? "كما دُرّب: لا يرى أي رمز ما يأتي بعده."
            : "كما دُرّب: يرى كل رمز كل ما عداه، قبله وبعده."
          : isCausal
            ? "تغيّر: لم يعد أي رمز يرى ما يأتي بعده، وهو ما لم يُحرم منه هذا النموذج قط."
            : "تغيّر: يرى كل رمز الآن ما يأتي بعده، وهو ما لم يُدرَّب هذا النموذج على استعماله قط.",
    },
    scaled: {
      legend: "القسمة على \u2066√dₖ\u2069",
      said: (isScaled, width) =>
        isScaled
          ? `كما دُرّب: تُقسم الجداءات على ${root(width)}.`
          : `تغيّر: تدخل الجداءات softmax أكبر بـ${fixed(Math.sqrt(width), 2)} مرة، إذ لا شيء يقسمها على ${root(width)}. فيشتد التركيز.`,
    },
    temperature: {
      label: "درجة حرارة softmax",
      said: (temperature) =>
        temperature === 1
          ? "كما دُرّب: 1."
          : temperature > 1
            ? `تغيّر: تُقسم الدرجات على ${fixed(temperature, 2)}، فتتقارب الصفوف.`
            : `تغيّر: تُقسم الدرجات على ${fixed(temperature, 2)}، فيشتد تركيز الصفوف.`,
    },
    positions: {
      legend: "المواضع",
      said: (isOn, isCausal) =>
        isOn
          ? "كما دُرّب: يعرف كل رمز موضعه."
          : isCausal
            ? "تغيّر: لا شيء يخبر الرمز بموضعه، سوى قدر ما يجوز له أن يراه."
            : "تغيّر: صار النص كيس كلمات؛ لا شيء يخبر أيها أولًا.",
    },
    entropy: (before, after) =>
      `في المتوسط على كل الرؤوس كانت إنتروبيا انتباه الصف ${fixed(before, 2)} بت؛ وهي الآن ${fixed(after, 2)}.`,
    entropySame: (before) =>
      `كل شيء كما دُرّب. في المتوسط على كل الرؤوس إنتروبيا انتباه الصف ${fixed(before, 2)} بت.`,
  },

  heads: {
    title: "إطفاء الرؤوس",
    intro: "الرأس المُطفأ لا يضيف شيئًا: يُصفَّر سياقه قبل الإسقاط الأخير.",
    grid: "الرؤوس: الصفوف طبقات والأعمدة رؤوس؛ المضغوط يعمل",
    column: (index) => `H${index}`,
    row: (layer) => `L${layer}`,
    isOn: "يعمل",
    isOff: "مُطفأ",
    alone: (layer, index) => `${head(layer, index)} وحده`,
    all: "تشغيل الكل",
    said: (off, total) =>
      off.length === 0
        ? "كل الرؤوس تعمل."
        : off.length === total
          ? "كل الرؤوس مُطفأة: يبقى ما يقوله كل رمز بنفسه."
          : off.length > total / 2
            ? `أُطفئ ${off.length} من ${total}.`
            : `المُطفأ: ${off.join("، ")}.`,
  },

  word: {
    title: (word) => `تغيير ${quoted(word)}`,
    none: "الرمز المختار ليس في أي نص: اختر كلمة.",
    replace: "كلمة أخرى",
    put: "ضعها هناك",
    delete: "حذف",
    mask: "حجب",
    maskWhy: "إذا حُجبت صار على النموذج أن يخمّنها.",
  },

  about: {
    shuffle: "هل يهمّ الترتيبُ الانتباهَ؟ جرّب.",
    two: "يتغيّر معناها من جملة إلى أخرى، طبقةً بعد طبقة.",
    road: "كم خطوة تفصل كلمة عن أخرى.",
    rollout: "من أين جاء ما يصل إلى الكلمة، عبر الطبقات كلها.",
  },

  picture: {
    reset: "كل شيء كما دُرّب",
    title: (name) => `أين ينظر ${name}`,
    before: "كما دُرّب",
    after: "مع التغييرات",
    same: (asks, { word, share: part }) =>
      `أكثر ما تنظر إليه ${quoted(asks)} هو ${quoted(word)}: ${percent(part)}.`,
    said: (asks, before, after) =>
      before.word === after.word
        ? `أكثر ما تنظر إليه ${quoted(asks)} هو ${quoted(before.word)}: ${percent(before.share)} كما دُرّب، و${percent(after.share)} الآن.`
        : `كان أكثر ما تنظر إليه ${quoted(asks)} هو ${quoted(before.word)}، ${percent(before.share)}؛ وهو الآن ${quoted(after.word)}، ${percent(after.share)}.`,
    off: (name) => `${name} مُطفأ: لا يمضي شيء مما يراه.`,
    outcome: (first, before, after, last) =>
      `${quoted(first)}: ${percent(before)} ← ${percent(after)}${last === first ? "." : `؛ والأرجح الآن ${quoted(last)}.`}`,
    notWhy: "الانتباه ليس تفسيرًا.",
  },

  change: {
    title: (word) => `التنبؤ عند ${quoted(word)}`,
    titleNext: (word) => `الرمز التالي بعد ${quoted(word)}`,
    caption: "أرجح الرموز، كما دُرّب ومع التغييرات",
    token: "الرمز",
    before: "كما دُرّب",
    after: "مع التغييرات",
    difference: "الفرق بالنقاط",
    points: (change) =>
      formula(
        Math.abs(change) < 0.0005
          ? "± 0"
          : `${change > 0 ? "+" : "−"}\u00a0${fixed(Math.abs(100 * change), 1)}`,
      ),
    same: "لم يتغيّر شيء: العمودان كلاهما هو النموذج كما دُرّب.",
    said: (distance, first, before, after, last) =>
      `${distance < ALMOST_NOTHING ? "لم يكد يتغيّر شيء" : distance < 0.1 ? "تغيّر القليل" : distance < 0.5 ? "تغيّر الكثير" : "يكاد يكون تنبؤًا آخر"}: انتقل ${percent(distance)} من الاحتمال إلى رموز أخرى. كان لـ${quoted(first)} ${percent(before)} وصار لها ${percent(after)}${
        last === first ? "؛ وما زالت الأرجح." : `؛ والأرجح الآن ${quoted(last)}.`
      }`,
    measure: "يُقاس التغيّر بمسافة التغاير الكلي: نصف مجموع ما تغيّر به احتمال كل رمز في المعجم كله.",
    pronoun: "عند الضمير يسمّي heed-bert ما يعود إليه الضمير: على هذا دُرّب.",
  },

  which: {
    title: "أي رأس يفعل ذلك؟",
    from: "من",
    to: "إلى",
    ranking: (from, to) => `الرؤوس بحسب الوزن الذي تضعه من ${quoted(from)} إلى ${quoted(to)}`,
    weight: "الوزن هناك",
    headName: "الرأس",
    turnOff: (name) => `إطفاء ${name}`,
    turnOn: (name) => `تشغيل ${name}`,
    tryEach: "جرّبها كلها: أطفئ كل رأس، واحدًا واحدًا",
    trying: (done, of) => `جُرّب ${done} من ${of} …`,
    effects: (word) => `ما يفعله إطفاء كل رأس وحده بالتنبؤ عند ${quoted(word)}`,
    moved: "الاحتمال المنتقل",
    answer: "الأرجح عندئذ",
    stays: (first, after) => `${quoted(first)}، ${percent(after)}`,
    more: (total) => `عرضها كلها (${total})`,
    without: (one, lesson, looking) => {
      const fact = `أُطفئ ${one.name} الذي كان يضع هناك ${percent(one.weight)}: تنتقل ${quoted(one.first)} من ${percent(one.before)} إلى ${percent(one.after)}${one.last === one.first ? "" : `، والأرجح الآن ${quoted(one.last)}`}.`;
      const others =
        looking === 0
          ? ""
          : ` ${plural(looking, {
              one: "ويضع رأس آخر",
              two: "ويضع رأسان آخران",
              few: `وتضع ${count(looking)} رؤوس أخرى`,
              many: `ويضع ${count(looking)} رأسًا آخر`,
              other: `ويضع ${count(looking)} رأس آخر`,
            })} هناك أيضًا أكثر من نصف الانتباه.`;
      return {
        needless: `${fact} لم يكد يتغيّر شيء: بقية النموذج تحمل الجواب.${others} فنظرُ رأسٍ إلى هناك لا يفسّر الجواب: الانتباه ليس تفسيرًا.`,
        needed: `${fact} لم يكن ينظر إلى هناك إلا قليلًا، ومع ذلك يتوقف الجواب عليه: الانتباه ليس تفسيرًا.`,
        none: fact,
      }[lesson];
    },
    next: "أي رأس يحتاج إليه الجواب في هذه الجملة؟ جرّب كلًّا منها.",
    verdict: (looks, most, rank, total, isFew) => {
      const looking = `يضع ${looks.name} هناك أكبر وزن، ${percent(looks.weight)}. وإطفاؤه ينقل ${percent(looks.distance)} من الاحتمال: تنتقل ${quoted(looks.first)} من ${percent(looks.before)} إلى ${percent(looks.after)}${looks.last === looks.first ? "" : `، والأرجح ${quoted(looks.last)}`}. وترتيبه بحسب ما يغيّره ${rank} من ${total}.`;
      const mattering = `أكثرها تغييرًا ${most.name}: ينقل ${percent(most.distance)}، وتهبط ${quoted(most.first)} إلى ${percent(most.after)}${most.last === most.first ? "" : `، والأرجح الآن ${quoted(most.last)}`}. ووزنه هو هناك ${percent(most.weight)}.`;
      if (looks.name === most.name)
        return `${looking} هنا الرأس الذي ينظر هو أيضًا الأهم، وليس الأمر كذلك دائمًا.`;
      return isFew
        ? `${looking} فالرأس الذي يبدو أنه يفسّر الجواب لا يكاد يغيّر شيئًا: يجيب النموذج من دونه. ${mattering} الانتباه ليس تفسيرًا.`
        : `${looking} ${mattering}`;
    },
    sources:
      "هل الانتباه تفسير؟ في ذلك خلاف: Jain وWallace 2019، \u2066“Attention is not Explanation”\u2069؛ Wiegreffe وPinter 2019، \u2066“Attention is not not Explanation”\u2069. كما أن الرأس المُطفأ يترك لغيره مدخلات لم يرها في التدريب قط.",
    measure:
      "مرتبة بمسافة التغاير الكلي بين التنبؤ كما دُرّب النموذج والتنبؤ من دون الرأس: حصة الاحتمال التي تنتقل إلى رموز أخرى. ويصح هذا لهذه الجملة: ففي غيرها، أو في متوسط جمل كثيرة، قد يتقدم رأس آخر.",
  },

  shuffle: {
    title: "خلط الكلمات",
    intro:
      "من دون المواضع لا يعرف الانتباه ترتيبًا. اخلط الكلمات، ثم أعد ترتيبها في المصفوفات، وقارنها بمصفوفات الجملة نفسها.",
    button: "خلط",
    shuffled: "بعد الخلط",
    caption: "أكبر فرق بين وزنَي انتباه، على كل الرؤوس",
    setting: "الإعداد",
    largest: "الأكبر",
    mean: "المتوسط",
    positionsOff: "بلا مواضع",
    positionsOn: "مع المواضع",
    unmasked: "بلا مواضع وبلا قناع سببي",
    zero: "0، مع فرق التقريب",
    number: (value) => (value === 0 ? "0" : value < 0.0005 ? numbers.power(value) : fixed(value, 3)),
    said: (off) =>
      `من دون المواضع يختلط الانتباه مع الكلمات: لا يختلف وزن بأكثر من ${numbers.power(off)}، وهو تقريب. ومع المواضع لا يكون كذلك.`,
    causal:
      "من دون المواضع، ومع ذلك لا يختلط الانتباه مع الكلمات: القناع السببي نفسه يكشف الترتيب، لأن الرمز لا يرى إلا ما قبله. وإذا أُطفئ القناع أيضًا لم يبق إلا فرق التقريب.",
    different: "لا يختلط الانتباه مع الكلمات هنا.",
    impossible: "لا يمكن خلط هذا النص من دون أن تصير رموزه رموزًا أخرى.",
  },

  two: {
    title: "الكلمة نفسها في جملتين",
    intro:
      "متجه الكلمة نفسها واحد أينما وقعت، ويضيف إليه heed-bert وheed-gpt قبل الطبقة الأولى متجه موضعها. فلا يبدأ جيب التمام من 1 إلا إذا وقعت في الموضع نفسه من الجملتين. ثم تمزج كل طبقة به ما وجده انتباهها، فتباعد الجملتان بينها وبين نفسها.",
    first: "الجملة الأولى",
    second: "الجملة الثانية",
    word: "الكلمة المشتركة",
    none: "لا كلمة مشتركة بين الجملتين.",
    caption: (word) => `جيب التمام بين حالتَي ${quoted(word)}، طبقةً طبقة`,
    layer: "بعد الطبقة",
    embeddings: "التضمينات",
    layerName: (layer) => String(layer - 1),
    cosine: "جيب التمام",
    said: (word, start, least, layer, end) =>
      start - least < 0.0005
        ? `حالتا ${quoted(word)} واحدة في كل الطبقات: ما تختلف به الجملتان يأتي بعدها، وهذا النموذج لا يقرأ إلا ما قبلها.`
        : `تبدأ حالتا ${quoted(word)} بجيب تمام قدره ${fixed(start, 3)}، وأبعد ما تكونان بعد الطبقة ${layer} (${fixed(least, 3)})، وتنتهيان عند ${fixed(end, 3)}.`,
    rows: (name, word) => `إلى من تنظر ${quoted(word)} في كل منهما، بحسب ${name}`,
    picture: (head, text) => `انتباه ${head} في ${quoted(text)}؛ وصف الكلمة محاط بإطار`,
    difference: "الفرق بالنقاط",
    absent: "ليس فيها",
    pieces: "الكلمة المؤلفة من عدة رموز تُحسب متوسطَ حالاتها؛ ومن صفوفها يُعرض صف الرمز الأول.",
  },

  road: {
    title: "طريق الشبكة التكرارية (RNN) وطريق الانتباه",
    from: "من",
    to: "إلى",
    said: (from, to, steps, n) =>
      steps === 0
        ? `اختر كلمتين مختلفتين. تقرأ RNN النص (${tokens(n)}) رمزًا بعد رمز، في ${inSteps(n)}.`
        : `كي يبلغ ${quoted(to)} خبرُ ${quoted(from)} تحمله RNN عبر ${inSteps(steps)}، على كل منها أن تنتظر سابقتها وقد تنسى؛ وقراءة النص كله (${tokens(n)}) تستغرق ${inSteps(n)} متتالية. أما الانتباه فيصل في خطوة واحدة مهما بعدت المسافة، وتفعل ذلك كل الرموز معًا.`,
    backwards:
      "الكلمة الثانية تسبق الأولى: لا تصل إليها RNN تقرأ إلى الأمام أبدًا؛ والتي تقرأ إلى الخلف تحتاج إلى العدد نفسه من الخطوات.",
    masked: "ومع القناع السببي لا يصل الانتباه أيضًا: لا يرى الرمز أي رمز يأتي بعده.",
    caption: (n, d, kernel) =>
      `الجدول 1 من Vaswani et al. 2017، حيث ${formula(`n = ${n}, d = ${d}, k = ${kernel}`)}`,
    kind: "الطبقة",
    operations: "تعقيد الطبقة",
    sequential: "خطوات متتالية",
    longest: "أطول طريق",
    kinds: {
      attention: "انتباه ذاتي",
      recurrent: "تكرارية",
      convolutional: "التفافية",
    },
    formulas: {
      attention: ["O(n²·d)", "O(1)", "O(1)"],
      recurrent: ["O(n·d²)", "O(n)", "O(n)"],
      convolutional: ["O(k·n·d²)", "O(1)", "O(logₖ n)"],
    },
    value: count,
    orders:
      "هذه رتب نمو وُضعت فيها أعداد هذا التشغيل: ليست أزمنة. الانتباه الذاتي أقل كلفة من التكرار ما دام n أصغر من d. وطريق الالتفاف هو طريق النوى الموسَّعة. وتُرك الصف الرابع من الورقة، وهو الانتباه الذاتي المقيّد بجوار.",
  },

  rollout: {
    title: "بسط الانتباه (attention rollout)",
    intro:
      "أوزان الرأس الواحد تقول إلى أين تنظر طبقة واحدة، لا من أين جاء ما وجدته. أما البسط فيتتبّع الانتباه عبر كل الطبقات: في كل منها متوسط الرؤوس، ومعه مصفوفة الوحدة لما يحتفظ به الرمز من نفسه، مناصفةً؛ ثم تُضرب الطبقات كلها (Abnar and Zuidema 2020).",
    limits: "هو تقدير من الأوزان وحدها: لا تدخل فيه القيم ولا شبكات التغذية الأمامية ولا إسقاطات الخرج.",
    picture: "بسط الانتباه: الصفوف حيث يصل، والأعمدة من حيث جاء",
    legend: (most) => `الصفوف: حيث يصل؛ الأعمدة: من حيث جاء. والأسطع ${most}.`,
    unnamed: (tokens) =>
      `لا تتسع جوانب الصورة لأسماء الرموز (${count(tokens)})؛ والجدول يذكر أكثرها إعطاءً للرمز المختار.`,
    said: (word, self, other, value) =>
      `ما يصل إلى ${quoted(word)} يأتي ${percent(self)} منه من نفسها؛ وأكبر حصة من الباقي، ${percent(value)}، من ${quoted(other)}.`,
    caption: (word) => `من أين جاء ما يصل إلى ${quoted(word)}`,
    token: "الرمز",
    share: "الحصة",
  },
};
