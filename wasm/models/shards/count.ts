// Over how many workers a model is split.

import { coreCount } from "../../pool/thread.js";
import type { NativeModelConfig } from "../native.js";
import type { LoadOptions } from "../types.js";

export const maxWorkers = 8;

// Below, a token at a time is as fast on the calling thread: two shards exchange sums twice a layer, at some 0.1 ms. Measured
// in Node 24 on two cores, one instance / two shards. BERT-base, 85 million, 128 tokens: 430 / 225 ms (Chromium 156: 434 /
// 247). GPT-2, as large, 24 tokens generated: 511 / 392 ms. 10.6 million (6 layers, 384), 16 tokens: 9.9 / 5.8 ms, but 20
// generated: 35 / 37 ms.
const leastLayerWeights = 2 ** 24;

/** Every shard has a head at least, and a column. */
export function mostShards({ numKvHeads, feedForwardDim }: NativeModelConfig): number {
  return Math.min(numKvHeads, feedForwardDim);
}

/** 0: the calling thread has all of it. `fits`: whether so many shards hold it; too large a model gets as many as it takes. */
export function shardCount(
  config: NativeModelConfig,
  workers: LoadOptions["workers"] = "auto",
  fits: (count: number) => boolean = () => true,
): number {
  const all = mostShards(config);
  if (workers !== "auto") return Math.min(workers, all);
  const most = Math.min(maxWorkers, all);
  const cores = Math.min(coreCount(), most);
  let count = cores > 1 && layerWeights(config) >= leastLayerWeights ? cores : 0;
  while (count < most && !fits(count)) ++count;
  return count;
}

/** The weights of the linear layers, which most of a pass's time is for. */
function layerWeights(config: NativeModelConfig): number {
  const { numLayers, numDecoderLayers = 0, modelDim, numHeads, numKvHeads, headDim, feedForwardDim } = config;
  const attention = 2 * (numHeads + numKvHeads) * headDim;
  const layer = attention + 2 * feedForwardDim;
  return modelDim * (numLayers * layer + numDecoderLayers * (layer + attention));
}
