// Lo que dice la clasificación.
import type { Strings } from "../index.ts";
import { plural } from "./words.ts";

export const rowsView: Strings["rowsView"] = {
  from: (words) => `${words} mira a`,
  fromTogether: (words) => `${words} miran a`,
  to: (words) => `Quién mira a ${words}`,
  rest: (count, share) =>
    plural(count, { one: `otra más: ${share}`, other: `otras ${count} juntas: ${share}` }),
  more: (count) => `Mostrar ${count} más`,
  less: "Mostrar menos",
  list: (title, head) => `${title}, ${head}`,
};
