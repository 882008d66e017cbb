// بمَ تُسمّى الرؤوس بحسب ما تفعله، وما معنى ذلك.
import type { HeadName } from "../../heads/head_names.ts";
import type { Place } from "../../state.ts";
import type { Strings } from "../index.ts";
import { formula, numbers, quoted, share } from "./words.ts";

const PLACES: Readonly<Record<Place, string>> = {
  previousToken: "الرمز السابق",
  nextToken: "الرمز التالي",
  self: "الرمز نفسه",
  sameToken: "الكلمة نفسها في موضع آخر",
  firstToken: "الرمز الأول",
  separator: "الفاصل",
  induction: "ما جاء بعدها في المرة السابقة",
};

const GOAL: Readonly<Record<Place, string>> = {
  previousToken: "إلى الرمز السابق",
  nextToken: "إلى الرمز التالي",
  self: "إلى الرمز نفسه",
  sameToken: "إلى مواضع أخرى يرد فيها الرمز نفسه",
  firstToken: "إلى الرمز الأول",
  separator: `إلى الفواصل مثل ${formula("[SEP]")}`,
  induction: "إلى ما تلا الرمز نفسه من قبل",
};

const SINK =
  "لا بد لدالة softmax أن توزّع كل صف كاملًا، حتى حين لا يجد الرأس ما يبحث عنه؛ فكثير من النماذج المدرَّبة تضع الانتباه حينئذ على الرمز الأول أو على الفواصل، وهو ما يسمّى مصرف الانتباه (attention sink) (Clark et al. 2019, Xiao et al. 2023). فوجود وزن هناك لا يعني أن الرمز مهم.";

const isPlace = (kind: HeadName["kind"]): kind is Place => Object.hasOwn(PLACES, kind);
const bits = (value: number): string => `${numbers.fixed(value, 1)} بت`;

export const headNames: Strings["headNames"] = {
  name({ kind, strength }) {
    if (isPlace(kind)) return strength === "mostly" ? PLACES[kind] : `يميل إلى: ${PLACES[kind]}`;
    return {
      broad: "موزَّع بالتساوي",
      sharp: "يختار رمزًا واحدًا",
      none: "بلا نمط واضح",
      tooShort: "النص قصير جدًا",
    }[kind];
  },
  job({ kind, shares }) {
    const what = {
      pronoun: "ضمير ← الاسم العائد إليه",
      complement: `${quoted("making")} ← مكمّلها`,
      subject: "قبل الفعل ← فاعله",
    }[kind];
    return `${what}، ${shares.map((one) => share(one)).join(" إلى ")} في جمل صُنعت لذلك (بطاقة النموذج)`;
  },
  elsewhere({ kind, elsewhere }) {
    const [first, second] = elsewhere.map((one) => share(one));
    if (kind === "pronoun") return `ومع أسماء لم يرها قط ${first}، وفي نصوص حقيقية ${second}.`;
    return first ? `وحين لا يكون الفاعل أول الأسماء ${first}.` : "";
  },
  explain({ kind, value, even }) {
    if (isPlace(kind)) {
      const measured = `في المتوسط يذهب ${share(value)} من انتباه الرمز ${GOAL[kind]}؛ ولو وُزّع بالتساوي لكان ${share(even)}.`;
      return kind === "firstToken" || kind === "separator" ? `${measured} ${SINK}` : measured;
    }
    const spread = `إنتروبيا صفوفه ${bits(value)}؛ ولو وُزّعت بالتساوي لكانت ${bits(even)}.`;
    return {
      broad: `${spread} ينظر إلى كل ما يجوز له رؤيته بالتساوي تقريبًا.`,
      sharp: `${spread} ينظر الرمز في الغالب إلى رمز واحد غيره، بلا قاعدة تتعلق بالموضع: ولا تُعرف القاعدة إلا بالنظر.`,
      none: `${spread} لا تفسّره في هذا النص أي قاعدة تتعلق بالموضع.`,
      tooShort: "إذا قلّت الرموز عن ستة كان كل شيء قريبًا من كل شيء: اكتب المزيد لتمييز الرؤوس.",
    }[kind];
  },
  unmeasured: "غير مقيس",
  unmeasuredWhy: "هذا النص أطول من أن تُقاس رؤوسه.",
  rules:
    "يُسمّى الرأس بما يُقاس أنه يفعله في هذا النص، وقد يفعل غيره في نص آخر. «الرمز السابق» وأمثاله: يذهب إليه أكثر من نصف الانتباه في المتوسط، وضعفا التوزيع المتساوي على الأقل؛ «يميل إلى»: الربع على الأقل، وثلاثة أمثال ذلك التوزيع؛ «موزَّع بالتساوي»: \u200e90% على الأقل من إنتروبيا التوزيع المتساوي؛ «يختار رمزًا واحدًا»: إنتروبيا لا تزيد على بت واحد. والمتوسط على أقل من أربعة رموز لا يسمّي شيئًا. وكل ما عدا ذلك «بلا نمط واضح».",
};
