// config.json of encoder-decoders. The keys and their defaults are those of Hugging Face transformers 5.12
// (configuration_bart.py, _marian.py, _t5.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import type { NativeModelConfig } from "./native.js";

function readBartLike(config: ConfigReader, architecture: "bart" | "marian"): NativeModelConfig {
  config.allowOnly("normalize_before", [false]);
  config.allowOnly("add_final_layer_norm", [false]);
  config.allowOnly("add_bias_logits", [false]);
  config.allowOnly("normalize_embedding", [architecture === "bart"]);
  config.allowOnly("static_position_embeddings", [architecture === "marian"]);
  const modelDim = config.size("d_model");
  const numHeads = config.size("encoder_attention_heads");
  const feedForwardDim = config.size("encoder_ffn_dim");
  const vocabularySize = config.size("vocab_size");
  config.allowOnly("decoder_attention_heads", [numHeads]);
  config.allowOnly("decoder_ffn_dim", [feedForwardDim]);
  config.allowOnly("decoder_vocab_size", [vocabularySize]);
  config.allowOnly("share_encoder_decoder_embeddings", [true]);
  return {
    architecture,
    numLayers: config.size("encoder_layers"),
    numDecoderLayers: config.size("decoder_layers"),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.quotient("d_model", modelDim, "encoder_attention_heads", numHeads),
    modelDim,
    feedForwardDim,
    vocabularySize,
    maxLength: config.size("max_position_embeddings", 1024),
    numTokenTypes: 0,
    normEpsilon: 1e-5,
    activation: config.choice("activation_function", activations, "gelu"),
    tiedHead: config.flag("tie_word_embeddings", true),
    embeddingScale: config.flag("scale_embedding", false) ? Math.sqrt(modelDim) : 1,
  };
}

export const readBart = (config: ConfigReader): NativeModelConfig => readBartLike(config, "bart");
export const readMarian = (config: ConfigReader): NativeModelConfig => readBartLike(config, "marian");

type FeedForward = Pick<NativeModelConfig, "activation" | "hasGate">;

// T5's names of feed-forward layers; its "gated-gelu" is the approximation by tanh.
const feedForwards: ReadonlyMap<string, FeedForward> = new Map<string, FeedForward>([
  ...[...activations].map(([name, activation]): [string, FeedForward] => [name, { activation }]),
  ...[...activations].map(([name, activation]): [string, FeedForward] => [
    `gated-${name}`,
    { activation, hasGate: true },
  ]),
  ["gated-gelu", { activation: "gelu_tanh", hasGate: true }],
]);

// T5's positions are distances, which have no end: what memory holds is less.
const noEnd = 2 ** 20;

export function readT5(config: ConfigReader): NativeModelConfig {
  const modelDim = config.size("d_model");
  const numHeads = config.size("num_heads");
  const numLayers = config.size("num_layers");
  const tiedHead = config.flag("tie_word_embeddings", true);
  return {
    architecture: "t5",
    numLayers,
    numDecoderLayers: config.size("num_decoder_layers", numLayers),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.size("d_kv"),
    modelDim,
    feedForwardDim: config.size("d_ff"),
    vocabularySize: config.size("vocab_size"),
    maxLength: noEnd,
    numTokenTypes: 0,
    normEpsilon: config.positive("layer_norm_epsilon", 1e-6),
    ...config.choice("feed_forward_proj", feedForwards, "relu"),
    tiedHead,
    attentionScale: 1,
    headScale: config.flag("scale_decoder_outputs", tiedHead) ? 1 / Math.sqrt(modelDim) : 1,
    relativeBuckets: config.size("relative_attention_num_buckets", 32),
    relativeMaxDistance: config.size("relative_attention_max_distance", 128),
  };
}
