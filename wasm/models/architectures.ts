// config.json under heed's names, an architecture at a time. The keys and their defaults are those of Hugging Face
// transformers (configuration_bert.py, configuration_gpt2.py).

import { ConfigReader } from "./config_reader.js";
import type { NativeModelConfig } from "./native.js";
import type { Architecture } from "./types.js";

type Activation = NativeModelConfig["activation"];

// transformers' names for what the kernels compute; those that differ in more than rounding are not here.
const activations: ReadonlyMap<string, Activation> = new Map([
  ["relu", "relu"],
  ["gelu", "gelu"],
  ["gelu_python", "gelu"],
  ["gelu_new", "gelu_tanh"],
  ["gelu_fast", "gelu_tanh"],
  ["gelu_accurate", "gelu_tanh"],
  ["gelu_pytorch_tanh", "gelu_tanh"],
  ["silu", "silu"],
  ["swish", "silu"],
]);

function readBert(config: ConfigReader): NativeModelConfig {
  config.allowOnly("position_embedding_type", ["absolute"]);
  config.allowOnly("is_decoder", [false]);
  config.allowOnly("add_cross_attention", [false]);
  config.allowOnlyEmpty("pruned_heads");
  const modelDim = config.size("hidden_size");
  const numHeads = config.size("num_attention_heads");
  return {
    architecture: "bert",
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
    scaleAttention: true,
    scaleAttentionByLayer: false,
  };
}

// reorder_and_upcast_attn only moves a rounding, so that it needs no check.
function readGpt2(config: ConfigReader): NativeModelConfig {
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
    scaleAttention: config.flag("scale_attn_weights", true),
    scaleAttentionByLayer: config.flag("scale_attn_by_inverse_layer_idx", false),
  };
}

/** How to read a config.json, by its model_type. */
export const architectures: ReadonlyMap<string, (config: ConfigReader) => NativeModelConfig> = new Map<
  Architecture,
  (config: ConfigReader) => NativeModelConfig
>([
  ["bert", readBert],
  ["gpt2", readGpt2],
]);
