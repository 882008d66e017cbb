// A text that went through a model.

import { demand } from "./argument.js";
import { failure } from "./errors.js";
import { largest } from "./probabilities.js";
import { headStatistics, rollout } from "./statistics.js";
import { indexOf, TracedLayers } from "./traced.js";
import { joinWords } from "./words.js";
import { object } from "../check.js";
import { readRectangle } from "../window.js";
import type { CaptureName, OwnFloat32Array } from "../types.js";
import type { HeadOutput, NativeForwardResult, NativeModelConfig, NativeWindow } from "./native.js";
import type { HeadStatistics, Prediction, Run, RunWindow, TargetRun, Token, Word } from "./types.js";

/** What a run is made of. */
export interface RunParts {
  /** With the layers of the stack that the text went through. */
  readonly config: NativeModelConfig;
  readonly result: NativeForwardResult;
  readonly tokens: readonly Token[];
  readonly words: readonly number[];
  readonly text: string | undefined;
  readonly pair: string | undefined;
  readonly isCausal: boolean;
  readonly separatorIds: ReadonlySet<number>;
  readonly tokenOf: (id: number) => string | undefined;
  /** Of one final hidden state [model_dim]: [vocabulary]. */
  readonly headOf: (finalHidden: Float32Array, output: HeadOutput) => OwnFloat32Array;
  readonly scaleOf: (layer: number) => number;
  /** Weights of one head, under the options of the run. */
  readonly windowOf: (head: Omit<NativeWindow, "isDecoder">) => OwnFloat32Array;
  readonly target?: TargetRun | undefined;
}

/** A Run over the arrays of one forward pass. See the interface Run for the methods. */
export class ModelRun implements Run {
  readonly tokens: readonly Token[];
  readonly target: TargetRun | undefined;
  readonly #parts: RunParts;
  readonly #layers: TracedLayers;

  constructor(parts: RunParts) {
    const n = parts.tokens.length;
    this.#parts = parts;
    this.#layers = new TracedLayers(parts.result, parts.config, n, n);
    this.tokens = Object.freeze([...parts.tokens]);
    this.target = parts.target;
    if (new.target === ModelRun) Object.freeze(this);
  }

  attention(layer: number, head: number, stage: CaptureName = "weights"): OwnFloat32Array {
    return this.#layers.attention(layer, head, stage);
  }

  window(layer: number, head: number, options: RunWindow): OwnFloat32Array {
    const n = this.tokens.length;
    const query = this.query(layer, head);
    object("options", options);
    return this.#parts.windowOf({
      layer,
      index: head,
      query,
      key: this.key(layer, head),
      logsumexp: this.attention(layer, head, "logsumexp"),
      ...readRectangle(options, n, n),
    });
  }

  query(layer: number, head: number): OwnFloat32Array {
    return this.#layers.query(layer, head);
  }

  key(layer: number, head: number): OwnFloat32Array {
    return this.#layers.key(layer, head);
  }

  value(layer: number, head: number): OwnFloat32Array {
    return this.#layers.value(layer, head);
  }

  context(layer: number, head: number): OwnFloat32Array {
    return this.#layers.context(layer, head);
  }

  hidden(layer: number): OwnFloat32Array {
    return this.#layers.hidden(layer);
  }

  attentionInput(layer: number): OwnFloat32Array {
    return this.#layers.stream("attentionInput", layer);
  }

  attentionOutput(layer: number): OwnFloat32Array {
    return this.#layers.stream("attentionOutput", layer);
  }

  headOutput(layer: number, head: number): OwnFloat32Array {
    return this.#layers.headOutput(layer, head);
  }

  scale(layer: number): number {
    return this.#parts.scaleOf(indexOf("layer", layer, this.#parts.config.numLayers));
  }

  logits(position: number): OwnFloat32Array {
    return this.#headAt(position, "logits");
  }

  predictions(position: number, k = 5): Prediction[] {
    demand(Number.isInteger(k) && k >= 1, "k", k, "an integer of at least 1");
    if (this.#parts.config.isDiscriminator) {
      throw failure(
        "invalid-argument",
        "the model's head tells replaced tokens and predicts none; see logits()",
      );
    }
    const probabilities = this.#headAt(position, "probabilities");
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

  rollout(): OwnFloat32Array {
    const { numLayers, numHeads } = this.#parts.config;
    return rollout(this.#layers.all("weights"), numLayers, numHeads, this.tokens.length);
  }

  headStatistics(layer: number, head: number): HeadStatistics {
    const { isCausal, separatorIds } = this.#parts;
    const ids = this.tokens.map(({ id }) => id);
    return headStatistics({ weights: this.attention(layer, head), ids, separatorIds, isCausal });
  }

  #headAt(position: number, output: HeadOutput): OwnFloat32Array {
    const { config, result, headOf } = this.#parts;
    const { modelDim } = config;
    const at = indexOf("position", position, this.tokens.length);
    return headOf(result.finalHidden.subarray(at * modelDim, (at + 1) * modelDim), output);
  }
}

/** The target text of an encoder-decoder, of `sourceLength` tokens' source. See the interface TargetRun. */
export class TargetModelRun extends ModelRun implements TargetRun {
  declare readonly target: undefined;
  readonly #cross: TracedLayers;

  constructor(parts: RunParts, sourceLength: number) {
    super(parts);
    const { result, config, tokens } = parts;
    this.#cross = new TracedLayers(result.cross ?? {}, config, tokens.length, sourceLength);
    Object.freeze(this);
  }

  crossAttention(layer: number, head: number, stage: CaptureName = "weights"): OwnFloat32Array {
    return this.#cross.attention(layer, head, stage);
  }

  crossQuery(layer: number, head: number): OwnFloat32Array {
    return this.#cross.query(layer, head);
  }

  crossKey(layer: number, head: number): OwnFloat32Array {
    return this.#cross.key(layer, head);
  }

  crossValue(layer: number, head: number): OwnFloat32Array {
    return this.#cross.value(layer, head);
  }

  crossContext(layer: number, head: number): OwnFloat32Array {
    return this.#cross.context(layer, head);
  }

  crossHeadOutput(layer: number, head: number): OwnFloat32Array {
    return this.#cross.headOutput(layer, head);
  }

  crossAttentionInput(layer: number): OwnFloat32Array {
    return this.#cross.stream("attentionInput", layer);
  }

  crossAttentionOutput(layer: number): OwnFloat32Array {
    return this.#cross.stream("attentionOutput", layer);
  }
}
