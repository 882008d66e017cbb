// The element's catalogue in Spanish.
import type { Strings } from "../index.ts";
import { element } from "./element.ts";
import { headNames } from "./head_names.ts";
import { headsView } from "./heads_view.ts";
import { mapView } from "./map_view.ts";
import { matrixView } from "./matrix_view.ts";
import { modelView } from "./model_view.ts";
import { neuronView } from "./neuron_view.ts";
import { parts } from "./parts.ts";
import { picture } from "./picture.ts";
import { reading } from "./reading.ts";
import { rowsView } from "./rows_view.ts";
import { stages } from "./stages.ts";
import { stepsView } from "./steps_view.ts";
import { tableView } from "./table_view.ts";
import { textView } from "./text_view.ts";
import { views } from "./views.ts";
import { numbers } from "./words.ts";

export const spanish: Strings = {
  language: "es",
  direction: "ltr",
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
