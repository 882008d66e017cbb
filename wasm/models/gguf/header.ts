// A strict reader of the front of GGUF files, versions 2 and 3, little-endian (ggml, docs/gguf.md): magic, version, the
// numbers of tensors and of keys; the keys with their values; names, shapes, formats and places of the tensors; and from
// the next multiple of the alignment on the data. The file may be hostile: everything is checked before memory is taken
// for it, and memory is taken for what has arrived.
//
// Stricter than the format: a header is at most 32 MiB long (those of the largest vocabularies in use have 8) and has at
// most 10,000 keys and 10,000 tensors; there are no arrays of arrays; no key or tensor comes twice; the data lies as
// ggml writes it, without a hole or an overlap.
//
// Not @huggingface/gguf (0.4.6): it takes an address and fetches that itself, without a signal, a retry or a look at the
// status, and takes neither Blobs nor bytes; it reads malformed UTF-8, keys given twice and overlapping tensors without
// a word; and with what it imports it is 71 kB in a bundle, compressed, where this file and cursor.ts are 3.

import { failure, shown } from "../errors.js";
import { blockFormats, otherFormatName, type BlockFormat } from "./blocks.js";
import { Cursor, type Bytes } from "./cursor.js";
import { magic } from "./magic.js";

/** Longest header read, in bytes. */
export const maxHeaderBytes = 32 << 20;
const maxKeys = 10_000;
const maxTensors = 10_000;
const maxKeyBytes = 65_535;
const maxNameBytes = 64;
const maxRank = 4;
export const maxAlignment = 1 << 16;

/** An array of numbers, or of true and false as 1 and 0. */
export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** A value of a key. 64-bit integers are numbers, rounded where those have no room for them. */
export type Value = number | boolean | string | Numbers | readonly string[];

/** What the header says of a tensor. */
export interface GgufTensor {
  readonly name: string;
  readonly format: BlockFormat;
  /** As in a checkpoint of PyTorch: the last dimension's values lie beside one another. */
  readonly shape: readonly number[];
  /** Range in the data. */
  readonly begin: number;
  readonly end: number;
}

export interface GgufHeader {
  /** Of the file. */
  readonly file: string;
  readonly values: ReadonlyMap<string, Value>;
  /** In the order of their data. */
  readonly tensors: readonly GgufTensor[];
  /** Where the data begins. */
  readonly dataBegin: number;
  /** Where the data ends, and the bytes of the file; the same where those are not known. */
  readonly dataEnd: number;
  readonly size: number;
}

const stringType = 8;
const arrayType = 9;
const boolType = 7;
const numberTypes = new Map<number, (bytes: Uint8Array<ArrayBuffer>) => Numbers>([
  [0, (bytes) => bytes],
  [1, ({ buffer }) => new Int8Array(buffer)],
  [2, ({ buffer }) => new Uint16Array(buffer)],
  [3, ({ buffer }) => new Int16Array(buffer)],
  [4, ({ buffer }) => new Uint32Array(buffer)],
  [5, ({ buffer }) => new Int32Array(buffer)],
  [6, ({ buffer }) => new Float32Array(buffer)],
  [boolType, (bytes) => bytes],
  [10, ({ buffer }) => new BigUint64Array(buffer)],
  [11, ({ buffer }) => new BigInt64Array(buffer)],
  [12, ({ buffer }) => new Float64Array(buffer)],
]);
const bytesOfType = [1, 1, 2, 2, 4, 4, 4, 1, 8, 9, 8, 8, 8];

async function readText(cursor: Cursor, what: string, maxBytes: number): Promise<string> {
  if (cursor.left < 8) await cursor.need(8, what);
  const length = cursor.size(`the length of ${what}`);
  if (length > maxBytes) {
    throw cursor.invalid(`${what} is ${length} bytes long; expected at most ${maxBytes}`);
  }
  if (cursor.left < length) await cursor.need(length, what);
  return cursor.text(length, what);
}

async function readNumbers(cursor: Cursor, type: number, count: number, what: string): Promise<Numbers> {
  const make = numberTypes.get(type);
  if (!make) throw cursor.invalid(`${what} is of type ${type}, which the format has not`);
  const length = count * (bytesOfType[type] ?? 0);
  await cursor.need(length, what);
  const numbers = make(cursor.bytes(length));
  if (type === boolType && (numbers as Uint8Array).some((byte) => byte > 1)) {
    throw cursor.invalid(`${what} has a byte that is neither true nor false`);
  }
  return numbers;
}

async function readArray(cursor: Cursor, what: string): Promise<Value> {
  await cursor.need(12, what);
  const type = cursor.uint32();
  const count = cursor.size(`the length of ${what}`);
  if (type === arrayType) {
    throw failure("unsupported-model", `${cursor.file}: ${what} is an array of arrays`);
  }
  if (type !== stringType) return readNumbers(cursor, type, count, what);
  const texts: string[] = [];
  for (let i = 0; i < count; ++i) texts.push(await readText(cursor, `an entry of ${what}`, maxHeaderBytes));
  return texts;
}

async function readValue(cursor: Cursor, what: string): Promise<Value> {
  await cursor.need(4, what);
  const type = cursor.uint32();
  if (type === stringType) return readText(cursor, what, maxHeaderBytes);
  if (type === arrayType) return readArray(cursor, what);
  const [value] = await readNumbers(cursor, type, 1, what);
  return type === boolType ? value === 1 : Number(value);
}

async function readValues(cursor: Cursor, count: number): Promise<Map<string, Value>> {
  const values = new Map<string, Value>();
  for (let i = 0; i < count; ++i) {
    const key = await readText(cursor, `key ${i}`, maxKeyBytes);
    if (values.has(key)) throw cursor.invalid(`the key ${shown(key)} is there twice`);
    values.set(key, await readValue(cursor, `the value of ${shown(key)}`));
  }
  return values;
}

