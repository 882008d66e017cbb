// What the address that was opened asks for. It counts until the visitor asks for something else.
import { carried } from "../element/adapt.ts";
import { chosenLanguage } from "../language.ts";
import type { RunData } from "../runner/run_data.ts";
import type { Arrival } from "../share/address.ts";
import { DEFAULT_STATE, type ViewState } from "../state.ts";
import { pageEnglish, type PageStrings } from "../strings/page.ts";

export interface OpenedLink {
  /** The page shows, or is about to show, what it opens with. */
  readonly isOpening: boolean;
  /** The model that it asks for and that is not here; undefined: there is none such. */
  readonly missing: string | undefined;
  /** Gives what to show of it now. The bare address stands for the first example. */
  open(arrival: Arrival, isHere: (model: string) => boolean): ViewState;
  /** A model has come: gives what was asked for of it, which counts from now on. */
  came(model: string): ViewState | undefined;
  /** What it asks for, as far as the run has it; undefined: it does not count. */
  within(run: RunData): ViewState | undefined;
  /** What the address says of what is shown: it goes on naming the model that is missing. */
  naming(shown: ViewState): ViewState;
  /** The visitor did something: what was linked, or opened with, is not what is wanted any more. */
  forget(): void;
  speak(strings: PageStrings): void;
}

/** `said`: where it says what could not be followed. */
export function openedLink(said: HTMLElement): OpenedLink {
  let wanted: ViewState | undefined;
  let waiting: ViewState | undefined;
  let isOpening = true;
  let words = pageEnglish.share;
  let unfollowed: (share: PageStrings["share"]) => string = () => "";

  function forget(): void {
    wanted = undefined;
    waiting = undefined;
    isOpening = false;
    unfollowed = () => "";
    said.textContent = "";
  }

  return {
    get isOpening() {
      return isOpening;
    },
    get missing() {
      return waiting?.model;
    },
    open({ linked, unsaid }, isHere) {
      // Only what was chosen goes on in links; what the browser asks for is each visitor's own.
      const language = chosenLanguage(linked?.language ?? "") ?? "";
      const asked = { ...(linked ?? DEFAULT_STATE), language };
      // Nothing is asked of an address that a link says, before the visitor says so.
      const isAll = isHere(asked.model);
      const shown = isAll ? asked : { ...asked, model: DEFAULT_STATE.model };
      wanted = linked && shown;
      waiting = isAll ? undefined : asked;
      isOpening = linked === undefined;
      unfollowed = (share) => share.unsaid(unsaid.keys, unsaid.isUnknown);
      return shown;
    },
    came(model) {
      const next = waiting?.model === model ? waiting : undefined;
      forget();
      return (wanted = next);
    },
    within(run) {
      if (!wanted) return undefined;
      const within = { ...wanted, ...carried(wanted, undefined, run) };
      if (JSON.stringify(within) !== JSON.stringify(wanted)) {
        unfollowed = ({ beyond }) => beyond;
        said.textContent = words.beyond;
      }
      return within;
    },
    naming: (shown) => ({ ...shown, ...(waiting && { model: waiting.model }) }),
    forget,
    speak({ share }) {
      words = share;
      said.textContent = unfollowed(words);
    },
  };
}
