// What is shown and how: everything that an attribute, a link or a control can set. Plain values, so that a state can be
// compared, written into an address and read again.
import type { Stage } from "./runner/run_data.ts";

export const VIEWS = ["text", "matrix", "heads", "model", "neuron", "steps", "rows"] as const;
export type ViewName = (typeof VIEWS)[number];

/** Kinds of places that a head can look at, by the names of their statistics. */
export const PLACES = [
  "previousToken",
  "nextToken",
  "self",
  "sameToken",
  "firstToken",
  "separator",
  "induction",
] as const;
export type Place = (typeof PLACES)[number];

/** Orders of all heads: where they stand in the model, by the weight of the followed cell, by a statistic. */
export const HEAD_SORTS = ["place", "pair", ...PLACES, "entropy", "meanDistance"] as const;
export type HeadSort = (typeof HEAD_SORTS)[number];

/** The attentions of an encoder-decoder: the source's to itself, the target's to itself, the target's to the source. */
export const PARTS = ["encoder", "decoder", "cross"] as const;
export type Part = (typeof PARTS)[number];

export const COLOR_MAPS = ["cividis", "viridis", "magma", "greys"] as const;
export type ColorMapName = (typeof COLOR_MAPS)[number];

/** Row and column of a matrix: who looks, at whom. In cross-attention tokens of two texts. Counted in tokens, whatever is joined or hidden on the screen. */
export interface Cell {
  readonly row: number;
  readonly col: number;
}

/** What the run is asked to change about the model; the defaults are the model as trained. */
export interface WhatIf {
  /** Undefined: as trained. */
  readonly causal: boolean | undefined;
  /** Cells hidden by hand, in every head and layer. */
  readonly hidden: readonly Cell[];
  /** False: the products are not divided by the square root of the head's width. */
  readonly scaled: boolean;
  /** Of the attention's softmax: scores are divided by it. */
  readonly temperature: number;
  readonly positions: boolean;
  /** Heads whose context is zeroed. */
  readonly ablated: readonly (readonly [layer: number, head: number])[];
}

export interface ViewState {
  readonly text: string;
  /** A second sentence, where the model reads pairs; "" is none. */
  readonly pair: string;
  readonly model: string;
  /** Of models with a decoder: which attention is shown. What if changes that one alone. */
  readonly attention: Part;
  /** What the decoder reads; "": what the model itself writes. */
  readonly target: string;
  readonly view: ViewName;
  readonly layer: number;
  /** Heads of the layer that are shown together; the first is the one that single-head views show. Never empty. */
  readonly heads: readonly number[];
  readonly stage: Stage;
  /** Whether a chosen word's row is read (whom it looks at) or its column (who looks at it). */
  readonly direction: "from" | "to";
  /** The followed cell; undefined: the run's own suggestion. */
  readonly cell: Cell | undefined;
  /** Tokens locked, whose rows (or columns) stay shown together; empty: the cell's. */
  readonly locked: readonly number[];
  /** Sub-words joined to words. */
  readonly words: boolean;
  /** Special tokens shown. */
  readonly special: boolean;
  /** Rows made to sum to 1 over what is shown. */
  readonly renormalise: boolean;
  readonly map: ColorMapName;
  /** Of the picture of all heads. */
  readonly sort: HeadSort;
  /** A language tag; "": that of the page. */
  readonly language: string;
  readonly whatIf: WhatIf;
}

export const AS_TRAINED: WhatIf = {
  causal: undefined,
  hidden: [],
  scaled: true,
  temperature: 1,
  positions: true,
  ablated: [],
};

export const DEFAULT_STATE: ViewState = {
  text: "The animal didn't cross the street because it was too tired.",
  pair: "",
  model: "heed-bert",
  attention: "encoder",
  target: "",
  view: "matrix",
  layer: 0,
  heads: [0],
  stage: "weights",
  direction: "from",
  cell: undefined,
  locked: [],
  words: false,
  special: true,
  renormalise: false,
  map: "cividis",
  sort: "place",
  language: "",
  whatIf: AS_TRAINED,
};

export function isAsTrained(whatIf: WhatIf): boolean {
  return JSON.stringify(whatIf) === JSON.stringify(AS_TRAINED);
}

/** Whether a run made for one state serves the other: all but the picture is the same. */
export function sameRun(a: ViewState, b: ViewState): boolean {
  return (
    a.text === b.text &&
    a.pair === b.pair &&
    a.model === b.model &&
    a.attention === b.attention &&
    a.target === b.target &&
    JSON.stringify(a.whatIf) === JSON.stringify(b.whatIf)
  );
}
