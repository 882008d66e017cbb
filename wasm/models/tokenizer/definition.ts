// Reading the parts of a tokenizer.json, which may come from anywhere: every value is checked before it is used.

import type { HeedError } from "../../errors.js";
import { failure, shown } from "../errors.js";
import { isRecord } from "../kinds.js";

export { shown };

/** A JSON object nobody has looked at yet. */
export type Json = { readonly [key: string]: unknown };

/** The HeedError "invalid-model" of a tokenizer.json. */
export function invalidTokenizer(message: string, cause?: unknown): HeedError {
  return failure("invalid-model", `tokenizer.json: ${message}`, cause);
}

/** The HeedError "unsupported-model" of a tokenizer.json. */
export function unsupportedTokenizer(message: string): HeedError {
  return failure("unsupported-model", `tokenizer.json: ${message}`);
}

/** `value` as an object; `where` names it in the error. */
export function asObject(value: unknown, where: string): Json {
  if (!isRecord(value)) throw invalidTokenizer(`${where} is ${shown(value)}; expected an object`);
  return value;
}

/** `value` as an array; `where` names it in the error. */
export function asArray(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidTokenizer(`${where} is ${shown(value)}; expected an array`);
  return value as readonly unknown[];
}

/** `value` as a string; `where` names it in the error. */
export function asString(value: unknown, where: string): string {
  if (typeof value !== "string") throw invalidTokenizer(`${where} is ${shown(value)}; expected a string`);
  return value;
}

/** `value` as a boolean, `fallback` where it is missing or null. */
export function asFlag(value: unknown, where: string, fallback: boolean): boolean {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "boolean") {
    throw invalidTokenizer(`${where} is ${shown(value)}; expected true or false`);
  }
  return value;
}

/** Whether a value is a token id below the size of the model's vocabulary. */
export function isTokenId(value: unknown, vocabularySize: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < vocabularySize;
}

/** `value` as a token id. */
export function asTokenId(value: unknown, where: string, vocabularySize: number): number {
  if (!isTokenId(value, vocabularySize)) {
    throw invalidTokenizer(
      `${where} is ${shown(value)}; expected a token id from 0 to ${vocabularySize - 1}, ` +
        `for config.json gives the model ${vocabularySize} tokens`,
    );
  }
  return value;
}

// Deeper than any tokenizer in use; the parts below a Sequence are read by recursion.
const maxDepth = 8;

/** The parts of a "Sequence", in order, those of nested ones included. */
export function flattenSequence(part: unknown, listName: string, where: string, depth = 0): Json[] {
  if (part === undefined || part === null) return [];
  const object = asObject(part, where);
  if (object["type"] !== "Sequence") return [object];
  if (depth >= maxDepth) throw invalidTokenizer(`${where} is nested more than ${maxDepth} deep`);
  return asArray(object[listName], `${where}.${listName}`).flatMap((inner, i) =>
    flattenSequence(asObject(inner, `${where}.${listName}[${i}]`), listName, where, depth + 1),
  );
}
