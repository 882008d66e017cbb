// A JSON file, which may come from anywhere.

import { failure } from "../errors.js";
import { decodeUtf8, parseJson } from "../json.js";
import type { ByteFile, OpenOptions } from "./byte_file.js";

// The largest tokenizers in use have some 30 MB.
const maxJsonBytes = 64 << 20;

/** Errors: those of opening and reading; "invalid-model" (not JSON, or too long). */
export async function readJson(
  file: ByteFile,
  signal: AbortSignal | undefined,
  count?: OpenOptions["count"],
): Promise<unknown> {
  const reader = await file.open({ signal, count });
  try {
    const bytes = await reader.read(maxJsonBytes + 1);
    if (bytes.length > maxJsonBytes) {
      throw failure("invalid-model", `${file.name} is longer than ${maxJsonBytes} bytes`);
    }
    // Windows editors put a byte order mark in front.
    return parseJson(decodeUtf8(bytes, file.name).replace(/^\ufeff/, ""), file.name);
  } finally {
    await reader.close();
  }
}
