// A model in one file: GGUF.

import { failure, shown } from "../errors.js";
import { readGguf, type GgufCheckpoint } from "../gguf/checkpoint.js";
import { MissingFile, type ByteFile } from "./byte_file.js";
import type { Folder } from "./folder.js";
import type { Shelf } from "./shelf.js";
import { indexName, weightsName } from "./shard_index.js";
import type { Reading, Source, WeightData } from "./source.js";

/** What is given beside the file, and then taken instead of what the file says. */
export interface Beside {
  config?: (reading: Reading) => Promise<unknown>;
  tokenizer?: (reading: Reading) => Promise<unknown>;
  tokenizerConfig?: (reading: Reading) => Promise<unknown>;
}

export class GgufSource implements Source {
  readonly #file: ByteFile;
  readonly #beside: Beside;
  readonly #shelf: Shelf | undefined;
  #front: Promise<GgufCheckpoint> | undefined;
  /** What is needed of it to read the weights again. */
  #weights: GgufCheckpoint["weights"] | undefined;

  constructor(file: ByteFile, { beside = {}, shelf }: { beside?: Beside; shelf?: Shelf | undefined } = {}) {
    this.#file = file;
    this.#beside = beside;
    this.#shelf = shelf;
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

  async weights(reading: Reading): Promise<readonly WeightData[]> {
    this.#weights ??= (await this.#read(reading)).weights;
    return [this.#weights(reading.progress?.watch(this.#file) ?? this.#file)];
  }

  async announce(): Promise<void> {
    // The file's size comes with its first byte.
  }

  async settle(isSound: boolean): Promise<void> {
    // Vocabularies are large.
    this.#front = undefined;
    await (isSound ? this.#shelf?.finish() : this.#shelf?.clear());
  }

  #read({ signal }: Reading): Promise<GgufCheckpoint> {
    return (this.#front ??= readGguf(this.#file, signal).catch((cause: unknown) => {
      throw cause instanceof MissingFile ? failure("network", cause.message, cause.cause) : cause;
    }));
  }
}

/** The name of the GGUF file that an address is of; undefined: it is of none. */
export function ggufAddressed(address: string, isHub: boolean): string | undefined {
  // A repository may have such a name itself.
  if (isHub && !/\/(?:resolve|blob|raw)\//.test(address)) return undefined;
  const name = /[^/?#]+\.gguf(?=$|[?#])/.exec(address)?.[0];
  return isHub && name !== undefined ? decodeURIComponent(name) : name;
}

/**
 * The one GGUF file of a folder that lists its files and has no other weights.
 * Errors: "invalid-argument" (there are several).
 */
export function ggufAmong({ names = [] }: Folder): string | undefined {
  if (names.includes(weightsName) || names.includes(indexName)) return undefined;
  const found = names.filter((name) => name.endsWith(".gguf"));
  if (found.length < 2) return found[0];
  const list = found.slice(0, 5).map(shown).join(", ");
  throw failure(
    "invalid-argument",
    `there are ${found.length} GGUF files (${list}); expected the address of one, or one file`,
  );
}
