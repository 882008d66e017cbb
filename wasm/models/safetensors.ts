// A strict reader of safetensors files (github.com/huggingface/safetensors, "Format"): 8 bytes little-endian header
// length; a JSON header { name: { dtype, shape, data_offsets } }, with "__metadata__" of strings; then the data,
// row-major, little-endian. The file may be hostile: everything is checked before memory is taken for it.
//
// Stricter than the format: a header is at most 1 MiB and has at most 10,000 tensors of at most 8 dimensions.

import type { ByteFile, ByteReader, OpenOptions } from "./sources/byte_file.js";
import type { HeedError } from "../errors.js";
import { failure, shown } from "./errors.js";
import { decodeUtf8, duplicateKey, parseJson } from "./json.js";
import { isCount, isRecord } from "./kinds.js";

/** Longest header read, in bytes. */
export const maxHeaderBytes = 1 << 20;
/** Most tensors in a file. */
export const maxTensors = 10_000;
const maxRank = 8;

const bitsOfDtype: ReadonlyMap<string, number> = new Map([
  ["BOOL", 8],
  ["F4", 4],
  ["F6_E2M3", 6],
  ["F6_E3M2", 6],
  ["U8", 8],
  ["I8", 8],
  ["F8_E5M2", 8],
  ["F8_E4M3", 8],
  ["F8_E8M0", 8],
  ["F8_E4M3FNUZ", 8],
  ["F8_E5M2FNUZ", 8],
  ["I16", 16],
  ["U16", 16],
  ["F16", 16],
  ["BF16", 16],
  ["I32", 32],
  ["U32", 32],
  ["F32", 32],
  ["C64", 64],
  ["F64", 64],
  ["I64", 64],
  ["U64", 64],
]);

/** What the header says of a tensor. */
export interface TensorInfo {
  readonly name: string;
  /** One of the format's; "F32", "F16" and "BF16" are those that heed reads. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Range in the data, which begins behind the header. */
  readonly begin: number;
  readonly end: number;
}

/** Some rows of a tensor, [begin, end) of its first dimension, and their data, little-endian, of any alignment. */
export interface TensorPiece extends TensorInfo {
  readonly rows: readonly [begin: number, end: number];
  readonly bytes: Uint8Array;
}

// Of a large tensor so much is in memory at a time. Larger pieces are no faster.
const pieceBytes = 1 << 20;

function invalid(file: string, problem: string): HeedError {
  return failure("invalid-model", `${file}: ${problem}`);
}

/** Bytes of a tensor; undefined where they are no safe integer, or no whole number of bytes. */
function byteSize(bits: number, shape: readonly number[]): number | undefined {
  let count = 1;
  // A zero anywhere makes the product zero, whatever the others would have overflowed to.
  if (shape.includes(0)) return 0;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count * bits)) return undefined;
  }
  return (count * bits) % 8 === 0 ? (count * bits) / 8 : undefined;
}

function checkMetadata(value: unknown, file: string): void {
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== "string")) {
    throw invalid(file, `"__metadata__" is ${shown(value)}; expected an object of strings`);
  }
}

function readTensorInfo(name: string, value: unknown, file: string): TensorInfo {
  const at = `tensor ${shown(name)}`;
  if (!isRecord(value)) {
    throw invalid(file, `${at} is ${shown(value)}; expected { dtype, shape, data_offsets }`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  for (const key of Object.keys(value)) {
    if (key !== "dtype" && key !== "shape" && key !== "data_offsets") {
      throw invalid(file, `${at} has ${shown(key)}; expected dtype, shape and data_offsets only`);
    }
  }
  const bits = typeof dtype === "string" ? bitsOfDtype.get(dtype) : undefined;
  if (bits === undefined)
    throw invalid(file, `${at} has the dtype ${shown(dtype)}, which is none of the format's`);
  if (!Array.isArray(shape) || shape.length > maxRank || !shape.every(isCount)) {
    throw invalid(
      file,
      `${at} has the shape ${shown(shape)}; expected at most ${maxRank} integers from 0 to 2^53 - 1`,
    );
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw invalid(
      file,
      `${at} has the data_offsets ${shown(offsets)}; expected two integers from 0 to 2^53 - 1`,
    );
  }
  const [begin, end] = offsets as [number, number];
  if (end < begin) throw invalid(file, `${at} ends at ${end}, before it begins at ${begin}`);
  const size = byteSize(bits, shape);
  if (size === undefined)
    throw invalid(file, `${at} has the shape ${shown(shape)}, too large to be counted in bytes`);
  if (size !== end - begin) {
    throw invalid(
      file,
      `${at} is ${end - begin} bytes long; its shape ${shown(shape)} of ${String(dtype)} needs ${size}`,
    );
  }
  return { name, dtype: dtype as string, shape, begin, end };
}

/**
 * The tensors of a header, in the order of their data, which covers the file from the header's end without a hole or an
 * overlap. `json` is the header's text.
 * Errors: "invalid-model"; the message names the file and the tensor.
 */
function parseHeader(json: string, file: string): TensorInfo[] {
  if (!json.startsWith("{"))
    throw invalid(file, `the header begins with ${shown(json.slice(0, 8))}; expected "{"`);
  const header = parseJson(json, `${file}: the header`) as Record<string, unknown>;
  const twice = duplicateKey(json);
  if (twice !== undefined) throw invalid(file, `the header has the key ${shown(twice)} twice`);

  const entries = Object.entries(header);
  if (entries.length > maxTensors + 1) {
    throw invalid(file, `the header has ${entries.length} entries; expected at most ${maxTensors} tensors`);
  }
  const tensors: TensorInfo[] = [];
  for (const [name, value] of entries) {
    if (name === "__metadata__") checkMetadata(value, file);
    else tensors.push(readTensorInfo(name, value, file));
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.begin !== end) {
      const what = tensor.begin < end ? "overlaps the one before it" : "leaves a hole before it";
      throw invalid(
        file,
        `tensor ${shown(tensor.name)} begins at ${tensor.begin} and ${what}, which ends at ${end}`,
      );
    }
    end = tensor.end;
  }
  return tensors;
}

async function readExactly(
  reader: ByteReader,
  length: number,
  file: string,
  what: string,
): Promise<Uint8Array> {
  const bytes = await reader.read(length);
  if (bytes.length !== length)
    throw invalid(file, `the file ends inside ${what}: ${length - bytes.length} bytes are missing`);
  return bytes;
}

/** What stands at the front of a file. */
export interface SafetensorsHeader {
  /** Of the file. */
  readonly name: string;
  /** Bytes of the file: what its header says, which is what it has where that is known. */
  readonly size: number;
  /** In the order of their data. */
  readonly tensors: readonly TensorInfo[];
}

/** Bytes of the header, behind the eight that say so. */
async function readLength(reader: ByteReader, file: string): Promise<number> {
  const prefix = await readExactly(reader, 8, file, "the 8 bytes of the header's length");
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) {
    const isPage = /^\s*<[!?a-z]/i.test(String.fromCharCode(...prefix));
    const hint = isPage ? " (it looks like an HTML page: is the address right?)" : "";
    throw invalid(file, `the header is ${length} bytes long; expected at most ${maxHeaderBytes}${hint}`);
  }
  const size = Number(length);
  if (reader.size !== undefined && size > reader.size - 8) {
    throw invalid(
      file,
      `the header is ${size} bytes long, but the file has ${reader.size - 8} behind its length`,
    );
  }
  return size;
}

