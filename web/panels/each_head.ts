// Every head tried by itself: one question at a time, whose answers are told of no other.
import { requestOf, tryEachHead, type HeadEffect } from "./experiments.ts";
import type { PanelScene } from "./panel.ts";

/** The part of a scene that the answers hang on. */
export type Trial = Pick<PanelScene, "ask" | "trained" | "cell"> & {
  readonly state: { readonly model: string };
};

export interface EachHead {
  /** The greatest change first; undefined where the question that is followed has not been answered. */
  readonly effects: readonly HeadEffect[] | undefined;
  /** Resolves to whether this is still what is followed; so do failures of it. */
  ask(trial: Trial, onProgress: (done: number, of: number) => void): Promise<boolean>;
  /** What was chosen or typed since is another question. Says whether anything, asked or answered, was dropped for it. */
  follow(trial: Trial): boolean;
  stop(): void;
}

export function eachHead(): EachHead {
  let followed: { readonly question: string; readonly stop: AbortController } | undefined;
  let effects: readonly HeadEffect[] | undefined;

  function stop(): void {
    followed?.stop.abort();
    followed = undefined;
  }

  return {
    get effects() {
      return effects;
    },
    async ask(trial, onProgress) {
      stop();
      const mine = (followed = { question: questionOf(trial), stop: new AbortController() });
      const { ask, cell, trained, state } = trial;
      try {
        const tried = await tryEachHead(ask, requestOf(trained, state.model), {
          position: cell.row,
          signal: mine.stop.signal,
          onProgress: (done, of) => followed === mine && onProgress(done, of),
        });
        if (followed !== mine) return false;
        effects = tried;
      } catch (error) {
        if (followed === mine) throw error;
        return false;
      }
      return true;
    },
    follow(trial) {
      if (!followed || followed.question === questionOf(trial)) return false;
      stop();
      effects = undefined;
      return true;
    },
    stop,
  };
}

/** Switches are no part of it: all heads but the one are as trained. */
function questionOf({ trained, state, cell }: Trial): string {
  return JSON.stringify([requestOf(trained, state.model), cell.row]);
}
