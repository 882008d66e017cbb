// Files in chunks in the Origin Private File System. Nothing here throws for want of room, or of the file system itself.

import { failure } from "../errors.js";
import { MissingFile, streamReader, type ByteFile } from "./byte_file.js";

const rootName = "heed-models";
/** Bytes of every chunk of a file but the last. What a cut-off download may lose. */
export const chunkBytes = 16 << 20;
const readBytes = 1 << 20;

/** The folders of all models; undefined where the host has no such file system, or doesn't let it be used. */
export async function openStore(): Promise<ModelStore | undefined> {
  const { navigator, FileSystemFileHandle } = globalThis as Partial<typeof globalThis>;
  if (!navigator?.storage?.getDirectory || !FileSystemFileHandle) return undefined;
  if (!("createWritable" in FileSystemFileHandle.prototype)) return undefined;
  try {
    const origin = await navigator.storage.getDirectory();
    return new ModelStore(await origin.getDirectoryHandle(rootName, { create: true }));
  } catch {
    return undefined;
  }
}

export class ModelStore {
  readonly #root: FileSystemDirectoryHandle;

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async folders(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.#root.keys()) names.push(name);
    return names;
  }

  async folder(id: string, create = false): Promise<ChunkStore | undefined> {
    try {
      return new ChunkStore(this.#root, await this.#root.getDirectoryHandle(id, { create }));
    } catch {
      return undefined;
    }
  }
}

/** The chunks of one model's files: "model.safetensors.0", "model.safetensors.1", … */
export class ChunkStore {
  readonly #root: FileSystemDirectoryHandle;
  readonly #folder: FileSystemDirectoryHandle;

  constructor(root: FileSystemDirectoryHandle, folder: FileSystemDirectoryHandle) {
    this.#root = root;
    this.#folder = folder;
  }

  async bytes(): Promise<number> {
    let bytes = 0;
    for await (const handle of this.#folder.values()) {
      if (handle.kind === "file") bytes += (await (handle as FileSystemFileHandle).getFile()).size;
    }
    return bytes;
  }

  /** Bytes that may still be written, as far as the host says. */
  async room(): Promise<number> {
    const none: StorageEstimate = {};
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate().catch(() => none);
    return quota - usage;
  }

  /** The chunks of a file, from the first on, as far as they follow one another. */
  async blobs(name: string): Promise<File[]> {
    const files: File[] = [];
    for (;;) {
      const handle = await this.#folder.getFileHandle(`${name}.${files.length}`).catch(() => undefined);
      const file = await handle?.getFile();
      if (!file || file.size === 0 || file.size > chunkBytes) return files;
      files.push(file);
      if (file.size < chunkBytes) return files;
    }
  }

  /** A file that is kept. `noted`: what is known of it; undefined: it is not there. */
  file(name: string, noted: { readonly size?: number | undefined } | undefined): ByteFile {
    return {
      name,
      open: async (options = {}) => {
        if (!noted) throw new MissingFile(`${name} is not among the files that are kept`);
        const blob = new Blob(await this.blobs(name));
        if (noted.size !== undefined && noted.size !== blob.size) {
          const found = `${blob.size} of ${noted.size} bytes`;
          throw failure("invalid-model", `of ${name} there are ${found} where it was kept`);
        }
        const { begin = 0, end = blob.size, signal } = options;
        const last = Math.min(end, blob.size);
        async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
          for (let at = begin; at < last; at += readBytes) {
            if (signal?.aborted) throw failure("aborted", `loading ${name} was aborted`, signal.reason);
            const piece = blob.slice(at, Math.min(at + readBytes, last));
            yield new Uint8Array(
              await piece.arrayBuffer().catch((cause: unknown) => {
                throw failure("invalid-model", `${name} can no longer be read from where it was kept`, cause);
              }),
            );
          }
        }
        return streamReader(pieces(), blob.size, options);
      },
    };
  }

  async removeFile(name: string): Promise<void> {
    for (let k = 0; ; k++) {
      try {
        await this.#folder.removeEntry(`${name}.${k}`);
      } catch {
        return;
      }
    }
  }

  /** Everything. Errors: "invalid-argument" where a file is being written. */
  async remove(): Promise<void> {
    try {
      await this.#root.removeEntry(this.#folder.name, { recursive: true });
    } catch (cause) {
      if ((cause as Error).name === "NotFoundError") return;
      throw failure("invalid-argument", "the model is being loaded: stop that before deleting it", cause);
    }
  }

  async readNote(name: string): Promise<string | undefined> {
    const handle = await this.#folder.getFileHandle(name).catch(() => undefined);
    return handle && (await (await handle.getFile()).text());
  }

  /** false: there was no room. */
  async writeNote(name: string, text: string): Promise<boolean> {
    try {
      const handle = await this.#folder.getFileHandle(name, { create: true });
      const writable = await handle.createWritable();
      await writable.write(text);
      await writable.close();
      return true;
    } catch {
      return false;
    }
  }

  /** Writes a file from byte `at` on, where its chunks end. */
  writer(name: string, at: number): ChunkWriter {
    return new ChunkWriter(this.#folder, name, at);
  }
}

/** After the first failure, which is for want of room in most cases, it writes no more. */
export class ChunkWriter {
  readonly #folder: FileSystemDirectoryHandle;
  readonly #name: string;
  #at: number;
  #chunk: FileSystemWritableFileStream | undefined;
  #hasFailed = false;

  constructor(folder: FileSystemDirectoryHandle, name: string, at: number) {
    this.#folder = folder;
    this.#name = name;
    this.#at = at;
  }

  /** false: not all was written. */
  async write(bytes: Uint8Array): Promise<boolean> {
    return this.#trying(async () => {
      for (let from = 0; from < bytes.length;) {
        const inChunk = this.#at % chunkBytes;
        this.#chunk ??= await this.#openChunk(inChunk);
        const part = bytes.subarray(from, from + chunkBytes - inChunk);
        await this.#chunk.write(part as Uint8Array<ArrayBuffer>);
        from += part.length;
        this.#at += part.length;
        if (this.#at % chunkBytes === 0) await this.#closeChunk();
      }
    });
  }

  /** Keeps what has been written. */
  async close(): Promise<boolean> {
    return this.#trying(() => this.#closeChunk());
  }

  async #openChunk(inChunk: number): Promise<FileSystemWritableFileStream> {
    const name = `${this.#name}.${Math.floor(this.#at / chunkBytes)}`;
    const handle = await this.#folder.getFileHandle(name, { create: true });
    const chunk = await handle.createWritable({ keepExistingData: inChunk > 0 });
    if (inChunk > 0) await chunk.seek(inChunk);
    return chunk;
  }

  async #closeChunk(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = undefined;
    await chunk?.close();
  }

  async #trying(work: () => Promise<void>): Promise<boolean> {
    if (this.#hasFailed) return false;
    try {
      await work();
      return true;
    } catch {
      this.#hasFailed = true;
      await this.#chunk?.abort().catch(() => undefined);
      this.#chunk = undefined;
      return false;
    }
  }
}
