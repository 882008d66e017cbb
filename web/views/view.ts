// What every view is: a function of a scene that gives a node, and changes nothing but by asking.
//
// A view never runs a model, never fetches, and never looks outside its node. Choosing asks for a new state by
// events.change(); the composition root answers with update() of all that is shown.
import type { RunData, WindowRequest } from "../runner/run_data.ts";
import type { Cell, ViewState } from "../state.ts";
import type { Strings } from "../strings/index.ts";
import type { Labels } from "./token_label.ts";

/** All that a picture is made of. */
export interface Scene extends Labels {
  readonly run: RunData;
  readonly state: ViewState;
  readonly strings: Strings;
  /** A part of a head's weights, for runs too long to hold whole matrices (run.stages is empty then). */
  window(layer: number, head: number, request: WindowRequest): Promise<Float32Array>;
}

export interface ViewEvents {
  /** What the visitor chose. A view may ask for nothing the state does not name. */
  change(next: Partial<ViewState>): void;
  /** The pointer or the keyboard is over a cell, or over none; nothing is chosen. */
  hover(cell: Cell | undefined): void;
}

export interface View {
  readonly node: HTMLElement;
  /** Shows another scene, keeping focus, scrolling and what did not change. */
  update(scene: Scene): void;
  /** To be called when it leaves the page. */
  dispose(): void;
}

export type MakeView = (scene: Scene, events: ViewEvents) => View;
