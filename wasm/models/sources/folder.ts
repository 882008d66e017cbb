// The files of a model by their plain names, wherever the folder is.

import { failure, shown } from "../errors.js";
import { bundledFiles, bundledNames } from "./bundled.js";
import { isBlob, memoryFile, MissingFile, type ByteFile } from "./byte_file.js";
import { diskFile } from "./disk_file.js";
import { httpFile } from "./http_file.js";
import type { LoadOptions } from "../types.js";

export interface Folder {
  /** A file, whether or not it is there: its open() says. */
  file(name: string): ByteFile;
  /** Bytes of a file, where they are known before it is opened. */
  sizeOf?(name: string): number | undefined;
  /** All that is there, where that is known. */
  readonly names?: readonly string[];
  /** The commit that all files are of, where there is one. */
  readonly version?: string | undefined;
}

function nowhere(name: string, message: string): ByteFile {
  return { name, open: () => Promise.reject(new MissingFile(message)) };
}

function fileAt(url: URL, name: string, options: LoadOptions): ByteFile {
  return url.protocol === "file:" ? diskFile(url, name) : httpFile(url, name, options);
}

/** A model that comes with the package; undefined for any other name. */
export function bundledFolder(source: string, options: LoadOptions): Folder | undefined {
  const files = bundledFiles(source);
  if (!files) return undefined;
  return {
    file(name) {
      const url = files.get(name);
      return url ? fileAt(url, name, options) : nowhere(name, `there is no bundled ${name}`);
    },
  };
}

const protocols = ["http:", "https:", "file:", "chrome-extension:", "moz-extension:"];
const knownFile = /(?<=\/)(?:config\.json|tokenizer\.json|model\.safetensors(?:\.index\.json)?|[^/]+\.gguf)$/;

export const expectedSource =
  `expected ${bundledNames.map((name) => `"${name}"`).join(" or ")}, a repository of the Hugging Face hub ` +
  `("org/model"), the http(s) or file URL of a folder with config.json, tokenizer.json and model.safetensors, an object ` +
  `{ config, tokenizer, weights }, an array of Files, or a GGUF file`;

/** The address of a folder, with a slash at its end. Errors: "invalid-argument". */
export function folderAddress(source: string | URL): URL {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  let url: URL | undefined;
  try {
    // A bare word is a misspelt name, not a folder beside the page.
    const isRelative = typeof source === "string" && source.includes("/");
    url = new URL(source, isRelative ? base : undefined);
  } catch {
    // Told below.
  }
  if (url && (url.username || url.password)) {
    throw failure(
      "invalid-argument",
      `source is an address at ${url.host} with a user name or password in it, which would end up in histories and logs; ` +
        `send them with options.fetch`,
    );
  }
  if (!url || !protocols.includes(url.protocol)) {
    throw failure("invalid-argument", `source is ${shown(String(source))}; ${expectedSource}`);
  }
  url.pathname = url.pathname.replace(knownFile, "").replace(/\/?$/, "/");
  url.hash = "";
  return url;
}

export function urlFolder(address: URL, options: LoadOptions): Folder {
  return {
    file(name) {
      const url = new URL(name, address);
      // Signed addresses carry their permission here.
      url.search = address.search;
      return fileAt(url, name, options);
    },
  };
}

/** Files by name, whatever folder they are in; of two of a name, the one less deep. */
export function droppedFolder(dropped: readonly File[]): Folder {
  const depth = (file: File): number => (file.webkitRelativePath ?? "").split("/").length;
  const files = new Map([...dropped].sort((a, b) => depth(b) - depth(a)).map((file) => [file.name, file]));
  const names = [...files.keys()];
  return {
    names,
    sizeOf: (name) => files.get(name)?.size,
    file(name) {
      const file = files.get(name);
      const given = names.slice(0, 10).join(", ");
      return file ? memoryFile(name, file) : nowhere(name, `${name} is not among the files given (${given})`);
    },
  };
}

/** Files as the caller says they are. */
export function isFileList(source: unknown): source is readonly File[] {
  const isList = Array.isArray(source) || Object.prototype.toString.call(source) === "[object FileList]";
  const files = isList ? Array.from(source as ArrayLike<unknown>) : [];
  return files.length > 0 && files.every((file) => isBlob(file) && "name" in file);
}
