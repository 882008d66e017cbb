// From what someone wrote, in an attribute, a property or a link, to a value, and back to an attribute. Nothing here throws.
import { give, isGivable } from "../runner/given.ts";
import type { Cell } from "../state.ts";

export interface Codec<Value> {
  /** In words, for who wrote something else. */
  readonly expected: string;
  /** `given` is an attribute's string or a property's value; nothing for what makes no sense. */
  read(given: unknown): { readonly value: Value } | undefined;
  write(value: Value): string | null;
}

/** Numbers stay small enough to be counted with. */
const MOST = 1e6;
/** Layers, heads, tokens: far more than any model has, or reads. */
const MOST_COUNTED = 65_535;
/** Values in a list: all cells of a matrix of 128 tokens. */
const LONGEST = 128 * 128;

export const text: Codec<string> = {
  expected: "a text",
  read: (given) => (typeof given === "string" ? { value: given } : undefined),
  write: (value) => value,
};

/** A name or an address; files and loaded models get a name. */
export const model: Codec<string> = {
  expected: "a model's name or address, its files, or a loaded model",
  read(value) {
    // What an <input> holds is emptied with it.
    const isList = Object.prototype.toString.call(value) === "[object FileList]";
    const given = isList ? Array.from(value as FileList) : value;
    if (isGivable(given)) return { value: give(given, titleOf(given)).name };
    return text.read(given instanceof URL ? given.href : given);
  },
  write: text.write,
};

/** What a folder of files is called, or a file; "model": nobody says. */
function titleOf(given: object): string {
  const files = (Array.isArray(given) ? given : [given]) as readonly Partial<File>[];
  const [folder, ...rest] = (files[0]?.webkitRelativePath ?? "").split("/");
  if (rest.length > 0 && folder) return folder;
  return (files.length === 1 && files[0] instanceof File && files[0].name) || "model";
}

export const count: Codec<number> = {
  expected: "an integer of at least 0",
  read(given) {
    const value = typeof given === "string" && !/^\s*\d+\s*$/.test(given) ? NaN : numberIn(given);
    return Number.isInteger(value) && value >= 0 && value <= MOST_COUNTED ? { value } : undefined;
  },
  write: String,
};

export const positive: Codec<number> = {
  expected: `a number above 0, at most ${MOST}`,
  read(given) {
    const value = numberIn(given);
    return value > 0 && value <= MOST && 1 / value <= MOST ? { value } : undefined;
  },
  write: String,
};

export const counts: Codec<readonly number[]> = {
  expected: "integers of at least 0 with spaces between them",
  read(given) {
    const values = listIn(given)?.map((part) => count.read(part)?.value);
    if (!values || values.includes(undefined)) return undefined;
    return { value: [...new Set(values as number[])] };
  },
  write: (value) => value.join(" "),
};

export const flag: Codec<boolean> = {
  expected: `"true" or "false"`,
  read(given) {
    if (typeof given === "boolean") return { value: given };
    if (given === "" || given === "true") return { value: true };
    return given === "false" ? { value: false } : undefined;
  },
  write: String,
};

/** Undefined: as the model was trained. */
export const maybeFlag: Codec<boolean | undefined> = {
  expected: flag.expected,
  read: flag.read,
  write: (value) => (value === undefined ? null : String(value)),
};

export const cell: Codec<Cell | undefined> = {
  expected: `two tokens, counted from 0: "row column"`,
  read(given) {
    if (typeof given === "object" && given !== null && "row" in given && "col" in given) {
      const [row, col] = [count.read(given.row), count.read(given.col)];
      return row && col && { value: { row: row.value, col: col.value } };
    }
    const parts = listIn(given)?.map((part) => count.read(part)?.value);
    const [row, col] = parts ?? [];
    if (parts?.length !== 2 || row === undefined || col === undefined) return undefined;
    return { value: { row, col } };
  },
  write: (value) => (value ? `${value.row} ${value.col}` : null),
};

/** Pairs of tokens, "10-2 3-4": row and column; as a property, [{ row: 10, col: 2 }]. */
export const cells: Codec<readonly Cell[]> = {
  expected: `pairs of tokens, counted from 0, such as "10-2 3-4"`,
  read(given) {
    const found = listIn(given)?.map((part) => {
      if (typeof part === "object") return cell.read(part)?.value;
      const [, row, col] = /^(\d+)-(\d+)$/.exec(String(part)) ?? [];
      return cell.read({ row, col })?.value;
    });
    if (!found || found.includes(undefined)) return undefined;
    return { value: found as Cell[] };
  },
  write: (value) => value.map(({ row, col }) => `${row}-${col}`).join(" "),
};

/** Heads of any layer, "L2H1 L0H3"; as a property, [[2, 1], [0, 3]]. */
export const headNames: Codec<readonly (readonly [number, number])[]> = {
  expected: `heads such as "L2H1 L0H3"`,
  read(given) {
    const heads = listIn(given)?.map((part): [number, number] | undefined => {
      const [layer, head] = Array.isArray(part)
        ? part
        : (/^L(\d+)H(\d+)$/i.exec(String(part))?.slice(1) ?? []);
      const [l, h] = [count.read(layer), count.read(head)];
      return l && h && [l.value, h.value];
    });
    if (!heads || heads.includes(undefined)) return undefined;
    return { value: heads as [number, number][] };
  },
  write: (value) => value.map(([layer, head]) => `L${layer}H${head}`).join(" "),
};

export function oneOf<Name extends string>(names: readonly Name[]): Codec<Name> {
  return {
    expected: names.join(", "),
    read(given) {
      const value = names.find((name) => name === given);
      return value && { value };
    },
    write: (value) => value,
  };
}

/** Names with spaces between them, "none" or "all". */
export function someOf<Name extends string>(names: readonly Name[]): Codec<readonly Name[]> {
  return {
    expected: `none, all, or some of ${names.join(", ")}`,
    read(given) {
      if (given === "none") return { value: [] };
      if (given === "all") return { value: names };
      const wanted = listIn(given);
      if (!wanted || wanted.length === 0 || !wanted.every((part) => names.includes(part as Name))) {
        return Array.isArray(given) && given.length === 0 ? { value: [] } : undefined;
      }
      return { value: names.filter((name) => wanted.includes(name)) };
    },
    write: (value) => (value.length > 0 ? value.join(" ") : "none"),
  };
}

function numberIn(given: unknown): number {
  if (typeof given === "number") return given;
  // Not what JavaScript alone reads as numbers, such as "0x1" and "".
  return typeof given === "string" && /^[\s\d.e+-]+$/i.test(given) ? Number(given) : NaN;
}

function listIn(given: unknown): readonly unknown[] | undefined {
  const parts = typeof given === "string" ? given.split(/[\s,]+/).filter(Boolean) : given;
  return Array.isArray(parts) && parts.length <= LONGEST ? parts : undefined;
}
