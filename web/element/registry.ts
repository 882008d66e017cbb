// The views that <heed-attention> can show, and the controls that mean something to each.
import { hasSteps, isLong, stageWithin, type Stage } from "../runner/run_data.ts";
import type { ViewName } from "../state.ts";
import { headsView } from "../views/heads_view.ts";
import { matrixFigure } from "../views/matrix_view.ts";
import { noSteps } from "../views/no_steps.ts";
import { modelView } from "../views/model_view.ts";
import { rowsView } from "../views/rows_view.ts";
import { textView } from "../views/text_view.ts";
import type { MakeView, Scene } from "../views/view.ts";
import { later, type Drawing } from "./drawing.ts";
import type { ControlName } from "./settings.ts";
import { open } from "./shared.ts";

interface Registered {
  readonly drawing: () => Drawing | Promise<Drawing>;
  readonly controls: readonly ControlName[];
  /** Whose numbers stand below it as a table; absent: the view is numbers itself. */
  readonly table?: (scene: Scene) => Stage;
}

const weights = (): Stage => "weights";

/** Small, or wanted first. */
function own(make: MakeView): () => Drawing {
  const drawing = { make };
  return () => drawing;
}

function fetched(name: keyof typeof import("./chunks/views.ts")): () => Drawing | Promise<Drawing> {
  return later(async () => (await open(import("./chunks/views.ts")))[name]);
}

export const REGISTRY: Readonly<Record<ViewName, Registered>> = {
  matrix: {
    drawing: own(matrixFigure),
    controls: ["layer", "heads", "stage", "map", "tokens"],
    table: ({ run, state }) => stageWithin(run, state.stage),
  },
  text: { drawing: own(textView), controls: ["layer", "heads", "tokens"], table: weights },
  // These have toggles of their own, for several heads.
  heads: { drawing: own(headsView), controls: ["layer", "tokens"], table: weights },
  rows: { drawing: own(rowsView), controls: ["layer", "tokens"], table: weights },
  steps: { drawing: fetched("steps"), controls: ["layer", "heads", "map"] },
  neuron: { drawing: fetched("neuron"), controls: ["layer", "heads"] },
  // Here for what it shares with the others: in the chunk that would be twice. Its grid chooses layer and head.
  model: { drawing: own(modelView), controls: ["stage", "map", "tokens"] },
};

const map = fetched("map");
const without = own(noSteps);

export function drawingOf({ run, state: { view } }: Scene): Drawing | Promise<Drawing> {
  // A long run holds no whole matrix to draw cell by cell.
  if (view === "matrix" && isLong(run)) return map();
  return (view === "steps" || view === "neuron") && !hasSteps(run) ? without() : REGISTRY[view].drawing();
}

/** Has what a view needs fetched, while its text is still being read. */
export function expectView(view: ViewName): void {
  Promise.resolve(REGISTRY[view].drawing()).catch(() => {});
}

/** Those that can be chosen. */
export const SHOWN_VIEWS = Object.keys(REGISTRY) as ViewName[];
