// From config.json to the numbers a native model is made from, and with generation_config.json to the rules of its texts.

import { readBert, readGpt2 } from "./bundled_configs.js";
import { ConfigReader } from "./config_reader.js";
import { failure, shown } from "./errors.js";
import { isObject, isRecord } from "./kinds.js";
import type { GenerationRules } from "./generation.js";
import type { NativeModelConfig } from "./native.js";
import { fetched } from "./fetched.js";
import { couldFit, leastSizes } from "./room.js";
import { maxWorkers } from "./shards/count.js";
import type { Architecture } from "./types.js";

/** What config.json says. */
export interface ModelDescription {
  /** The file, frozen through and through. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly architecture: Architecture;
  readonly native: NativeModelConfig;
  /** Tokens that end a text. */
  readonly endIds: ReadonlySet<number>;
  /** What else is asked of a text; an encoder-decoder has some. */
  readonly rules: GenerationRules | undefined;
}

const ruleKeys = [
  ...["repetition_penalty", "no_repeat_ngram_size", "bad_words_ids"],
  ...["suppress_tokens", "begin_suppress_tokens", "forced_eos_token_id"],
];

/** Ids beyond the vocabulary are left out: transformers writes its default, 50256, for models of any size. */
function endIdsOf(config: ConfigReader, vocabularySize: number): Set<number> {
  const value = config.get("eos_token_id");
  const ids: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (!ids.every((id): id is number => Number.isInteger(id))) {
    throw config.invalid("eos_token_id", "a token id or an array of them");
  }
  return new Set(ids.filter((id) => id >= 0 && id < vocabularySize));
}

function deepFreeze(value: unknown): void {
  // By a list, not by recursion: the file says how deep it is.
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (!isObject(next) || Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (const inner of Object.values(next)) open.push(inner);
  }
}

/** A copy, for the caller's may change. */
function copied(value: unknown, file: string): Record<string, unknown> {
  if (!isRecord(value)) {
    throw failure("invalid-model", `${file} is ${shown(value)}; expected an object`);
  }
  try {
    return structuredClone(value) as Record<string, unknown>;
  } catch (cause) {
    throw failure("invalid-model", `${file} is too deep, or has values that JSON has not`, cause);
  }
}

/** How the config.json of a model_type is read. Errors: "unsupported-model". */
async function readerOf(type: string): Promise<(config: ConfigReader) => NativeModelConfig> {
  if (type === "bert") return readBert;
  if (type === "gpt2") return readGpt2;
  const { architectures } = await fetched(() => import("./architectures.js"));
  const read = architectures.get(type);
  if (read) return read;
  const known = [...architectures.keys()].join(", ");
  throw failure(
    "unsupported-model",
    `config.json: the model_type ${shown(type)} is not implemented; known: ${known}`,
  );
}

/** Of both files' keys the generation_config.json's count, where it is there and has them, as in transformers. */
async function rulesOf(
  config: ConfigReader,
  generation: ConfigReader | undefined,
  native: NativeModelConfig,
): Promise<Pick<ModelDescription, "endIds" | "rules">> {
  const fileOf = (key: string): ConfigReader => (generation?.has(key) ? generation : config);
  const endIds = endIdsOf(fileOf("eos_token_id"), native.vocabularySize);
  const hasRules =
    native.numDecoderLayers !== undefined || ruleKeys.some((key) => fileOf(key).get(key) !== undefined);
  if (!hasRules) return { endIds, rules: undefined };
  const { readRules } = await fetched(() => import("./generation.js"));
  return { endIds, rules: readRules(String(config.get("model_type")), native, fileOf) };
}

/**
 * Reads a parsed config.json, and generation_config.json where there is one.
 *
 * Errors: "invalid-model" (a key is missing, of the wrong type or out of range), "unsupported-model" (another
 * model_type, an option that would change the result, more weights than WebAssembly memory holds).
 *
 * @example
 * (await readConfig(JSON.parse(text))).native.headDim; // hidden_size / num_attention_heads
 */
export async function readConfig(value: unknown, generationConfig?: unknown): Promise<ModelDescription> {
  const config = copied(value, "config.json");
  deepFreeze(config);
  const reader = new ConfigReader(config);
  const type = reader.get("model_type");
  if (typeof type !== "string") {
    throw failure("invalid-model", `config.json: "model_type" is ${shown(type)}; expected a name`);
  }
  const file = "generation_config.json";
  const generation =
    generationConfig === undefined ? undefined : new ConfigReader(copied(generationConfig, file), "", file);
  const read = await readerOf(type);
  const native = read(reader);
  const sizes = leastSizes(native);
  if (!couldFit(sizes, native)) {
    const size = ((sizes.ends + sizes.layers) / 2 ** 30).toPrecision(3);
    throw failure(
      "unsupported-model",
      `config.json: the weights take ${size} GiB; the engine has 2, and 2 in each of ${maxWorkers} workers`,
    );
  }
  return {
    config,
    architecture: type as Architecture,
    native,
    ...(await rulesOf(reader, generation, native)),
  };
}
