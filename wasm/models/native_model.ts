// A model in an instance of its own: checked calls, and what becomes of it when the instance or its engine ends.

import { isDisposed } from "../disposed.js";
import { requireMemory } from "../estimate.js";
import type { Host } from "../host.js";
import type { NativeStatus } from "../native.js";
import type { Engine } from "../types.js";
import { failure } from "./errors.js";
import type {
  ModelsModule,
  NativeForwardResult,
  NativeModel,
  NativeModelConfig,
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

/** `host` becomes the model's own. `engine`: where one was given, the model ends with it. */
export function createModel(
  host: Host<ModelsModule>,
  config: NativeModelConfig,
  engine: Engine | undefined,
): NativeModel {
  const alive = () => {
    if (engine && (engine as Engine & { [isDisposed]?: boolean })[isDisposed]) host.dispose();
    return !host.disposed && !host.crashed;
  };
  const checked = <T extends NativeStatus>(work: (native: ModelsModule) => T): T => {
    if (alive()) return host.checked(work);
    throw host.disposed
      ? failure("disposed", "the model, or the engine it was given, has been disposed of")
      : failure("crashed", "the model was lost when its WebAssembly instance crashed");
  };
  const { handle, isCausal } = checked((native) => native.createModel(config));
  let hasHead = false;

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
    get memory() {
      return alive() ? host.memory : { heapBytes: 0, usedBytes: 0 };
    },
    dispose() {
      host.dispose();
    },
  };
}
