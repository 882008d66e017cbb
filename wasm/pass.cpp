#include "pass.h"

#include "../src/models/attend.h"
#include "model_config.h"

namespace heed::wasm {

void read_what_if(const val& options, ForwardOptions* result) {
  const val is_causal = options["isCausal"], scale = options["scale"];
  if (is_given(is_causal)) result->is_causal = is_causal.as<bool>();
  if (is_given(scale)) result->scale = scale.as<float>();
  read_given(options["temperature"], &result->temperature);
  read_given(options["usePositions"], &result->use_positions);
}

Status Pass::prepare(const val& options, Index length, const Model& model, KvCache* cache,
                     const Memory* memory) {
  Status status = read_optional(options["tokenTypes"], length, &token_types_);
  forward_options.token_types = token_types_.data();
  const val use_cache = options["useCache"];
  if (is_given(use_cache) && use_cache.as<bool>()) {
    forward_options.cache = cache;
    if (memory->length > 0) forward_options.memory = memory;
  }
  if (status.ok()) status = read_memory(options["memory"], model);
  const ModelConfig& config = model.config_of(forward_options);
  const Index key_length = forward_options.past_length() + length;
  if (status.ok()) {
    status = read_attention(options, config, length, key_length, &self_, &forward_options);
  }
  if (status.ok()) status = prepare_cross(options["cross"], length, model);
  if (status.ok()) {
    status = trace_.allocate(options["trace"], config, length, length, key_length);
  }
  if (status.ok() && !allocate(length, config.model_dim, &x)) status = Status::OutOfMemory();
  return status;
}

val Pass::results(const Status& status) const {
  val done = to_js(status);
  if (!status.ok()) return done;
  done.set("finalHidden", copy(x));
  trace_.store(done);
  if (forward_options.memory != nullptr) {
    val cross = val::object();
    cross_trace_.store(cross);
    done.set("cross", cross);
  }
  return done;
}

Status Pass::read_attention(const val& options, const ModelConfig& config, Index length,
                            Index key_length, Marks* marks, ForwardOptions* result) {
  const Index heads = product(config.num_layers, config.num_heads);
  Status status = read_optional(options["ablatedHeads"], heads, &marks->ablated_heads);
  if (status.ok()) {
    status = read_optional(options["attentionMask"], product(length, key_length),
                           &marks->attention_mask);
  }
  result->ablated_heads = marks->ablated_heads.data();
  result->attention_mask = marks->attention_mask.data();
  read_what_if(options, result);
  return status;
}

Status Pass::read_memory(const val& final_hidden, const Model& model) {
  Buffer<float> hidden;
  if (!is_given(final_hidden)) return Status::Ok();
  if (Status status = read(final_hidden, &hidden); !status.ok()) return status;
  forward_options.memory = &memory_;
  return model.make_memory(hidden.data(), hidden.size() / model.config().model_dim, &memory_);
}

Status Pass::prepare_cross(const val& options, Index length, const Model& model) {
  if (!is_given(options) || forward_options.memory == nullptr) return Status::Ok();
  const ModelConfig& config = model.config_of(forward_options);
  const Index num_keys = forward_options.memory->length;
  Status status = read_attention(options, config, length, num_keys, &cross_, &cross_options_);
  forward_options.cross = &cross_options_;
  trace_.trace.cross = &cross_trace_.trace;
  if (status.ok()) {
    status = cross_trace_.allocate(options["trace"], config, length, num_keys, num_keys);
  }
  return status;
}

}  // namespace heed::wasm
