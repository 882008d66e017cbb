// Models kept for the next visit, in the browser's Origin Private File System: a folder each, with a note of what it is
// (about.json) and its files in chunks. A chunk is written once and for good when it is full, so that a download that is
// cut off, by whatever, goes on from there; and chunks can be written where a page may not write inside a file.

import { streamReader, type ByteFile, type ByteReader, type OpenOptions } from "./byte_file.js";
import { ChunkStore, openStore } from "./chunk_store.js";
import { Sha256 } from "./sha256.js";
import type { Folder } from "./folder.js";
import { HttpError } from "./http_errors.js";
import type { SavedModel } from "./saved.js";

/** What is written beside a model's files. */
interface About {
  /** As given to loadModel. */
  source: string;
  /** The hub it is of, where it is another than Hugging Face's. */
  hub?: string | undefined;
  /** Milliseconds since 1970. */
  date: number;
  /** Loaded once from end to end. */
  isComplete: boolean;
  /** The commit that all files are of, where there is one. */
  version?: string | undefined;
  files: Record<string, { size?: number | undefined; version?: string | undefined }>;
}

const aboutName = "about.json";
// What is read back at a time, and what is waited for before it is written.
const readBytes = 1 << 20;
const writeBytes = 1 << 16;

/** See savedModels(). */
export async function keptModels(): Promise<SavedModel[]> {
  const store = await openStore();
  const models: SavedModel[] = [];
  for (const id of (await store?.folders()) ?? []) {
    const chunks = await store?.folder(id);
    const about = chunks && (await readAbout(chunks));
    if (!chunks || !about) continue;
    models.push({
      name: about.source,
      ...(typeof about.hub === "string" && { hub: about.hub }),
      bytes: await chunks.bytes(),
      date: new Date(about.date),
      complete: about.isComplete,
      delete: () => chunks.remove(),
    });
  }
  return models.sort((a, b) => b.date.getTime() - a.date.getTime());
}

async function readAbout(chunks: ChunkStore): Promise<About | undefined> {
  try {
    const about = JSON.parse((await chunks.readNote(aboutName)) ?? "null") as About | null;
    const isSound =
      typeof about?.source === "string" && typeof about.date === "number" && typeof about.files === "object";
    return isSound && about.files ? about : undefined;
  } catch {
    // Cut off while it was written.
    return undefined;
  }
}

/** The place of one model. */
export class Shelf {
  readonly #chunks: ChunkStore;
  readonly #about: About;
  /** Notes are written one after the other. */
  #noting: Promise<void> = Promise.resolve();
  #isGone = false;

  private constructor(chunks: ChunkStore, about: About) {
    this.#chunks = chunks;
    this.#about = about;
  }

  /** `key` tells sources apart; undefined: this host keeps nothing. */
  static async open(key: string, source: string, hub?: string): Promise<Shelf | undefined> {
    const store = await openStore();
    const hash = new Sha256();
    hash.update(new TextEncoder().encode(key));
    const chunks = await store?.folder(hash.digest().slice(0, 32), true);
    if (!chunks) return undefined;
    const fresh: About = { source, hub, date: Date.now(), isComplete: false, files: {} };
    return new Shelf(chunks, (await readAbout(chunks)) ?? fresh);
  }

  get isComplete(): boolean {
    return this.#about.isComplete;
  }

  /** The files that are kept, and no others. */
  folder(): Folder {
    const { files } = this.#about;
    return {
      names: Object.keys(files),
      sizeOf: (name) => (Object.hasOwn(files, name) ? files[name]?.size : undefined),
      file: (name) => this.#chunks.file(name, Object.hasOwn(files, name) ? files[name] : undefined),
    };
  }

