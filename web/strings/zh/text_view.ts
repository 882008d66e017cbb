// 句子对自己的说明。
import type { Strings } from "../index.ts";

export const textView: Strings["textView"] = {
  scale: (from) => (from ? "所选词的注意力所占份额" : "每个词的注意力中给了所选词的份额"),
  head: (name) => `头 ${name}`,
  several: "多个词",
  howTo: {
    mouse: "按住 Shift 点击或按空格可锁定多个词；按 Esc 解除锁定。",
    touch: "打开“多个词”后，点到的每个词都会锁定；再点一次即解除。",
  },
  unlock: "全部解锁",
};
