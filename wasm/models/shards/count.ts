// Over how many workers a model is split.

import { coreCount } from "../../pool/thread.js";
import type { NativeModelConfig } from "../native.js";
import type { LoadOptions } from "../types.js";

const maxWorkers = 8;

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
