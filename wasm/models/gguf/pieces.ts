// The data of a GGUF file as weights of a checkpoint: a piece of a tensor at a time, widened where it is in blocks, its
// rows in the order of the checkpoint. Of a tensor no more is in memory than a piece, as the file has it and as the engine
// holds it; one that is turned as a whole (GPT-2's, GPT-NeoX's queries, keys and values) is there as the engine holds it.

import { failure, shown } from "../errors.js";
import { widen } from "./blocks.js";
import { maxAlignment, type GgufHeader, type GgufTensor } from "./header.js";
import type { FindWeight, Weight } from "./names.js";
import type { TensorInfo, TensorPiece } from "../safetensors.js";
import type { ByteReader } from "../sources/byte_file.js";
import type { HeedError } from "../../errors.js";

// As safetensors.ts.
const pieceBytes = 1 << 20;
// What has to be turned as a whole: that of the largest model that fits has an eighth of this.
const maxTurnedBytes = 1 << 28;

/** A tensor and the weight it is, in rows of the file. */
export interface PlannedTensor {
  readonly tensor: GgufTensor;
  readonly weight: Weight;
  /** Of the weight. */
  readonly shape: readonly number[];
  readonly numRows: number;
  /** Values of a row. */
  readonly width: number;
  /** Bytes of a row, in the file and as the engine is given it. */
  readonly fileRow: number;
  readonly heldRow: number;
  /** Rows that have to be read together. */
  readonly together: number;
}

/** "rope_freqs" is read with the header: it is no weight. */
export const rotaryFactors = "rope_freqs.weight";

/**
 * What the tensors of a file are.
 * Errors: "unsupported-model" (a tensor that the architecture has no place for), "invalid-model" (rows that don't fit
 * what they are turned by).
 */
export function planTensors({ file, tensors }: GgufHeader, find: FindWeight): PlannedTensor[] {
  return tensors
    .filter(({ name }) => name !== rotaryFactors)
    .map((tensor) => {
      const weight = find(tensor.name);
      if (weight) return planned(file, tensor, weight);
      throw failure("unsupported-model", `${file}: no use is known for tensor ${shown(tensor.name)}`);
    });
}

const heldBytes = { F32: 4, F16: 2, BF16: 2 };

function planned(file: string, tensor: GgufTensor, weight: Weight): PlannedTensor {
  const { format, shape, name } = tensor;
  const invalid = (problem: string): HeedError =>
    failure("invalid-model", `${file}: tensor ${shown(name)} ${problem}`);
  const isVector = shape.length === 1;
  // A vector's rows are its values, which blocks would not part.
  if (isVector && format.size > 1) throw invalid(`is a vector in ${format.name}; expected F32, F16 or BF16`);
  if (weight.isRaised && format.name !== "F32") throw invalid(`is ${format.name}; expected a norm in F32`);
  const numRows = shape[0] ?? 1;
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const isTransposed = weight.isTransposed === true && !isVector;
  if (isTransposed && shape.length !== 2) throw invalid(`has the shape ${shown(shape)}; expected a matrix`);
  const together = isTransposed ? numRows : (weight.order?.rows ?? 1);
  if (together * width * heldBytes[format.dtype] > maxTurnedBytes)
    throw invalid(`has more than ${maxTurnedBytes} bytes that belong together`);
  if (numRows % together !== 0) throw invalid(`has ${numRows} rows; expected a multiple of ${together}`);
  return {
    tensor,
    weight: { ...weight, isTransposed },
    shape: isTransposed ? [...shape].reverse() : shape,
    numRows,
    width,
    fileRow: (width / format.size) * format.bytes,
    heldRow: width * heldBytes[format.dtype],
    together,
  };
}

function lowered(bytes: Uint8Array): Uint8Array {
  const values = new Float32Array(bytes.slice().buffer);
  for (let i = 0; i < values.length; ++i) values[i] = (values[i] as number) - 1;
  return new Uint8Array(values.buffer);
}

/** Goes on from where a reader stands. */
class Data {
  readonly #reader: ByteReader;
  readonly file: string;
  #at = 0;

  constructor(reader: ByteReader, file: string) {
    this.#reader = reader;
    this.file = file;
  }

  async read(length: number, what: string): Promise<Uint8Array> {
    const bytes = await this.#reader.read(length);
    this.#at += bytes.length;
    if (bytes.length === length) return bytes;
    throw failure(
      "invalid-model",
      `${this.file}: the file ends inside ${what}: ${length - bytes.length} bytes are missing`,
    );
  }

