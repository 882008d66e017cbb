// The architectures that make_model() knows: each makes an empty model of a config that
// check_config() has passed, with room for its weights.
#pragma once

#include <memory>

#include "model.h"

namespace heed {

/// Encoder of Devlin et al., "BERT" (2019): post-norm layers, learned positions, masked-token head.
Status make_bert(const ModelConfig& config, std::unique_ptr<Model>* model);

/// BERT's encoder with fewer layers and no token types (Sanh et al., "DistilBERT", 2019).
Status make_distilbert(const ModelConfig& config, std::unique_ptr<Model>* model);

/// BERT's encoder with positions that begin behind the padding token's id (Liu et al., "RoBERTa",
/// 2019); XLM-RoBERTa and CamemBERT are the same.
Status make_roberta(const ModelConfig& config, std::unique_ptr<Model>* model);

/// BERT's encoder with an embedding of its own dimension (Clark et al., "ELECTRA", 2020), as
/// generator or as discriminator.
Status make_electra(const ModelConfig& config, std::unique_ptr<Model>* model);

/// Decoder of Radford et al., "Language Models are Unsupervised Multitask Learners" (2019):
/// pre-norm layers, learned positions, causal.
Status make_gpt2(const ModelConfig& config, std::unique_ptr<Model>* model);

/// Decoder of Black et al., "GPT-NeoX-20B" (2022), and of Pythia: parallel sublayers, rotary
/// positions in a part of the channels, causal.
Status make_gpt_neox(const ModelConfig& config, std::unique_ptr<Model>* model);

/// Decoder of Zhang et al., "OPT" (2022): learned positions, norms before or behind the sublayers,
/// causal.
Status make_opt(const ModelConfig& config, std::unique_ptr<Model>* model);

/// Decoders of the Llama family (Touvron et al., "LLaMA", 2023): pre-norm layers of RMS norms,
/// rotary positions, grouped heads and a gated feed-forward layer, causal; and what Mistral, Qwen
/// and Gemma add to them.
Status make_llama(const ModelConfig& config, std::unique_ptr<Model>* model);

/// Encoder-decoders, each Add & Norm after its sublayer: Lewis et al., "BART" (2020), with learned
/// positions, and Junczys-Dowmunt et al., "Marian" (2018), with sinusoidal ones.
Status make_bart(const ModelConfig& config, std::unique_ptr<Model>* model);
Status make_marian(const ModelConfig& config, std::unique_ptr<Model>* model);

/// The same with norms before the sublayers: Liu et al., "mBART" (2020), with learned positions;
/// Zhang et al., "PEGASUS" (2020), with sinusoidal ones; and Fan et al., "M2M-100" (2020), whose
/// sinusoidal ones begin behind the padding token's id.
Status make_mbart(const ModelConfig& config, std::unique_ptr<Model>* model);
Status make_pegasus(const ModelConfig& config, std::unique_ptr<Model>* model);
Status make_m2m100(const ModelConfig& config, std::unique_ptr<Model>* model);

/// Encoder-decoder of Raffel et al., "T5" (2020): pre-norm layers, relative positions.
Status make_t5(const ModelConfig& config, std::unique_ptr<Model>* model);

}  // namespace heed
