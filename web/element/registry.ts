// The views that <heed-attention> can show, and the controls that mean something to each.
import type { Stage } from "../runner/run_data.ts";
import type { ViewName } from "../state.ts";
import { headsView } from "../views/heads_view.ts";
import { matrixOrMap } from "../views/matrix_or_map.ts";
import { modelView } from "../views/model_view.ts";
import { neuronView } from "../views/neuron_view.ts";
import { rowsView } from "../views/rows_view.ts";
import { stepsView } from "../views/steps_view.ts";
import { textView } from "../views/text_view.ts";
import type { MakeView, Scene } from "../views/view.ts";
import type { ControlName } from "./settings.ts";

interface Registered {
  readonly make: MakeView;
  readonly controls: readonly ControlName[];
  /** Whose numbers stand below it as a table; absent: the view is numbers itself. */
  readonly table?: (scene: Scene) => Stage;
}

const weights = (): Stage => "weights";

export const REGISTRY: Readonly<Partial<Record<ViewName, Registered>>> = {
  matrix: {
    make: matrixOrMap,
    controls: ["layer", "heads", "stage", "map"],
    table: ({ state }) => state.stage,
  },
  text: { make: textView, controls: ["layer", "heads"], table: weights },
  // These have toggles of their own, for several heads.
  heads: { make: headsView, controls: ["layer"], table: weights },
  rows: { make: rowsView, controls: ["layer"], table: weights },
  steps: { make: stepsView, controls: ["layer", "heads", "map"] },
  neuron: { make: neuronView, controls: ["layer", "heads"] },
  // Its grid chooses layer and head.
  model: { make: modelView, controls: ["stage", "map"] },
};

/** Those that can be chosen. */
export const SHOWN_VIEWS = Object.keys(REGISTRY) as ViewName[];
