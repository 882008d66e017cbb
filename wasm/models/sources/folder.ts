// The files of a model by their plain names, wherever the folder is.

import { besideBundle, bundledFiles } from "./bundled.js";
import { isBlob, isMissing, memoryFile, MissingFile, type ByteFile } from "./byte_file.js";
import { fileAt } from "./file_at.js";
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

/** A model that comes with the package; undefined for any other name. */
export function bundledFolder(source: string, options: LoadOptions): Folder | undefined {
  const files = bundledFiles(source);
  if (!files) return undefined;
  return {
    file(name) {
      const url = files.get(name);
      if (!url) return nowhere(name, `there is no bundled ${name}`);
      const file = fileAt(url, name, options);
      return {
        name,
        open: (how) =>
          file.open(how).catch((cause: unknown) => {
            if (isMissing(cause)) cause.message += `: ${besideBundle}`;
            throw cause;
          }),
      };
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
