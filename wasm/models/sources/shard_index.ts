// The names that weights have in a folder, and the index of those that are in several files.

import { failure, shown } from "../errors.js";
import { isRecord } from "../kinds.js";

export const weightsName = "model.safetensors";
export const indexName = "model.safetensors.index.json";
const maxShards = 1000;

/** The names of the shards in a model.safetensors.index.json. Errors: "invalid-model". */
export function shardNames(index: unknown): string[] {
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (!isRecord(map)) {
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
