// What every view is: a function of a scene that gives a node, and changes nothing but by asking.
//
// A view never runs a model, never fetches, and never looks outside its node. Choosing asks for a new state by
// events.change(); the composition root answers with update() of all that is shown.
import type { RunData, WindowRequest } from "../runner/run_data.ts";
import type { Cell, ViewState } from "../state.ts";
import type { Strings } from "../strings/index.ts";
import type { choiceView } from "./choice.ts";
import type { move } from "./grid_keys.ts";
import type { legendView } from "./legend.ts";
import type { numberTables } from "./number_table.ts";
import type { scaleOf, shareScale } from "./scale.ts";
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

/** What a view that comes in a chunk has from who shows it, instead of once more in the chunk. */
export interface ViewTools {
  readonly choiceView: typeof choiceView;
  readonly legendView: typeof legendView;
  readonly move: typeof move;
  readonly numberTables: typeof numberTables;
  readonly scaleOf: typeof scaleOf;
  readonly shareScale: typeof shareScale;
}

export type MakeView = (scene: Scene, events: ViewEvents, tools: ViewTools) => View;
