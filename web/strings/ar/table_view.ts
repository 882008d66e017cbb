// ما تقوله الأعداد في جدول.
import type { Strings } from "../index.ts";

export const tableView: Strings["tableView"] = {
  title: "الأعداد في جدول",
  caption: (of) => `${of}: كل صف كلمة ناظرة، وكل عمود كلمة منظور إليها.`,
  corner: "الناظر ↓ المنظور إليه ←",
  numbers: (from, to, n) => `الأعداد من ${from} إلى ${to} من ${n}`,
  window: (from, to, n) => `الرموز من ${from} إلى ${to} من أصل ${n}`,
  rows: "الصفوف",
  columns: "الأعمدة",
  before: "السابقة",
  after: "التالية",
};
