// What is said of the run that is shown: how much it was, what there is to see in an example, what the model says at the
// chosen word.
import { EXAMPLES } from "../examples.ts";
import { followedCell } from "../reading/focus.ts";
import { isLong, partOf, type RunData } from "../runner/run_data.ts";
import { pageEnglish, type PageStrings } from "../strings/page.ts";
import { isAsTrained } from "../state.ts";
import { predictionsView } from "../views/predictions.ts";
import { tokenLabels } from "../views/token_label.ts";
import type { Page } from "./page.ts";
import type { Question } from "./question.ts";

export interface Answer {
  show(run: RunData): void;
  /** Of the same run, another word may be chosen now. */
  follow(): void;
  /** There is no run. */
  clear(): void;
  speak(strings: PageStrings): void;
}

/** `enterWhatIf`: goes to where heads are turned off. */
export function answerOf(page: Page, question: Question, enterWhatIf: () => void): Answer {
  const { figure, input, slots } = page;
  let strings: PageStrings = pageEnglish;

  const isBundled = (): boolean => question.ownFacts === undefined;

  function show(run: RunData): void {
    const { numLayers, numHeads, milliseconds } = run;
    // Of the field above it.
    const { tokens } = run.stacks?.source ?? run;
    slots.note.textContent = noteOf(run);
    // Its room goes to the element's line that says what is changed.
    slots.note.hidden = !isAsTrained(run.whatIf);
    page.status.textContent = strings.page.status(tokens.length, numLayers * numHeads, milliseconds);
    drawPredictions(run);
    page.hint.textContent = hintOf(run);
  }

  /** Of what the example shows as it is: changed, the model does something else. */
  function noteOf({ model, whatIf }: RunData): string {
    const { example } = question;
    const notes =
      isBundled() && isAsTrained(whatIf) && example && strings.examples[EXAMPLES.indexOf(example)];
    return (notes && notes[model === "heed-gpt" ? 1 : 0]) || "";
  }

  /** All that follows the chosen row. */
  function drawPredictions(run: RunData): void {
    const { row } = followedCell({ run, state: figure.state });
    const [token, label, predictions] = [run.tokens[row], tokenLabels(run)[row], run.predictions[row]];
    if (!token || !label || !predictions) return;
    // An encoder-decoder's words are its decoder's.
    if (run.stacks?.part === "encoder") return slots.predictions.replaceChildren();
    const { model, spelling } = run;
    const mask = maskOf(run);
    const isDecoder = run.stacks !== undefined;
    const onHide = (): void => {
      question.type(`${run.text.slice(0, token.start)}${mask}${run.text.slice(token.end)}${run.leftOut}`);
      input.focus();
    };
    slots.predictions.replaceChildren(
      predictionsView(
        { model, isBundled: isBundled(), isDecoder, mask, spelling, token, label, predictions },
        { strings, onHide, onWhich: isLong(run) ? undefined : enterWhatIf },
      ),
    );
  }

  /** What stands for a word to be guessed; "": the model reads from left to right. */
  function maskOf(run: RunData): string {
    const isCausal = question.ownFacts?.isCausal ?? run.model === "heed-gpt";
    if (isCausal || partOf(run) !== "encoder") return "";
    return run.spelling === "wordpiece" ? "[MASK]" : "<mask>";
  }

  /** What there is to know of typing for the model. */
  function hintOf(run: RunData | undefined): string {
    const { hint, hintCausal } = strings.page;
    if (isBundled()) return question.model === "heed-gpt" ? hintCausal("heed-gpt") : hint("[MASK]");
    if (!run || run.stacks) return "";
    const mask = maskOf(run);
    return mask === "" ? hintCausal(`\u2068${run.model}\u2069`) : hint(mask);
  }

  return {
    show,
    follow() {
      if (figure.run) drawPredictions(figure.run);
    },
    clear() {
      page.status.textContent = "";
      slots.note.textContent = "";
      slots.note.hidden = false;
      slots.predictions.replaceChildren();
    },
    speak(next) {
      strings = next;
      if (figure.run) show(figure.run);
      else page.hint.textContent = hintOf(undefined);
    },
  };
}
