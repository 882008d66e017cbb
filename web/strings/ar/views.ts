// أسماء المشاهد.
import type { Strings } from "../index.ts";

export const views: Strings["views"] = {
  names: {
    text: "النص",
    matrix: "المصفوفة",
    heads: "الخطوط",
    model: "كل الرؤوس",
    neuron: "استعلام × مفتاح",
    steps: "الخطوات",
    rows: "الترتيب",
  },
};
