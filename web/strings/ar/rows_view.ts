// ما يقوله الترتيب.
import type { Strings } from "../index.ts";
import { plural } from "./words.ts";

export const rowsView: Strings["rowsView"] = {
  from: (words) => `تنظر ${words} إلى`,
  fromTogether: (words) => `تنظر ${words} معًا إلى`,
  to: (words) => `من ينظر إلى ${words}`,
  rest: (count, share) =>
    plural(count, {
      one: `واحدة أخرى: ${share}`,
      two: `اثنتان أخريان معًا: ${share}`,
      few: `${count} أخرى معًا: ${share}`,
      other: `${count} أخرى معًا: ${share}`,
    }),
  more: (count) => `عرض ${count} أخرى`,
  less: "عرض أقل",
  list: (title, head) => `${title}، ${head}`,
};
