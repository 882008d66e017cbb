// A model inside an engine's instance, and what happens to it when that instance is replaced.

import { HeedError } from "./errors.js";
import { requireMemory } from "./estimate.js";
import type { Host } from "./host.js";
import type {
  NativeForwardResult,
  NativeModel,
  NativeModelConfig,
  NativeModule,
  NativeStatus,
  TraceName,
} from "./native.js";

/** Stages of [tokens, tokens] a head: what can outgrow memory, and a 32-bit size. */
const matrixStages: ReadonlySet<TraceName> = new Set([
  "products",
  "scores",
  "cappedScores",
  "maskedScores",
  "weights",
] as const);

export function createModel(host: Host, config: NativeModelConfig): NativeModel {
  const { handle, isCausal } = host.checked((native) => native.createModel(config));
  const { generation } = host;
  let disposed = false;
  let hasHead = false;

  // The handle is an address in one instance's memory: it must never reach another.
  const alive = () => !disposed && !host.disposed && host.generation === generation;
  const checked = <T extends NativeStatus>(work: (native: NativeModule) => T): T => {
    if (disposed)
      throw new HeedError("disposed", "the model has been disposed of: load it again with loadModel()");
    if (!host.disposed && !alive())
      throw new HeedError("crashed", "the model was lost when its WebAssembly instance crashed");
    return host.checked(work);
  };

  return {
    get alive() {
      return alive();
    },
    isCausal,
    get hasHead() {
      return hasHead;
    },
    setWeight(name, dtype, shape, bytes) {
      checked((native) => native.setWeight(handle, name, dtype, shape, bytes));
    },
    finish() {
      ({ hasHead } = checked((native) => native.finishModel(handle)));
    },
    forward(tokenIds, options): NativeForwardResult {
      const { numLayers, numHeads, modelDim } = config;
      const matrices = options.trace.filter((name) => matrixStages.has(name)).length;
      const perToken = numLayers * (matrices * numHeads * tokenIds.length + options.trace.length * modelDim);
      if (alive()) requireMemory("run()", 4 * tokenIds.length * perToken, host);
      return checked((native) => native.forward(handle, tokenIds, options));
    },
    logits(finalHidden) {
      return checked((native) => native.logits(handle, finalHidden)).output;
    },
    resetCache(capacity) {
      checked((native) => native.resetCache(handle, capacity));
    },
    dispose() {
      if (alive()) host.call((native) => native.disposeModel(handle));
      disposed = true;
    },
  };
}
