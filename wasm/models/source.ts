// Where a model's files come from: a bundled name, the address of a folder, the files themselves, or a dropped folder.

import { asBytes, isBlob, memoryFile, type ByteFile, type ByteReader } from "./byte_reader.js";
import { bundledFiles, bundledNames } from "./bundled.js";
import { counterFor, MissingFile, openUrl } from "./download.js";
import { checkAborted, failure, shown } from "./errors.js";
import { decodeUtf8, parseJson } from "./json.js";
import type { LoadOptions, ModelFiles, ModelSource } from "./types.js";

/** A model's files, parsed as far as JSON goes. */
export interface SourceFiles {
  readonly config: unknown;
  readonly tokenizer: unknown;
  /** undefined: there is none. */
  readonly tokenizerConfig: unknown;
  /** The weights, read anew at every call: the single file or its shards, in turn. */
  weights(options: LoadOptions): AsyncIterable<ByteFile>;
}

const weightsName = "model.safetensors";
const indexName = "model.safetensors.index.json";
const maxShards = 1000;

// The largest tokenizers in use have some 20 MB.
const maxJsonBytes = 64 << 20;

const expected =
  `expected ${bundledNames.map((name) => `"${name}"`).join(" or ")}, the http(s) or file URL of a folder with ` +
  `config.json, tokenizer.json and ${weightsName}, an object { config, tokenizer, weights }, or an array of Files`;

/** Opens a file by its name in the model's folder. */
type Open = (name: string, options: LoadOptions) => Promise<ByteReader>;

async function readJson(file: ByteFile, options: LoadOptions): Promise<unknown> {
  const reader = await file.open(options.signal);
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

/** The names of the shards in a model.safetensors.index.json. */
function shardNames(index: unknown): string[] {
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map)) {
    throw failure("invalid-model", `${indexName}: "weight_map" is ${shown(map)}; expected an object`);
  }
  const names = [...new Set<unknown>(Object.values(map))];
  if (names.length === 0 || names.length > maxShards) {
    throw failure("invalid-model", `${indexName} names ${names.length} files; expected 1 to ${maxShards}`);
  }
  return names.map((name) => {
    // A path or an address would lead out of the model's folder.
    if (typeof name !== "string" || !/^[\w][\w.-]*\.safetensors$/.test(name) || name.includes("..")) {
      throw failure(
        "invalid-model",
        `${indexName} names the file ${shown(name)}; expected a plain file name`,
      );
    }
    return name;
  });
}

function missing(cause: unknown): Error {
  return cause instanceof MissingFile ? failure("network", cause.reason) : (cause as Error);
}

async function fromFolder(open: Open, options: LoadOptions): Promise<SourceFiles> {
  const json = (name: string): Promise<unknown> =>
    readJson({ name, open: () => open(name, options) }, options);
  const required = async (name: string): Promise<unknown> => {
    try {
      return await json(name);
    } catch (cause) {
      throw missing(cause);
    }
  };
  const optional = async (name: string): Promise<unknown> => {
    try {
      return await json(name);
    } catch (cause) {
      if (cause instanceof MissingFile) return undefined;
      throw cause;
    }
  };
  // All at once; of several errors the first file's is told.
  const files = [required("config.json"), required("tokenizer.json"), optional("tokenizer_config.json")];
  for (const file of files) file.catch(() => undefined);
  const [config, tokenizer, tokenizerConfig] = [await files[0], await files[1], await files[2]];
  return {
    config,
    tokenizer,
    tokenizerConfig,
    async *weights(later) {
      let single: ByteReader;
      try {
        single = await open(weightsName, later);
      } catch (cause) {
        if (!(cause instanceof MissingFile)) throw cause;
        yield* shards(open, later, cause);
        return;
      }
      yield { name: weightsName, open: () => Promise.resolve(single) };
    },
  };
}

async function* shards(open: Open, options: LoadOptions, noSingle: MissingFile): AsyncGenerator<ByteFile> {
  let index: unknown;
  try {
    index = await readJson({ name: indexName, open: () => open(indexName, options) }, options);
  } catch (cause) {
    if (!(cause instanceof MissingFile)) throw cause;
    throw failure("network", `${noSingle.reason}, and ${cause.reason}`);
  }
  for (const name of shardNames(index)) {
    const reader = await open(name, options).catch((cause: unknown) => {
      throw missing(cause);
    });
    yield { name, open: () => Promise.resolve(reader) };
  }
}

const folderProtocols = ["http:", "https:", "file:", "chrome-extension:", "moz-extension:"];
const knownFile = /(?<=\/)(?:config\.json|tokenizer\.json|model\.safetensors(?:\.index\.json)?)$/;

/** The address of a folder, with a slash at its end. */
function folderOf(source: string | URL): URL {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  let url: URL | undefined;
  try {
    // A bare word is a misspelt name, not a folder beside the page.
    const isRelative = typeof source === "string" && source.includes("/");
    url = new URL(source, isRelative ? base : undefined);
  } catch {
    // Told below.
  }
  if (!url || !folderProtocols.includes(url.protocol)) {
    throw failure("invalid-argument", `source is ${shown(String(source))}; ${expected}`);
  }
  url.pathname = url.pathname.replace(knownFile, "").replace(/\/?$/, "/");
  url.hash = "";
  return url;
}

