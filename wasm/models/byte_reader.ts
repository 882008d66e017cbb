// A file read from front to back, a piece at a time, so that no weights are ever in JavaScript's memory twice.

import { checkAborted, failure } from "./errors.js";

/** A file under way. */
export interface ByteReader {
  /** Bytes in all, where that is known before the end. */
  readonly size: number | undefined;
  /** The next `length` bytes, fewer only at the end of the file. The array may be a view of the file's own memory. */
  read(length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file that can be read again and again. */
export interface ByteFile {
  readonly name: string;
  open(signal?: AbortSignal): Promise<ByteReader>;
}

/** Called with the bytes of a file read so far. */
export type CountBytes = (loaded: number, total: number) => void;

/** Whether a value is a Blob or File. By tag, not instanceof: one of another realm is as good. */
export function isBlob(value: unknown): value is Blob {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Blob]" || tag === "[object File]";
}

/** An ArrayBuffer or a view of one as bytes; undefined for anything else. */
export function asBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const isBuffer = Object.prototype.toString.call(value) === "[object ArrayBuffer]";
  return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined;
}

/** A Blob, which is read in ranges, or bytes as a file. */
export function memoryFile(name: string, content: Blob | Uint8Array, count?: CountBytes): ByteFile {
  const size = isBlob(content) ? content.size : content.byteLength;
  return {
    name,
    open(signal) {
      let at = 0;
      return Promise.resolve({
        size,
        async read(length) {
          checkAborted(signal, `reading ${name}`);
          const end = Math.min(at + length, size);
          let bytes: Uint8Array;
          try {
            bytes = isBlob(content)
              ? new Uint8Array(await content.slice(at, end).arrayBuffer())
              : content.subarray(at, end);
          } catch (cause) {
            throw failure("invalid-model", `${name} can no longer be read`, cause);
          }
          if (bytes.length !== end - at) throw failure("invalid-model", `${name} can no longer be read`);
          at = end;
          if (bytes.length > 0) count?.(at, size);
          return bytes;
        },
        close: () => Promise.resolve(),
      });
    },
  };
}

/**
 * A stream of chunks as a reader. Memory is taken for what arrives, not for what is asked: a header may lie.
 * `toError` makes the error of a stream that breaks.
 */
export function streamReader(
  stream: AsyncIterable<Uint8Array>,
  size: number | undefined,
  toError: (cause: unknown) => Error,
  count?: CountBytes,
): ByteReader {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let loaded = 0;
  return {
    size,
    async read(length) {
      const parts: Uint8Array[] = [];
      let missing = length;
      while (missing > 0) {
        if (rest.length === 0) {
          let next: IteratorResult<Uint8Array>;
          try {
            next = await chunks.next();
          } catch (cause) {
            throw toError(cause);
          }
          if (next.done) break;
          rest = next.value;
          loaded += rest.length;
          count?.(loaded, Math.max(size ?? 0, loaded));
        }
        const part = rest.subarray(0, missing);
        rest = rest.subarray(part.length);
        missing -= part.length;
        parts.push(part);
      }
      return parts.length === 1 ? (parts[0] ?? rest) : join(parts, length - missing);
    },
    async close() {
      // Closing is tidying up: a failure to do so must not hide the error that led here.
      await chunks.return?.().catch(() => undefined);
    },
  };
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
