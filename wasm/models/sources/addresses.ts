// What the addresses of models stand for, and what is kept of them: fetched when the first model is that is not bundled.

import { expectedSource, failure, shown } from "../errors.js";
import type { LoadOptions } from "../types.js";
import { fileAt } from "./file_at.js";
import type { Folder } from "./folder.js";
import { hubAddress, hubFolder, hubName, hubOf } from "./hub.js";
import { Shelf } from "./shelf.js";

export { keptModels } from "./shelf.js";

/** A folder at an address. */
export interface Addressed {
  readonly folder: Folder;
  /** The file of it that was named. */
  readonly gguf: string | undefined;
  /** Where it is kept. */
  readonly shelf: Shelf | undefined;
}

/**
 * A folder at an address, or what is kept of it; of a repository of the hub, after asking what there is.
 * Errors: openSource()'s.
 */
export async function addressed(source: string | URL, options: LoadOptions): Promise<Addressed> {
  const name = String(source);
  const repository = hubAddress(source, options);
  if (options.revision !== undefined && !repository) {
    throw failure(
      "invalid-argument",
      `options.revision is ${shown(options.revision)}; expected it with a repository of the hub only`,
    );
  }
  const address = repository ? undefined : folderAddress(source);
  const gguf = ggufAddressed(name, repository !== undefined);
  const key = repository
    ? [hubOf(options), repository.repository, repository.revision, repository.folder + (gguf ?? "")].join(" ")
    : String(address) + (gguf ?? "");
  const isRemote = address?.protocol !== "file:";
  const shelf =
    options.keep && isRemote
      ? await Shelf.open(
          key,
          gguf ? name : repository ? hubName(repository) : key,
          repository && options.hub !== undefined ? hubOf(options) : undefined,
        )
      : undefined;
  if (shelf?.isComplete) return { folder: shelf.folder(), gguf, shelf };
  const folder = repository
    ? await hubFolder(repository, options)
    : urlFolder(address ?? new URL(name), options);
  return { folder: (await shelf?.over(folder)) ?? folder, gguf, shelf };
}

/** The name of the GGUF file that an address is of; undefined: it is of none. */
function ggufAddressed(address: string, isHub: boolean): string | undefined {
  // A repository may have such a name itself.
  if (isHub && !/\/(?:resolve|blob|raw)\//.test(address)) return undefined;
  const name = /[^/?#]+\.gguf(?=$|[?#])/.exec(address)?.[0];
  return isHub && name !== undefined ? decodeURIComponent(name) : name;
}

const protocols = ["http:", "https:", "file:", "chrome-extension:", "moz-extension:"];
const knownFile = /(?<=\/)(?:config\.json|tokenizer\.json|model\.safetensors(?:\.index\.json)?|[^/]+\.gguf)$/;

/** The address of a folder, with a slash at its end. Errors: "invalid-argument". */
function folderAddress(source: string | URL): URL {
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

function urlFolder(address: URL, options: LoadOptions): Folder {
  return {
    file(name) {
      const url = new URL(name, address);
      // Signed addresses carry their permission here.
      url.search = address.search;
      return fileAt(url, name, options);
    },
  };
}
