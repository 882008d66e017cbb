// The arrays of a forward pass, by layer and head.

import { demand } from "./argument.js";
import { failure, shown } from "./errors.js";
import { isIndex } from "./kinds.js";
import { attentionStages } from "./run_options.js";
import type { CaptureName, OwnFloat32Array } from "../types.js";
import type { NativeModelConfig, Traced, TraceName } from "./native.js";

type Sizes = Pick<NativeModelConfig, "numLayers" | "numHeads" | "numKvHeads" | "headDim" | "modelDim">;

/** An index, checked. Errors: "invalid-argument". */
export function indexOf(name: string, value: number, count: number): number {
  demand(isIndex(value, count), name, value, `an integer from 0 to ${count - 1}`);
  return value;
}

/** One kind of attention in every layer of a stack, `queries` tokens to `keys`. Results are copies. */
export class TracedLayers {
  constructor(
    readonly result: Traced,
    readonly sizes: Sizes,
    readonly queries: number,
    readonly keys: number,
  ) {}

  /** [queries, keys]; "logsumexp": [queries]. */
  attention(layer: number, head: number, stage: CaptureName): OwnFloat32Array {
    demand(attentionStages.includes(stage), "stage", stage, attentionStages.join(", "));
    const rowLength = stage === "logsumexp" ? 1 : this.keys;
    return this.#slice(stage, this.#place(layer, head), this.queries * rowLength);
  }

  query(layer: number, head: number): OwnFloat32Array {
    return this.#headSlice("query", layer, head, this.sizes.numHeads, this.queries);
  }

  key(layer: number, head: number): OwnFloat32Array {
    return this.#headSlice("key", layer, head, this.sizes.numKvHeads, this.keys);
  }

  value(layer: number, head: number): OwnFloat32Array {
    return this.#headSlice("value", layer, head, this.sizes.numKvHeads, this.keys);
  }

  context(layer: number, head: number): OwnFloat32Array {
    return this.#headSlice("context", layer, head, this.sizes.numHeads, this.queries);
  }

  /** [queries, model_dim] */
  headOutput(layer: number, head: number): OwnFloat32Array {
    return this.#slice("headOutputs", this.#place(layer, head), this.queries * this.sizes.modelDim);
  }

  /** [queries, model_dim] */
  hidden(layer: number): OwnFloat32Array {
    return this.#streamSlice("hidden", layer, this.sizes.numLayers + 1);
  }

  /** [queries, model_dim] */
  stream(stage: "attentionInput" | "attentionOutput", layer: number): OwnFloat32Array {
    return this.#streamSlice(stage, layer, this.sizes.numLayers);
  }

  /** All of a stage. Errors: "invalid-argument" where it was not captured. */
  all(stage: TraceName): Float32Array {
    const values = Object.hasOwn(this.result, stage) ? this.result[stage] : undefined;
    if (values) return values;
    throw failure(
      "invalid-argument",
      `${shown(stage)} was not captured; ask for it: run(text, { capture: [${shown(stage)}] })`,
    );
  }

  #place(layer: number, head: number): number {
    const { numLayers, numHeads } = this.sizes;
    return indexOf("layer", layer, numLayers) * numHeads + indexOf("head", head, numHeads);
  }

  #slice(stage: TraceName, index: number, size: number): OwnFloat32Array {
    return this.all(stage).slice(index * size, (index + 1) * size);
  }

  #streamSlice(stage: TraceName, layer: number, count: number): OwnFloat32Array {
    return this.#slice(stage, indexOf("layer", layer, count), this.queries * this.sizes.modelDim);
  }

  #headSlice(stage: TraceName, layer: number, head: number, stored: number, rows: number): OwnFloat32Array {
    const { numLayers, numHeads, headDim } = this.sizes;
    const first = indexOf("layer", layer, numLayers) * stored;
    // Query head h reads kv head floor(h / (Hq / Hkv)).
    const kept = Math.floor((indexOf("head", head, numHeads) * stored) / numHeads);
    return this.#slice(stage, first + kept, rows * headDim);
  }
}
