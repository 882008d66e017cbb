// Where bytes come from, whatever they mean: a file is opened at any range of it and read from front to back, a piece at
// a time, so that no weights are ever in JavaScript's memory twice. http_file.ts, disk_file.ts and shelf.ts are others.

import { checkAborted, failure } from "../errors.js";

/** A file that can be opened again and again, at several places at once. */
export interface ByteFile {
  readonly name: string;
  /** Errors: MissingFile, and HeedErrors of the kind of file. */
  open(options?: OpenOptions): Promise<ByteReader>;
}

/** The first byte wanted, and the one behind the last; by default the whole file. */
export interface ByteRange {
  begin?: number | undefined;
  end?: number | undefined;
}

export interface OpenOptions extends ByteRange {
  signal?: AbortSignal | undefined;
  /** Called with the number of the byte behind the last that has arrived. */
  count?: ((at: number) => void) | undefined;
}

/** An open file. */
export interface ByteReader {
  /** Bytes of the whole file, where that is known before the end. */
  readonly size: number | undefined;
  /** SHA-256 of the whole file in hexadecimal, where whoever sends it says it. */
  readonly sha256?: string | undefined;
  /** What tells this version of the file from others: its hash, or what a server calls it. */
  readonly version?: string | undefined;
  /**
   * The next `length` bytes, fewer only at the end. The array may be a view of the file's own memory, and, to spare a copy
   * of everything that passes, of memory that the next read() writes into.
   */
  read(length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** There is no such file: an answer, where a file is optional or has another name. */
export class MissingFile extends Error {
  override readonly name = "MissingFile";
}

/** By name, not instanceof: a part of the package that is fetched later has a copy of the class. */
export function isMissing(error: unknown): error is MissingFile {
  return error instanceof Error && error.name === "MissingFile";
}

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
export function memoryFile(name: string, content: Blob | Uint8Array): ByteFile {
  const size = isBlob(content) ? content.size : content.byteLength;
  return {
    name,
    open({ begin = 0, end = size, signal, count } = {}) {
      let at = begin;
      const last = Math.min(end, size);
      return Promise.resolve({
        size,
        async read(length) {
          checkAborted(signal, `reading ${name}`);
          const to = Math.max(at, Math.min(at + length, last));
          let bytes: Uint8Array;
          try {
            bytes = isBlob(content)
              ? new Uint8Array(await content.slice(at, to).arrayBuffer())
              : content.subarray(at, to);
          } catch (cause) {
            throw failure("invalid-model", `${name} can no longer be read`, cause);
          }
          if (bytes.length !== to - at) throw failure("invalid-model", `${name} can no longer be read`);
          at = to;
          if (bytes.length > 0) count?.(at);
          return bytes;
        },
        close: () => Promise.resolve(),
      });
    },
  };
}

// So much memory is taken at first for what is asked for, and twice as much whenever it has come: a header may lie.
const leastScratch = 1 << 16;

/** Chunks as they come, cut into what is asked for. A chunk may be overwritten when the next one is asked for. */
export function streamReader(
  stream: AsyncIterable<Uint8Array>,
  size: number | undefined,
  { begin = 0, count }: OpenOptions = {},
): ByteReader {
  const chunks: AsyncIterator<Uint8Array, undefined> = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let arrived = begin;
  let scratch = new Uint8Array(0);
  const take = (length: number): Uint8Array => {
    const part = rest.subarray(0, length);
    rest = rest.subarray(part.length);
    return part;
  };
  return {
    size,
    async read(length) {
      if (rest.length >= length) return take(length);
      let filled = 0;
      while (filled < length) {
        const part = take(length - filled);
        if (scratch.length < filled + part.length) {
          const grown = new Uint8Array(Math.min(length, Math.max(leastScratch, 2 * (filled + part.length))));
          grown.set(scratch.subarray(0, filled));
          scratch = grown;
        }
        scratch.set(part, filled);
        filled += part.length;
        if (filled === length) break;
        const next = await chunks.next();
        // Even an empty view of the chunk before can't be kept: its memory may be gone.
        rest = next.value ?? new Uint8Array(0);
        if (next.done) break;
        arrived += rest.length;
        count?.(arrived);
      }
      return scratch.subarray(0, filled);
    },
    async close() {
      // Closing is tidying up: a failure to do so must not hide the error that led here.
      await chunks.return?.().catch(() => undefined);
    },
  };
}
