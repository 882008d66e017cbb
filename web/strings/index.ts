// Every word that <heed-attention> says, by language. English is always there; the others come when they are asked for.
// What only the pages say is in page.ts.
import { element } from "./en/element.ts";
import { headNames } from "./en/head_names.ts";
import { headsView } from "./en/heads_view.ts";
import { mapView } from "./en/map_view.ts";
import { matrixView } from "./en/matrix_view.ts";
import { modelView } from "./en/model_view.ts";
import { neuronView } from "./en/neuron_view.ts";
import { parts } from "./en/parts.ts";
import { picture } from "./en/picture.ts";
import { reading } from "./en/reading.ts";
import { rowsView } from "./en/rows_view.ts";
import { stages } from "./en/stages.ts";
import { stepsView } from "./en/steps_view.ts";
import { tableView } from "./en/table_view.ts";
import { textView } from "./en/text_view.ts";
import { views } from "./en/views.ts";
import { numbers } from "./en/words.ts";
import { languageOf, type Language } from "./languages.ts";

/** A text with values in it is a function. One folder a language, one file a part of the interface. */
export const english = {
  language: "en" as Language,
  direction: "ltr" as "ltr" | "rtl",
  element,
  headNames,
  headsView,
  mapView,
  matrixView,
  modelView,
  neuronView,
  numbers,
  parts,
  picture,
  reading,
  rowsView,
  stages,
  stepsView,
  tableView,
  textView,
  views,
};

export type Strings = typeof english;

/** Paths stand in full, for whoever bundles this. */
const CATALOGUES: Readonly<Record<Language, () => Promise<Strings>>> = {
  en: () => Promise.resolve(english),
  es: async () => (await import("./es/index.ts")).spanish,
  zh: async () => (await import("./zh/index.ts")).chinese,
  ar: async () => (await import("./ar/index.ts")).arabic,
};

/** The catalogue of a language tag ("es-MX" is in Spanish); of a language that there is none of, English. */
export function stringsOf(tag: string): Promise<Strings> {
  return CATALOGUES[languageOf(tag) ?? "en"]();
}
