// Which head and cell are shown of a run that has come: a link's, else an example's, else those that its model was left with;
// of a text that is another by more than an edit, where it is worth looking.
import type { HeedAttention } from "../element/element.ts";
import type { Look } from "../examples.ts";
import { followedCell } from "../reading/focus.ts";
import { headMatrix, isLong, keysOf, type RunData } from "../runner/run_data.ts";
import { lookedFor, strongest } from "../reading/selection.ts";
import { showState } from "../share/show.ts";
import { DEFAULT_STATE, type Cell, type ViewState } from "../state.ts";
import { tokenLabels } from "../views/token_label.ts";
import { chosenIn, isStanding, PRONOUNS, worthLooking, type Chosen } from "../reading/worth.ts";

export interface Looks {
  /** `linked`: all of which the run has. */
  show(run: RunData, linked: ViewState | undefined, example: Look | undefined): void;
  /** The visitor looks at this head, which each model keeps for itself, and at this word. */
  keep(run: RunData): void;
  /** What is run by this name is another model now. */
  forget(model: string): void;
}

export function looksOf(figure: HeedAttention): Looks {
  const heads: Record<string, { layer: number; head: number }> = {
    "heed-bert": { layer: 2, head: 1 },
    "heed-gpt": { layer: 2, head: 2 },
  };
  /** Whose run is shown, and of what. */
  let shown: { readonly model: string; readonly text: string; readonly chosen: Chosen } | undefined;
  /** It was chosen by hand, by a link or by an example. */
  let isChosen = false;

  const headOf = ({ model }: RunData) => heads[model] ?? { layer: 0, head: 0 };

  function keep(run: RunData): void {
    heads[run.model] = { layer: figure.layer, head: figure.head };
    remember(run, true);
  }

  function remember(run: RunData, isByHand: boolean): void {
    isChosen = isByHand;
    shown = { model: run.model, text: run.text, chosen: chosenIn(run, followed(run).row) };
  }

  const followed = (run: RunData): Cell => followedCell({ run, state: figure.state });

  const weightsOf = (run: RunData): Float32Array => headMatrix(run, "weights", figure.layer, figure.head);

  function showLinked(run: RunData, linked: ViewState): void {
    showState(figure, linked);
    if (isSentenceAlone(linked)) ({ layer: figure.layer, head: figure.head } = headOf(run));
    figure.cell ??= isSentenceAlone(linked) ? worthLooking({ run, state: figure.state }) : followed(run);
    keep(run);
  }

  function showExample(run: RunData, look: Look): void {
    figure.layer = look.layer;
    figure.head = look.head;
    figure.cell = lookedFor(look, tokenLabels(run), run, weightsOf(run));
    remember(run, true);
  }

  function showKept(run: RunData): void {
    const isSameModel = shown?.model === run.model;
    if (!isSameModel) ({ layer: figure.layer, head: figure.head } = headOf(run));
    if (!isKept(run)) {
      figure.cell = worthLooking({ run, state: figure.state });
      return remember(run, false);
    }
    const { row } = followed(run);
    if (!isSameModel)
      figure.cell = {
        row,
        col: isLong(run) ? row : strongest(weightsOf(run), row, keysOf(run).tokens.length),
      };
    remember(run, isChosen);
  }

  /** The word that was chosen before is the one to look at. One that nobody chose gives way, but for a pronoun. */
  function isKept(run: RunData): boolean {
    if (!shown || !figure.cell) return false;
    if (shown.text === run.text) return true;
    const { chosen } = shown;
    return (
      (isChosen || PRONOUNS.has(chosen.word)) &&
      isStanding(chosen, chosenIn(run, followed(run).row), run.text)
    );
  }

  return {
    show(run, linked, example) {
      if (linked) showLinked(run, linked);
      else if (example) showExample(run, example);
      else showKept(run);
    },
    keep,
    forget(model) {
      delete heads[model];
      shown = undefined;
    },
  };
}

/** What the page itself writes names a cell; who gives a sentence and nothing else wants to see something of it. */
function isSentenceAlone({ text, cell, layer, heads }: ViewState): boolean {
  return text !== DEFAULT_STATE.text && cell === undefined && layer === 0 && heads.join() === "0";
}
