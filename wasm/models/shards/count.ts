// Over how many workers a model is split.

import { coreCount } from "../../pool/thread.js";
import type { NativeModelConfig } from "../native.js";
import type { LoadOptions } from "../types.js";

const maxWorkers = 8;

// Below, a token at a time is as fast on the calling thread: two shards exchange sums twice a layer, at some 0.1 ms. Measured
// in Node 24 on two cores, one instance / two shards. BERT-base, 85 million, 128 tokens: 430 / 225 ms (Chromium 156: 434 /
// 247). GPT-2, as large, 24 tokens generated: 511 / 392 ms. 10.6 million (6 layers, 384), 16 tokens: 9.9 / 5.8 ms, but 20
// generated: 35 / 37 ms.
const leastLayerWeights = 2 ** 24;

/** 0: the calling thread has all of it. */
export function shardCount(config: NativeModelConfig, workers: LoadOptions["workers"] = "auto"): number {
  const { numKvHeads, feedForwardDim } = config;
  // Every shard has a head at least.
  const most = Math.min(numKvHeads, feedForwardDim);
  if (workers !== "auto") return Math.min(workers, most);
  const cores = Math.min(coreCount(), maxWorkers, most);
  return cores > 1 && layerWeights(config) >= leastLayerWeights ? cores : 0;
}

/** The weights of the linear layers, which most of a pass's time is for. */
function layerWeights(config: NativeModelConfig): number {
  const { numLayers, modelDim, numHeads, numKvHeads, headDim, feedForwardDim } = config;
  return numLayers * modelDim * (2 * (numHeads + numKvHeads) * headDim + 2 * feedForwardDim);
}
