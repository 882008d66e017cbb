#include "model_calls.h"

#include <memory>

#include "../src/layers/normalization.h"
#include "../src/models/blocks.h"
#include "model_config.h"

namespace heed::wasm {
namespace {

DType dtype_of(const std::string& name) {
  return name == "F16" ? DType::kF16 : name == "BF16" ? DType::kBF16 : DType::kF32;
}

/// The switches that change attention in every layer.
void read_what_if(const val& options, ForwardOptions* result) {
  const val is_causal = options["isCausal"], scale = options["scale"];
  if (is_given(is_causal)) result->is_causal = is_causal.as<bool>();
  if (is_given(scale)) result->scale = scale.as<float>();
  read_given(options["temperature"], &result->temperature);
  read_given(options["usePositions"], &result->use_positions);
}

/// The results a forward pass was asked for, each with room.
class Trace {
 public:
  /// `num_new_keys`: those whose queries are this pass's too, or, of cross-attention, all.
  Status allocate(const val& names, const ModelConfig& config, Index length, Index num_new_keys,
                  Index key_length) {
    const LayerPart part = layer_part(config);
    const Index layers = config.num_layers, dim = config.head_dim;
    const Index rows = product(layers, part.heads.size(), length);
    const Index kv_rows = product(layers, part.kv_heads.size(), num_new_keys);
    const Index stream = product(layers, length, config.model_dim);
    const Index matrix = product(rows, key_length);
    const struct {
      const char* name;
      Index size;
      float** pointer;
    } results[] = {
        {"hidden", product(layers + 1, length, config.model_dim), &trace.hidden},
        {"attentionInput", stream, &trace.attention_input},
        {"attentionOutput", stream, &trace.attention_output},
        {"query", product(rows, dim), &trace.query},
        {"key", product(kv_rows, dim), &trace.key},
        {"value", product(kv_rows, dim), &trace.value},
        {"context", product(rows, dim), &trace.context},
        {"headOutputs", product(rows, config.model_dim), &trace.head_outputs},
        {"products", matrix, &trace.products},
        {"scores", matrix, &trace.scores},
        {"cappedScores", matrix, &trace.capped_scores},
        {"maskedScores", matrix, &trace.masked_scores},
        {"weights", matrix, &trace.weights},
        {"logsumexp", rows, &trace.logsumexp},
    };
    for (const auto& result : results) {
      if (!names.call<bool>("includes", val(result.name))) continue;
      Entry& entry = entries_[count_++];
      entry.name = result.name;
      if (!entry.values.allocate(result.size)) return Status::OutOfMemory();
      *result.pointer = entry.values.data();
    }
    return Status::Ok();
  }

  void store(val result) const {
    for (int i = 0; i < count_; ++i) result.set(entries_[i].name, copy(entries_[i].values));
  }

  ForwardTrace trace;

 private:
  struct Entry {
    const char* name = "";
    Buffer<float> values;
  };
  Entry entries_[14];
  int count_ = 0;
};

/// A forward pass under way: its options, its results and the layers at work on them.
class Pass {
 public:
  /// Room for `length` tokens' results, and the options. `cache` and `memory` are the model's.
  Status prepare(const val& options, Index length, const Model& model, KvCache* cache,
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
    if (status.ok()) {
      status =
          read_attention(options, config, length, past_length() + length, &self_, &forward_options);
    }
    if (status.ok()) status = prepare_cross(options["cross"], length, model);
    if (status.ok()) {
      status = trace_.allocate(options["trace"], config, length, length, past_length() + length);
    }
    if (status.ok() && !allocate(length, config.model_dim, &x)) status = Status::OutOfMemory();
    return status;
  }

  Index past_length() const {
    return forward_options.cache != nullptr ? forward_options.cache->length : 0;
  }

  Status start(const Model& model, Index length) {
    length_ = length;
    return model.start(length, forward_options, trace_.trace, x.data(), &steps_);
  }

  bool is_done() const { return steps_.is_done(); }

  /// Goes on with what all shards' partial sums, in their order, add up to; its own are not given.
  Status resume(const val& partials) {
    const auto count = partials["length"].as<Index>();
    const auto buffers = std::make_unique<Buffer<float>[]>(static_cast<std::size_t>(count));
    const auto pointers = std::make_unique<const float*[]>(static_cast<std::size_t>(count));
    for (Index k = 0; k < count; ++k) {
      Buffer<float>& buffer = buffers[static_cast<std::size_t>(k)];
      Status status = read_optional(partials[static_cast<int>(k)], steps_.sum().size, &buffer);
      if (!status.ok()) return status;
      pointers[static_cast<std::size_t>(k)] =
          buffer.data() != nullptr ? buffer.data() : steps_.sum().data;
    }
    sum_partials(pointers.get(), count, steps_.sum().size, steps_.sum().data);
    steps_.resume();
    return Status::Ok();
  }