  /** A folder whose files are kept as they are read, each from where it was cut off. */
  async over(folder: Folder): Promise<Folder> {
    if (this.#about.version !== folder.version) {
      for (const name of Object.keys(this.#about.files)) await this.#chunks.removeFile(name);
      this.#about.files = {};
      this.#about.version = folder.version;
    }
    return {
      ...folder,
      file: (name) => {
        const file = folder.file(name);
        return {
          name,
          open: (options = {}) => {
            const isWhole = options.begin === undefined && options.end === undefined;
            return isWhole && !this.#isGone ? this.#open(file, options) : file.open(options);
          },
        };
      },
    };
  }

  /** The model was loaded from end to end. */
  async finish(): Promise<void> {
    // Files that were being written when the room ran out could not be removed then.
    if (this.#isGone) await this.clear();
    if (this.#isGone || this.isComplete) return;
    this.#about.isComplete = true;
    this.#about.date = Date.now();
    await this.#note();
  }

  /** Forgets the model: what is kept of it can't be used, or there is no room for all of it. */
  async clear(): Promise<void> {
    this.#isGone = true;
    await this.#noting;
    await this.#chunks.remove().catch(() => undefined);
  }

  async #open(file: ByteFile, options: OpenOptions): Promise<ByteReader> {
    const { name } = file;
    let kept = await this.#chunks.blobs(name);
    const keptBytes = kept.reduce((sum, { size }) => sum + size, 0);
    let rest = keptBytes > 0 ? await this.#resume(file, keptBytes, options) : undefined;
    // Of a file that is kept whole the last byte is asked for again, to hear whether it is still the same.
    let repeated = rest ? keptBytes - rest.begin : 0;
    if (!rest) {
      kept = [];
      repeated = 0;
      await this.#chunks.removeFile(name);
      rest = { begin: 0, reader: await file.open({ signal: options.signal }) };
    }
    const { reader } = rest;
    const { size, version, sha256 } = reader;
    const start = kept.length > 0 ? keptBytes : 0;
    this.#about.files[name] = { size, version };
    if ((await this.#chunks.room()) < (size ?? 0) - start) await this.clear();
    else await this.#note();

    const stream = streamReader(this.#pieces(name, kept, start, reader, repeated), size, options);
    return {
      ...stream,
      sha256,
      version,
      async close() {
        await stream.close();
        await reader.close();
      },
    };
  }

  /** The rest of a file of which a part is kept; undefined where that is not known to be of the same version. */
  async #resume(
    file: ByteFile,
    keptBytes: number,
    { signal }: OpenOptions,
  ): Promise<{ begin: number; reader: ByteReader } | undefined> {
    const { size, version } = this.#about.files[file.name] ?? {};
    if (version === undefined || size === undefined || keptBytes > size) return undefined;
    const begin = Math.min(keptBytes, size - 1);
    let reader: ByteReader;
    try {
      reader = await file.open({ begin, signal });
    } catch (cause) {
      // "Range not satisfiable": the file has become shorter.
      const { cause: answer } = cause as Error;
      if (answer instanceof HttpError && answer.status === 416) return undefined;
      throw cause;
    }
    if (reader.version === version && reader.size === size) return { begin, reader };
    await reader.close();
    return undefined;
  }

  /** What is kept, then what comes, which is written on the way. */
  async *#pieces(
    name: string,
    kept: readonly Blob[],
    start: number,
    rest: ByteReader,
    repeated: number,
  ): AsyncGenerator<Uint8Array, void, void> {
    for (const blob of kept) {
      for (let at = 0; at < blob.size; at += readBytes) {
        yield new Uint8Array(await blob.slice(at, at + readBytes).arrayBuffer());
      }
    }
    const writer = this.#chunks.writer(name, start);
    try {
      for (let unasked = repeated; ;) {
        const bytes = await rest.read(writeBytes);
        if (bytes.length === 0) break;
        const fresh = bytes.subarray(Math.min(unasked, bytes.length));
        unasked -= bytes.length - fresh.length;
        if (!this.#isGone && !(await writer.write(fresh))) await this.clear();
        if (fresh.length > 0) yield fresh;
      }
    } finally {
      if (!(await writer.close()) && !this.#isGone) await this.clear();
    }
  }

  /** Keeping is a favour: where a note can't be written, the model is loaded all the same. */
  #note(): Promise<void> {
    const text = JSON.stringify(this.#about);
    this.#noting = this.#noting.then(async () => {
      if (!this.#isGone && !(await this.#chunks.writeNote(aboutName, text))) {
        this.#isGone = true;
        await this.#chunks.remove().catch(() => undefined);
      }
    });
    return this.#noting;
  }
}
