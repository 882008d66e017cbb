// Where a model comes from: a bundled name, a repository of the hub, the address of a folder, the files themselves, or a
// dropped folder.

import { checkAborted, expectedSource, failure, shown } from "../errors.js";
import type { GgufWeights } from "../gguf/checkpoint.js";
import { isGguf } from "../gguf/magic.js";
import { decodeUtf8, parseJson } from "../json.js";
import { isObject } from "../kinds.js";
import { fetched } from "../fetched.js";
import type { GgufFiles, LoadOptions, ModelFiles, ModelSource } from "../types.js";
import {
  asBytes,
  isBlob,
  isMissing,
  memoryFile,
  type ByteFile,
  type ByteRange,
  type ByteReader,
  type MissingFile,
} from "./byte_file.js";
import { bundledFolder, droppedFolder, isFileList, type Folder } from "./folder.js";
import { GgufSource, ggufAmong, ggufNamed, type Beside } from "./gguf_source.js";
import { hashed } from "./hashed.js";
import { readJson } from "./json_file.js";
import type { Progress } from "./progress.js";
import type { Shelf } from "./shelf.js";
import { indexName, shardNames, weightsName } from "./shard_index.js";

/** How the files are read. */
export interface Reading {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress;
  /** Of a file of weights, what will be asked for first; by default all of it. */
  readonly range?: ByteRange;
}

/** A safetensors file, or what is known of a GGUF file. */
export type WeightData = ByteFile | GgufWeights;

/** A model's files, read when they are asked for. */
export interface Source {
  /** Parsed. Errors: "network", "invalid-argument" (a dropped folder lacks it), "invalid-model", "aborted". */
  config(reading: Reading): Promise<unknown>;
  tokenizer(reading: Reading): Promise<unknown>;
  /** undefined: there is none. */
  tokenizerConfig(reading: Reading): Promise<unknown>;
  /** generation_config.json, likewise. */
  generationConfig(reading: Reading): Promise<unknown>;
  /** The single file of weights, or its shards, in the order of their names. */
  weights(reading: Reading): Promise<readonly WeightData[]>;
  /** Tells the progress of every file there will be, where sizes are known before anything is opened. */
  announce(reading: Reading): Promise<void>;
  /** To be called when all was read, and was sound or not: what is kept of the model is kept, or forgotten. */
  settle(isSound: boolean): Promise<void>;
}

const generationName = "generation_config.json";
const jsonNames = ["config.json", "tokenizer.json", "tokenizer_config.json", generationName];
// Those in use have some kB.
const maxGenerationBytes = 1 << 20;

interface FolderOptions {
  shelf?: Shelf | undefined;
  isArgument?: boolean;
}

class FolderSource implements Source {
  readonly #folder: Folder;
  readonly #shelf: Shelf | undefined;
  /** Of a dropped folder a missing file is a wrong argument, not a failure of the network. */
  readonly #isArgument: boolean;
  #shardNames: readonly string[] | undefined;

  constructor(folder: Folder, { shelf, isArgument = false }: FolderOptions = {}) {
    this.#folder = folder;
    this.#shelf = shelf;
    this.#isArgument = isArgument;
  }

  config(reading: Reading): Promise<unknown> {
    return this.#required("config.json", reading);
  }

  async tokenizer(reading: Reading): Promise<unknown> {
    try {
      return await this.#json("tokenizer.json", reading);
    } catch (cause) {
      throw isMissing(cause) ? this.#noTokenizer(cause) : cause;
    }
  }

  tokenizerConfig(reading: Reading): Promise<unknown> {
    return this.#json("tokenizer_config.json", reading).catch(unlessMissing);
  }

  generationConfig(reading: Reading): Promise<unknown> {
    return this.#json(generationName, reading, maxGenerationBytes).catch(unlessMissing);
  }

