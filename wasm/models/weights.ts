// From a checkpoint's files to a native model.

import { checkAborted, failure, shown } from "./errors.js";
import type { NativeDType, NativeModel } from "./native.js";
import {
  openSafetensors,
  readSafetensorsHeader,
  type OpenSafetensors,
  type SafetensorsHeader,
  type TensorInfo,
} from "./safetensors.js";
import { inParallel } from "./sources/parallel.js";
import type { Reading, WeightData } from "./sources/source.js";

// Headers are small: what is waited for is the way there and back. Of shards each has up to a piece of a tensor and the
// host's own buffers in memory, and browsers hold at most six connections to a server of the old kind.
const headersAtOnce = 6;
const shardsAtOnce = 3;

/** A file of weights whose header is known. */
export interface WeightFile extends SafetensorsHeader {
  open(signal: AbortSignal | undefined): Promise<OpenSafetensors>;
  close(): Promise<void>;
}

/**
 * The headers of a checkpoint's files, by requests for no more than that.
 * Errors: "invalid-model" (a header; or two files have the same tensor), and those of reading.
 */
export async function readHeaders(
  files: readonly WeightData[],
  signal: AbortSignal | undefined,
): Promise<SafetensorsHeader[]> {
  const headers = await inParallel(files, headersAtOnce, signal, async (file, shared) =>
    "header" in file ? file.header : readSafetensorsHeader(file, { signal: shared }),
  );
  checkTensors(headers);
  return headers;
}

/** The same, to go on from: a single file is opened once and for all. */
export async function openWeights(
  files: readonly WeightData[],
  { signal, progress }: Reading,
): Promise<WeightFile[]> {
  const [first] = files;
  const weights =
    files.length === 1 && first ? [await openSingle(first, signal)] : await openShards(files, signal);
  for (const { name, size } of weights) progress?.expect(name, size);
  progress?.complete();
  return weights;
}

async function openSingle(file: WeightData, signal: AbortSignal | undefined): Promise<WeightFile> {
  const opened = await ("header" in file ? file.open(signal) : openSafetensors(file, { signal }));
  return { ...opened, open: () => Promise.resolve(opened) };
}

async function openShards(
  files: readonly WeightData[],
  signal: AbortSignal | undefined,
): Promise<WeightFile[]> {
  const headers = await readHeaders(files, signal);
  return files.map((file, i) => ({
    ...(headers[i] as SafetensorsHeader),
    open: (shared) => ("header" in file ? file.open(shared) : openSafetensors(file, { signal: shared })),
    close: () => Promise.resolve(),
  }));
}

function checkTensors(files: readonly SafetensorsHeader[]): void {
  const fileOf = new Map<string, string>();
  for (const file of files) {
    for (const { name } of file.tensors) {
      const earlier = fileOf.get(name);
      if (earlier !== undefined) {
        throw failure("invalid-model", `${file.name}: tensor ${shown(name)} is also in ${earlier}`);
      }
      fileOf.set(name, file.name);
    }
  }
}

/** Whether heed reads weights of this format. */
export function isReadable(dtype: string): dtype is NativeDType {
  return dtype === "F32" || dtype === "F16" || dtype === "BF16";
}

/** Bytes that the engine holds of a checkpoint, and values in it; those it has no use for included. */
export function measured(files: readonly SafetensorsHeader[]): { weightBytes: number; parameters: number } {
  const readable = files.flatMap(({ tensors }) => tensors.filter(({ dtype }) => isReadable(dtype)));
  const sum = (of: (tensor: TensorInfo) => number): number =>
    readable.reduce((total, tensor) => total + of(tensor), 0);
  return {
    weightBytes: sum(({ begin, end }) => end - begin),
    parameters: sum(({ begin, end, dtype }) => (end - begin) / (dtype === "F32" ? 4 : 2)),
  };
}

/**
 * Gives a native model its weights, a piece of a tensor at a time, several files at once. Tensors the model has no use for
 * are skipped, whatever they hold (older checkpoints carry their masks).
 *
 * Errors: "invalid-model" (a file, a tensor or the set of them is not as it must be), "unsupported-model" (a weight in a
 * format other than F32, F16 and BF16), and those of reading.
 */
export async function uploadWeights(
  native: NativeModel,
  files: readonly WeightFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const skipped: string[] = [];
  await inParallel(files, shardsAtOnce, signal, async (file, shared) => {
    const { pieces } = await file.open(shared);
    for await (const { name, dtype, shape, rows, bytes } of pieces()) {
      checkAborted(shared, `loading ${file.name}`);
      if (isReadable(dtype)) await native.setWeight({ name, dtype, shape, rows, bytes });
      else if (rows[0] === 0) skipped.push(`${shown(name)} (${dtype})`);
    }
  });
  try {
    await native.finish();
  } catch (cause) {
    if (skipped.length === 0) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failure(
      "unsupported-model",
      `weights are read in F32, F16 and BF16; not read: ${skipped.slice(0, 5).join(", ")}; then: ${reason}`,
      cause,
    );
  }
}
