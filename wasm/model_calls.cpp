#include "model_calls.h"

#include <memory>

#include "../src/layers/normalization.h"
#include "../src/models/attend.h"
#include "model_config.h"
#include "pass.h"

namespace heed::wasm {
namespace {

DType dtype_of(const std::string& name) {
  return name == "F16" ? DType::kF16 : name == "BF16" ? DType::kBF16 : DType::kF32;
}

/// A shard's pass, which waits for the others.
struct ShardPass {
  Pass pass;
  Forward steps;
};

struct LoadedModel {
  std::unique_ptr<Model> model;
  KvCache cache;
  Memory memory;  // of what the cache continues, where the model has a decoder
  std::unique_ptr<ShardPass> shard;
};

LoadedModel& loaded(std::uintptr_t handle) { return *reinterpret_cast<LoadedModel*>(handle); }

/// { partial } where a shard's pass pauses; all results where it is done and let go.
val step_of(LoadedModel& model) {
  const auto& [pass, steps] = *model.shard;
  if (!steps.is_done()) {
    val paused = to_js(Status::Ok());
    paused.set("partial", copy(steps.sum().data, steps.sum().size));
    return paused;
  }
  val done = pass.results(steps.status());
  model.shard.reset();
  return done;
}

/// Goes on with what all shards' partial sums, in their order, add up to; its own are not given.
Status resume(const Forward& steps, const val& partials) {
  const auto count = partials["length"].as<Index>();
  const auto buffers = std::make_unique<Buffer<float>[]>(static_cast<std::size_t>(count));
  const auto pointers = std::make_unique<const float*[]>(static_cast<std::size_t>(count));
  const auto [data, size, is_alone] = steps.sum();
  for (Index k = 0; k < count; ++k) {
    Buffer<float>& buffer = buffers[static_cast<std::size_t>(k)];
    Status status = read_optional(partials[static_cast<int>(k)], size, &buffer);
    if (!status.ok()) return status;
    pointers[static_cast<std::size_t>(k)] = buffer.data() != nullptr ? buffer.data() : data;
  }
  sum_partials(pointers.get(), count, size, data);
  steps.resume();
  return Status::Ok();
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
    status = model.model->forward(ids.data(), ids.size(), pass.forward_options, pass.trace(),
                                  pass.x.data());
  }
  return pass.results(status);
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
  LoadedModel& model = loaded(handle);
  const ModelConfig& config = model.model->config();
  const Index length = x["length"].as<Index>() / config.model_dim;
  model.shard = std::make_unique<ShardPass>();
  auto& [pass, steps] = *model.shard;
  Status status = pass.prepare(options, length, *model.model, &model.cache, &model.memory);
  if (status.ok()) status = read(x, product(length, config.model_dim), &pass.x);
  if (status.ok()) {
    status = model.model->start(length, pass.forward_options, pass.trace(), pass.x.data(), &steps);
  }
  if (status.ok()) return step_of(model);
  model.shard.reset();
  return to_js(status);
}

val resume_shard(std::uintptr_t handle, val partials) {
  LoadedModel& model = loaded(handle);
  const Status status = resume(model.shard->steps, partials);
  if (status.ok()) return step_of(model);
  model.shard.reset();
  return to_js(status);
}

void leave_shard(std::uintptr_t handle) { loaded(handle).shard.reset(); }

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
