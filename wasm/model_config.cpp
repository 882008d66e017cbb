#include "model_config.h"

namespace heed::wasm {
namespace {

/// What a config may say, and where it goes; what it does not say stays as it is.
template <class T>
struct Field {
  const char* name;
  T ModelConfig::*place;
};

constexpr Field<Index> kSizes[] = {
    {"numLayers", &ModelConfig::num_layers},
    {"numHeads", &ModelConfig::num_heads},
    {"numKvHeads", &ModelConfig::num_kv_heads},
    {"headDim", &ModelConfig::head_dim},
    {"modelDim", &ModelConfig::model_dim},
    {"feedForwardDim", &ModelConfig::feed_forward_dim},
    {"vocabularySize", &ModelConfig::vocabulary_size},
    {"maxLength", &ModelConfig::max_length},
    {"numTokenTypes", &ModelConfig::num_token_types},
    {"embeddingDim", &ModelConfig::embedding_dim},
    {"paddingId", &ModelConfig::padding_id},
    {"window", &ModelConfig::window},
    {"numDecoderLayers", &ModelConfig::num_decoder_layers},
    {"decoderVocabularySize", &ModelConfig::decoder_vocabulary_size},
    {"relativeBuckets", &ModelConfig::relative_buckets},
    {"relativeMaxDistance", &ModelConfig::relative_max_distance},
};

constexpr Field<float> kNumbers[] = {
    {"normEpsilon", &ModelConfig::norm_epsilon},
    {"attentionScale", &ModelConfig::attention_scale},
    {"attentionSoftcap", &ModelConfig::attention_softcap},
    {"normGainOffset", &ModelConfig::norm_gain_offset},
    {"embeddingScale", &ModelConfig::embedding_scale},
    {"logitSoftcap", &ModelConfig::logit_softcap},
    {"headScale", &ModelConfig::head_scale},
};

constexpr Field<bool> kSwitches[] = {
    {"tiedHead", &ModelConfig::tied_head},
    {"queryKeyValueBias", &ModelConfig::query_key_value_bias},
    {"attentionOutputBias", &ModelConfig::attention_output_bias},
    {"feedForwardBias", &ModelConfig::feed_forward_bias},
    {"scaleAttentionByLayer", &ModelConfig::scale_attention_by_layer},
    {"hasPreNorms", &ModelConfig::has_pre_norms},
    {"hasParallelResidual", &ModelConfig::has_parallel_residual},
    {"hasQueryKeyNorm", &ModelConfig::has_query_key_norm},
    {"hasPostNorms", &ModelConfig::has_post_norms},
    {"isDiscriminator", &ModelConfig::is_discriminator},
    {"hasGate", &ModelConfig::has_gate},
};

template <class T, std::size_t N>
void read_fields(const val& config, const Field<T> (&fields)[N], ModelConfig* result) {
  for (const auto& [name, place] : fields) read_given(config[name], &(result->*place));
}

template <class T>
void read_list(const val& array, std::vector<T>* list) {
  if (is_given(array)) *list = emscripten::convertJSArrayToNumberVector<T>(array);
}

void read_rotary(const val& rotary, Rotary* result) {
  if (!is_given(rotary)) return;
  read_list(rotary["frequencies"], &result->frequencies);
  read_given(rotary["magnitude"], &result->magnitude);
}

Activation activation_of(const std::string& name) {
  return name == "relu"        ? Activation::kRelu
         : name == "gelu_tanh" ? Activation::kGeluTanh
         : name == "silu"      ? Activation::kSilu
                               : Activation::kGelu;
}

ModelPart read_part(const val& part) {
  return {.has_ends = part["hasEnds"].as<bool>(),
          .shard = part["shard"].as<Index>(),
          .num_shards = part["numShards"].as<Index>()};
}

}  // namespace

ModelConfig read_config(const val& config) {
  ModelConfig result;
  result.architecture = config["architecture"].as<std::string>();
  result.activation = activation_of(config["activation"].as<std::string>());
  read_fields(config, kSizes, &result);
  read_fields(config, kNumbers, &result);
  read_fields(config, kSwitches, &result);
  read_list(config["slidingLayers"], &result.sliding_layers);
  read_rotary(config["rotary"], &result.rotary);
  read_rotary(config["slidingRotary"], &result.sliding_rotary);
  if (const val part = config["part"]; is_given(part)) result.part = read_part(part);
  return result;
}

}  // namespace heed::wasm
