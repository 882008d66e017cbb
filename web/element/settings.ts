// What can be set on <heed-attention>: each setting's attribute, what it reads and what it writes.
import { STAGES } from "../runner/run_data.ts";
import {
  AS_TRAINED,
  COLOR_MAPS,
  HEAD_SORTS,
  PARTS,
  DEFAULT_STATE,
  type ViewName,
  type ViewState,
  type WhatIf,
} from "../state.ts";
import * as codec from "./codecs.ts";
import type { Codec } from "./codecs.ts";

/** The controls that an author can show, in the order in which they stand. */
export const CONTROLS = [
  "model",
  "sentence",
  "attention",
  "layer",
  "heads",
  "view",
  "stage",
  "map",
  "tokens",
] as const;
export type ControlName = (typeof CONTROLS)[number];

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** All of an element's settings: the state that links carry, and what only an author sets. */
export interface Settings extends ViewState {
  /** The address of a model's folder, in the place of `model`; "": none. */
  readonly src: string;
  readonly controls: readonly ControlName[];
  readonly theme: Theme;
}

export const DEFAULT_SETTINGS: Settings = {
  ...DEFAULT_STATE,
  src: "",
  controls: ["model", "attention", "layer", "heads", "view", "stage"],
  theme: "auto",
};

export interface Setting<Value = unknown> {
  readonly attribute: string;
  readonly codec: Codec<Value>;
  /** The property's value when the attribute is absent or nonsense. */
  readonly fallback: Value;
  get(settings: Settings): Value;
  set(value: Value, settings: Settings): Partial<Settings>;
}

/** Those that are a field of their own name, which is the attribute's too. */
function plain(codecs: { readonly [Key in keyof Settings]?: Codec<Settings[Key]> }): Record<string, object> {
  return Object.fromEntries(
    Object.entries(codecs).map(([name, codec]) => {
      const key = name as keyof Settings;
      const get = (settings: Settings): unknown => settings[key];
      const set = (value: unknown): Partial<Settings> => ({ [key]: value });
      return [key, { attribute: key, codec, fallback: DEFAULT_SETTINGS[key], get, set }];
    }),
  );
}

function what<Key extends keyof WhatIf>(
  key: Key,
  codec: Codec<WhatIf[Key]>,
  attribute: string = key,
): Setting<WhatIf[Key]> {
  return {
    attribute,
    codec,
    fallback: AS_TRAINED[key],
    get: ({ whatIf }) => whatIf[key],
    set: (value, { whatIf }) => ({ whatIf: { ...whatIf, [key]: value } }),
  };
}

/** By property name, in the order in which snippets name them. `views`: those that can be chosen. */
export function settingsFor(views: readonly ViewName[]): Readonly<Record<string, Setting>> {
  const settings = {
    ...plain({
      text: codec.text,
      pair: codec.text,
      model: codec.model,
      src: codec.text,
      attention: codec.oneOf(PARTS),
      target: codec.text,
      view: codec.oneOf(views),
      layer: codec.count,
    }),
    head: {
      attribute: "head",
      codec: codec.count,
      fallback: 0,
      get: ({ heads }: Settings) => heads[0] ?? 0,
      set: (head: number) => ({ heads: [head] }),
    },
    heads: {
      attribute: "heads",
      // One head alone is said by `head`.
      codec: {
        ...codec.counts,
        write: (heads: readonly number[]) => (heads.length > 1 ? heads.join(" ") : null),
      },
      fallback: DEFAULT_STATE.heads,
      get: ({ heads }: Settings) => heads,
      set: (heads: readonly number[]) => ({ heads: heads.length > 0 ? heads : DEFAULT_STATE.heads }),
    },
    ...plain({
      stage: codec.oneOf(STAGES),
      direction: codec.oneOf(["from", "to"]),
      cell: codec.cell,
      locked: codec.counts,
      words: codec.flag,
      special: codec.flag,
      renormalise: codec.flag,
      map: codec.oneOf(COLOR_MAPS),
      sort: codec.oneOf(HEAD_SORTS),
    }),
    causal: what("causal", codec.maybeFlag),
    temperature: what("temperature", codec.positive),
    scaled: what("scaled", codec.flag),
    positions: what("positions", codec.flag),
    hide: what("hidden", codec.cells, "hide"),
    ablate: what("ablated", codec.headNames, "ablate"),
    ...plain({ controls: codec.someOf(CONTROLS) }),
    // The attribute that every element has.
    lang: {
      attribute: "lang",
      codec: codec.text,
      fallback: DEFAULT_STATE.language,
      get: ({ language }: Settings) => language,
      set: (language: string) => ({ language }),
    },
    ...plain({ theme: codec.oneOf(THEMES) }),
  };
  return settings as unknown as Record<string, Setting>;
}

/** What an attribute would say; null: nothing, for the value is the default. */
export function written({ codec, fallback }: Setting, value: unknown): string | null {
  const text = codec.write(value);
  return text === codec.write(fallback) ? null : text;
}
