// Models that no bundled name stands for, with how to load them: files in hand, a loaded model, an address. States, links and
// messages are plain values, so they speak of each by a name.
import type { LoadOptions, Model, ModelSource } from "heed/models";

export interface Given {
  /** By which it is loaded, run and released. */
  readonly name: string;
  readonly source: ModelSource | Model;
  readonly options: Pick<LoadOptions, "hub" | "revision" | "keep">;
}

const SCHEME = "given:";
/** Characters of a name that are shown. */
const LONGEST = 60;

/** Held by whoever gave it: what nobody can load any more is forgotten. */
const known = new Map<string, WeakRef<Given>>();
const bySource = new WeakMap<object, Given>();
let count = 0;

/** Files or a loaded model, the same one always by the same name; `title` is what is shown of it. */
export function give(source: Exclude<Given["source"], string>, title: string): Given {
  const given = bySource.get(source) ?? { name: nameFor(title), source, options: {} };
  bySource.set(source, given);
  return remember(given);
}

/** An address; with options that can't be read off the address, under a name that says so. */
export function giveAddress(address: string, options: Given["options"]): Given {
  const isWhole = options.hub === undefined && options.revision === undefined;
  return remember({ name: isWhole ? address : nameFor(address), source: address, options });
}

export function remember(given: Given): Given {
  known.set(given.name, new WeakRef(given));
  return given;
}

export function givenBy(name: string): Given | undefined {
  return known.get(name)?.deref();
}

/** Whether the name means something on this page alone. */
export function isOfThisPage(name: string): boolean {
  return name.startsWith(SCHEME);
}

/** A model that was loaded already. */
export function isModel(source: unknown): source is Model {
  return typeof source === "object" && source !== null && "run" in source && "tokenize" in source;
}

/** What can be given: files in a list, one GGUF file, files by what they are, a loaded model. */
export function isGivable(source: unknown): source is Exclude<Given["source"], string> {
  if (isModel(source) || source instanceof Blob) return true;
  if (Array.isArray(source)) return source.length > 0 && source.every((file) => file instanceof Blob);
  return typeof source === "object" && source !== null && "weights" in source;
}

function nameFor(title: string): string {
  const last = title.split("/").filter(Boolean).at(-1) ?? "model";
  return `${SCHEME}${++count}/${last.replace(/[?#]/g, " ").slice(0, LONGEST)}`;
}