  /// { partial } where it pauses, all results where it is done.
  val result() const {
    if (!is_done()) {
      val paused = to_js(Status::Ok());
      paused.set("partial", copy(steps_.sum().data, steps_.sum().size));
      return paused;
    }
    const Status status = steps_.status();
    val done = to_js(status);
    if (!status.ok()) return done;
    if (forward_options.cache != nullptr) forward_options.cache->length += length_;
    done.set("finalHidden", copy(x));
    trace_.store(done);
    if (forward_options.memory != nullptr) {
      val cross = val::object();
      cross_trace_.store(cross);
      done.set("cross", cross);
    }
    return done;
  }

  ForwardOptions forward_options;
  Buffer<float> x;  // [length, model_dim]

 private:
  struct Marks {
    Buffer<std::uint8_t> ablated_heads, attention_mask;
  };

  /// The changes to one attention, which are kept in `marks`.
  static Status read_attention(const val& options, const ModelConfig& config, Index length,
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

  /// A memory of this pass alone, of the encoder's final hidden states.
  Status read_memory(const val& final_hidden, const Model& model) {
    Buffer<float> hidden;
    if (!is_given(final_hidden)) return Status::Ok();
    if (Status status = read(final_hidden, &hidden); !status.ok()) return status;
    forward_options.memory = &memory_;
    return model.make_memory(hidden.data(), hidden.size() / model.config().model_dim, &memory_);
  }

  Status prepare_cross(const val& options, Index length, const Model& model) {
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

  Buffer<std::int32_t> token_types_;
  Marks self_, cross_;
  ForwardOptions cross_options_;
  Memory memory_;
  Trace trace_, cross_trace_;
  Index length_ = 0;
  Forward steps_;
};

struct LoadedModel {
  std::unique_ptr<Model> model;
  KvCache cache;
  Memory memory;               // of what the cache continues, where the model has a decoder
  std::unique_ptr<Pass> pass;  // of a shard that waits for the others
};

LoadedModel& loaded(std::uintptr_t handle) { return *reinterpret_cast<LoadedModel*>(handle); }

/// What a shard's pass has come to; it is let go where it is done.
val step_of(LoadedModel& shard) {
  val result = shard.pass->result();
  if (shard.pass->is_done()) shard.pass.reset();
  return result;
}

}  // namespace

val create_model(val config) {
  auto model = std::make_unique<LoadedModel>();
  const Status status = make_model(read_config(config), &model->model);
  val result = to_js(status);
  if (!status.ok()) return result;
  result.set("isCausal", model->model->is_causal());
  result.set("handle", reinterpret_cast<std::uintptr_t>(model.release()));
  return result;
}

val set_weight(std::uintptr_t model, std::string name, std::string dtype, val shape, int rows_begin,
               int rows_end, val bytes) {
  if (!loaded(model).model->needs(name)) return to_js(Status::Ok());
  constexpr Index kMaxRank = 8;
  const auto rank = shape["length"].as<Index>();
  if (rank > kMaxRank) {
    return to_js(Status::Error(StatusCode::kInvalidModel, name + " has more than 8 dimensions"));
  }
  Index dims[kMaxRank] = {};
  for (Index i = 0; i < rank; ++i) dims[i] = shape[static_cast<int>(i)].as<Index>();
  Buffer<std::uint8_t> data;
  if (Status status = read(bytes, &data); !status.ok()) return to_js(status);
  return to_js(loaded(model).model->set_weight({.name = name,
                                                .dtype = dtype_of(dtype),
                                                .dims = dims,
                                                .rank = rank,
                                                .rows = {rows_begin, rows_end},
                                                .data = data.data()}));
}

val finish_model(std::uintptr_t model) {
  val result = to_js(loaded(model).model->finish());
  result.set("hasHead", loaded(model).model->has_head());
  return result;
}

val forward(std::uintptr_t handle, val token_ids, val options) {
  LoadedModel& model = loaded(handle);
  Buffer<std::int32_t> ids;
  Pass pass;
  Status status = read(token_ids, &ids);
  if (status.ok()) {
    status = pass.prepare(options, ids.size(), *model.model, &model.cache, &model.memory);
  }
  if (status.ok()) {
    status = model.model->embed(ids.data(), ids.size(), pass.past_length(), pass.forward_options,
                                pass.x.data());
  }
  if (status.ok()) status = pass.start(*model.model, ids.size());
  return status.ok() ? pass.result() : to_js(status);
}

val embed(std::uintptr_t handle, val token_ids, int past_length, val options) {
  const Model& model = *loaded(handle).model;
  Buffer<std::int32_t> ids, types;
  Status status = read(token_ids, &ids);
  if (status.ok()) status = read_optional(options["tokenTypes"], ids.size(), &types);
  const Memory memory;
  ForwardOptions forward_options;
  forward_options.token_types = types.data();
  if (options["isDecoder"].as<bool>()) forward_options.memory = &memory;
  read_given(options["usePositions"], &forward_options.use_positions);
  Buffer<float> x;
  if (status.ok() && !allocate(ids.size(), model.config().model_dim, &x)) {
    status = Status::OutOfMemory();
  }
  if (status.ok()) {
    status = model.embed(ids.data(), ids.size(), past_length, forward_options, x.data());
  }
  val result = to_js(status);
  if (status.ok()) result.set("output", copy(x));
  return result;
}

val start_shard(std::uintptr_t handle, val x, val options) {
  LoadedModel& shard = loaded(handle);
  const ModelConfig& config = shard.model->config();
  const Index length = x["length"].as<Index>() / config.model_dim;
  shard.pass = std::make_unique<Pass>();
  Status status = shard.pass->prepare(options, length, *shard.model, &shard.cache, &shard.memory);
  if (status.ok()) status = read(x, product(length, config.model_dim), &shard.pass->x);
  if (status.ok()) status = shard.pass->start(*shard.model, length);
  if (status.ok()) return step_of(shard);
  shard.pass.reset();
  return to_js(status);
}

val resume_shard(std::uintptr_t handle, val partials) {
  LoadedModel& shard = loaded(handle);
  const Status status = shard.pass->resume(partials);
  if (status.ok()) return step_of(shard);
  shard.pass.reset();
  return to_js(status);
}

void leave_shard(std::uintptr_t handle) { loaded(handle).pass.reset(); }

val head(std::uintptr_t handle, val final_hidden, bool as_probabilities) {
  Model& model = *loaded(handle).model;
  Buffer<float> hidden, output;
  if (Status status = read(final_hidden, &hidden); !status.ok()) return to_js(status);
  const Index rows = hidden.size() / model.config().model_dim;
  if (!output.allocate(product(rows, model.num_logits()))) return to_js(Status::OutOfMemory());
  const Status status = model.logits(hidden.data(), rows, output.data());
  if (status.ok() && as_probabilities) {
    softmax(output.data(), rows, model.num_logits(), output.data());
  }
  val result = to_js(status);
  if (status.ok()) result.set("output", copy(output));
  return result;
}

val model_window(std::uintptr_t handle, val head, val options) {
  const Model& model = *loaded(handle).model;
  Buffer<float> query, key, logsumexp, window;
  Buffer<std::uint8_t> attention_mask;
  Status status = read(head["logsumexp"], &logsumexp);
  const Index length = logsumexp.size(), size = product(length, model.config().head_dim);
  if (status.ok()) status = read(head["query"], size, &query);
  if (status.ok()) status = read(head["key"], size, &key);
  if (status.ok()) {
    status = read_optional(options["attentionMask"], product(length, length), &attention_mask);
  }
  ForwardOptions forward_options;
  forward_options.attention_mask = attention_mask.data();
  read_what_if(options, &forward_options);
  const WindowRequest rectangle = read_window(head);
  if (status.ok() && !window.allocate(product(rectangle.height, rectangle.width))) {
    status = Status::OutOfMemory();
  }
  if (status.ok()) {
    const HeadPlace place{.layer = head["layer"].as<Index>(),
                          .head = head["index"].as<Index>(),
                          .is_decoder = head["isDecoder"].as<bool>()};
    status = model.attention_window(place, length, forward_options, query.data(), key.data(),
                                    logsumexp.data(), rectangle, window.data());
  }
  val result = to_js(status);
  if (status.ok()) result.set("output", copy(window));
  return result;
}

val reset_cache(std::uintptr_t handle, int capacity, val final_hidden) {
  LoadedModel& model = loaded(handle);
  model.cache = KvCache();
  model.memory = Memory();
  Buffer<float> hidden;
  Status status = read_optional(final_hidden, &hidden);
  if (status.ok() && hidden.data() != nullptr) {
    const Index length = hidden.size() / model.model->config().model_dim;
    status = model.model->make_memory(hidden.data(), length, &model.memory);
  }
  if (status.ok() && capacity > 0) status = model.model->make_cache(capacity, &model.cache);
  return to_js(status);
}

}  // namespace heed::wasm
