// Whether a model's weights find room: an instance has 2 GiB, and over workers there are several. Known from the config and
// the headers of the weights, before their data is asked for.

import { maximumMemory } from "../host.js";
import { failure } from "./errors.js";
import type { NativeModelConfig } from "./native.js";
import type { SafetensorsHeader, TensorInfo } from "./safetensors.js";
import { maxWorkers, mostShards, shardCount } from "./shards/count.js";
import type { LoadOptions } from "./types.js";
import { isReadable } from "./weights.js";

/** Bytes of weights by the parts of a model: what the calling thread keeps, and what shards share out. */
export interface PartSizes {
  /** The tables of tokens and the head. */
  readonly ends: number;
  readonly layers: number;
}

/** Of a checkpoint, those it has no use for included. What is as long as a vocabulary is taken for a table of tokens. */
export function partSizes(files: readonly SafetensorsHeader[], config: NativeModelConfig): PartSizes {
  const { vocabularySize, decoderVocabularySize = vocabularySize } = config;
  const isEnd = ({ shape }: TensorInfo): boolean =>
    shape.includes(vocabularySize) || shape.includes(decoderVocabularySize);
  let [ends, layers] = [0, 0];
  for (const tensor of files.flatMap(({ tensors }) => tensors)) {
    const bytes = isReadable(tensor.dtype) ? tensor.end - tensor.begin : 0;
    if (isEnd(tensor)) ends += bytes;
    else layers += bytes;
  }
  return { ends, layers };
}

/** The least that a config's weights take: 16 bits each, and no more than its matrices. */
export function leastSizes(config: NativeModelConfig): PartSizes {
  const { modelDim, numHeads, numKvHeads, headDim, feedForwardDim, numLayers, numDecoderLayers = 0 } = config;
  const attention = modelDim * 2 * (numHeads + numKvHeads) * headDim;
  const layer = attention + modelDim * 2 * feedForwardDim;
  const tokens = config.vocabularySize + (config.decoderVocabularySize ?? 0);
  return {
    ends: 2 * tokens * modelDim,
    layers: 2 * (numLayers * layer + numDecoderLayers * (layer + attention)),
  };
}

/** Bytes of weights in the fullest of the instances: the calling thread's, and `count` shards'. */
function fullest({ ends, layers }: PartSizes, config: NativeModelConfig, count: number): number {
  if (count === 0) return ends + layers;
  const share = (things: number): number => Math.ceil(things / count) / things;
  const largest = Math.max(share(config.numKvHeads), share(config.feedForwardDim));
  return Math.max(ends, Math.ceil(layers * largest));
}

/** Whether any number of workers could hold it. */
export function couldFit(sizes: PartSizes, config: NativeModelConfig): boolean {
  const most = Math.min(maxWorkers, mostShards(config));
  return Math.min(fullest(sizes, config, 0), fullest(sizes, config, most)) <= maximumMemory;
}

/** Over how many workers to split: as asked for, or as many as are worth it, or as many as it takes. */
export function shardsFor(
  sizes: PartSizes,
  config: NativeModelConfig,
  workers: LoadOptions["workers"],
): number {
  return shardCount(config, workers, (count) => fullest(sizes, config, count) <= maximumMemory);
}

/** Whether so many shards hold it, and options.maxBytes allows it. */
export function fits(
  sizes: PartSizes,
  config: NativeModelConfig,
  count: number,
  maxBytes = Infinity,
): boolean {
  return sizes.ends + sizes.layers <= maxBytes && fullest(sizes, config, count) <= maximumMemory;
}

/** Refuses what does not fit. Errors: "out-of-memory", with the figures. */
export function requireRoom(
  sizes: PartSizes,
  config: NativeModelConfig,
  count: number,
  maxBytes: number | undefined,
): void {
  if (fits(sizes, config, count, maxBytes)) return;
  const mib = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const all = sizes.ends + sizes.layers;
  const what = "the model's weights take";
  if (maxBytes !== undefined && all > maxBytes) {
    throw failure("out-of-memory", `${what} ${all} bytes; options.maxBytes is ${maxBytes}`);
  }
  const split =
    count > 0 ? ` (over ${count} workers ${mib(fullest(sizes, config, count))} in one instance)` : "";
  const limit = `the engine has ${mib(maximumMemory)}${count > 0 ? " in each" : ""}`;
  throw failure("out-of-memory", `${what} ${mib(all)}${split}; ${limit}`);
}
