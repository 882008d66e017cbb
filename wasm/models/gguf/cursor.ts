// Values one after another from the front of a file, taken from it a chunk at a time.

import { failure } from "../errors.js";
import { decodeUtf8 } from "../json.js";
import type { HeedError } from "../../errors.js";

/** What is read from. */
export interface Bytes {
  /** Of the whole file, where that is known. */
  readonly size: number | undefined;
  read(length: number): Promise<Uint8Array>;
}

const chunkBytes = 1 << 16;

/**
 * A place in a file that moves on. need() waits for bytes; the others take them and must not be called for more than
 * were waited for. Nothing is taken from the file beyond `limit`.
 */
export class Cursor {
  readonly file: string;
  readonly #reader: Bytes;
  readonly #limit: number;
  #view = new DataView(new ArrayBuffer(0));
  #at = 0;
  /** Bytes in front of the view. */
  #passed = 0;

  constructor(reader: Bytes, file: string, limit: number) {
    this.file = file;
    this.#reader = reader;
    this.#limit = limit;
  }

  /** Bytes from the front of the file. */
  get position(): number {
    return this.#passed + this.#at;
  }

  /** Bytes that are there already. */
  get left(): number {
    return this.#view.byteLength - this.#at;
  }

  invalid(problem: string): HeedError {
    return failure("invalid-model", `${this.file}: ${problem}`);
  }

  /**
   * Makes sure of `length` bytes, which may be any number a file claims: `what` is named if they can't be there.
   * Errors: "invalid-model".
   */
  async need(length: number, what: string): Promise<void> {
    const missing = length - this.left;
    if (missing <= 0) return;
    const { size } = this.#reader;
    if (size !== undefined && length > size - this.position) throw this.#cut(what, length);
    if (length > this.#limit - this.position) {
      throw this.invalid(
        `the header is longer than ${this.#limit} bytes, or ${what} is ${length} bytes long`,
      );
    }
    const wanted = Math.min(Math.max(missing, chunkBytes), this.#limit - this.position - this.left);
    const more = await this.#reader.read(wanted);
    if (more.length < missing) throw this.#cut(what, length);
    const rest = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, this.left);
    const joined = new Uint8Array(rest.length + more.length);
    joined.set(rest);
    joined.set(more, rest.length);
    this.#passed = this.position;
    this.#at = 0;
    this.#view = new DataView(joined.buffer);
  }

  #cut(what: string, length: number): HeedError {
    return this.invalid(`the file ends inside ${what}, which is ${length} bytes long`);
  }

  /** `length` bytes as they are, copied. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const from = this.#view.byteOffset + this.#at;
    this.#at += length;
    return new Uint8Array(this.#view.buffer.slice(from, from + length) as ArrayBuffer);
  }

  text(length: number, what: string): string {
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, length);
    this.#at += length;
    return decodeUtf8(bytes, `${this.file}: ${what}`);
  }

  uint32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  /** A number from 0 to 2^53 - 1. Errors: "invalid-model". */
  size(what: string): number {
    const low = this.uint32();
    const high = this.uint32();
    if (high >= 2 ** 21) throw this.invalid(`${what} is ${(BigInt(high) << 32n) | BigInt(low)}`);
    return high * 2 ** 32 + low;
  }
}
