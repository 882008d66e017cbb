// The page's address says what is shown: replaced once the visitor pauses, never added to the history. Whoever changes it by
// hand, pastes a link or goes back arrives at what it says then.
import type { ViewState } from "../state.ts";
import { stateOf, unsaidIn, wholeFragment, type Unsaid } from "./link.ts";

/** Milliseconds without a change. Browsers refuse pages that write their address a hundred times in half a minute. */
const PAUSE = 350;

export interface Arrival {
  /** Undefined: the address without a fragment, which stands for what the page opens with. */
  readonly linked: ViewState | undefined;
  readonly unsaid: Unsaid;
}

export interface Address {
  /** What is shown now is what the page opens with. */
  opened(): void;
  /** What is shown may be another now. */
  touch(): void;
}

/** `arrive` is called at once, and whenever the address was changed by others. */
export function keepAddress(shown: () => ViewState, arrive: (arrival: Arrival) => void): Address {
  /** What the address without a fragment stands for. */
  let bare: string | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function write(): void {
    const now = wholeFragment(shown());
    const wanted = now === bare ? "" : now;
    if (wanted === location.hash || (wanted !== "" && wanted === wholeFragment(stateOf(location.hash))))
      return;
    history.replaceState(history.state, "", wanted || location.pathname + location.search);
  }

  function read(): void {
    clearTimeout(pause);
    const fragment = location.hash;
    arrive({ linked: fragment === "" ? undefined : stateOf(fragment), unsaid: unsaidIn(fragment) });
  }

  addEventListener("hashchange", read);
  read();
  return {
    opened() {
      bare = wholeFragment(shown());
    },
    touch() {
      clearTimeout(pause);
      pause = setTimeout(write, PAUSE);
    },
  };
}
