// The views that <heed-attention> can show, and the controls that mean something to each.
import type { ViewName } from "../state.ts";
import { headsView } from "../views/heads_view.ts";
import { matrixOrMap } from "../views/matrix_or_map.ts";
import { modelView } from "../views/model_view.ts";
import { neuronView } from "../views/neuron_view.ts";
import { rowsView } from "../views/rows_view.ts";
import { stepsView } from "../views/steps_view.ts";
import { textView } from "../views/text_view.ts";
import type { MakeView } from "../views/view.ts";
import type { ControlName } from "./settings.ts";

interface Registered {
  readonly make: MakeView;
  readonly controls: readonly ControlName[];
}

export const REGISTRY: Readonly<Partial<Record<ViewName, Registered>>> = {
  matrix: { make: matrixOrMap, controls: ["layer", "heads", "stage", "map"] },
  text: { make: textView, controls: ["layer", "heads"] },
  // These have toggles of their own, for several heads.
  heads: { make: headsView, controls: ["layer"] },
  rows: { make: rowsView, controls: ["layer"] },
  steps: { make: stepsView, controls: ["layer", "heads", "map"] },
  neuron: { make: neuronView, controls: ["layer", "heads"] },
  // Its grid chooses layer and head.
  model: { make: modelView, controls: ["stage", "map"] },
};

/** Those that can be chosen. */
export const SHOWN_VIEWS = Object.keys(REGISTRY) as ViewName[];
