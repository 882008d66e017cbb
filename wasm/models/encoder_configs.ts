// config.json of BERT and its kin. The keys and their defaults are those of Hugging Face transformers 5.12
// (configuration_bert.py, _distilbert.py, _roberta.py, _electra.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import type { NativeModelConfig } from "./native.js";

function readEncoder(config: ConfigReader, architecture: string): NativeModelConfig {
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

/** Also XLM-RoBERTa and CamemBERT. Positions are counted from behind the padding token's id. */
export function readRoberta(config: ConfigReader): NativeModelConfig {
  const paddingId = config.tokenId("pad_token_id", 1);
  const encoder = readEncoder(config, "roberta");
  const maxLength = config.difference("max_position_embeddings", encoder.maxLength, paddingId + 1);
  return { ...encoder, maxLength, paddingId };
}

export function readElectra(config: ConfigReader): NativeModelConfig {
  const named = config.get("architectures");
  const isDiscriminator = Array.isArray(named) && named.includes("ElectraForPreTraining");
  return {
    ...readEncoder(config, "electra"),
    embeddingDim: config.size("embedding_size", 128),
    isDiscriminator,
  };
}

/** sinusoidal_pos_embds says how positions were made; they are in the checkpoint either way. */
export function readDistilBert(config: ConfigReader): NativeModelConfig {
  config.allowOnlyEmpty("pruned_heads");
  const modelDim = config.size("dim");
  const numHeads = config.size("n_heads");
  return {
    architecture: "distilbert",
    numLayers: config.size("n_layers"),
    numHeads,
    numKvHeads: numHeads,
    headDim: config.quotient("dim", modelDim, "n_heads", numHeads),
    modelDim,
    feedForwardDim: config.size("hidden_dim"),
    vocabularySize: config.size("vocab_size"),
    maxLength: config.size("max_position_embeddings"),
    numTokenTypes: 0,
    normEpsilon: 1e-12,
    activation: config.choice("activation", activations, "gelu"),
    tiedHead: config.flag("tie_word_embeddings", true),
  };
}
