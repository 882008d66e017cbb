// Every word that the element and the pages say, by language. English is always there; the others come when asked for.
import { headNames } from "./en/head_names.ts";
import { headsView } from "./en/heads_view.ts";
import { mapView } from "./en/map_view.ts";
import { modelView } from "./en/model_view.ts";
import { neuronView } from "./en/neuron_view.ts";
import { reading } from "./en/reading.ts";
import { rowsView } from "./en/rows_view.ts";
import { stepsView } from "./en/steps_view.ts";
import { textView } from "./en/text_view.ts";
import { views } from "./en/views.ts";

/** A text with values in it is a function. One folder a language, one file a part of the interface. */
export const english = {
  language: "en",
  direction: "ltr" as "ltr" | "rtl",
  headNames,
  headsView,
  mapView,
  modelView,
  neuronView,
  reading,
  rowsView,
  stepsView,
  textView,
  views,
};

export type Strings = typeof english;
