// Repositories of the Hugging Face hub: their names and addresses, and what the hub says of their files.

import { failure, shown } from "../errors.js";
import { isCount, isObject } from "../kinds.js";
import { isMissing, MissingFile } from "./byte_file.js";
import type { Folder } from "./folder.js";
import { httpFile } from "./http_file.js";
import { readJson } from "./json_file.js";
import type { LoadOptions } from "../types.js";

/** A folder of a repository at a revision. */
export interface HubAddress {
  readonly repository: string;
  readonly revision: string;
  /** "" or "onnx/", with the slash. */
  readonly folder: string;
}

const defaultHub = "https://huggingface.co";
const hosts: ReadonlySet<string> = new Set(["huggingface.co", "www.huggingface.co", "hf.co"]);
// The first words of the hub's other addresses.
const otherPages: ReadonlySet<string> = new Set([
  "datasets",
  "spaces",
  "docs",
  "blog",
  "api",
  "models",
  "papers",
]);
const segment = /^[A-Za-z0-9][\w.-]*$/;

function isPlain(name: string): boolean {
  return segment.test(name) && !name.includes("..") && name.length <= 96;
}

/**
 * The repository that a source names: "org/model", "org/model@revision", or the address of one of its pages or files.
 * undefined: none. Errors: "invalid-argument" (an address of the hub, but of no model; two revisions).
 */
export function hubAddress(source: string | URL, options: LoadOptions): HubAddress | undefined {
  const found =
    typeof source === "string" ? (named(source) ?? fromAddress(source)) : fromAddress(source.href);
  if (!found) return undefined;
  const revision = options.revision ?? found.revision ?? "main";
  if (options.revision !== undefined && found.revision !== undefined && options.revision !== found.revision) {
    throw failure(
      "invalid-argument",
      `options.revision is ${shown(options.revision)}, but source says ${shown(found.revision)}`,
    );
  }
  if (!revision.split("/").every(isPlain)) {
    throw failure(
      "invalid-argument",
      `the revision is ${shown(revision)}; expected a branch, a tag or a commit of ${found.repository}`,
    );
  }
  return { ...found, revision };
}

type Found = Omit<HubAddress, "revision"> & { revision: string | undefined };

function named(source: string): Found | undefined {
  const [, repository, revision] = /^([^/@\s]+\/[^/@\s]+)(?:@(\S+))?$/.exec(source) ?? [];
  if (!repository?.split("/").every(isPlain)) return undefined;
  return { repository, revision, folder: "" };
}

function fromAddress(source: string): Found | undefined {
  const isBare = /^(?:www\.)?(?:huggingface\.co|hf\.co)\//.test(source);
  let url: URL;
  try {
    url = new URL(isBare ? `https://${source}` : source);
  } catch {
    return undefined;
  }
  if (!/^https?:$/.test(url.protocol) || !hosts.has(url.hostname) || url.username || url.port)
    return undefined;
  const parts = url.pathname.split("/").filter(Boolean).map(decoded);
  const verbs = ["tree", "resolve", "blob", "raw"];
  // Repositories of the first years have no owner: huggingface.co/gpt2.
  const length = parts.length === 1 || verbs.includes(parts[1] ?? "") ? 1 : 2;
  const repository = parts.slice(0, length).join("/");
  const [verb, revision, ...rest] = parts.slice(length);
  const isFile = (verb === "resolve" || verb === "blob" || verb === "raw") && rest.length > 0;
  const folder = (isFile ? rest.slice(0, -1) : rest).map((name) => `${name}/`);
  const isModel =
    parts.length > 0 &&
    !otherPages.has(parts[0] ?? "") &&
    parts.slice(0, length).every(isPlain) &&
    (verb === undefined || (verbs.includes(verb) && revision !== undefined)) &&
    folder.every((name) => isPlain(name.slice(0, -1)));
  if (!isModel) {
    throw failure(
      "invalid-argument",
      `source is ${shown(source)}; expected the address of a model's repository`,
    );
  }
  return { repository, revision, folder: folder.join("") };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

interface Entry {
  readonly size: number | undefined;
  readonly sha256: string | undefined;
}

/** The files of a repository, as the hub lists them: sizes, and the hashes of all that are large. */
function entriesOf(listing: unknown, folder: string): Map<string, Entry> {
  const { siblings } = listing as { siblings?: unknown };
  const entries = new Map<string, Entry>();
  for (const sibling of Array.isArray(siblings) ? (siblings as unknown[]) : []) {
    const { rfilename, size, lfs } = (sibling ?? {}) as Record<string, unknown>;
    if (typeof rfilename !== "string" || !rfilename.startsWith(folder)) continue;
    const name = rfilename.slice(folder.length);
    if (name.includes("/")) continue;
    const hash = (lfs as { sha256?: unknown } | null | undefined)?.sha256;
    entries.set(name, {
      size: isCount(size) ? size : undefined,
      sha256: typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash) ? hash : undefined,
    });
  }
  return entries;
}

/**
 * Asks the hub for a repository's files; all are then of one commit.
 * Errors: "network", "invalid-model" (an answer that is none), "aborted".
 */
export async function hubFolder(address: HubAddress, options: LoadOptions): Promise<Folder> {
  const { repository, revision, folder } = address;
  const hub = hubOf(options);
  const path = repository.split("/").map(encodeURIComponent).join("/");
  const url = new URL(`${hub}/api/models/${path}/revision/${encodeURIComponent(revision)}?blobs=true`);
  const what = `${repository}@${revision}`;
  const listing = await readJson(httpFile(url, `the list of ${what}'s files`, options), options.signal).catch(
    (cause: unknown) => {
      if (!isMissing(cause)) throw cause;
      throw failure("network", `${what} is not on the hub: ${cause.message}`, cause.cause);
    },
  );
  if (!isObject(listing)) {
    throw failure("invalid-model", `the list of ${what}'s files is ${shown(listing)}; expected an object`);
  }
  const { sha } = listing as { sha?: unknown };
  const commit = typeof sha === "string" && /^[0-9a-f]{40}$/.test(sha) ? sha : undefined;
  const entries = entriesOf(listing, folder);
  const root = `${hub}/${path}/resolve/${encodeURIComponent(commit ?? revision)}/${folder}`;
  return {
    names: [...entries.keys()],
    version: commit,
    sizeOf: (name) => entries.get(name)?.size,
    file(name) {
      const entry = entries.get(name);
      if (entry) return httpFile(new URL(root + name), name, options, entry);
      const missing = new MissingFile(`${what} has no ${folder}${name}`);
      return { name, open: () => Promise.reject(missing) };
    },
  };
}

/** The hub's address, without a slash at its end. */
export function hubOf(options: LoadOptions): string {
  const hub = options.hub ?? defaultHub;
  let url: URL | undefined;
  try {
    url = new URL(hub);
  } catch {
    // Told below.
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw failure("invalid-argument", `options.hub is ${shown(hub)}; expected the http(s) address of a hub`);
  }
  return (url.origin + url.pathname).replace(/\/$/, "");
}

/** A repository as one would type it. */
export function hubName({ repository, revision, folder }: HubAddress): string {
  if (folder || !repository.includes("/"))
    return `https://huggingface.co/${repository}/tree/${encodeURIComponent(revision)}/${folder}`;
  return revision === "main" ? repository : `${repository}@${revision}`;
}
