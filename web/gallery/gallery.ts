// One view by itself, for its tests and for whoever draws it: build/gallery/#{"view":"text","text":"…"}, a state in JSON.
// "matrix" is the map of any length; with `whole`, what the element shows of a text of this length.
// Another fragment shows another view, and a model that is there is not loaded again.
// `source` is the address of another model's folder; `long` as its own key shows the run without whole matrices; `tokens`, a made run of so many.
import { createEngine } from "heed";
import { loadModel, type Model } from "heed/models";
import { gather } from "../runner/gather.ts";
import { headMatrix, MODELS, type RunData } from "../runner/run_data.ts";
import { DEFAULT_STATE, type ViewState } from "../state.ts";
import { stringsOf } from "../strings/index.ts";
import { h } from "../views/dom.ts";
import { headsView } from "../views/heads_view.ts";
import { mapView } from "../views/map/map_view.ts";
import { matrixFigure } from "../views/matrix_view.ts";
import { modelView } from "../views/model_view.ts";
import { neuronView } from "../views/neuron_view.ts";
import { rowsView } from "../views/rows_view.ts";
import { stepsView } from "../views/steps_view.ts";
import { textView } from "../views/text_view.ts";
import { tokenLabels } from "../views/token_label.ts";
import type { MakeView, Scene } from "../views/view.ts";
import { longRun, type LongRun } from "./long_run.ts";
import { madeRun, windowOf } from "./made_run.ts";

const MAKERS: Partial<Record<ViewState["view"], MakeView>> = {
  text: textView,
  matrix: mapView,
  heads: headsView,
  model: modelView,
  rows: rowsView,
  neuron: neuronView,
  steps: stepsView,
};

interface Asked extends Partial<ViewState> {
  readonly long?: boolean;
  readonly whole?: boolean;
  readonly tokens?: number;
  /** The address of a folder, for a run of a model that is not the page's own. */
  readonly source?: string;
}

async function start(): Promise<void> {
  document.body.replaceChildren();
  const asked = JSON.parse(decodeURIComponent(location.hash.slice(1) || "{}")) as Asked;
  let state: ViewState = { ...DEFAULT_STATE, view: "text", ...asked };
  const far = asked.source ? await farRun(asked.source, state.text) : undefined;
  const whole = far?.data ?? (asked.tokens ? madeRun(asked.tokens) : await runOf(state));
  const isLong = asked.long === true;
  const run = isLong
    ? { ...whole, stages: { ...whole.stages, weights: new Float32Array() }, statistics: [] }
    : whole;
  const labels = tokenLabels(run);
  const strings = await stringsOf(state.language);
  document.documentElement.lang = strings.language;
  document.documentElement.dir = strings.direction;
  const window: Scene["window"] = async (layer, head, request) =>
    far?.window(layer, head, request) ??
    windowOf(
      whole.stages.weights.length === 0 ? undefined : headMatrix(whole, "weights", layer, head),
      run.tokens.length,
      request,
    );
  const scene = (): Scene => ({ run, labels, state, strings, window });
  const make = asked.whole ? matrixFigure : MAKERS[state.view];
  if (!make) throw new Error(`no view ${state.view} here`);
  const told = h("output", { id: "hovered", hidden: true });
  const show = (): void => {
    document.body.dataset["state"] = JSON.stringify(state);
  };
  const view = make(scene(), {
    change(next) {
      state = { ...state, ...next };
      show();
      view.update(scene());
    },
    hover: (cell) => (told.textContent = cell ? JSON.stringify(cell) : ""),
  });
  show();
  document.body.append(
    h("main", { class: "picture" }, h("h1", { class: "nothing", hidden: true }, "View"), view.node),
    told,
  );
}

const models = new Map<string, Promise<Model>>();
const farRuns = new Map<string, Promise<LongRun>>();

function kept<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}

async function runOf({ text, pair, model, whatIf }: ViewState): Promise<RunData> {
  const name = MODELS.find((known) => known === model) ?? "heed-bert";
  const load = async (): Promise<Model> => loadModel(name, { engine: await createEngine({ workers: 0 }) });
  return gather({ model: await kept(models, name, load), name, text, pair, whatIf });
}

const farRun = (source: string, text: string): Promise<LongRun> =>
  kept(farRuns, `${source} ${text}`, () => longRun(source, text));

addEventListener("hashchange", () => void start());
void start();
