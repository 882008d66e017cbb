// The config.json of GPT-NeoX and OPT under heed's names. The keys and their defaults are those of Hugging Face transformers
// (configuration_gpt_neox.py, configuration_opt.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import type { NativeModelConfig } from "./native.js";
import { readRotary, rotarySection } from "./rotary.js";

export function readGptNeox(config: ConfigReader): NativeModelConfig {
  const model = readSizes(config);
  const attentionBias = config.flag("attention_bias", true);
  const section = rotarySection(config);
  const share = section?.get("partial_rotary_factor") === undefined ? config : section;
  const key = share === config ? "rotary_pct" : "partial_rotary_factor";
  const dim = Math.trunc(model.headDim * share.positive(key, 0.25));
  if (dim > model.headDim) throw share.invalid(key, "a number of at most 1");
  return {
    ...model,
    architecture: "gpt_neox",
    feedForwardDim: config.size("intermediate_size"),
    normEpsilon: config.positive("layer_norm_eps", 1e-5),
    activation: config.choice("hidden_act", activations, "gelu"),
    tiedHead: config.flag("tie_word_embeddings", false),
    queryKeyValueBias: attentionBias,
    attentionOutputBias: attentionBias,
    hasParallelResidual: config.flag("use_parallel_residual", true),
    rotary: readRotary(section, dim, config.positive("rotary_emb_base", 10_000), model.maxLength),
  };
}

export function readOpt(config: ConfigReader): NativeModelConfig {
  config.allowOnly("layer_norm_elementwise_affine", [true]);
  config.allowOnly("_remove_final_layer_norm", [false]);
  const model = readSizes(config);
  const hasBias = config.flag("enable_bias", true);
  return {
    ...model,
    architecture: "opt",
    embeddingDim: config.size("word_embed_proj_dim", model.modelDim),
    feedForwardDim: config.size("ffn_dim"),
    normEpsilon: 1e-5,
    activation: config.choice("activation_function", activations, "relu"),
    tiedHead: config.flag("tie_word_embeddings", true),
    queryKeyValueBias: hasBias,
    attentionOutputBias: hasBias,
    feedForwardBias: hasBias,
    hasPreNorms: config.flag("do_layer_norm_before", true),
  };
}

/** The sizes that both have under the same names. */
function readSizes(config: ConfigReader) {
  const modelDim = config.size("hidden_size");
  const numHeads = config.size("num_attention_heads");
  return {
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.quotient("hidden_size", modelDim, "num_attention_heads", numHeads),
    modelDim,
    vocabularySize: config.size("vocab_size"),
    maxLength: config.size("max_position_embeddings"),
    numTokenTypes: 0,
  };
}