  async weights(reading: Reading): Promise<readonly ByteFile[]> {
    const single = await this.#single(reading);
    if (!isMissing(single)) return [single];
    const names = await this.#shards(reading).catch((cause: unknown) => {
      throw isMissing(cause) ? this.#noWeights(single, cause) : cause;
    });
    return names.map((name) => this.#watched(this.#told(this.#file(name)), reading));
  }

  async announce(reading: Reading): Promise<void> {
    const { progress } = reading;
    const { names } = this.#folder;
    if (!names || !progress) return;
    const isSingle = names.includes(weightsName);
    if (!isSingle && !names.includes(indexName)) return;
    const shards = isSingle ? [weightsName] : await this.#shards(reading);
    const sizes = new Map([...jsonNames, ...shards].map((name) => [name, this.#folder.sizeOf?.(name)]));
    for (const [name, size] of sizes) if (size !== undefined) progress.expect(name, size);
    if (shards.every((name) => sizes.get(name) !== undefined)) progress.complete();
  }

  async settle(isSound: boolean): Promise<void> {
    await (isSound ? this.#shelf?.finish() : this.#shelf?.clear());
  }

  async #shards({ signal }: Reading): Promise<readonly string[]> {
    // Not among what is counted: it is there before it can be said how much there is in all.
    return (this.#shardNames ??= shardNames(await this.#json(indexName, { signal })));
  }

  #file(name: string): ByteFile {
    return hashed(this.#folder.file(name));
  }

  /** The same file; that it is not there is told as a HeedError. */
  #told(file: ByteFile): ByteFile {
    return {
      name: file.name,
      open: (options) =>
        file.open(options).catch((cause: unknown) => {
          throw isMissing(cause) ? this.#missing(cause.message, cause) : cause;
        }),
    };
  }

  #missing(message: string, cause: MissingFile): Error {
    return failure(this.#isArgument ? "invalid-argument" : "network", message, cause.cause);
  }

  #noTokenizer(cause: MissingFile): Error {
    const other = this.#folder.names?.find((name) => /\.(?:spm|model|txt)$/.test(name));
    if (other === undefined) return this.#missing(cause.message, cause);
    return failure(
      "unsupported-model",
      `${cause.message}, and the vocabulary in ${shown(other)} can't be read by itself`,
    );
  }

  #noWeights(single: MissingFile, index: MissingFile): Error {
    const { names } = this.#folder;
    const others = names?.filter((name) =>
      /\.(?:bin|pt|pth|h5|msgpack|onnx|gguf|ckpt|safetensors)$/.test(name),
    );
    if (!others || others.length === 0 || this.#isArgument) {
      return this.#missing(`${single.message}, and ${index.message}`, index);
    }
    const there = others.slice(0, 5).map(shown).join(", ");
    return failure(
      "unsupported-model",
      `${single.message}, and no ${indexName}; of the weights that are there, ${there}, none can be read`,
    );
  }

  #json(name: string, reading: Reading, maxBytes?: number): Promise<unknown> {
    return readJson(this.#watched(this.#file(name), reading), reading.signal, maxBytes);
  }

  async #required(name: string, reading: Reading): Promise<unknown> {
    try {
      return await this.#json(name, reading);
    } catch (cause) {
      throw isMissing(cause) ? this.#missing(cause.message, cause) : cause;
    }
  }

  #watched(file: ByteFile, { progress }: Reading): ByteFile {
    return progress?.watch(file) ?? file;
  }

  /** The single file of weights. Where nobody lists the files, to ask whether it is there is to open it. */
  async #single(reading: Reading): Promise<ByteFile | MissingFile> {
    const { names } = this.#folder;
    const file = this.#watched(this.#file(weightsName), reading);
    if (names?.includes(weightsName)) return file;
    const { range = {}, signal } = reading;
    try {
      return opened(file, range, await file.open({ ...range, signal }));
    } catch (cause) {
      if (isMissing(cause)) return cause;
      throw cause;
    }
  }
}

function unlessMissing(cause: unknown): undefined {
  if (!isMissing(cause)) throw cause;
}

/** A file of which a range was opened to see whether it is there: whoever opens the same next gets that reader. */
function opened(file: ByteFile, { begin, end }: ByteRange, reader: ByteReader): ByteFile {
  let held: ByteReader | undefined = reader;
  return {
    name: file.name,
    async open(options = {}) {
      const first = held;
      held = undefined;
      if (first && options.begin === begin && options.end === end) return first;
      await first?.close();
      return file.open(options);
    },
  };
}

function parsed(value: unknown, name: string, argument: string): unknown {
  if (typeof value === "string") return parseJson(value, name);
  const bytes = asBytes(value);
  if (bytes) return parseJson(decodeUtf8(bytes, name), name);
  if (isObject(value)) return value;
  throw failure(
    "invalid-argument",
    `source.${argument} is ${shown(value)}; expected ${name} as a string, an ArrayBuffer or a parsed object`,
  );
}

/** What the caller has in memory. */
class PartsSource implements Source {
  readonly #parts: GgufFiles | ModelFiles;
  readonly #weights: readonly ByteFile[];

  /** Errors: "invalid-argument". */
  constructor(parts: GgufFiles | ModelFiles) {
    this.#parts = parts;
    this.#weights = weightFiles(parts.weights);
  }

