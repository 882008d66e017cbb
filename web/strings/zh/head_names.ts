// 按所做的事给头起的名字，以及名字的含义。
import type { HeadName } from "../../heads/head_names.ts";
import type { Place } from "../../state.ts";
import type { Strings } from "../index.ts";
import { numbers, quoted, share } from "./words.ts";

const PLACES: Readonly<Record<Place, string>> = {
  previousToken: "前一个词元",
  nextToken: "后一个词元",
  self: "自身",
  sameToken: "别处的同一个词",
  firstToken: "第一个词元",
  separator: "分隔符",
  induction: "上次跟在后面的词",
};

const GOAL: Readonly<Record<Place, string>> = {
  previousToken: "前一个词元",
  nextToken: "后一个词元",
  self: "该词元自身",
  sameToken: "同一词元出现的其他位置",
  firstToken: "第一个词元",
  separator: "[SEP] 之类的分隔符",
  induction: "同一词元上次出现时跟在它后面的词元",
};

const SINK =
  "softmax 必须把每一行分完，即使这个头没有什么可找的；许多训练好的模型于是把注意力放在第一个词元或分隔符上，这叫“注意力汇”（attention sink，Clark 等 2019，Xiao 等 2023）。那里有权重，并不说明那个词元重要。";

const isPlace = (kind: HeadName["kind"]): kind is Place => Object.hasOwn(PLACES, kind);
const bits = (value: number): string => `${numbers.fixed(value, 1)} 比特`;

export const headNames: Strings["headNames"] = {
  name({ kind, strength }) {
    if (isPlace(kind)) return strength === "mostly" ? PLACES[kind] : `偏向${PLACES[kind]}`;
    return {
      broad: "平均分散",
      sharp: "只选一个词元",
      none: "没有明显规律",
      tooShort: "文本太短",
    }[kind];
  },
  job({ kind, shares }) {
    const what = {
      pronoun: "代词 → 它所指的名词",
      complement: `${quoted("making")} → 它的补语`,
      subject: "动词之前 → 其主语",
    }[kind];
    return `${what}，在为此编写的句子中为 ${shares.map((one) => share(one)).join(" 至 ")}（模型卡）`;
  },
  elsewhere({ kind, elsewhere }) {
    const [first, second] = elsewhere.map((one) => share(one));
    if (kind === "pronoun") return `遇到从未见过的名词为 ${first}，在真实文本中为 ${second}。`;
    return first ? `主语不是第一个名词时为 ${first}。` : "";
  },
  explain({ kind, value, even }) {
    if (isPlace(kind)) {
      const measured = `一个词元的注意力平均有 ${share(value)} 给了${GOAL[kind]}；若平均分配则为 ${share(even)}。`;
      return kind === "firstToken" || kind === "separator" ? measured + SINK : measured;
    }
    const spread = `它各行的熵为 ${bits(value)}；若平均分配则为 ${bits(even)}。`;
    return {
      broad: `${spread}它对能看到的一切几乎一视同仁。`,
      sharp: `${spread}一个词元多半只看另一个词元，但不按位置规则：究竟是什么规则，只有看了才知道。`,
      none: `${spread}在这段文本里，没有哪条位置规则能解释它。`,
      tooShort: "词元少于六个时，什么都离得很近：多写一些，才能区分各个头。",
    }[kind];
  },
  unmeasured: "未测量",
  unmeasuredWhy: "这段文本太长，无法测量各个头。",
  rules:
    "头按它在这段文本中可测量的行为命名，换一段文本可能另有作为。“前一个词元”等：平均超过一半的注意力落在那里，且至少是平均分配的两倍；“偏向”：至少四分之一，且至少三倍；“平均分散”：熵至少为平均分配的 90%；“只选一个词元”：熵至多 1 比特。不足四个词元的平均值不用来命名。其余一律为“没有明显规律”。",
};
