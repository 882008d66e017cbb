// From a value of the state to the text that stands for it in a link, and back. Nothing here throws.
import type { Cell } from "../state.ts";
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
  /** Layers, heads. */
  index: 1023,
  token: 65_535,
  /** Values in a list: all cells of a matrix of 128 tokens. */
  list: 128 * 128,
};

export const text: Field<string> = {
  write: (value) => kept(value),
  read: (value) => kept(value),
};

export const flag: Field<boolean | undefined> & Field<boolean> = {
  write: (value: boolean | undefined) => String(value ?? ""),
  read: (value) => (value === "true" ? true : value === "false" ? false : undefined),
};

export const index: Field<number> = { write: String, read: (value) => integer(value, MOST.index) };

export const positive: Field<number> = {
  write: String,
  read(value) {
    const number = /^\d{1,7}(\.\d{1,20})?$/.test(value) ? Number(value) : NaN;
    return number >= 1e-6 && number <= 1e6 ? number : undefined;
  },
};

/** Different heads, at least one. */
export const heads: Field<readonly number[]> = {
  write: (value) => value.join(" "),
  read(value) {
    const found = list(value, (part) => integer(part, MOST.index));
    return found && found.length > 0 ? [...new Set(found)] : undefined;
  },
};

export const tokens: Field<readonly number[]> = {
  write: (value) => value.join(" "),
  read(value) {
    const found = list(value, (part) => integer(part, MOST.token));
    return found && [...new Set(found)];
  },
};

/** "row column" */
export const cell: Field<Cell | undefined> = {
  write: (value) => (value ? `${value.row} ${value.col}` : ""),
  read: (value) => cellIn(value, " "),
};

/** "row-column row-column" */
export const cells: Field<readonly Cell[]> = {
  write: (value) => value.map(({ row, col }) => `${row}-${col}`).join(" "),
  read: (value) => list(value, (part) => cellIn(part, "-")),
};

/** Heads of any layer: "L2H1 L0H3". */
export const headNames: Field<readonly (readonly [layer: number, head: number])[]> = {
  write: (value) => value.map(([layer, head]) => `L${layer}H${head}`).join(" "),
  read: (value) =>
    list(value, (part): readonly [number, number] | undefined => {
      const [, layer = "", head = ""] = /^L(\d+)H(\d+)$/.exec(part) ?? [];
      const [l, h] = [integer(layer, MOST.index), integer(head, MOST.index)];
      return l === undefined || h === undefined ? undefined : [l, h];
    }),
};

/** A bundled model, a repository of the hub, or an address without a password in it; what was on someone's disk is in no link. */
export const model: Field<string> = {
  write: (value) => value,
  read: (value) => (MODELS.some((name) => name === value) || isAddress(value) ? value : undefined),
};

/** A language that the interface speaks. */
export const language: Field<string> = { write: (value) => value, read: languageOf };

export function oneOf<Name extends string>(
  names: readonly Name[],
): Field<Name> & { write(value: string): string } {
  return { write: (value) => value, read: (value) => names.find((name) => name === value) };
}

/** As much as may stand in a link, in whole characters; halves of surrogate pairs are none. */
function kept(value: string): string {
  const isHalved = (value.codePointAt(MOST.text - 1) ?? 0) > 0xffff;
  return value.slice(0, MOST.text - Number(isHalved)).replace(/\p{Surrogate}/gu, "\ufffd");
}

function integer(value: string, most: number): number | undefined {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  return number <= most ? number : undefined;
}

/** All of a list or nothing. */
function list<Value>(text: string, read: (part: string) => Value | undefined): Value[] | undefined {
  const parts = text.split(" ").filter(Boolean);
  if (parts.length > MOST.list) return undefined;
  const values = parts.map(read);
  return values.includes(undefined) ? undefined : (values as Value[]);
}

function cellIn(text: string, between: string): Cell | undefined {
  const [row, col] = text.split(between).map((part) => integer(part, MOST.token));
  return row === undefined || col === undefined || text.split(between).length !== 2
    ? undefined
    : { row, col };
}

function isAddress(value: string): boolean {
  if (value.length > MOST.address || /[\s\p{C}]/u.test(value)) return false;
  if (/^[\w][\w.-]*\/[\w][\w.-]*(@[\w./-]+)?$/.test(value)) return true;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}
