// Of addresses: file: is read from the disk, every other asked for.

import { diskFile } from "./disk_file.js";
import { httpFile } from "./http_file.js";
import type { ByteFile } from "./byte_file.js";
import type { LoadOptions } from "../types.js";

/** A file at an address, on a disk or not. */
export function fileAt(url: URL, name: string, options: LoadOptions): ByteFile {
  return url.protocol === "file:" ? diskFile(url, name) : httpFile(url, name, options);
}
