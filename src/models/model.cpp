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

}  // namespace

Status Model::set_weight(std::string_view name, DType dtype, const Index* dims, Index rank,
                         const void* data) {
  if (is_finished_) {
    return Status::Error(StatusCode::kInvalidModel,
                         std::string(name) + " is given after the weights were finished");
  }
  return parameters_.set(name, dtype, dims, rank, data);
}

Status Model::finish() {
  Status status = parameters_.finish();
  is_finished_ = status.ok();
  return status;
}

Status Model::check_tokens(const ForwardPass& pass) const {
  if (pass.length < 1 || pass.length > config_.max_length - pass.past_length) {
    std::string message = "length is " + std::to_string(pass.length);
    if (pass.past_length > 0) {
      message += " after " + std::to_string(pass.past_length) + " tokens in the cache";
    }
    return invalid_argument(message + ", expected 1 to " +
                            std::to_string(config_.max_length - pass.past_length));
  }
  // A model without token types has the one type 0, as callers that always pass types expect.
  const Index num_types = std::max<Index>(config_.num_token_types, 1);
  const std::int32_t* types = pass.options.token_types;
  for (Index i = 0; i < pass.length; ++i) {
    Status status = check_id("the token id", i, pass.token_ids[i], config_.vocabulary_size);
    if (status.ok() && types != nullptr) {
      status = check_id("the token type", i, types[i], num_types);
    }
    if (!status.ok()) return status;
  }
  return Status::Ok();
}

Status Model::check_cache(const ForwardPass& pass) const {
  const KvCache& cache = *pass.options.cache;
  // Keys in the cache were computed without the tokens to come: only a causal model may keep them.
  if (!is_causal() || !pass.options.is_causal.value_or(true)) {
    return invalid_argument("a cache is given, expected causal attention");
  }
  const Index row = config_.num_kv_heads * config_.head_dim;
  const Index size = config_.num_layers * cache.capacity * row;
  if (cache.length < 0 || cache.length > cache.capacity || cache.keys.size() != size ||
      cache.values.size() != size) {
    return invalid_argument("the cache is not one of this model's make_cache");
  }
  if (pass.length > cache.capacity - cache.length) {
    return invalid_argument("the cache has room for " +
                            std::to_string(cache.capacity - cache.length) + " more tokens, given " +
                            std::to_string(pass.length));
  }
  return Status::Ok();
}

Status Model::forward(const std::int32_t* token_ids, Index length, const ForwardOptions& options,
                      const ForwardTrace& trace, float* final_hidden) {
  if (!is_finished_) return not_finished();
  KvCache* cache = options.cache;
  const ForwardPass pass{options, trace, token_ids, length, cache != nullptr ? cache->length : 0};
  if (cache != nullptr) {
    if (Status status = check_cache(pass); !status.ok()) return status;
  }
  if (Status status = check_tokens(pass); !status.ok()) return status;
  if (Status status = run_layers(pass, final_hidden); !status.ok()) return status;
  if (cache != nullptr) cache->length += length;
  return Status::Ok();
}

Status Model::logits(const float* final_hidden, Index rows, float* logits) {
  if (!is_finished_) return not_finished();
  if (!has_head()) return invalid_argument("the model has no language-model head");
  if (rows < 0) return invalid_argument("rows is " + std::to_string(rows) + ", expected 0 or more");
  return run_head(final_hidden, rows, logits);
}

Status Model::make_cache(Index capacity, KvCache* cache) const {
  if (!is_causal()) return invalid_argument("a cache is asked for, expected a causal model");
  if (capacity < 1 || capacity > config_.max_length) {
    return invalid_argument("the cache's capacity is " + std::to_string(capacity) +
                            ", expected 1 to " + std::to_string(config_.max_length));
  }
  const Index row = config_.num_kv_heads * config_.head_dim;
  KvCache made;
  if (!allocate(config_.num_layers * capacity, row, &made.keys) ||
      !allocate(config_.num_layers * capacity, row, &made.values)) {
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
  constexpr Architecture kArchitectures[] = {{"bert", make_bert}, {"gpt2", make_gpt2}};

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
