// The config.json of Gemma, Gemma 2 and the text models of Gemma 3 under heed's names: Llama's layer and what they add to it.
// The keys and their defaults are those of Hugging Face transformers (configuration_gemma.py, configuration_gemma2.py,
// configuration_gemma3.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import { readFamily, readSliding } from "./llama_config.js";
import type { NativeModelConfig } from "./native.js";
import { readRotary } from "./rotary.js";

/** Errors of all: as readLlama's. */
export function readGemma(config: ConfigReader): NativeModelConfig {
  config.allowOnly("use_bidirectional_attention", [false]);
  const attentionBias = config.flag("attention_bias", false);
  const model = readFamily(config, 256);
  return {
    ...model,
    // Gemma's first config.json has a hidden_act that it was not trained with.
    activation: config.choice("hidden_activation", activations, "gelu_pytorch_tanh"),
    tiedHead: config.flag("tie_word_embeddings", true),
    queryKeyValueBias: attentionBias,
    attentionOutputBias: attentionBias,
    normGainOffset: 1,
    embeddingScale: Math.sqrt(model.modelDim),
  };
}

export function readGemma2(config: ConfigReader): NativeModelConfig {
  return {
    ...readGemma(config),
    ...readSliding(config, (layer) => layer % 2 === 0),
    hasPostNorms: true,
    attentionScale: 1 / Math.sqrt(config.positive("query_pre_attn_scalar", 256)),
    attentionSoftcap: config.positiveOrOff("attn_logit_softcapping", 50),
    logitSoftcap: config.positiveOrOff("final_logit_softcapping", 30),
  };
}

export function readGemma3(config: ConfigReader): NativeModelConfig {
  const pattern = config.size("sliding_window_pattern", config.size("_sliding_window_pattern", 6));
  const model = readGemma(config);
  const { headDim, maxLength } = model;
  const nested = config.section("rope_parameters");
  const full = config.section("rope_scaling") ?? nested?.section("full_attention");
  const base = config.positive("rope_theta", 1_000_000);
  const slidingBase = config.positive("rope_local_base_freq", 10_000);
  return {
    ...model,
    ...readSliding(config, (layer) => (layer + 1) % pattern !== 0),
    hasPostNorms: true,
    hasQueryKeyNorm: true,
    attentionScale: 1 / Math.sqrt(config.positive("query_pre_attn_scalar", 256)),
    attentionSoftcap: config.positiveOrOff("attn_logit_softcapping", 0),
    logitSoftcap: config.positiveOrOff("final_logit_softcapping", 0),
    rotary: readRotary(full, headDim, base, maxLength),
    slidingRotary: readRotary(nested?.section("sliding_attention"), headDim, slidingBase, maxLength),
  };
}
