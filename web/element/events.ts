// What the element's events carry: plain values, so that they can be logged, stored and sent on.
import { followedCell } from "../reading/focus.ts";
import { headMatrix, isLong, keysOf, type RunData, type Stage } from "../runner/run_data.ts";
import type { ModelFacts } from "../runner/runner.ts";
import type { Part, ViewName } from "../state.ts";
import type { Scene } from "../views/view.ts";

/** A model is loaded and will run. */
export interface ReadyDetail extends ModelFacts {
  /** A bundled model's name, or the address of a folder. */
  readonly model: string;
}

/** A text went through a model. Its numbers are in the property `run`. */
export interface RunDetail {
  readonly model: string;
  /** What was read of the text; the rest was too long for the model. */
  readonly text: string;
  readonly pair: string;
  readonly leftOut: string;
  /** Of a model with a decoder: whose attention it is, and what the decoder read; null: it was not asked. */
  readonly attention?: Part;
  readonly target?: string | null;
  /** As the vocabulary spells them. */
  readonly tokens: readonly string[];
  readonly numLayers: number;
  readonly numHeads: number;
  /** Time in the model. */
  readonly milliseconds: number;
}

/** A visitor chose something: what is shown now. */
export interface SelectDetail {
  readonly view: ViewName;
  readonly stage: Stage;
  readonly layer: number;
  readonly heads: readonly number[];
  /** The followed cell: the token that looks, the token looked at, and the weight between them (in a long text: none). */
  readonly row: number;
  readonly col: number;
  readonly query: string;
  readonly key: string;
  readonly weight: number | null;
}

export interface ErrorDetail {
  /** A HeedError's code. */
  readonly code: string;
  readonly message: string;
}

export interface HeedEventMap {
  "heed-ready": CustomEvent<ReadyDetail>;
  "heed-run": CustomEvent<RunDetail>;
  "heed-select": CustomEvent<SelectDetail>;
  "heed-error": CustomEvent<ErrorDetail>;
}

/** @internal */
export function runDetail(run: RunData): RunDetail {
  const { model, text, pair, leftOut, numLayers, numHeads, milliseconds } = run;
  const tokens = run.tokens.map((token) => token.text);
  const { part: attention, target = null } = run.stacks ?? {};
  return {
    model,
    text,
    pair,
    leftOut,
    ...(attention && { attention, target }),
    tokens,
    numLayers,
    numHeads,
    milliseconds,
  };
}

/** @internal */
export function selectDetail(scene: Scene): SelectDetail {
  const { run, state } = scene;
  const { view, stage, layer, heads } = state;
  const { row, col } = followedCell(scene);
  const keys = keysOf(run).tokens;
  const weight = isLong(run)
    ? undefined
    : headMatrix(run, "weights", layer, heads[0] ?? 0)[row * keys.length + col];
  return {
    view,
    stage,
    layer,
    heads: [...heads],
    row,
    col,
    query: run.tokens[row]?.text ?? "",
    key: keys[col]?.text ?? "",
    weight: weight ?? null,
  };
}
