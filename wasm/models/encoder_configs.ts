// config.json of BERT's kin. The keys and their defaults are those of Hugging Face transformers 5.12
// (configuration_distilbert.py, _roberta.py, _electra.py).

import { activations } from "./activations.js";
import type { ConfigReader } from "./config_reader.js";
import { readEncoder } from "./bundled_configs.js";
import type { NativeModelConfig } from "./native.js";

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
