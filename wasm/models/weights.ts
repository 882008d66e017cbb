// From a checkpoint's files to a native model.

import { failure, shown } from "./errors.js";
import { readSafetensors } from "./safetensors.js";
import type { NativeDType, NativeModel } from "./native.js";
import type { SourceFiles } from "./source.js";
import type { LoadOptions } from "./types.js";

function isReadable(dtype: string): dtype is NativeDType {
  return dtype === "F32" || dtype === "F16" || dtype === "BF16";
}

/**
 * Gives a native model its weights, a piece of a tensor at a time, and closes it. Tensors the model has no use for are skipped,
 * whatever they hold (older checkpoints carry their masks).
 *
 * Errors: "invalid-model" (a file, a tensor or the set of them is not as it must be), "unsupported-model" (a weight in a
 * format other than F32, F16 and BF16), and those of reading.
 */
export async function uploadWeights(
  native: NativeModel,
  source: SourceFiles,
  options: LoadOptions,
): Promise<void> {
  const fileOf = new Map<string, string>();
  const skipped: string[] = [];
  for await (const file of source.weights(options)) {
    for await (const { name, dtype, shape, rows, bytes } of readSafetensors(file, options.signal)) {
      const isFirst = rows[0] === 0;
      const earlier = fileOf.get(name);
      if (isFirst && earlier !== undefined) {
        throw failure("invalid-model", `${file.name}: tensor ${shown(name)} is also in ${earlier}`);
      }
      fileOf.set(name, file.name);
      if (isReadable(dtype)) await native.setWeight({ name, dtype, shape, rows, bytes });
      else if (isFirst) skipped.push(`${shown(name)} (${dtype})`);
    }
  }
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
