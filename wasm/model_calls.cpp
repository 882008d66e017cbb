#include "model_calls.h"

#include <memory>

#include "../src/models/model.h"

namespace heed::wasm {
namespace {

struct LoadedModel {
  std::unique_ptr<Model> model;
  KvCache cache;
};

LoadedModel& loaded(std::uintptr_t handle) { return *reinterpret_cast<LoadedModel*>(handle); }

Activation activation_of(const std::string& name) {
  return name == "relu"        ? Activation::kRelu
         : name == "gelu_tanh" ? Activation::kGeluTanh
         : name == "silu"      ? Activation::kSilu
                               : Activation::kGelu;
}

DType dtype_of(const std::string& name) {
  return name == "F16" ? DType::kF16 : name == "BF16" ? DType::kBF16 : DType::kF32;
}

ModelConfig read_config(const val& config) {
  ModelConfig result;
  result.architecture = config["architecture"].as<std::string>();
  result.num_layers = config["numLayers"].as<Index>();
  result.num_heads = config["numHeads"].as<Index>();
  result.num_kv_heads = config["numKvHeads"].as<Index>();
  result.head_dim = config["headDim"].as<Index>();
  result.model_dim = config["modelDim"].as<Index>();
  result.feed_forward_dim = config["feedForwardDim"].as<Index>();
  result.vocabulary_size = config["vocabularySize"].as<Index>();
  result.max_length = config["maxLength"].as<Index>();
  result.num_token_types = config["numTokenTypes"].as<Index>();
  result.norm_epsilon = config["normEpsilon"].as<float>();
  result.activation = activation_of(config["activation"].as<std::string>());
  result.tied_head = config["tiedHead"].as<bool>();
  result.scale_attention = config["scaleAttention"].as<bool>();
  result.scale_attention_by_layer = config["scaleAttentionByLayer"].as<bool>();
  return result;
}

/// The results a forward pass was asked for, each with room.
class Trace {
 public:
  Status allocate(const val& names, const ModelConfig& config, Index length, Index key_length) {
    const Index layers = config.num_layers;
    const Index rows = layers * config.num_heads * length;
    const Index kv_rows = layers * config.num_kv_heads * length;
    const struct {
      const char* name;
      Index size;
      float** pointer;
    } results[] = {
        {"hidden", (layers + 1) * length * config.model_dim, &trace.hidden},
        {"query", rows * config.head_dim, &trace.query},
        {"key", kv_rows * config.head_dim, &trace.key},
        {"value", kv_rows * config.head_dim, &trace.value},
        {"context", rows * config.head_dim, &trace.context},
        {"products", rows * key_length, &trace.products},
        {"scores", rows * key_length, &trace.scores},
        {"cappedScores", rows * key_length, &trace.capped_scores},
        {"maskedScores", rows * key_length, &trace.masked_scores},
        {"weights", rows * key_length, &trace.weights},
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
  Entry entries_[11];
  int count_ = 0;
};

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

val set_weight(std::uintptr_t model, std::string name, std::string dtype, val shape, val bytes) {
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
                                                .rows = {0, rank > 0 ? dims[0] : 1},
                                                .data = data.data()}));
}

val finish_model(std::uintptr_t model) {
  val result = to_js(loaded(model).model->finish());
  result.set("hasHead", loaded(model).model->has_head());
  return result;
}

val forward(std::uintptr_t handle, val token_ids, val options) {
  LoadedModel& model = loaded(handle);
  const ModelConfig& config = model.model->config();
  Buffer<std::int32_t> ids, token_types;
  Buffer<std::uint8_t> ablated;
  Status status = read(token_ids, &ids);
  if (status.ok()) status = read_optional(options["tokenTypes"], &token_types);
  if (status.ok()) status = read_optional(options["ablatedHeads"], &ablated);

  ForwardOptions forward_options;
  forward_options.token_types = token_types.data();
  forward_options.ablated_heads = ablated.data();
  const val is_causal = options["isCausal"], scale = options["scale"];
  if (is_given(is_causal)) forward_options.is_causal = is_causal.as<bool>();
  if (is_given(scale)) forward_options.scale = scale.as<float>();
  if (is_given(options["usePositions"])) {
    forward_options.use_positions = options["usePositions"].as<bool>();
  }
  const bool use_cache = is_given(options["useCache"]) && options["useCache"].as<bool>();
  if (use_cache) forward_options.cache = &model.cache;

  const Index length = ids.size();
  Trace trace;
  Buffer<float> final_hidden;
  if (status.ok()) {
    status = trace.allocate(options["trace"], config, length,
                            length + (use_cache ? model.cache.length : 0));
  }
  if (status.ok() && !final_hidden.allocate(length * config.model_dim)) {
    status = Status::OutOfMemory();
  }
  if (status.ok()) {
    status =
        model.model->forward(ids.data(), length, forward_options, trace.trace, final_hidden.data());
  }
  val result = to_js(status);
  if (!status.ok()) return result;
  result.set("finalHidden", copy(final_hidden));
  trace.store(result);
  return result;
}

val logits(std::uintptr_t handle, val final_hidden) {
  Model& model = *loaded(handle).model;
  Buffer<float> hidden, output;
  if (Status status = read(final_hidden, &hidden); !status.ok()) return to_js(status);
  const Index rows = hidden.size() / model.config().model_dim;
  if (!output.allocate(rows * model.config().vocabulary_size)) {
    return to_js(Status::OutOfMemory());
  }
  const Status status = model.logits(hidden.data(), rows, output.data());
  val result = to_js(status);
  if (status.ok()) result.set("output", copy(output));
  return result;
}

val reset_cache(std::uintptr_t handle, int capacity) {
  LoadedModel& model = loaded(handle);
  model.cache = KvCache();
  return to_js(capacity > 0 ? model.model->make_cache(capacity, &model.cache) : Status::Ok());
}

}  // namespace heed::wasm
