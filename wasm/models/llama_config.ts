// The config.json of the Llama family under heed's names. The keys and their defaults are those of Hugging Face transformers
// (configuration_llama.py, configuration_mistral.py, configuration_qwen2.py, configuration_qwen3.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import { failure, shown } from "./errors.js";
import type { NativeModelConfig } from "./native.js";
import { readRotary, rotarySection } from "./rotary.js";

export function readLlama(config: ConfigReader): NativeModelConfig {
  const attentionBias = config.flag("attention_bias", false);
  return {
    ...readFamily(config),
    queryKeyValueBias: attentionBias,
    attentionOutputBias: attentionBias,
    feedForwardBias: config.flag("mlp_bias", false),
  };
}

export function readMistral(config: ConfigReader): NativeModelConfig {
  const model = readFamily(config);
  if (config.get("sliding_window") === undefined) return model;
  const slidingLayers = Array.from({ length: model.numLayers }, () => 1);
  return { ...model, window: config.size("sliding_window"), slidingLayers };
}

export function readQwen2(config: ConfigReader): NativeModelConfig {
  return { ...readFamily(config), ...readQwenWindow(config), queryKeyValueBias: true };
}

export function readQwen3(config: ConfigReader): NativeModelConfig {
  const attentionBias = config.flag("attention_bias", false);
  return {
    ...readFamily(config, 128),
    ...readQwenWindow(config),
    queryKeyValueBias: attentionBias,
    attentionOutputBias: attentionBias,
    hasQueryKeyNorm: true,
  };
}

/** What all have in common. `headDim`: where the config has none; default: what the heads divide the width into. */
export function readFamily(config: ConfigReader, headDim?: number): NativeModelConfig {
  config.allowOnly("partial_rotary_factor", [1]);
  const modelDim = config.size("hidden_size");
  const numHeads = config.size("num_attention_heads");
  const isDivided = headDim === undefined && config.get("head_dim") === undefined;
  const dim = isDivided
    ? config.quotient("hidden_size", modelDim, "num_attention_heads", numHeads)
    : config.size("head_dim", headDim);
  const maxLength = config.size("max_position_embeddings");
  const rotary = rotarySection(config);
  rotary?.allowOnly("partial_rotary_factor", [1]);
  return {
    architecture: "llama",
    numLayers: config.size("num_hidden_layers"),
    numHeads,
    numKvHeads: config.size("num_key_value_heads", numHeads),
    headDim: dim,
    modelDim,
    feedForwardDim: config.size("intermediate_size"),
    vocabularySize: config.size("vocab_size"),
    maxLength,
    numTokenTypes: 0,
    normEpsilon: config.positive("rms_norm_eps", 1e-6),
    activation: config.choice("hidden_act", activations, "silu"),
    tiedHead: config.flag("tie_word_embeddings", false),
    queryKeyValueBias: false,
    attentionOutputBias: false,
    feedForwardBias: false,
    rotary: readRotary(rotary, dim, config.positive("rope_theta", 10_000), maxLength),
  };
}

function readQwenWindow(config: ConfigReader): Partial<NativeModelConfig> {
  const first = config.count("max_window_layers", 28);
  return config.flag("use_sliding_window", false) ? readSliding(config, (layer) => layer >= first) : {};
}

/** The window, and the layers within it: those of layer_types, or else those that `isSliding` says. */
export function readSliding(
  config: ConfigReader,
  isSliding: (layer: number) => boolean,
): Partial<NativeModelConfig> {
  const numLayers = config.size("num_hidden_layers");
  const types =
    config.get("layer_types") ?? Array.from({ length: numLayers }, (_, l) => nameOf(isSliding(l)));
  if (!Array.isArray(types) || types.length !== numLayers) {
    throw config.invalid("layer_types", `an array of ${numLayers} names`);
  }
  const marks = types.map((type: unknown) => {
    if (type === nameOf(true) || type === nameOf(false)) return Number(type === nameOf(true));
    throw failure(
      "unsupported-model",
      `config.json: the layer type ${shown(type)} is not implemented; known: ${nameOf(false)}, ${nameOf(true)}`,
    );
  });
  return marks.includes(1) ? { window: config.size("sliding_window", 4096), slidingLayers: marks } : {};
}

function nameOf(isSliding: boolean): string {
  return isSliding ? "sliding_attention" : "full_attention";
}
