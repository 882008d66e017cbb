// 排行所说的话。
import type { Strings } from "../index.ts";

export const rowsView: Strings["rowsView"] = {
  from: (words) => `${words}看谁`,
  fromTogether: (words) => `${words}看谁`,
  to: (words) => `谁看${words}`,
  rest: (count, share) => `其余 ${count} 个合计：${share}`,
  more: (count) => `再显示 ${count} 个`,
  less: "收起",
  list: (title, head) => `${title}，${head}`,
};
