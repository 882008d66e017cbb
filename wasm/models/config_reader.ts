// Values of a config.json or generation_config.json, each checked as it is read.

import type { HeedError } from "../errors.js";
import { failure, shown } from "./errors.js";
import { isCount, isIndex, isObject, isRecord } from "./kinds.js";

// Ten times what any model of a browser's size has, and small enough that 4 · a · b is exact.
const maxSize = 2 ** 24;
// Of whatever a file lists of tokens: beyond the longest lists of words that are not to be said.
const maxTokens = 2 ** 16;

/** A config.json, or another such `file`. Errors of all methods: "invalid-model", and "unsupported-model" where stated. */
export class ConfigReader {
  readonly #config: Readonly<Record<string, unknown>>;
  /** Before the names of keys in messages. */
  readonly #path: string;
  readonly #file: string;

  constructor(config: Readonly<Record<string, unknown>>, path = "", file = "config.json") {
    this.#config = config;
    this.#path = path;
    this.#file = file;
  }

  /** Whether the key is there, if only to say null. */
  has(key: string): boolean {
    return Object.hasOwn(this.#config, key);
  }

  /** The value of a key; undefined where it is missing or null. */
  get(key: string): unknown {
    return Object.hasOwn(this.#config, key) ? (this.#config[key] ?? undefined) : undefined;
  }

  /** The object of a key; undefined where there is none, or nothing in it. */
  section(key: string): ConfigReader | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (!isRecord(value)) throw this.invalid(key, "an object");
    return Object.keys(value).length > 0
      ? new ConfigReader(value, `${this.#path}${key}.`, this.#file)
      : undefined;
  }

  /** The error of a key whose value is not what was expected. */
  invalid(key: string, expected: string): HeedError {
    return failure(
      "invalid-model",
      `${this.#file}: "${this.#path}${key}" is ${shown(this.get(key))}; expected ${expected}`,
    );
  }

  /** An integer from 1 to 2^24. */
  size(key: string, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    if (isCount(value) && value > 0 && value <= maxSize) return value;
    throw this.invalid(key, `an integer from 1 to ${maxSize}`);
  }

  /** An integer from 0 to 2^24. */
  count(key: string, fallback?: number): number {
    return (this.get(key) ?? fallback) === 0 ? 0 : this.size(key, fallback);
  }

  /** A finite number above 0. */
  positive(key: string, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
      throw this.invalid(key, "a finite number above 0");
    }
    return value;
  }

  /** An integer from 0 to 2^24. */
  tokenId(key: string, fallback: number): number {
    const value = this.get(key) ?? fallback;
    if (isIndex(value, maxSize + 1)) return value;
    throw this.invalid(key, `an integer from 0 to ${maxSize}`);
  }

  /** One token's id, or a list of some, each from 0 to 2^24; nothing is an empty list. */
  tokenIds(key: string): readonly number[] {
    const value = this.get(key) ?? [];
    const ids: unknown = Array.isArray(value) ? value : [value];
    if (areTokenIds(ids)) return ids;
    throw this.invalid(key, `a token id or a list of them, at most ${maxTokens}`);
  }

  /** A list of lists of token ids, none empty; nothing is an empty list. */
  tokenSequences(key: string): readonly (readonly number[])[] {
    const value = this.get(key) ?? [];
    const isList = Array.isArray(value) && value.length <= maxTokens;
    if (isList && value.every((ids) => areTokenIds(ids) && ids.length > 0)) return value as number[][];
    throw this.invalid(key, `a list of lists of token ids, at most ${maxTokens}`);
  }

  /** A finite number above 0, or 0: null is 0, a missing key the fallback. */
  positiveOrOff(key: string, fallback: number): number {
    if (Object.hasOwn(this.#config, key)) return this.get(key) === undefined ? 0 : this.positive(key);
    return fallback;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "boolean") throw this.invalid(key, "true or false");
    return value;
  }

  /** a / b, which must be an integer. */
  quotient(aKey: string, a: number, bKey: string, b: number): number {
    if (a % b !== 0) throw this.invalid(aKey, `a multiple of "${bKey}", ${b}`);
    return a / b;
  }

  /** a - b, which must be above 0. */
  difference(aKey: string, a: number, b: number): number {
    if (a <= b) throw this.invalid(aKey, `an integer above ${b}`);
    return a - b;
  }

  /** One of several names; any other is "unsupported-model". */
  choice<T>(key: string, choices: ReadonlyMap<string, T>, fallback: string): T {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "string") throw this.invalid(key, "a name");
    const choice = choices.get(value);
    if (choice === undefined) {
      const known = [...choices.keys()].join(", ");
      throw failure(
        "unsupported-model",
        `${this.#file}: "${this.#path}${key}" ${shown(value)} is not implemented; known: ${known}`,
      );
    }
    return choice;
  }

  /** Refuses any value but these, or none: "unsupported-model". */
  allowOnly(key: string, implemented: readonly unknown[]): void {
    const value = this.get(key);
    if (value === undefined || implemented.includes(value)) return;
    throw failure(
      "unsupported-model",
      `${this.#file}: "${this.#path}${key}" ${shown(value)} is not implemented; known: ${implemented.map(shown).join(", ")}`,
    );
  }

  /** Refuses an object or array with anything in it: "unsupported-model". */
  allowOnlyEmpty(key: string): void {
    const value = this.get(key);
    if (isObject(value) && Object.keys(value).length === 0) return;
    this.allowOnly(key, []);
  }
}

function areTokenIds(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= maxTokens && value.every((id) => isIndex(id, maxSize + 1));
}
