// A model of one's own from the first question to the picture: looked up, under way, shown, given up. It knows nothing of how
// that is drawn.
import type { ModelEstimate } from "heed/models";
import type { Desk, Kept } from "../runner/desk.ts";
import { give, giveAddress, type Given } from "../runner/given.ts";
import type { ModelFacts, Progress, Runner } from "../runner/runner.ts";
import type { Picked } from "./files.ts";
import { notLoaded, notRemoved, said, unsaid, type Notice } from "./notice.ts";
import { shown } from "./shown.ts";

export interface OwnModelHost {
  readonly runner: Pick<Runner, "load" | "release"> & Desk;
  /** Shows a model that is loaded, and stays so until another is shown. */
  show(name: string, facts: ModelFacts): void;
}

/** A model that is asked for. */
export interface Wanted {
  readonly given: Given;
  /** As it may be shown. */
  readonly name: string;
  readonly isFromDisk: boolean;
}

/** How far it is. What is kept needs no estimate. */
export type Stage =
  | { readonly at: "nothing" }
  | { readonly at: "lookUp"; readonly wanted: Wanted }
  | { readonly at: "found"; readonly wanted: Wanted; readonly estimate: ModelEstimate }
  | { readonly at: "loading"; readonly wanted: Wanted; readonly estimate: ModelEstimate | undefined }
  | {
      readonly at: "shown";
      readonly wanted: Wanted;
      readonly estimate: ModelEstimate | undefined;
      readonly facts: ModelFacts;
    };

/** What has changed is another object. */
export interface OwnState {
  readonly stage: Stage;
  readonly notice: Notice;
  readonly kept: readonly Kept[];
}

export interface OwnEvents {
  changed(state: OwnState): void;
  /** Of what is loading. */
  progressed(progress: Progress): void;
}

/** Whoever asks for another model gives up the one before. No method rejects: what fails is a notice. */
export interface WantedModel {
  lookUp(wanted: Wanted): Promise<void>;
  load(wanted: Wanted, estimate?: ModelEstimate): Promise<void>;
  /** Files of this machine, where there is nothing to think over. */
  take(picked: Picked): Promise<void>;
  /** A link asks for this address; nothing is fetched before the visitor says so. */
  linked(address: string): Promise<void>;
  cancel(): void;
  list(): Promise<void>;
  /** Resolves to whether it is gone. */
  remove(kept: Kept): Promise<boolean>;
}

const NOTHING: Stage = { at: "nothing" };

export const NEW_STATE: OwnState = { stage: NOTHING, notice: unsaid, kept: [] };

export function wantedModel({ runner, show }: OwnModelHost, events: OwnEvents): WantedModel {
  let state = NEW_STATE;
  let current = new AbortController();
  let held: Given | undefined;

  function change(next: Partial<OwnState>): void {
    state = { ...state, ...next };
    events.changed(state);
  }

  function begin(stage: Stage, notice: Notice): AbortSignal {
    current.abort();
    current = new AbortController();
    change({ stage, notice });
    return current.signal;
  }

  const isCurrent = (mine: AbortSignal): boolean => current.signal === mine;

  function fail(mine: AbortSignal, wanted: Wanted, error: unknown): void {
    if (isCurrent(mine)) change({ stage: NOTHING, notice: notLoaded(wanted, error) });
  }

  async function lookUp(wanted: Wanted): Promise<void> {
    const mine = begin(
      { at: "lookUp", wanted },
      said(({ looking }) => [looking(wanted.name)]),
    );
    try {
      const estimate = await runner.estimate(wanted.given, mine);
      if (!isCurrent(mine)) return;
      change({ stage: { at: "found", wanted, estimate }, notice: unsaid });
      if (wanted.isFromDisk && estimate.fits) await load(wanted, estimate);
    } catch (error) {
      fail(mine, wanted, error);
    }
  }

  async function load(wanted: Wanted, estimate?: ModelEstimate): Promise<void> {
    const { given, name } = wanted;
    const mine = begin(
      { at: "loading", wanted, estimate },
      said(({ opening }) => [opening(name)]),
    );
    const progressed = (progress: Progress): void => {
      if (isCurrent(mine)) events.progressed(progress);
    };
    try {
      const facts = await runner.load(given.name, progressed, mine);
      if (!isCurrent(mine)) return runner.release(given.name);
      if (held) runner.release(held.name);
      held = given;
      show(given.name, facts);
      change({
        stage: { at: "shown", wanted, estimate, facts },
        notice: said(({ shown: is, hasDecoder }) => [is(name), ...(facts.hasDecoder ? [hasDecoder] : [])]),
      });
    } catch (error) {
      fail(mine, wanted, error);
    }
    await list();
  }

  // Where nothing can be kept there is nothing to list.
  const keptNow = (): Promise<readonly Kept[]> => runner.kept().catch(() => []);

  async function list(): Promise<void> {
    change({ kept: await keptNow() });
  }

  return {
    lookUp,
    load,
    list,
    cancel: () => current.abort(),
    async take({ files, title }) {
      if (files.length === 0) return change({ notice: said(({ noFiles }) => [noFiles], true) });
      const name = title || "model";
      await lookUp({ given: give(files, name), name: shown(name), isFromDisk: true });
    },
    async linked(address) {
      const mine = begin(
        NOTHING,
        said(({ linked }) => [linked(shown(address))]),
      );
      // Who has it kept has been asked before, and nothing needs to be fetched.
      const isKept = (await keptNow()).some(
        ({ name, hub, complete }) => name === address && hub === undefined && complete,
      );
      if (!isKept || !isCurrent(mine)) return;
      await load({ given: giveAddress(address, { keep: true }), name: shown(address), isFromDisk: false });
    },
    async remove(model) {
      const name = shown(model.name);
      try {
        change({ kept: await runner.remove(model), notice: said(({ removed }) => [removed(name)]) });
        return true;
      } catch (error) {
        change({ notice: notRemoved(name, error) });
        return false;
      }
    },
  };
}