function fromUrl(folder: URL): Open {
  return (name, options) => {
    const url = new URL(name, folder);
    // Signed addresses carry their permission here.
    url.search = folder.search;
    return openUrl(url, name, options);
  };
}

function fromBundle(files: ReadonlyMap<string, URL>): Open {
  return (name, options) => {
    const url = files.get(name);
    return url ? openUrl(url, name, options) : Promise.reject(new MissingFile(`there is no bundled ${name}`));
  };
}

/** Files by name, whatever folder they are in; of two of a name, the one less deep. */
function fromDropped(dropped: readonly File[]): Open {
  const depth = (file: File): number => (file.webkitRelativePath ?? "").split("/").length;
  const files = new Map([...dropped].sort((a, b) => depth(b) - depth(a)).map((file) => [file.name, file]));
  return (name, options) => {
    const file = files.get(name);
    if (file) return memoryFile(name, file, counterFor(name, options)).open(options.signal);
    const given = [...files.keys()].slice(0, 10).join(", ");
    return Promise.reject(new MissingFile(`${name} is not among the files given (${given})`));
  };
}

/** A dropped folder: a file that is not there is a wrong argument, not a network failure. */
async function fromFiles(files: readonly File[], options: LoadOptions): Promise<SourceFiles> {
  const toArgument = (cause: unknown): never => {
    const isMissing = (cause as { code?: string } | null)?.code === "network";
    throw isMissing ? failure("invalid-argument", (cause as Error).message) : cause;
  };
  const folder = await fromFolder(fromDropped(files), options).catch(toArgument);
  return {
    ...folder,
    async *weights(later) {
      try {
        yield* folder.weights(later);
      } catch (cause) {
        toArgument(cause);
      }
    },
  };
}

function parsed(value: unknown, name: string, argument: string): unknown {
  if (typeof value === "string") return parseJson(value, name);
  const bytes = asBytes(value);
  if (bytes) return parseJson(decodeUtf8(bytes, name), name);
  if (typeof value === "object" && value !== null) return value;
  throw failure(
    "invalid-argument",
    `source.${argument} is ${shown(value)}; expected ${name} as a string, an ArrayBuffer or a parsed object`,
  );
}

function fromParts(source: ModelFiles): SourceFiles {
  const { config, tokenizer, tokenizerConfig, weights } = source;
  const list: readonly unknown[] = Array.isArray(weights) ? weights : [weights];
  if (list.length === 0)
    throw failure("invalid-argument", "source.weights is empty; expected at least one file");
  const contents = list.map((content, i) => {
    const bytes = isBlob(content) ? content : asBytes(content);
    if (bytes) return bytes;
    const where = Array.isArray(weights) ? `source.weights[${i}]` : "source.weights";
    throw failure("invalid-argument", `${where} is ${shown(content)}; expected an ArrayBuffer or a Blob`);
  });
  const nameOf = (content: Blob | Uint8Array, i: number): string =>
    (isBlob(content) && "name" in content && String(content.name)) ||
    (contents.length === 1 ? weightsName : `weights[${i}]`);
  return {
    config: parsed(config, "config.json", "config"),
    tokenizer: parsed(tokenizer, "tokenizer.json", "tokenizer"),
    tokenizerConfig:
      tokenizerConfig === undefined
        ? undefined
        : parsed(tokenizerConfig, "tokenizer_config.json", "tokenizerConfig"),
    async *weights(options) {
      for (const [i, content] of contents.entries()) {
        const name = nameOf(content, i);
        yield memoryFile(name, content, counterFor(name, options));
      }
    },
  };
}

/**
 * The files of a model.
 *
 * Errors: "invalid-argument" (not a ModelSource), "network" (a file that is not there, an HTTP status, a broken
 * connection; the message has the address), "invalid-model" (not JSON), "aborted".
 */
export async function openSource(source: ModelSource, options: LoadOptions): Promise<SourceFiles> {
  checkAborted(options.signal, "loadModel()");
  if (typeof source === "string") {
    const files = bundledFiles(source);
    return fromFolder(files ? fromBundle(files) : fromUrl(folderOf(source)), options);
  }
  const tag = Object.prototype.toString.call(source);
  if (tag === "[object URL]") return fromFolder(fromUrl(folderOf(source as URL)), options);
  if (Array.isArray(source) || tag === "[object FileList]") {
    const files = Array.from(source as ArrayLike<unknown>);
    if (files.length > 0 && files.every((file): file is File => isBlob(file) && "name" in file)) {
      return fromFiles(files, options);
    }
  } else if (typeof source === "object" && source !== null && "config" in source) {
    return fromParts(source as ModelFiles);
  }
  throw failure("invalid-argument", `source is ${shown(source)}; ${expected}`);
}