  async skipTo(at: number, what: string): Promise<void> {
    while (this.#at < at) await this.read(Math.min(at - this.#at, pieceBytes), what);
  }

  /** Reads what is left: up to the alignment there may be zeros behind the last tensor. */
  async end(): Promise<void> {
    const rest = await this.#reader.read(maxAlignment);
    if (rest.length < maxAlignment) return;
    throw failure("invalid-model", `${this.file}: there are bytes behind the last tensor`);
  }
}

/** The next rows of a tensor, as the engine holds them. */
async function readRows(data: Data, { tensor, weight, width, fileRow }: PlannedTensor, count: number) {
  const { format, name } = tensor;
  const what = `tensor ${shown(name)}`;
  const held = widen(format, await data.read(count * fileRow, what), (count * width) / format.size);
  if (held) return weight.isRaised ? lowered(held) : held;
  throw failure(
    "unsupported-model",
    `${data.file}: ${what} has a value beyond 65504, the largest of F16, in which ${format.name} is held`,
  );
}

/** Where the values of a row of the file go. */
type Place = (row: number, held: Uint8Array, into: Uint8Array) => void;

function placeOf({ weight, numRows, width, heldRow }: PlannedTensor): Place | undefined {
  const { order, isTransposed } = weight;
  if (isTransposed) {
    const size = heldRow / width;
    return (row, held, into) => {
      for (let i = 0; i < width; ++i) {
        const to = (i * numRows + row) * size;
        for (let k = 0; k < size; ++k) into[to + k] = held[i * size + k] as number;
      }
    };
  }
  if (!order) return undefined;
  const { rows, target } = order;
  return (row, held, into) => into.set(held, (row - (row % rows) + target(row % rows)) * heldRow);
}

/** As readRows(), each row where it belongs. */
async function readTurned(data: Data, plan: PlannedTensor, place: Place, count: number): Promise<Uint8Array> {
  const { heldRow } = plan;
  const turned = new Uint8Array(count * heldRow);
  const step = rowsAtOnce(heldRow);
  for (let row = 0; row < count; row += step) {
    const end = Math.min(row + step, count);
    const held = await readRows(data, plan, end - row);
    for (let i = row; i < end; ++i)
      place(i, held.subarray((i - row) * heldRow, (i - row + 1) * heldRow), turned);
  }
  return turned;
}

function rowsAtOnce(rowBytes: number): number {
  return Math.max(1, Math.floor(pieceBytes / rowBytes));
}

/**
 * The weights of a file, in the order of its data, from a reader at its front; reads it to its end, and closes it.
 * Errors: "invalid-model", whose message names the file and the tensor, "unsupported-model" (a value that F16 has no room
 * for), and those of reading.
 */
export async function* readPieces(
  reader: ByteReader,
  file: string,
  dataBegin: number,
  plans: readonly PlannedTensor[],
): AsyncGenerator<TensorPiece, void, void> {
  const data = new Data(reader, file);
  try {
    // The first of several parts may have no tensors.
    await data.skipTo(dataBegin, "the header");
    for (const plan of plans) {
      await data.skipTo(
        dataBegin + plan.tensor.begin,
        `what is in front of tensor ${shown(plan.tensor.name)}`,
      );
      yield* piecesOf(data, plan);
    }
    await data.end();
  } finally {
    await reader.close();
  }
}

async function* piecesOf(data: Data, plan: PlannedTensor): AsyncGenerator<TensorPiece, void, void> {
  const { weight, shape, numRows, heldRow, together } = plan;
  const place = placeOf(plan);
  const step = rowsAtOnce(heldRow * together) * together;
  for (let row = 0; row < numRows; row += step) {
    const end = Math.min(row + step, numRows);
    const count = end - row;
    const bytes = await (place ? readTurned(data, plan, place, count) : readRows(data, plan, count));
    yield { ...heldTensor(plan, 0), rows: weight.isTransposed ? [0, shape[0] ?? 1] : [row, end], bytes };
  }
}

/** A weight as the engine is given it; its bytes are counted as the engine holds them, from `begin` on. */
function heldTensor({ tensor, weight, shape, numRows, heldRow }: PlannedTensor, begin: number): TensorInfo {
  return { name: weight.name, dtype: tensor.format.dtype, shape, begin, end: begin + numRows * heldRow };
}

/** All of them. */
export function heldTensors(plans: readonly PlannedTensor[]): TensorInfo[] {
  let end = 0;
  return plans.map((plan) => {
    const held = heldTensor(plan, end);
    end = held.end;
    return held;
  });
}
