// Which head and cell are shown of a run that has come: a link's, else an example's, else those that its model was left with.
import type { HeedAttention } from "../element/element.ts";
import type { Look } from "../examples.ts";
import { followedCell } from "../focus.ts";
import { headMatrix, isLong, keysOf, type RunData } from "../runner/run_data.ts";
import { lookedFor, strongest } from "../selection.ts";
import { showState } from "../share/show.ts";
import type { Cell, ViewState } from "../state.ts";
import { tokenLabels } from "../views/token_label.ts";

export interface Looks {
  /** `linked`: all of which the run has. */
  show(run: RunData, linked: ViewState | undefined, example: Look | undefined): void;
  /** The visitor looks at this head; each model keeps its own. */
  keep(model: string, layer: number, heads: readonly number[]): void;
  /** What is run by this name is another model now. */
  forget(model: string): void;
}

export function looksOf(figure: HeedAttention): Looks {
  const heads: Record<string, { layer: number; head: number }> = {
    "heed-bert": { layer: 2, head: 1 },
    "heed-gpt": { layer: 2, head: 2 },
  };
  /** Whose run is shown. */
  let shown: string | undefined;

  const keep: Looks["keep"] = (model, layer, [head = 0]) => void (heads[model] = { layer, head });

  const followed = (run: RunData): Cell => followedCell({ run, state: figure.state });

  const weightsOf = (run: RunData): Float32Array => headMatrix(run, "weights", figure.layer, figure.head);

  function showLinked(run: RunData, linked: ViewState): void {
    showState(figure, linked);
    keep(run.model, linked.layer, linked.heads);
    figure.cell ??= followed(run);
  }

  function showExample(run: RunData, look: Look): void {
    figure.layer = look.layer;
    figure.head = look.head;
    figure.cell = lookedFor(look, tokenLabels(run), run, weightsOf(run));
  }

  /** The same model's next run finds all where it was. */
  function showKept(run: RunData): void {
    if (shown === run.model && figure.cell) return;
    if (shown !== run.model)
      ({ layer: figure.layer, head: figure.head } = heads[run.model] ?? { layer: 0, head: 0 });
    const { row } = followed(run);
    figure.cell = { row, col: isLong(run) ? row : strongest(weightsOf(run), row, keysOf(run).tokens.length) };
  }

  return {
    show(run, linked, example) {
      if (linked) showLinked(run, linked);
      else if (example) showExample(run, example);
      else showKept(run);
      shown = run.model;
    },
    keep,
    forget(model) {
      delete heads[model];
      shown = undefined;
    },
  };
}
