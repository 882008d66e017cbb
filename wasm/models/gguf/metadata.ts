// The keys of a GGUF file, each checked as it is read.

import { failure, shown } from "../errors.js";
import type { GgufHeader, Numbers, Value } from "./header.js";
import type { HeedError } from "../../errors.js";

// As ConfigReader's.
const maxSize = 2 ** 24;

/** Whether a value is an array of numbers. */
export function isNumbers(value: Value | undefined): value is Numbers {
  return ArrayBuffer.isView(value);
}

/** The keys of a file; those of its architecture without the architecture in front. Errors: "invalid-model". */
export class Metadata {
  readonly file: string;
  /** "general.architecture". */
  readonly architecture: string;
  readonly #values: ReadonlyMap<string, Value>;

  constructor({ file, values }: Pick<GgufHeader, "file" | "values">) {
    this.file = file;
    this.#values = values;
    this.architecture = this.text("general.architecture");
  }

  /** The value of a key as the file has it, and of "block_count" that of "llama.block_count". */
  get(key: string): Value | undefined {
    return this.#values.get(this.#named(key));
  }

  #named(key: string): string {
    const isWhole = key.startsWith("general.") || key.startsWith("tokenizer.");
    return isWhole ? key : `${this.architecture}.${key}`;
  }

  invalid(key: string, expected: string): HeedError {
    const what = `${this.file}: "${this.#named(key)}" is ${shown(this.get(key))}`;
    return failure("invalid-model", `${what}; expected ${expected}`);
  }

  unsupported(message: string): HeedError {
    return failure("unsupported-model", `${this.file}: ${message}`);
  }

  text(key: string, fallback?: string): string {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "string") throw this.invalid(key, "a text");
    return value;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "boolean") throw this.invalid(key, "true or false");
    return value;
  }

  /** An integer from 1 to 2^24; of an array of equal ones, for layers, that. */
  size(key: string, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    const [first, ...others] = isNumbers(value) ? Array.from(value, Number) : [value];
    if (others.some((other) => other !== first)) {
      throw this.unsupported(`"${this.#named(key)}" differs from layer to layer, which is not implemented`);
    }
    if (!Number.isInteger(first) || (first as number) < 1 || (first as number) > maxSize) {
      throw this.invalid(key, `an integer from 1 to ${maxSize}`);
    }
    return first as number;
  }

  /** A finite number above 0. */
  positive(key: string, fallback?: number): number {
    const value = this.get(key) ?? fallback;
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
      throw this.invalid(key, "a finite number above 0");
    }
    return value;
  }

  /** A token's id below `vocabularySize`, or none. Some writers say 2^32 - 1 for none. */
  tokenId(key: string, vocabularySize: number): number | undefined {
    const value = this.get(key);
    if (value === undefined || value === 0xffffffff || value === -1) return undefined;
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= vocabularySize) {
      throw this.invalid(key, `a token from 0 to ${vocabularySize - 1}`);
    }
    return value as number;
  }

  get numHeads(): number {
    return this.size("attention.head_count");
  }

  /** Channels of a head. Errors: "unsupported-model" too (values that are not as wide as keys). */
  get headDim(): number {
    const quotient = Math.max(1, Math.floor(this.size("embedding_length") / this.numHeads));
    const headDim = this.size("attention.key_length", quotient);
    const valueDim = this.size("attention.value_length", headDim);
    if (valueDim === headDim) return headDim;
    throw this.unsupported(`"attention.value_length" is ${valueDim}, and keys have ${headDim} channels`);
  }

  texts(key: string): readonly string[] {
    const value = this.get(key);
    if (!Array.isArray(value)) throw this.invalid(key, "an array of texts");
    return value as readonly string[];
  }

  /** `length` numbers, or none. */
  numbers(key: string, length: number): ArrayLike<number> | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (!isNumbers(value) || value.length !== length) throw this.invalid(key, `${length} numbers`);
    return Array.from(value, Number);
  }
}
