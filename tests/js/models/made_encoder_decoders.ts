// Small encoder-decoders of random weights: a config, a tokenizer of six words, and the weights.

import type { ModelFiles } from "heed/models";
import { wordTokenizer } from "./checkpoint.js";
import { bartShapes, type BartSizes } from "./reference/bart.js";
import { madeCheckpoint, type MadeCheckpoint } from "./reference/checkpoint.js";
import { t5Shapes, type T5Sizes } from "./reference/t5.js";

export const words = ["the", "cat", "sat", "on", "a", "mat"];
const vocabulary = 5 + words.length;

export const bartSizes: BartSizes = {
  ...{ kind: "bart", layers: 2, decoderLayers: 3, heads: 2, width: 16, inner: 24, vocabulary },
  ...{ positions: 20, activation: "gelu", scaleEmbedding: false },
};

export const t5Sizes: T5Sizes = {
  ...{ layers: 2, decoderLayers: 3, heads: 2, headDim: 6, width: 16, inner: 24, vocabulary },
  ...{ buckets: 8, maxDistance: 12, feedForward: "relu", tied: true },
};

const shared = { vocab_size: vocabulary, eos_token_id: 3, pad_token_id: 0 };

function bartConfig(size: BartSizes): object {
  return {
    ...shared,
    model_type: size.kind,
    d_model: size.width,
    encoder_layers: size.layers,
    decoder_layers: size.decoderLayers,
    encoder_attention_heads: size.heads,
    decoder_attention_heads: size.heads,
    encoder_ffn_dim: size.inner,
    decoder_ffn_dim: size.inner,
    max_position_embeddings: size.positions,
    activation_function: size.activation,
    scale_embedding: size.scaleEmbedding,
    ...(size.decoderVocabulary === undefined
      ? {}
      : { share_encoder_decoder_embeddings: false, decoder_vocab_size: size.decoderVocabulary }),
    ...(size.tied === undefined ? {} : { tie_word_embeddings: size.tied }),
    decoder_start_token_id: 3,
  };
}

function t5Config(size: T5Sizes): object {
  return {
    ...shared,
    model_type: "t5",
    d_model: size.width,
    d_kv: size.headDim,
    d_ff: size.inner,
    num_heads: size.heads,
    num_layers: size.layers,
    num_decoder_layers: size.decoderLayers,
    relative_attention_num_buckets: size.buckets,
    relative_attention_max_distance: size.maxDistance,
    feed_forward_proj: size.feedForward,
    tie_word_embeddings: size.tied,
  };
}

export type Made = { files: ModelFiles; made: MadeCheckpoint };

const filesOf = (config: object, made: MadeCheckpoint, changes: object): Made => ({
  made,
  files: { config: { ...config, ...changes }, tokenizer: wordTokenizer(words), weights: made.weights },
});

/** `changes`: to config.json. `nameOf`: as madeCheckpoint's. */
export const madeBart = (
  size: Partial<BartSizes> = {},
  changes: object = {},
  nameOf?: (name: string) => string | null,
): Made => {
  const sizes = { ...bartSizes, ...size };
  return filesOf(bartConfig(sizes), madeCheckpoint(bartShapes(sizes), 7, nameOf), changes);
};

export const madeT5 = (
  size: Partial<T5Sizes> = {},
  changes: object = {},
  nameOf?: (name: string) => string | null,
): Made => {
  const sizes = { ...t5Sizes, ...size };
  return filesOf(t5Config(sizes), madeCheckpoint(t5Shapes(sizes), 8, nameOf), changes);
};
