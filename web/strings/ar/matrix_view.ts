// ما تقوله المصفوفة.
import type { Strings } from "../index.ts";
import { plural, quoted } from "./words.ts";

export const matrixView: Strings["matrixView"] = {
  name: (stage, model, layer, head) =>
    `${stage} في \u2068${model}\u2069 L${layer}H${head}: الصفوف استعلامات والأعمدة مفاتيح`,
  corner: "استعلام ↓ مفتاح →",
  about:
    "الاستعلام: ما يبحث عنه الرمز الجانبي. المفتاح: ما يعرضه الرمز الذي في الأعلى. كلما توافقا زاد النظر إليه.",
  exactly: (value, number, row, col) => `${value} ${number}، من الرمز ${row} إلى الرمز ${col}`,
  notSeen: (row, col) => `لا يجوز للرمز ${row} أن يرى الرمز ${col}، فهو يأتي بعده`,
  hiddenCell: "سالب ما لا نهاية، يحجبه القناع",
  hiddenSwatch: "\u200e−∞، يحجبه القناع",
  hide: {
    mode: "حجب خلايا",
    howTo:
      "انقر خلية، أو اضغط Enter عليها، لحجبها؛ ومرة أخرى لإظهارها. عندئذ يعمل النموذج من جديد من دونها، في كل الطبقات والرؤوس.",
    undo: "تراجع",
    all: "إظهارها كلها",
    count: (count) =>
      plural(count, {
        one: "خلية واحدة محجوبة يدويًا.",
        two: "خليتان محجوبتان يدويًا.",
        few: `${count} خلايا محجوبة يدويًا.`,
        many: `${count} خلية محجوبة يدويًا.`,
        other: `${count} خلية محجوبة يدويًا.`,
      }),
    hidden: (query, key) => `حُجبت ${quoted(key)} عن ${quoted(query)}.`,
    shown: (query, key) => `صار بوسع ${quoted(query)} أن ترى ${quoted(key)} من جديد.`,
    byHand: (row, col) => `الرمز ${col} محجوب يدويًا عن الرمز ${row}`,
  },
};
