#include "model.h"

#include <algorithm>

#include "architectures.h"
#include "blocks.h"
#include "config.h"

namespace heed {
namespace {

Status invalid_argument(std::string message) {
  return Status::Error(StatusCode::kInvalidArgument, std::move(message));
}

Status not_finished() {
  return Status::Error(StatusCode::kInvalidModel, "the model's weights are not finished");
}

// One token id or type, checked against how many there are.
Status check_id(const char* what, Index position, Index id, Index count) {
  if (id >= 0 && id < count) return Status::Ok();
  return invalid_argument(std::string(what) + " at position " + std::to_string(position) + " is " +
                          std::to_string(id) + ", expected 0 to " + std::to_string(count - 1));
}

Status check_index(const char* what, Index index, Index count) {
  if (index >= 0 && index < count) return Status::Ok();
  return invalid_argument(std::string(what) + " is " + std::to_string(index) + ", expected 0 to " +
                          std::to_string(count - 1));
}

}  // namespace

LayerPart layer_part(const ModelConfig& config) {
  const Index group = config.num_heads / config.num_kv_heads;
  const Range kv_heads = config.part.of(config.num_kv_heads);
  return {.heads = {kv_heads.begin * group, kv_heads.end * group},
          .kv_heads = kv_heads,
          .feed_forward = config.part.of(config.feed_forward_dim)};
}

Model::Model(ModelConfig config, std::string prefix)
    : config_(std::move(config)), decoder_(config_), parameters_(std::move(prefix)) {
  decoder_.num_layers = config_.num_decoder_layers;
  if (config_.decoder_vocabulary_size > 0) {
    decoder_.vocabulary_size = config_.decoder_vocabulary_size;
  }
}

Status Model::set_weight(const TensorPiece& piece) {
  if (is_finished_) {
    return Status::Error(StatusCode::kInvalidModel,
                         std::string(piece.name) + " is given after the weights were finished");
  }
  return parameters_.set(piece);
}

Status Model::finish() {
  Status status = parameters_.finish();
  is_finished_ = status.ok();
  return status;
}

Status Model::check_length(const ForwardPass& pass) const {
  if (pass.past_length < 0 || pass.length < 1 ||
      pass.length > config_.max_length - pass.past_length) {
    std::string message = "length is " + std::to_string(pass.length);
    if (pass.past_length > 0) {
      message += " after " + std::to_string(pass.past_length) + " tokens in the cache";
    }
    return invalid_argument(message + ", expected 1 to " +
                            std::to_string(config_.max_length - pass.past_length));
  }
  return Status::Ok();
}

Status Model::check_tokens(const ForwardPass& pass) const {
  // A model without token types has the one type 0, as callers that always pass types expect.
  const Index num_types = std::max<Index>(config_.num_token_types, 1);
  const std::int32_t* types = pass.options.token_types;
  const Index num_tokens = config_of(pass.options).vocabulary_size;
  for (Index i = 0; i < pass.length; ++i) {
    Status status = check_id("the token id", i, pass.token_ids[i], num_tokens);
    if (status.ok() && types != nullptr) {
      status = check_id("the token type", i, types[i], num_types);
    }
    if (!status.ok()) return status;
  }
  return Status::Ok();
}

Status Model::check_cache(const ForwardOptions& options, Index length) const {
  const KvCache& cache = *options.cache;
  // Keys in the cache were computed without the tokens to come: only a causal model may keep them.
  if (!(is_causal() || options.memory != nullptr) || !options.is_causal.value_or(true)) {
    return invalid_argument("a cache is given, expected causal attention");
  }
  const ModelConfig& config = config_of(options);
  const Index row = layer_part(config).kv_heads.size() * config.head_dim;
  const Index size = config.num_layers * cache.capacity * row;
  if (cache.length < 0 || cache.length > cache.capacity || cache.keys.size() != size ||
      cache.values.size() != size) {
    return invalid_argument("the cache is not one of this model's make_cache");
  }
  if (length > cache.capacity - cache.length) {
    return invalid_argument("the cache has room for " +
                            std::to_string(cache.capacity - cache.length) + " more tokens, given " +
                            std::to_string(length));
  }
  return Status::Ok();
}

Status Model::forward(const std::int32_t* token_ids, Index length, const ForwardOptions& options,
                      const ForwardTrace& trace, float* final_hidden) {
  if (!config_.part.is_whole())
    return invalid_argument("this is a part of the model, expected all of it");
  Status status = embed(token_ids, length, options.past_length(), options, final_hidden);
  Forward steps;
  if (status.ok()) status = start(length, options, trace, final_hidden, &steps);
  return status.ok() ? steps.status() : status;
}

// Keys, or values, of one token in all layers of the decoder.
Index Model::memory_row() const {
  return decoder_.num_layers * layer_part(decoder_).kv_heads.size() * decoder_.head_dim;
}

Status Model::check_memory(const ForwardOptions& options) const {
  const Memory* memory = options.memory;
  if (memory == nullptr) return Status::Ok();
  const Index size = memory->length * memory_row();
  if (has_decoder() && memory->length > 0 && memory->keys.size() == size &&
      memory->values.size() == size) {
    return Status::Ok();
  }
  return invalid_argument("the memory is not one of this model's make_memory");
}

Status Model::embed(const std::int32_t* token_ids, Index length, Index past_length,
                    const ForwardOptions& options, float* x) const {
  if (!is_finished_) return not_finished();
  if (!config_.part.has_ends) return invalid_argument("this part of the model has no embedding");
  const ForwardPass pass{.options = options,
                         .trace = {},
                         .token_ids = token_ids,
                         .length = length,
                         .past_length = past_length};
  Status status = check_length(pass);
  if (status.ok()) status = check_tokens(pass);
  return status.ok() ? run_embedding(pass, x) : status;
}

Status Model::start(Index length, const ForwardOptions& options, const ForwardTrace& trace,
                    float* x, Forward* steps) const {
  if (!is_finished_) return not_finished();
  if (!config_.part.has_layers()) return invalid_argument("this part of the model has no layers");
  const ForwardPass pass{.options = options,
                         .trace = trace,
                         .length = length,
                         .past_length = options.past_length(),
                         .is_alone = config_.part.num_shards == 1};
  Status status = check_memory(options);
  if (status.ok() && options.cache != nullptr) status = check_cache(options, length);
  if (status.ok()) status = check_length(pass);
  if (!status.ok()) return status;
  *steps = run_layers(pass, x);
  steps->join(options.cache, length);
  if (!steps->is_done()) steps->resume();
  return Status::Ok();
}

Status Model::logits(const float* final_hidden, Index rows, float* logits) const {
  if (!is_finished_) return not_finished();
  if (!has_head()) return invalid_argument("the model has no language-model head");
  if (rows < 0) return invalid_argument("rows is " + std::to_string(rows) + ", expected 0 or more");
  return run_head(final_hidden, rows, logits);
}

Status Model::make_memory(const float* final_hidden, Index length, Memory* memory) const {
  if (!is_finished_) return not_finished();
  if (!has_decoder()) return invalid_argument("a memory is asked for, expected an encoder-decoder");
  if (length < 1) {
    return invalid_argument("the memory's length is " + std::to_string(length) +
                            ", expected at least 1");
  }
  if (!config_.part.has_layers()) return invalid_argument("this part of the model has no layers");
  const Index row = memory_row();
  Memory made;
  made.length = length;
  if (!allocate(length, row, &made.keys) || !allocate(length, row, &made.values)) {
    return Status::OutOfMemory();
  }
  run_memory(final_hidden, &made);
  *memory = std::move(made);
  return Status::Ok();
}

Status Model::attention_window(const HeadPlace& place, Index length, const ForwardOptions& options,
                               const float* query, const float* key, const float* logsumexp,
                               const WindowRequest& request, float* window) const {
  const ModelConfig& config = place.is_decoder ? decoder_ : config_;
  if (place.is_decoder && !has_decoder()) return invalid_argument("the model has no decoder");
  Status status = check_index("layer", place.layer, config.num_layers);
  if (status.ok()) status = check_index("head", place.head, config.num_heads);
  if (!status.ok()) return status;
  const AttentionShape shape{
      .query_length = length, .key_length = length, .head_dim = config.head_dim};
  const auto rows = [&](const float* data) {
    return HeadsView<const float>::Bhld(data, 1, length, config.head_dim);
  };
  AttentionOptions attention = attention_of(place.layer);
  if (place.is_decoder) attention.is_causal = true;
  Buffer<float> bias, masked_bias;
  if (options.use_positions) {
    status = add_position_bias(place.is_decoder, length, 0, &bias, &attention.mask);
  }
  if (!status.ok()) return status;
  if (AttentionMask& mask = attention.mask; mask.kind == AttentionMask::Kind::kFloat) {
    mask.data = static_cast<const float*>(mask.data) + place.head * mask.head_stride;
  }
  status = apply_what_if(options, shape, &attention, &masked_bias);
  if (!status.ok()) return status;
  return heed::attention_window(shape, attention, {rows(query), rows(key), {}}, logsumexp, request,
                                window);
}

Status Model::make_cache(Index capacity, KvCache* cache) const {
  if (!is_causal() && !has_decoder()) {
    return invalid_argument("a cache is asked for, expected a causal model");
  }
  if (capacity < 1 || capacity > config_.max_length) {
    return invalid_argument("the cache's capacity is " + std::to_string(capacity) +
                            ", expected 1 to " + std::to_string(config_.max_length));
  }
  const ModelConfig& config = has_decoder() ? decoder_ : config_;
  const Index row = layer_part(config).kv_heads.size() * config.head_dim;
  KvCache made;
  const Index size = product(config.num_layers, capacity, row);
  if (!made.keys.allocate(size) || !made.values.allocate(size)) {
    return Status::OutOfMemory();
  }
  made.capacity = capacity;
  *cache = std::move(made);
  return Status::Ok();
}

Status make_model(const ModelConfig& config, std::unique_ptr<Model>* model) {
  struct Architecture {
    std::string_view name;
    Status (*make)(const ModelConfig&, std::unique_ptr<Model>*);
  };
  constexpr Architecture kArchitectures[] = {
      {"bart", make_bart},       {"bert", make_bert},      {"distilbert", make_distilbert},
      {"electra", make_electra}, {"gpt2", make_gpt2},      {"gpt_neox", make_gpt_neox},
      {"llama", make_llama},     {"m2m_100", make_m2m100}, {"marian", make_marian},
      {"mbart", make_mbart},     {"opt", make_opt},        {"pegasus", make_pegasus},
      {"roberta", make_roberta}, {"t5", make_t5},
  };

  std::string known;
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.name == config.architecture) {
      if (Status status = check_config(config); !status.ok()) return status;
      return architecture.make(config, model);
    }
    known += (known.empty() ? "" : ", ") + std::string(architecture.name);
  }
  return Status::Error(StatusCode::kUnsupportedModel,
                       "the architecture is " + config.architecture + ", expected one of " + known);
}

}  // namespace heed
