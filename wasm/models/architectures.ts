// config.json under heed's names, an architecture at a time. The keys and their defaults are those of Hugging Face
// transformers (configuration_gpt2.py; the encoders' in encoder_configs.ts).

import { activations } from "./activations.js";
import { ConfigReader } from "./config_reader.js";
import { readBart, readMarian, readT5 } from "./encoder_decoder_configs.js";
import { readBert, readDistilBert, readElectra, readRoberta } from "./encoder_configs.js";
import { readGptNeox, readOpt } from "./decoder_configs.js";
import { readGemma, readGemma2, readGemma3 } from "./gemma_config.js";
import { readLlama, readMistral, readQwen2, readQwen3 } from "./llama_config.js";
import type { NativeModelConfig } from "./native.js";
import type { Architecture } from "./types.js";

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
    ...(config.flag("scale_attn_weights", true) ? {} : { attentionScale: 1 }),
    scaleAttentionByLayer: config.flag("scale_attn_by_inverse_layer_idx", false),
  };
}

/** How to read a config.json, by its model_type. */
export const architectures: ReadonlyMap<string, (config: ConfigReader) => NativeModelConfig> = new Map<
  Architecture,
  (config: ConfigReader) => NativeModelConfig
>([
  ["bert", readBert],
  ["camembert", readRoberta],
  ["distilbert", readDistilBert],
  ["electra", readElectra],
  ["roberta", readRoberta],
  ["xlm-roberta", readRoberta],
  ["gpt2", readGpt2],
  ["llama", readLlama],
  ["mistral", readMistral],
  ["qwen2", readQwen2],
  ["qwen3", readQwen3],
  ["gemma", readGemma],
  ["gemma2", readGemma2],
  ["gemma3_text", readGemma3],
  ["gpt_neox", readGptNeox],
  ["opt", readOpt],
  ["bart", readBart],
  ["marian", readMarian],
  ["mt5", readT5],
  ["t5", readT5],
]);
