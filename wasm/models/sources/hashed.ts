// A file that is checked against the hash that came with it.

import { failure } from "../errors.js";
import { Sha256 } from "./sha256.js";
import type { ByteFile, ByteReader } from "./byte_file.js";

/**
 * The same file. Where it is read from front to back, and whoever sends it says its hash, the reading of its last byte is
 * "invalid-model" unless that is the hash of what came.
 */
export function hashed(file: ByteFile): ByteFile {
  return {
    name: file.name,
    async open(options = {}) {
      const reader = await file.open(options);
      const isWhole = options.begin === undefined && options.end === undefined;
      return isWhole && reader.sha256 ? hashedReader(reader, reader.sha256, file.name) : reader;
    },
  };
}

function hashedReader(reader: ByteReader, expected: string, name: string): ByteReader {
  const hash = new Sha256();
  let at = 0;
  let isDone = false;
  return {
    ...reader,
    async read(length) {
      const bytes = await reader.read(length);
      if (isDone) return bytes;
      hash.update(bytes);
      at += bytes.length;
      isDone = bytes.length < length || at === reader.size;
      const found = isDone ? hash.digest() : expected;
      if (found !== expected) {
        throw failure("invalid-model", `${name} is damaged: its SHA-256 is ${found}; expected ${expected}`);
      }
      return bytes;
    },
  };
}
