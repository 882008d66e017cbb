// From a value of the state to the text that stands for it in a link, and back: as in the element's attributes, but that a link is
// anyone's. Nothing here throws.
import * as codec from "../element/codecs.ts";
import type { Codec } from "../element/codecs.ts";
import { MODELS } from "../runner/run_data.ts";
import { languageOf } from "../strings/languages.ts";

export interface Field<Value> {
  write(value: Value): string;
  /** Undefined for what makes no sense, or is more than a link may hold. */
  read(text: string): NonNullable<Value> | undefined;
}

/** Far more than any model reads, far less than can hold up a page. */
export const MOST = {
  /** Of a model's address. */
  address: 300,
  /** UTF-16 units; the runner reads no more either. */
  text: 20_000,
};

function as<Value>({ read, write }: Codec<Value>): Field<Value> {
  return { write: (value) => write(value) ?? "", read: (text) => read(text)?.value ?? undefined };
}

export const text: Field<string> = { write: kept, read: kept };

const maybeFlag = as(codec.maybeFlag);

/** An attribute alone is true; a key alone says nothing. */
export const flag: Field<boolean | undefined> & Field<boolean> = {
  ...maybeFlag,
  read: (text) => (text === "" ? undefined : maybeFlag.read(text)),
};

export const index = as(codec.count);
export const positive = as(codec.positive);
export const tokens = as(codec.counts);
export const cell = as(codec.cell);
export const cells = as(codec.cells);
export const headNames = as(codec.headNames);

/** At least one. */
export const heads: Field<readonly number[]> = {
  ...tokens,
  read(text) {
    const found = tokens.read(text);
    return found?.length ? found : undefined;
  },
};

export function oneOf<Name extends string>(names: readonly Name[]): Field<Name> {
  return as(codec.oneOf(names));
}

/** A bundled model, a repository of the hub, or an address without a password in it; what was on someone's disk is in no link. */
export const model: Field<string> = {
  write: (value) => value,
  read: (value) => (MODELS.some((name) => name === value) || isAddress(value) ? value : undefined),
};

/** A language that the interface speaks. */
export const language: Field<string> = { write: (value) => value, read: languageOf };

/** As much as may stand in a link, in whole characters; halves of surrogate pairs are none. */
function kept(value: string): string {
  const isHalved = (value.codePointAt(MOST.text - 1) ?? 0) > 0xffff;
  return value.slice(0, MOST.text - Number(isHalved)).replace(/\p{Surrogate}/gu, "\ufffd");
}

function isAddress(value: string): boolean {
  if (value.length > MOST.address || /[\s\p{C}]/u.test(value)) return false;
  if (/^[\w][\w.-]*\/[\w][\w.-]*(@[\w./-]+)?$/.test(value)) return true;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}
