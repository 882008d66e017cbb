// ما تقوله الجملة عن نفسها.
import type { Strings } from "../index.ts";

export const textView: Strings["textView"] = {
  scale: (from) => (from ? "حصة من انتباه الكلمة المختارة" : "حصة الكلمة المختارة من انتباه كل كلمة"),
  head: (name) => `الرأس ${name}`,
  howTo: "النقر مع Shift أو المسافة يثبّت عدة كلمات؛ وEsc يحرّرها.",
  unlock: "تحرير الكل",
};
