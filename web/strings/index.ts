// Every word that the element and the pages say, by language. English is always there; the others come when asked for.
import { element } from "./en/element.ts";
import { headNames } from "./en/head_names.ts";
import { headsView } from "./en/heads_view.ts";
import { lesson } from "./en/lesson.ts";
import { mapView } from "./en/map_view.ts";
import { matrixView } from "./en/matrix_view.ts";
import { modelView } from "./en/model_view.ts";
import { neuronView } from "./en/neuron_view.ts";
import { picture } from "./en/picture.ts";
import { reading } from "./en/reading.ts";
import { rowsView } from "./en/rows_view.ts";
import { share } from "./en/share.ts";
import { stages } from "./en/stages.ts";
import { stepsView } from "./en/steps_view.ts";
import { textView } from "./en/text_view.ts";
import { views } from "./en/views.ts";
import { whatif } from "./en/whatif.ts";

/** A text with values in it is a function. One folder a language, one file a part of the interface. */
export const english = {
  language: "en",
  direction: "ltr" as "ltr" | "rtl",
  element,
  headNames,
  headsView,
  lesson,
  mapView,
  matrixView,
  modelView,
  neuronView,
  picture,
  reading,
  rowsView,
  share,
  stages,
  stepsView,
  textView,
  views,
  whatif,
};

export type Strings = typeof english;

/** The catalogues besides English, by language; each is fetched when it is first asked for. */
const others: Readonly<Record<string, () => Promise<Strings>>> = {};

/** The catalogue of a language tag ("es-MX" is in Spanish); of a language that there is none of, English. */
export async function stringsOf(tag: string): Promise<Strings> {
  const language = tag.toLowerCase().split("-")[0] ?? "";
  return (Object.hasOwn(others, language) && (await others[language]?.())) || english;
}
