// A file: URL, read from the disk in Node, Deno and Bun.

import { checkAborted, failure } from "../errors.js";
import { MissingFile, type ByteFile, type ByteReader, type OpenOptions } from "./byte_file.js";

/** The part of Node's file system that is used. */
interface FileHandle {
  stat(): Promise<{ size: number }>;
  read(buffer: Uint8Array, offset: number, length: number, at: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** The part of Node's `process` that is used; Deno and Bun have it too. */
interface NodeProcess {
  getBuiltinModule?(name: "node:fs/promises"): { open(path: URL): Promise<FileHandle> };
}

/** Errors of open(): MissingFile, "unsupported-host" (a browser), "network" (it can't be read), "aborted". */
export function diskFile(url: URL, name: string): ByteFile {
  return { name, open: (options) => openOnDisk(url, options) };
}

async function openOnDisk(
  url: URL,
  { begin = 0, end = Infinity, signal, count }: OpenOptions = {},
): Promise<ByteReader> {
  checkAborted(signal, `loading ${url.href}`);
  // Not import(): bundlers for browsers would look for the module, or warn.
  const { process } = globalThis as { process?: NodeProcess };
  if (!process?.getBuiltinModule) {
    const message = `${url.href}: file: URLs are read in Node 20.16 or newer only; pass the files themselves`;
    throw failure("unsupported-host", message);
  }
  const broken = (cause: unknown): Error =>
    failure("network", `${url.href} could not be read: ${String(cause)}`, cause);
  let handle: FileHandle;
  try {
    handle = await process.getBuiltinModule("node:fs/promises").open(url);
  } catch (cause) {
    if ((cause as { code?: string }).code === "ENOENT") throw new MissingFile(`${url.href} does not exist`);
    throw broken(cause);
  }
  const { size } = await handle.stat();
  const last = Math.min(end, size);
  let at = begin;
  return {
    size,
    async read(length) {
      checkAborted(signal, `loading ${url.href}`);
      const bytes = new Uint8Array(Math.max(0, Math.min(length, last - at)));
      let filled = 0;
      try {
        while (filled < bytes.length) {
          const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, at + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
      } catch (cause) {
        throw broken(cause);
      }
      at += filled;
      if (filled > 0) count?.(at);
      return bytes.subarray(0, filled);
    },
    close: () => handle.close(),
  };
}
