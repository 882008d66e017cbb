// Files behind URLs: fetched, or, for file: URLs in Node, read from the disk.

import { streamReader, type ByteReader, type CountBytes } from "./byte_reader.js";
import { checkAborted, failure } from "./errors.js";
import type { LoadOptions } from "./types.js";

/** There is no such file: an answer, where a file is optional or has another name. */
export class MissingFile extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Reports the progress of one file to the caller of loadModel. */
export function counterFor(file: string, options: LoadOptions): CountBytes | undefined {
  return options.onProgress && ((loaded, total) => options.onProgress?.({ file, loaded, total }));
}

/**
 * Opens a URL.
 * Errors: MissingFile (HTTP 404 and 410, a page of HTML, no such file on disk), "network", "aborted".
 */
export function openUrl(url: URL, name: string, options: LoadOptions): Promise<ByteReader> {
  checkAborted(options.signal, `loading ${url.href}`);
  const count = counterFor(name, options);
  return url.protocol === "file:" ? openOnDisk(url, options, count) : openByFetch(url, options, count);
}

async function openByFetch(url: URL, options: LoadOptions, count?: CountBytes): Promise<ByteReader> {
  const { signal } = options;
  const toError = (cause: unknown): Error =>
    signal?.aborted
      ? failure("aborted", `loading ${url.href} was aborted`, cause)
      : failure("network", `${url.href} could not be loaded: ${String(cause)}`, cause);
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(url, signal ? { signal } : {});
  } catch (cause) {
    throw toError(cause);
  }
  const answer = `${url.href} answered HTTP ${response.status} ${response.statusText}`.trimEnd();
  const isPage = response.headers.get("content-type")?.startsWith("text/html") ?? false;
  if (!response.ok || isPage) await response.body?.cancel().catch(() => undefined);
  if (response.status === 404 || response.status === 410) throw new MissingFile(answer);
  if (!response.ok) throw failure("network", answer);
  // Servers of single-page applications answer so for any path.
  if (isPage) throw new MissingFile(`${url.href} is an HTML page`);

  // With a content encoding the length is that of the compressed bytes, which nobody here sees.
  const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  const size = length !== null && /^\d+$/.test(length) ? Number(length) : undefined;
  return streamReader(chunksOf(response, signal), size, toError, count);
}

async function* chunksOf(
  response: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  if (!response.body) {
    yield new Uint8Array(await response.arrayBuffer());
    return;
  }
  // Safari's streams have no asynchronous iterator.
  const reader = response.body.getReader();
  try {
    for (;;) {
      // A fetch of the caller's own may not listen to the signal.
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The part of Node's file system that is used. */
interface FileHandle {
  stat(): Promise<{ size: number }>;
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** The part of Node's `process` that is used; Deno and Bun have it too. */
interface NodeProcess {
  getBuiltinModule?(name: "node:fs/promises"): { open(path: URL): Promise<FileHandle> };
}

async function openOnDisk(url: URL, options: LoadOptions, count?: CountBytes): Promise<ByteReader> {
  // Not import(): bundlers for browsers would look for the module, or warn.
  const { process } = globalThis as { process?: NodeProcess };
  if (!process?.getBuiltinModule) {
    const message = `${url.href}: file: URLs are read in Node 20.16 or newer only; pass the files themselves`;
    throw failure("unsupported-host", message);
  }
  const fileSystem = process.getBuiltinModule("node:fs/promises");
  const broken = (cause: unknown): Error =>
    failure("network", `${url.href} could not be read: ${String(cause)}`, cause);
  let handle: FileHandle;
  try {
    handle = await fileSystem.open(url);
  } catch (cause) {
    if ((cause as { code?: string }).code === "ENOENT") throw new MissingFile(`${url.href} does not exist`);
    throw broken(cause);
  }
  const { size } = await handle.stat();
  let at = 0;
  return {
    size,
    async read(length) {
      checkAborted(options.signal, `loading ${url.href}`);
      const bytes = new Uint8Array(Math.min(length, Math.max(size - at, 0)));
      let filled = 0;
      try {
        while (filled < bytes.length) {
          const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
      } catch (cause) {
        throw broken(cause);
      }
      at += filled;
      if (filled > 0) count?.(at, size);
      return bytes.subarray(0, filled);
    },
    close: () => handle.close(),
  };
}
