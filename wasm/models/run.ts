// A text that went through a model.

import { failure, shown } from "./errors.js";
import { largest, softmax } from "./probabilities.js";
import { headStatistics, rollout } from "./statistics.js";
import { joinWords } from "./words.js";
import { object } from "../check.js";
import { readRectangle } from "../window.js";
import type { CaptureName } from "../types.js";
import type { NativeForwardResult, NativeModelConfig, NativeWindow, TraceName } from "./native.js";
import type { HeadStatistics, Prediction, Run, RunWindow, Token, Word } from "./types.js";

/** What a run is made of. */
export interface RunParts {
  readonly config: NativeModelConfig;
  readonly result: NativeForwardResult;
  readonly tokens: readonly Token[];
  readonly words: readonly number[];
  readonly text: string | undefined;
  readonly pair: string | undefined;
  readonly isCausal: boolean;
  readonly separatorIds: ReadonlySet<number>;
  readonly tokenOf: (id: number) => string | undefined;
  /** Logits [vocabulary] of one final hidden state [model_dim]. */
  readonly logitsOf: (finalHidden: Float32Array) => Float32Array;
  /** Weights of one head, under the options of the run. */
  readonly windowOf: (layer: number, head: NativeWindow) => Float32Array;
}

/** A Run over the arrays of one forward pass. See the interface Run for the methods. */
export class ModelRun implements Run {
  readonly tokens: readonly Token[];
  readonly #parts: RunParts;
  readonly #logits = new Map<number, Float32Array>();

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.tokens = Object.freeze([...parts.tokens]);
    Object.freeze(this);
  }

  attention(layer: number, head: number, stage: CaptureName = "weights"): Float32Array {
    const { numLayers, numHeads } = this.#parts.config;
    const rowLength = stage === "logsumexp" ? 1 : this.tokens.length;
    const index = this.#index("layer", layer, numLayers) * numHeads + this.#index("head", head, numHeads);
    return this.#slice(stage, index, this.tokens.length * rowLength);
  }

  window(layer: number, head: number, options: RunWindow): Float32Array {
    const { windowOf, config } = this.#parts;
    const n = this.tokens.length;
    const at = this.#index("layer", layer, config.numLayers);
    const query = this.query(layer, head);
    object("options", options);
    return windowOf(at, {
      query,
      key: this.key(layer, head),
      logsumexp: this.attention(layer, head, "logsumexp"),
      ...readRectangle(options, n, n),
    });
  }

  query(layer: number, head: number): Float32Array {
    return this.#headSlice("query", layer, head, this.#parts.config.numHeads);
  }

  key(layer: number, head: number): Float32Array {
    return this.#headSlice("key", layer, head, this.#parts.config.numKvHeads);
  }

  value(layer: number, head: number): Float32Array {
    return this.#headSlice("value", layer, head, this.#parts.config.numKvHeads);
  }

  context(layer: number, head: number): Float32Array {
    return this.#headSlice("context", layer, head, this.#parts.config.numHeads);
  }

  hidden(layer: number): Float32Array {
    const { numLayers, modelDim } = this.#parts.config;
    return this.#slice("hidden", this.#index("layer", layer, numLayers + 1), this.tokens.length * modelDim);
  }

  attentionInput(layer: number): Float32Array {
    return this.#layerSlice("attentionInput", layer);
  }

  attentionOutput(layer: number): Float32Array {
    return this.#layerSlice("attentionOutput", layer);
  }

  logits(position: number): Float32Array {
    return this.#logitsAt(position).slice();
  }

  predictions(position: number, k = 5): Prediction[] {
    if (!Number.isInteger(k) || k < 1) {
      throw failure("invalid-argument", `k is ${shown(k)}; expected an integer of at least 1`);
    }
    if (this.#parts.config.isDiscriminator) {
      throw failure(
        "invalid-argument",
        "the model's head tells replaced tokens and predicts none; see logits()",
      );
    }
    const probabilities = softmax(this.#logitsAt(position));
    return largest(probabilities, Math.min(k, probabilities.length)).map((id) => ({
      id,
      token: this.#parts.tokenOf(id) ?? "",
      probability: probabilities[id] ?? 0,
    }));
  }

  words(): Word[] {
    const { words, text, pair } = this.#parts;
    return joinWords(this.tokens, words, text, pair);
  }

  rollout(): Float32Array {
    const { numLayers, numHeads } = this.#parts.config;
    return rollout(this.#traced("weights"), numLayers, numHeads, this.tokens.length);
  }

  headStatistics(layer: number, head: number): HeadStatistics {
    const { isCausal, separatorIds } = this.#parts;
    const ids = this.tokens.map(({ id }) => id);
    return headStatistics({ weights: this.attention(layer, head), ids, separatorIds, isCausal });
  }

  #index(name: string, value: number, count: number): number {
    if (Number.isInteger(value) && value >= 0 && value < count) return value;
    throw failure(
      "invalid-argument",
      `${name} is ${shown(value)}; expected an integer from 0 to ${count - 1}`,
    );
  }

  #traced(stage: TraceName): Float32Array {
    const values = Object.hasOwn(this.#parts.result, stage) ? this.#parts.result[stage] : undefined;
    if (values) return values;
    throw failure(
      "invalid-argument",
      `the stage ${shown(stage)} was not captured; ask for it: run(text, { capture: [${shown(stage)}] })`,
    );
  }

  #slice(stage: TraceName, index: number, size: number): Float32Array {
    return this.#traced(stage).slice(index * size, (index + 1) * size);
  }

  #layerSlice(stage: TraceName, layer: number): Float32Array {
    const { numLayers, modelDim } = this.#parts.config;
    return this.#slice(stage, this.#index("layer", layer, numLayers), this.tokens.length * modelDim);
  }

  #headSlice(stage: TraceName, layer: number, head: number, stored: number): Float32Array {
    const { numLayers, numHeads, headDim } = this.#parts.config;
    const first = this.#index("layer", layer, numLayers) * stored;
    // Query head h reads kv head floor(h / (Hq / Hkv)).
    const kept = Math.floor((this.#index("head", head, numHeads) * stored) / numHeads);
    return this.#slice(stage, first + kept, this.tokens.length * headDim);
  }

  #logitsAt(position: number): Float32Array {
    const { modelDim } = this.#parts.config;
    const at = this.#index("position", position, this.tokens.length);
    let logits = this.#logits.get(at);
    if (!logits) {
      logits = this.#parts.logitsOf(
        this.#parts.result.finalHidden.subarray(at * modelDim, (at + 1) * modelDim),
      );
      this.#logits.set(at, logits);
    }
    return logits;
  }
}
