// The architectures that make_model() knows: each makes an empty model of a config that
// check_config() has passed, with room for its weights.
#pragma once

#include <memory>

#include "model.h"

namespace heed {

/// Encoder of Devlin et al., "BERT" (2019): post-norm layers, learned positions, masked-token head.
Status make_bert(const ModelConfig& config, std::unique_ptr<Model>* model);

/// Decoder of Radford et al., "Language Models are Unsupervised Multitask Learners" (2019):
/// pre-norm layers, learned positions, causal.
Status make_gpt2(const ModelConfig& config, std::unique_ptr<Model>* model);

}  // namespace heed
