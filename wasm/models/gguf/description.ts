// What a GGUF file says of its model, by its keys and by which tensors it has.

import { shown } from "../errors.js";
import { isNumbers, type Metadata } from "./metadata.js";
import type { GgufTensor } from "./header.js";

/** A part of a config.json. */
export type Config = Record<string, unknown>;

/** What a file says, looked up as it is needed. */
export class Description {
  readonly metadata: Metadata;
  readonly #tensors: ReadonlyMap<string, GgufTensor>;

  /** What the rotary frequencies are divided by, where a tensor says so. */
  readonly factors: Float32Array | undefined;

  constructor(metadata: Metadata, tensors: readonly GgufTensor[], factors: Float32Array | undefined) {
    this.metadata = metadata;
    this.factors = factors;
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Rows of a tensor. Errors: "invalid-model" (there is no such tensor). */
  rows(name: string): number {
    const rows = this.#tensors.get(name)?.shape[0];
    if (rows === undefined) throw this.metadata.invalid("general.architecture", `a tensor "${name}" with it`);
    return rows;
  }

  get vocabularySize(): number {
    return this.rows("token_embd.weight");
  }

  get numHeads(): number {
    return this.metadata.numHeads;
  }

  get headDim(): number {
    return this.metadata.headDim;
  }

  /** Ids of the tokens that begin and end texts, where the file says. */
  tokenIds(): Config {
    const id = (name: string): number | undefined =>
      this.metadata.tokenId(`tokenizer.ggml.${name}_token_id`, this.vocabularySize);
    return { bos_token_id: id("bos") ?? null, eos_token_id: id("eos") ?? null };
  }

  /** Layers that look back a window only, of a file that says which; else undefined. */
  layerTypes(): string[] | undefined {
    const { metadata } = this;
    const key = "attention.sliding_window_pattern";
    const pattern = metadata.get(key);
    if (pattern === undefined) return undefined;
    const numLayers = metadata.size("block_count");
    // A number n: every n-th layer looks at all there is.
    const period = isNumbers(pattern) ? undefined : metadata.size(key);
    const marks = period === undefined ? metadata.numbers(key, numLayers) : undefined;
    return Array.from({ length: numLayers }, (_, layer) => {
      const slides = period === undefined ? marks?.[layer] === 1 : (layer + 1) % period !== 0;
      return slides ? "sliding_attention" : "full_attention";
    });
  }
}

// Keys that change what a model computes, and the values with which they don't.
const neutral: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["expert_count", 0],
  ["attention.clamp_kqv", 0],
  ["attention.max_alibi_bias", 0],
  ["attention.scale", 0],
  ["attention.temperature_scale", 0],
  ["attention.key_length_mla", 0],
  ["logit_scale", 1],
  ["residual_scale", 1],
  ["embedding_scale", 1],
  ["rope.scale_linear", 1],
]);

/** Errors: "unsupported-model" (a key with a meaning that is not implemented). */
export function refuseUnknown({ metadata }: Description): void {
  for (const [key, value] of neutral) {
    const found = metadata.get(key);
    if (found === undefined || found === value) continue;
    throw metadata.unsupported(`"${metadata.architecture}.${key}" ${shown(found)} is not implemented`);
  }
}
