// What one element holds of its settings, by the names of its properties.
import { sourceOf } from "./asking.ts";
import type { PropertyOptions } from "./base.ts";
import { DEFAULT_STATE, type ViewState } from "../state.ts";
import { SHOWN_VIEWS } from "./registry.ts";
import { DEFAULT_SETTINGS, settingsFor, written, type Setting, type Settings } from "./settings.ts";

const SETTINGS = settingsFor(SHOWN_VIEWS);

/** How Lit keeps attributes and properties alike. */
export const PROPERTIES: Readonly<Record<string, PropertyOptions>> = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, setting]) => [name, optionsOf(setting)]),
);

export interface HeldSettings {
  readonly now: Settings;
  /** What links carry of them, as one plain value. */
  readonly state: ViewState;
  /** The model, or its address, that was set last: a visitor who chooses another can go back to it. */
  readonly own: string;
  get(name: string): unknown;
  /** Gives what to say of a value that makes no sense, which counts as none. */
  set(name: string, given: unknown): string | undefined;
  /** Every change goes through here: from attributes, properties, views and controls, and to suit a run. */
  apply(next: Partial<Settings>): void;
}

/** `onChange`: told every name, and its value before, whenever anything may have changed. */
export function heldSettings(onChange: (name: string, before: unknown) => void): HeldSettings {
  let now = DEFAULT_SETTINGS;
  let own = sourceOf(now);
  /** Files or a model set as a property: what `model` names is there until another is set. */
  const held: { model?: unknown } = {};

  function apply(next: Partial<Settings>): void {
    const before = now;
    // A model that is chosen takes the place of an address that was given.
    const model = next.model !== undefined && next.src === undefined ? { src: "" } : {};
    now = { ...before, ...model, ...next };
    for (const [name, setting] of Object.entries(SETTINGS)) onChange(name, setting.get(before));
  }

  return {
    get now() {
      return now;
    },
    get state() {
      const all = { ...now, model: sourceOf(now) };
      const names = Object.keys(DEFAULT_STATE) as (keyof ViewState)[];
      return Object.fromEntries(names.map((name) => [name, all[name]])) as unknown as ViewState;
    },
    get own() {
      return own;
    },
    get: (name) => SETTINGS[name]?.get(now),
    set(name, given) {
      const setting = SETTINGS[name];
      if (!setting) return undefined;
      const { attribute, codec, fallback } = setting;
      // An attribute taken away, a property set to nothing: the default, without a word.
      const read = given === null || given === undefined ? { value: fallback } : codec.read(given);
      if (name === "model") held.model = given;
      apply(setting.set(read ? read.value : fallback, now));
      if (name === "model" || name === "src") own = sourceOf(now);
      if (read) return undefined;
      const was = String(given).slice(0, 80);
      return `${attribute} is ${typeof given === "string" ? JSON.stringify(was) : was}; expected ${codec.expected}`;
    },
    apply,
  };
}

function optionsOf(setting: Setting): PropertyOptions {
  return {
    attribute: setting.attribute,
    reflect: true,
    converter: { fromAttribute: (value) => value, toAttribute: (value) => written(setting, value) },
    hasChanged: (value, before) => setting.codec.write(value) !== setting.codec.write(before),
  };
}
