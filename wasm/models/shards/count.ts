// Over how many workers a model is split.

import { coreCount } from "../../pool/thread.js";
import type { NativeModelConfig } from "../native.js";
import type { LoadOptions } from "../types.js";

const maxWorkers = 8;

// Below, a short text or one new token is as fast on the calling thread. Measured on two busy cores, so as processor time,
// which two shards halve; a model of 10.6 million weights (6 layers, 384), one instance / two shards together. Node 24: 16
// tokens 9.7 / 11.6 ms, 128 tokens 58 / 63 ms, 20 generated 37 / 51 ms. Chromium 156: 10 / 13, 63 / 75, 39 / 59. Of 3.1
// million (4 layers, 256), Node: 2.8 / 3.6, 18 / 21, 9.3 / 17. BERT-base, 85 million, 128 tokens: 470 / 491 ms in Node, 455
// / 520 in Chromium.
const leastLayerWeights = 2 ** 23;

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
