// config.json of the architectures that the bundled models have. The keys and their defaults are those of Hugging Face
// transformers 5.12 (configuration_bert.py, _gpt2.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import type { NativeModelConfig } from "./native.js";

/** BERT's, and what its kin has of it. */
export function readEncoder(config: ConfigReader, architecture: string): NativeModelConfig {
  config.allowOnly("position_embedding_type", ["absolute"]);
  config.allowOnly("is_decoder", [false]);
  config.allowOnly("add_cross_attention", [false]);
  config.allowOnlyEmpty("pruned_heads");
  const modelDim = config.size("hidden_size");
  const numHeads = config.size("num_attention_heads");
  return {
    architecture,
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.quotient("hidden_size", modelDim, "num_attention_heads", numHeads),
    modelDim,
    feedForwardDim: config.size("intermediate_size"),
    vocabularySize: config.size("vocab_size"),
    maxLength: config.size("max_position_embeddings"),
    numTokenTypes: config.size("type_vocab_size", 2),
    normEpsilon: config.positive("layer_norm_eps", 1e-12),
    activation: config.choice("hidden_act", activations, "gelu"),
    tiedHead: config.flag("tie_word_embeddings", true),
  };
}

export const readBert = (config: ConfigReader): NativeModelConfig => readEncoder(config, "bert");

// reorder_and_upcast_attn only moves a rounding, so that it needs no check.
export function readGpt2(config: ConfigReader): NativeModelConfig {
  config.allowOnly("add_cross_attention", [false]);
  config.allowOnlyEmpty("pruned_heads");
  const modelDim = config.size("n_embd");
  const numHeads = config.size("n_head");
  return {
    architecture: "gpt2",
    numLayers: config.size("n_layer"),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.quotient("n_embd", modelDim, "n_head", numHeads),
    modelDim,
    feedForwardDim: config.size("n_inner", 4 * modelDim),
    vocabularySize: config.size("vocab_size"),
    maxLength: config.size("n_positions"),
    numTokenTypes: 0,
    normEpsilon: config.positive("layer_norm_epsilon", 1e-5),
    activation: config.choice("activation_function", activations, "gelu_new"),
    tiedHead: config.flag("tie_word_embeddings", true),
    ...(config.flag("scale_attn_weights", true) ? {} : { attentionScale: 1 }),
    scaleAttentionByLayer: config.flag("scale_attn_by_inverse_layer_idx", false),
  };
}