async function readHeader(reader: ByteReader, length: number, file: string): Promise<SafetensorsHeader> {
  const header = await readExactly(reader, length, file, "the header");
  const tensors = parseHeader(decodeUtf8(header, `${file}: the header`), file);
  const size = 8 + length + (tensors.at(-1)?.end ?? 0);
  if (reader.size !== undefined && reader.size !== size) {
    throw invalid(file, `the tensors end at byte ${size}, but the file has ${reader.size} bytes`);
  }
  return { name: file, size, tensors };
}

// Asked for at first to read a header alone: that of a 12-layer model has 15 to 25 KB.
export const likelyHeader = { begin: 0, end: 1 << 16 };

/**
 * Reads the header of a file, and as little else as the file can be opened for.
 * Errors: "invalid-model", and those of opening and reading.
 */
export async function readSafetensorsHeader(
  file: ByteFile,
  options: Pick<OpenOptions, "signal"> = {},
): Promise<SafetensorsHeader> {
  let range = likelyHeader;
  for (;;) {
    const reader = await file.open({ ...options, ...range });
    try {
      const length = await readLength(reader, file.name);
      if (8 + length <= range.end) return await readHeader(reader, length, file.name);
      range = { begin: 0, end: 8 + length };
    } finally {
      await reader.close();
    }
  }
}

/** Rows that are read together: of about pieceBytes, one at least; all where a row is no whole number of bytes. */
function rowsAtOnce({ shape, begin, end }: TensorInfo): number {
  const numRows = shape[0] ?? 1;
  const rowBytes = (end - begin) / numRows;
  return Number.isInteger(rowBytes) && rowBytes > 0
    ? Math.max(1, Math.floor(pieceBytes / rowBytes))
    : numRows;
}

/** A file whose header has been read. */
export interface OpenSafetensors extends SafetensorsHeader {
  /** The data, a piece of a tensor at a time, in order; once. Closes the file, however it ends. */
  pieces(): AsyncGenerator<TensorPiece, void, void>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file.
 *
 * Errors, of pieces() too: "invalid-model", whose message names the file and the tensor, and those of opening and reading.
 *
 * @example
 * const { pieces } = await openSafetensors(file);
 * for await (const { name, shape, rows, bytes } of pieces()) store(name, shape, rows, bytes);
 */
export async function openSafetensors(
  file: ByteFile,
  options: Pick<OpenOptions, "signal"> = {},
): Promise<OpenSafetensors> {
  const reader = await file.open(options);
  try {
    const header = await readHeader(reader, await readLength(reader, file.name), file.name);
    return { ...header, pieces: () => piecesOf(reader, header), close: () => reader.close() };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function* piecesOf(
  reader: ByteReader,
  { name: file, tensors }: SafetensorsHeader,
): AsyncGenerator<TensorPiece, void, void> {
  try {
    for (const tensor of tensors) {
      const what = `tensor ${shown(tensor.name)}`;
      const numRows = tensor.shape[0] ?? 1;
      const step = rowsAtOnce(tensor);
      let row = 0;
      do {
        const end = Math.min(row + step, numRows);
        const size = numRows > 0 ? ((tensor.end - tensor.begin) / numRows) * (end - row) : 0;
        yield { ...tensor, rows: [row, end], bytes: await readExactly(reader, size, file, what) };
        row = end;
      } while (row < numRows);
    }
    if ((await reader.read(1)).length > 0) throw invalid(file, "there are bytes behind the last tensor");
  } finally {
    await reader.close();
  }
}
