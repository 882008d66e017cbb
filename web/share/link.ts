// The whole state in the fragment of an address: it never reaches a server, and it can be read and written by hand.
//
//   #text=Apple+pie+is+delicious.&view=heads&layer=2&heads=1+3&ablate=L2H1&v=1
//
// One key a field, only where it differs from the default. Values are written as the element's attributes are. What a link
// says is anyone's: each field is checked by itself, and what makes no sense counts as not said.
import { STAGES } from "../runner/run_data.ts";
import {
  AS_TRAINED,
  COLOR_MAPS,
  DEFAULT_STATE,
  HEAD_SORTS,
  PARTS,
  VIEWS,
  type ViewState,
  type WhatIf,
} from "../state.ts";
import * as field from "./fields.ts";
import type { Field } from "./fields.ts";

/**
 * Links are kept for years: a key never changes its meaning, nor the default what it is, for a link leaves it out. What must
 * mean something else gets another key. The version says what wrote the link; whatever it is, the keys known here are read.
 */
const VERSION = 1;

type Fields<State> = { readonly [Key in keyof State]: readonly [key: string, field: Field<State[Key]>] };

const WHAT_IF: Fields<WhatIf> = {
  causal: ["causal", field.flag],
  hidden: ["hidden", field.cells],
  scaled: ["scaled", field.flag],
  temperature: ["temperature", field.positive],
  positions: ["positions", field.flag],
  ablated: ["ablate", field.headNames],
};

const STATE: Fields<Omit<ViewState, "whatIf">> = {
  text: ["text", field.text],
  pair: ["pair", field.text],
  // Whoever opens a link is asked before anything of an address is fetched (web/page/opened_link.ts).
  model: ["model", field.model],
  attention: ["attention", field.oneOf(PARTS)],
  target: ["target", field.text],
  view: ["view", field.oneOf(VIEWS)],
  layer: ["layer", field.index],
  heads: ["heads", field.heads],
  stage: ["stage", field.oneOf(STAGES)],
  direction: ["direction", field.oneOf(["from", "to"])],
  cell: ["cell", field.cell],
  locked: ["locked", field.tokens],
  words: ["words", field.flag],
  special: ["special", field.flag],
  renormalise: ["renormalise", field.flag],
  map: ["map", field.oneOf(COLOR_MAPS)],
  sort: ["sort", field.oneOf(HEAD_SORTS)],
  language: ["lang", field.language],
};

/**
 * A state as a fragment with its "#"; "" for the default. stateOf() gives the same state again, except that
 * halves of surrogate pairs become U+FFFD (an address is UTF-8, which can't write them), that of a text the first 20,000 UTF-16
 * units are kept, and that a field beyond what a link may hold (see fields.ts) falls back to its default.
 */
export function fragmentOf(state: ViewState): string {
  const said = new URLSearchParams();
  write(said, STATE, state, DEFAULT_STATE);
  write(said, WHAT_IF, state.whatIf, AS_TRAINED);
  // Last, because programs that find addresses in a text leave out a full stop at the end: it would be the sentence's.
  const fields = said.toString();
  return fields === "" ? "" : `#${fields}&v=${VERSION}`;
}

/** The state that a fragment says, with or without its "#"; of what it does not say, or says wrongly, the default. Never throws. */
export function stateOf(fragment: string): ViewState {
  const said = saidIn(fragment);
  return { ...read(said, STATE, DEFAULT_STATE), whatIf: read(said, WHAT_IF, AS_TRAINED) };
}

/** What of a fragment counts as not said, for who opened it to be told. */
export interface Unsaid {
  /** Keys known here whose values make no sense. */
  readonly keys: readonly string[];
  /** There are keys that nobody here knows. */
  readonly isUnknown: boolean;
}

export function unsaidIn(fragment: string): Unsaid {
  const said = saidIn(fragment);
  const fields = new Map<string, { read(text: string): unknown }>([
    ...Object.values(STATE),
    ...Object.values(WHAT_IF),
  ]);
  const keys = [...said.keys()].filter((key) => fields.get(key)?.read(said.get(key) ?? "") === undefined);
  return {
    keys: [...new Set(keys)].filter((key) => fields.has(key)),
    isUnknown: keys.some((key) => key !== "v" && !fields.has(key)),
  };
}

/** Whether a link to this state holds only the beginning of a text. */
export function isTextCut({ text, pair, target }: ViewState): boolean {
  return [text, pair, target].some((whole) => field.text.write(whole).length < whole.length);
}

function saidIn(fragment: string): URLSearchParams {
  return new URLSearchParams(fragment.replace(/^#/, ""));
}

/** Says the default too: without a fragment an address is the page's opening, whatever that may become. */
export function wholeFragment(state: ViewState): string {
  return fragmentOf(state) || `#v=${VERSION}`;
}

/** An address with a state in the place of its fragment. */
export function linkTo(address: string, state: ViewState): string {
  return new URL(wholeFragment(state), address).href;
}

function write<State extends object>(
  said: URLSearchParams,
  fields: Fields<State>,
  state: State,
  defaults: State,
): void {
  for (const name of Object.keys(fields) as (keyof State)[]) {
    const [key, { write: text, read: value }] = fields[name];
    const written = text(state[name]);
    if (written !== text(defaults[name]) && value(written) !== undefined) said.set(key, written);
  }
}

function read<State extends object>(said: URLSearchParams, fields: Fields<State>, defaults: State): State {
  const state = { ...defaults };
  for (const name of Object.keys(fields) as (keyof State)[]) {
    const [key, { read: value }] = fields[name];
    const text = said.get(key);
    const found = text === null ? undefined : value(text);
    if (found !== undefined) state[name] = found;
  }
  return state;
}
