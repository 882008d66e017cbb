// A JSON file, which may come from anywhere.

import { failure } from "../errors.js";
import { decodeUtf8, parseJson } from "../json.js";
import type { ByteFile } from "./byte_file.js";

// The largest tokenizers in use have some 30 MB.
const maxJsonBytes = 64 << 20;

/** Errors: those of opening and reading; "invalid-model" (not JSON, or too long). */
export async function readJson(
  file: ByteFile,
  signal: AbortSignal | undefined,
  maxBytes = maxJsonBytes,
): Promise<unknown> {
  const reader = await file.open({ signal });
  try {
    const bytes = await reader.read(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw failure("invalid-model", `${file.name} is longer than ${maxBytes} bytes`);
    }
    // Windows editors put a byte order mark in front.
    return parseJson(decodeUtf8(bytes, file.name).replace(/^\ufeff/, ""), file.name);
  } finally {
    await reader.close();
  }
}
