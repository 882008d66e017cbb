// Checks of arguments, each with a message that names the argument, what it was and what was expected.

import { HeedError } from "./errors.js";

/** A value in few words, safe to put into a message. */
export function show(value: unknown): string {
  if (ArrayBuffer.isView(value) && "length" in value)
    return `${typeName(value)} of length ${String(value.length)}`;
  if (Array.isArray(value))
    return `[${value.slice(0, 8).map(show).join(", ")}${value.length > 8 ? ", …" : ""}]`;
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "object" && value !== null) return typeName(value);
  if (typeof value === "function") return "a function";
  return String(value);
}

// By tag, not instanceof: arrays made in another realm (an iframe, a vm context) are as good.
function typeName(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

export function invalid(name: string, value: unknown, expected: string): HeedError {
  return new HeedError("invalid-argument", `${name} is ${show(value)}, expected ${expected}`);
}

export function mismatch(name: string, was: string, expected: string): HeedError {
  return new HeedError("shape-mismatch", `${name} ${was}, expected ${expected}`);
}

export function object(name: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw invalid(name, value, "an object");
  return value as Record<string, unknown>;
}

interface Arrays {
  Float32Array: Float32Array;
  Int32Array: Int32Array;
  Uint8Array: Uint8Array;
}

export function typedArray<K extends keyof Arrays>(name: string, value: unknown, kind: K): Arrays[K] {
  if (!ArrayBuffer.isView(value) || typeName(value) !== kind) throw invalid(name, value, `a ${kind}`);
  return value as unknown as Arrays[K];
}

export const floats = (name: string, value: unknown): Float32Array => typedArray(name, value, "Float32Array");

/** An optional array of an exact length. */
export function optionalFloats(
  name: string,
  value: unknown,
  length: number,
  shape: string,
): Float32Array | null {
  if (value === undefined || value === null) return null;
  const array = floats(name, value);
  if (array.length !== length) throw mismatch(name, `has ${array.length} values`, `${shape} = ${length}`);
  return array;
}

/** An integer of at least `least`, and small enough for the native side. */
export function integer(name: string, value: unknown, least: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > 2 ** 31 - 1) {
    throw invalid(name, value, `an integer from ${least} to 2147483647`);
  }
  return value as number;
}

/** A finite number that f32 holds. */
export function finite(name: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(Math.fround(value)))
    throw invalid(name, value, "a finite number");
  return value;
}

export function boolean(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw invalid(name, value, "true or false");
  return value;
}

export function oneOf<T extends string>(name: string, value: unknown, values: readonly T[]): T {
  if (!values.includes(value as T))
    throw invalid(name, value, values.map((v) => JSON.stringify(v)).join(" or "));
  return value as T;
}

/** length / perItem, which must be an integer: how many items an array holds. */
export function itemCount(name: string, length: number, perItem: number, shape: string): number {
  if (perItem === 0 ? length !== 0 : length % perItem !== 0) {
    throw mismatch(name, `has ${length} values`, `a multiple of ${shape} = ${perItem}`);
  }
  return perItem === 0 ? 0 : length / perItem;
}