/** Bytes of a tensor. Errors: "invalid-model", "unsupported-model". */
function tensorBytes(cursor: Cursor, what: string, format: BlockFormat, shape: readonly number[]): number {
  const row = shape.at(-1) ?? 1;
  if (row % format.size !== 0) {
    throw cursor.invalid(
      `${what} has rows of ${row} values; ${format.name} has them in blocks of ${format.size}`,
    );
  }
  const bytes = shape
    .slice(0, -1)
    .reduce((product, size) => product * size, (row / format.size) * format.bytes);
  if (!Number.isSafeInteger(bytes)) {
    throw cursor.invalid(`${what} has the shape ${shown(shape)}, too large to be counted in bytes`);
  }
  return bytes;
}

function formatOf(cursor: Cursor, what: string, type: number): BlockFormat {
  const format = blockFormats.get(type);
  if (format) return format;
  const name = otherFormatName(type);
  if (name === undefined) throw cursor.invalid(`${what} is of type ${type}, which ggml has not`);
  const known = [...blockFormats.values()].map(({ name: other }) => other).join(", ");
  throw failure(
    "unsupported-model",
    `${cursor.file}: ${what} is ${name}, which is not implemented; known: ${known}`,
  );
}

async function readTensor(cursor: Cursor, index: number): Promise<GgufTensor> {
  const name = await readText(cursor, `the name of tensor ${index}`, maxNameBytes);
  const what = `tensor ${shown(name)}`;
  await cursor.need(4, what);
  const rank = cursor.uint32();
  if (rank < 1 || rank > maxRank) {
    throw cursor.invalid(`${what} has ${rank} dimensions; expected 1 to ${maxRank}`);
  }
  await cursor.need(8 * rank + 12, what);
  const shape: number[] = [];
  for (let i = 0; i < rank; ++i) shape.unshift(cursor.size(`a dimension of ${what}`));
  const format = formatOf(cursor, what, cursor.uint32());
  if (shape.includes(0)) throw cursor.invalid(`${what} has the shape ${shown(shape)}, and no values`);
  const begin = cursor.size(`the place of ${what}`);
  return { name, format, shape, begin, end: begin + tensorBytes(cursor, what, format, shape) };
}

function alignmentOf(cursor: Cursor, values: ReadonlyMap<string, Value>): number {
  const value = values.get("general.alignment") ?? 32;
  const isPower = typeof value === "number" && value >= 8 && Number.isInteger(Math.log2(value));
  if (!isPower || value > maxAlignment) {
    throw cursor.invalid(
      `"general.alignment" is ${shown(value)}; expected a power of two from 8 to ${maxAlignment}`,
    );
  }
  return value;
}

function checkPlaces(cursor: Cursor, tensors: readonly GgufTensor[], aligned: (at: number) => number): void {
  let end = 0;
  let previous = "the data's beginning";
  for (const { name, begin, end: next } of tensors) {
    const what = `tensor ${shown(name)}`;
    if (begin !== aligned(end)) {
      const how = begin < end ? "overlaps" : "is not where it should be behind";
      throw cursor.invalid(`${what} begins at ${begin} and ${how} ${previous}, which ends at ${end}`);
    }
    if (!Number.isSafeInteger(next)) throw cursor.invalid(`${what} ends at ${next}`);
    end = next;
    previous = what;
  }
}

async function readFront(cursor: Cursor): Promise<{ numTensors: number; numKeys: number }> {
  await cursor.need(24, "the first 24 bytes");
  if (cursor.uint32() !== magic) throw cursor.invalid(`the file does not begin with "GGUF"`);
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) {
    const what = version > 0 && (version & 0xffff) === 0 ? "big-endian" : `of version ${version}`;
    throw failure(
      "unsupported-model",
      `${cursor.file} is ${what}; expected a little-endian GGUF of version 2 or 3`,
    );
  }
  const limited = (what: string, most: number): number => {
    const count = cursor.size(`the number of ${what}`);
    if (count > most) throw cursor.invalid(`the file has ${count} ${what}; expected at most ${most}`);
    return count;
  };
  return { numTensors: limited("tensors", maxTensors), numKeys: limited("keys", maxKeys) };
}

/**
 * Reads a header from the front of a file.
 *
 * Errors: "invalid-model" (the message names the file and the place), "unsupported-model" (another version, a format that
 * is not among blockFormats), and those of reading.
 */
export async function readGgufHeader(reader: Bytes, file: string): Promise<GgufHeader> {
  const cursor = new Cursor(reader, file, maxHeaderBytes);
  const { numTensors, numKeys } = await readFront(cursor);
  const values = await readValues(cursor, numKeys);
  const alignment = alignmentOf(cursor, values);
  const aligned = (at: number): number => Math.ceil(at / alignment) * alignment;
  const tensors: GgufTensor[] = [];
  const names = new Set<string>();
  for (let i = 0; i < numTensors; ++i) {
    const tensor = await readTensor(cursor, i);
    if (names.has(tensor.name)) throw cursor.invalid(`tensor ${shown(tensor.name)} is there twice`);
    names.add(tensor.name);
    tensors.push(tensor);
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkPlaces(cursor, tensors, aligned);
  const dataBegin = aligned(cursor.position);
  const dataEnd = dataBegin + (tensors.at(-1)?.end ?? 0);
  const size = reader.size ?? dataEnd;
  if (size < dataEnd || size > aligned(dataEnd)) {
    throw cursor.invalid(`the tensors end at byte ${dataEnd}, but the file has ${size} bytes`);
  }
  return { file, values, tensors, dataBegin, dataEnd, size };
}
