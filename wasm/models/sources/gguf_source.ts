// A model in one file, or in parts of one: GGUF.

import { failure, shown } from "../errors.js";
import { fetched } from "../fetched.js";
import type { GgufCheckpoint } from "../gguf/checkpoint.js";
import { partNames } from "../gguf/parts.js";
import { isMissing, type ByteFile } from "./byte_file.js";
import type { Folder } from "./folder.js";
import type { Shelf } from "./shelf.js";
import { indexName, weightsName } from "./shard_index.js";
import type { Reading, Source, WeightData } from "./source.js";

/** What is given beside the file, and then taken instead of what the file says. */
export interface Beside {
  config?: (reading: Reading) => Promise<unknown>;
  tokenizer?: (reading: Reading) => Promise<unknown>;
  tokenizerConfig?: (reading: Reading) => Promise<unknown>;
  generationConfig?: (reading: Reading) => Promise<unknown>;
}

interface GgufOptions {
  beside?: Beside;
  shelf?: Shelf | undefined;
  /** A missing file is a wrong argument, not a failure of the network. */
  isArgument?: boolean | undefined;
}

export class GgufSource implements Source {
  readonly #files: readonly ByteFile[];
  readonly #beside: Beside;
  readonly #shelf: Shelf | undefined;
  readonly #isArgument: boolean;
  #front: Promise<GgufCheckpoint> | undefined;
  /** What is needed of it to read the weights again. */
  #weights: GgufCheckpoint["weights"] | undefined;

  /** `files`: all parts of it, in any order. */
  constructor(files: readonly ByteFile[], { beside = {}, shelf, isArgument = false }: GgufOptions = {}) {
    this.#files = files;
    this.#beside = beside;
    this.#shelf = shelf;
    this.#isArgument = isArgument;
  }

  async config(reading: Reading): Promise<unknown> {
    const front = await this.#read(reading);
    return this.#beside.config?.(reading) ?? front.config;
  }

  async tokenizer(reading: Reading): Promise<unknown> {
    return this.#beside.tokenizer?.(reading) ?? (await this.#read(reading)).vocabulary();
  }

  async tokenizerConfig(reading: Reading): Promise<unknown> {
    return this.#beside.tokenizerConfig?.(reading);
  }

  async generationConfig(reading: Reading): Promise<unknown> {
    return this.#beside.generationConfig?.(reading);
  }

  async weights(reading: Reading): Promise<readonly WeightData[]> {
    this.#weights ??= (await this.#read(reading)).weights;
    return this.#weights((file) => reading.progress?.watch(file) ?? file);
  }

  async announce(): Promise<void> {
    // A file's size comes with its first byte.
  }

  async settle(isSound: boolean): Promise<void> {
    // Vocabularies are large.
    this.#front = undefined;
    await (isSound ? this.#shelf?.finish() : this.#shelf?.clear());
  }

  #read({ signal }: Reading): Promise<GgufCheckpoint> {
    return (this.#front ??= readFront(this.#files, signal).catch((cause: unknown) => {
      if (!isMissing(cause)) throw cause;
      throw failure(this.#isArgument ? "invalid-argument" : "network", cause.message, cause.cause);
    }));
  }
}

async function readFront(
  files: readonly ByteFile[],
  signal: AbortSignal | undefined,
): Promise<GgufCheckpoint> {
  const { readGguf } = await fetched(() => import("../gguf/checkpoint.js"));
  return readGguf(files, signal);
}

/** The names of the file that is named, or of all parts that it is one of. */
export function ggufNamed(name: string): readonly string[] {
  return partNames(name) ?? [name];
}

/**
 * The one GGUF file of a folder that lists its files and has no other weights, or all parts of it.
 * Errors: "invalid-argument" (there are several).
 */
export function ggufAmong({ names = [] }: Folder): readonly string[] | undefined {
  if (names.includes(weightsName) || names.includes(indexName)) return undefined;
  const found = names.filter((name) => name.endsWith(".gguf"));
  const models = new Map(found.map((name) => [ggufNamed(name)[0], ggufNamed(name)]));
  if (models.size < 2) return [...models.values()][0];
  const list = found.slice(0, 5).map(shown).join(", ");
  throw failure(
    "invalid-argument",
    `there are ${found.length} GGUF files (${list}); expected the address of one, or one file`,
  );
}