  async config(): Promise<unknown> {
    return parsed(this.#parts.config, "config.json", "config");
  }

  async tokenizer(): Promise<unknown> {
    return parsed(this.#parts.tokenizer, "tokenizer.json", "tokenizer");
  }

  async tokenizerConfig(): Promise<unknown> {
    const { tokenizerConfig } = this.#parts;
    if (tokenizerConfig === undefined) return undefined;
    return parsed(tokenizerConfig, "tokenizer_config.json", "tokenizerConfig");
  }

  async generationConfig(): Promise<unknown> {
    const { generationConfig } = this.#parts;
    if (generationConfig === undefined) return undefined;
    return parsed(generationConfig, generationName, "generationConfig");
  }

  async weights({ progress }: Reading): Promise<readonly ByteFile[]> {
    return this.#weights.map((file) => progress?.watch(file) ?? file);
  }

  async announce(): Promise<void> {
    // Their headers say it.
  }

  async settle(): Promise<void> {
    // Nothing is kept of it.
  }
}

function weightFiles(weights: ModelFiles["weights"]): ByteFile[] {
  const list: readonly unknown[] = Array.isArray(weights) ? weights : [weights];
  if (list.length === 0)
    throw failure("invalid-argument", "source.weights is empty; expected at least one file");
  return list.map((content, i) => {
    const bytes = isBlob(content) ? content : asBytes(content);
    if (!bytes) {
      const where = Array.isArray(weights) ? `source.weights[${i}]` : "source.weights";
      throw failure("invalid-argument", `${where} is ${shown(content)}; expected an ArrayBuffer or a Blob`);
    }
    const given = isBlob(bytes) && "name" in bytes ? String(bytes.name) : "";
    return memoryFile(given || (list.length === 1 ? weightsName : `weights[${i}]`), bytes);
  });
}

/** A bundled model, or what an address stands for. */
async function fromAddress(source: string | URL, options: LoadOptions): Promise<Source> {
  const bundled = bundledFolder(String(source), options);
  if (bundled) return new FolderSource(bundled);
  const { addressed } = await fetched(() => import("./addresses.js"));
  const { folder, gguf, shelf } = await addressed(source, options);
  return fromFolder(folder, gguf, { shelf });
}

/** A folder of files; or of it the GGUF file that is named, or the only weights there are. */
function fromFolder(folder: Folder, named: string | undefined, options: FolderOptions): Source {
  const gguf = named === undefined ? ggufAmong(folder) : ggufNamed(named);
  if (gguf === undefined) return new FolderSource(folder, options);
  const files = new FolderSource(folder, options);
  const beside: Beside = {};
  if (folder.names?.includes(generationName)) {
    beside.generationConfig = (reading) => files.generationConfig(reading);
  }
  if (folder.names?.includes("tokenizer.json")) {
    beside.tokenizer = (reading) => files.tokenizer(reading);
    beside.tokenizerConfig = (reading) => files.tokenizerConfig(reading);
  }
  return new GgufSource(
    gguf.map((name) => hashed(folder.file(name))),
    { beside, ...options },
  );
}

/** The GGUF file that the caller has in memory, or its parts; undefined: it is none. */
async function fromGguf(parts: GgufFiles | ModelFiles): Promise<Source | undefined> {
  const files = weightFiles(parts.weights);
  const [first] = files;
  if (!first) return undefined;
  const reader = await first.open({ end: 4 });
  if (!isGguf(await reader.read(4).finally(() => reader.close()))) return undefined;
  const named = files.map((file) => (file.name === weightsName ? { ...file, name: "model.gguf" } : file));
  const given = new PartsSource(parts);
  const beside: Beside = {};
  if (parts.config !== undefined) beside.config = () => given.config();
  if (parts.tokenizer !== undefined) beside.tokenizer = () => given.tokenizer();
  if (parts.tokenizerConfig !== undefined) beside.tokenizerConfig = () => given.tokenizerConfig();
  beside.generationConfig = () => given.generationConfig();
  return new GgufSource(named, { beside });
}

/**
 * The files of a model; of a repository of the hub, after asking what there is.
 *
 * Errors: "invalid-argument" (not a ModelSource), "network" (with the address and the status), "invalid-model",
 * "aborted".
 */
export async function openSource(source: ModelSource, options: LoadOptions): Promise<Source> {
  checkAborted(options.signal, "loadModel()");
  if (typeof source === "string" || Object.prototype.toString.call(source) === "[object URL]") {
    return fromAddress(source as string | URL, options);
  }
  if (isFileList(source))
    return fromFolder(droppedFolder(Array.from(source)), undefined, { isArgument: true });
  if (isBlob(source)) return (await fromGguf({ weights: source })) ?? new PartsSource({ weights: source });
  if (isObject(source) && ("config" in source || "weights" in source)) {
    const parts = source as GgufFiles | ModelFiles;
    return (await fromGguf(parts)) ?? new PartsSource(parts);
  }
  throw failure("invalid-argument", `source is ${shown(source)}; ${expectedSource}`);
}
