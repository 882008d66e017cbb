// ما تقوله الجملة عن نفسها.
import type { Strings } from "../index.ts";

export const textView: Strings["textView"] = {
  scale: (from) => (from ? "حصة من انتباه الكلمة المختارة" : "حصة الكلمة المختارة من انتباه كل كلمة"),
  head: (name) => `الرأس ${name}`,
  several: "عدة كلمات",
  howTo: {
    mouse: "النقر مع Shift أو المسافة يثبّت عدة كلمات؛ وEsc يحرّرها.",
    touch: "مع تفعيل «عدة كلمات» تُثبَّت كل كلمة تلمسها، وتُحرَّر إذا لمستها ثانية.",
  },
  unlock: "تحرير الكل",
};
