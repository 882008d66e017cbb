// ما يقوله الاستعلام × المفتاح، عددًا عددًا.
import type { Strings } from "../index.ts";
import { quoted } from "./words.ts";

export const neuronView: Strings["neuronView"] = {
  follow: "استعلام كلمة ومفتاح أخرى",
  query: "استعلام",
  key: "مفتاح",
  sort: "الأكثر إسهامًا أولًا",
  pair: (query, key) => `${quoted(query)} و${quoted(key)}، عددًا عددًا`,
  rows: { query: "استعلام", key: "مفتاح", product: "استعلام × مفتاح" },
  howTo: {
    mouse:
      "كل عمود عددٌ من الاستعلام وعددٌ من المفتاح وجداؤهما. أشِر إلى أحدها، أو اذهب إليه بمفاتيح الأسهم، لقراءته.",
    touch: "كل عمود عددٌ من الاستعلام وعددٌ من المفتاح وجداؤهما. المس أحدها لقراءته.",
  },
  cell: (row, channel, value) => `${row}، العدد ${channel}: ${value}`,
  said: (query, key, product, score, share, isMasked) =>
    `مجموع الجداءات ${product}؛ وبعد القسمة${isMasked ? " والقناع" : ""} ${score}؛ ومن انتباهها كله تعطي ${quoted(query)} ${quoted(key)} ${share}.`,
  colors: "الأزرق دون الصفر، والداكن صفر، والأصفر فوقه.",
  most: (channel, value) => `أكثرها إسهامًا العدد ${channel}: ${value}.`,
  all: (query) => `استعلام ${quoted(query)} مع كل مفتاح`,
  byWeight: "الأكثر انتباهًا أولًا",
  few: (shown, n) => `من ${n} مفتاحًا يُعرض ${shown} هي الأكثر نيلًا للانتباه.`,
  columns: {
    token: "مفتاح",
    key: "k",
    product: "q × k",
    sum: "q · k",
    score: "الدرجة",
    weight: "الحصة",
  },
};
