#include "calls.h"

#include "../src/layers/activations.h"
#include "../src/layers/multi_head_attention.h"
#include "../src/layers/normalization.h"
#include "../src/layers/positions.h"

namespace heed::wasm {
namespace {

val with_output(const Buffer<float>& output) {
  val result = to_js(Status::Ok());
  result.set("output", copy(output));
  return result;
}

/// y = layer(x) for a layer that works in place on one array.
template <class Layer>
val in_place(const val& x, Layer layer) {
  Buffer<float> values;
  if (Status status = read(x, &values); !status.ok()) return to_js(status);
  layer(values);
  return with_output(values);
}

/// A PyTorch linear layer { weight, bias? }, W [out_features, in_features].
Status read_linear(const val& weights, Index in_features, Index out_features, Linear* layer) {
  Buffer<float> weight, bias;
  Status status = read(weights["weight"], product(out_features, in_features), &weight);
  if (status.ok()) status = read_optional(weights["bias"], out_features, &bias);
  if (status.ok()) status = layer->allocate(in_features, out_features, bias.data() != nullptr);
  if (!status.ok()) return status;
  for (Index out = 0; out < out_features; ++out) {
    layer->set_weight_row(out, weight.data() + out * in_features);
  }
  if (bias.data() != nullptr) std::copy(bias.begin(), bias.end(), layer->bias());
  return Status::Ok();
}

}  // namespace

val attention(val request) {
  AttentionCall call;
  Status status = call.read(request);
  const AttentionShape& shape = call.shape;
  Buffer<float> output;
  Captures captures;
  AttentionOutputs outputs;
  if (status.ok() &&
      !output.allocate(shape.batch_size * shape.num_heads * shape.query_length * shape.value_dim)) {
    status = Status::OutOfMemory();
  }
  if (!status.ok()) return to_js(status);
  outputs.output = call.blhd ? HeadsView<float>::Blhd(output.data(), shape.num_heads,
                                                      shape.query_length, shape.value_dim)
                             : HeadsView<float>::Bhld(output.data(), shape.num_heads,
                                                      shape.query_length, shape.value_dim);
  status = captures.allocate(request, shape, &outputs);
  if (status.ok()) status = heed::attention(shape, call.options, call.inputs, outputs);
  if (!status.ok()) return to_js(status);

  const val into = request["into"];
  val result = to_js(status);
  set_copy(result, "output", output, into);
  captures.store(result, into);
  if (call.present_key.data() != nullptr) {
    result.set("presentKey", copy(call.present_key));
    result.set("presentValue", copy(call.present_value));
  }
  return result;
}

val attention_window(val request) {
  AttentionCall call;
  Status status = call.read(request);
  Buffer<float> logsumexp, window;
  if (status.ok()) {
    const AttentionShape& shape = call.shape;
    const Index rows = product(shape.batch_size, shape.num_heads, shape.query_length);
    status = read(request["logsumexp"], rows, &logsumexp);
  }
  const WindowRequest rectangle = read_window(request);
  if (status.ok() && !window.allocate(product(rectangle.height, rectangle.width))) {
    status = Status::OutOfMemory();
  }
  if (status.ok()) {
    status = heed::attention_window(call.shape, call.options, call.inputs, logsumexp.data(),
                                    rectangle, window.data());
  }
  return status.ok() ? with_output(window) : to_js(status);
}

val multi_head_attention(val request) {
  AttentionCall call;
  Status status = call.read_steering(request);
  const AttentionShape& shape = call.shape;
  const val weights = request["weights"];
  const auto query_features = request["queryFeatures"].as<Index>();
  const auto key_features = request["keyFeatures"].as<Index>();
  const auto value_features = request["valueFeatures"].as<Index>();
  const auto out_features = request["outFeatures"].as<Index>();
  // What comes in is no heads yet, but [batch_size, length, features].
  const auto load_input = [&](const char* name, Index length, Index features, Buffer<float>* x) {
    if (status.ok()) status = read(request[name], product(shape.batch_size, length, features), x);
  };
  load_input("query", shape.query_length, query_features, &call.query);
  load_input("key", shape.key_length, key_features, &call.key);
  load_input("value", shape.key_length, value_features, &call.value);
  if (!status.ok()) return to_js(status);
  const Index kv_heads = shape.num_kv_heads;
  Linear query, key, value, output_layer;
  const auto load = [&](const char* name, Index in_features, Index out, Linear* layer) {
    if (status.ok()) status = read_linear(weights[name], in_features, out, layer);
  };
  load("query", query_features, shape.num_heads * shape.head_dim, &query);
  load("key", key_features, kv_heads * shape.head_dim, &key);
  load("value", value_features, kv_heads * shape.value_dim, &value);
  load("output", shape.num_heads * shape.value_dim, out_features, &output_layer);

  Buffer<float> output, heads;
  Captures captures;
  MultiHeadOutputs outputs;
  const Index rows = shape.batch_size * shape.query_length;
  if (status.ok() && !output.allocate(product(rows, out_features))) status = Status::OutOfMemory();
  outputs.output = output.data();
  if (status.ok() && request["capture"].call<bool>("includes", val("heads"))) {
    if (!heads.allocate(rows * shape.num_heads * shape.value_dim)) status = Status::OutOfMemory();
    outputs.heads = heads.data();
  }
  if (status.ok()) status = captures.allocate(request, shape, &outputs.attention);
  if (status.ok()) {
    status = heed::multi_head_attention(shape, call.options, call.query.data(), call.key.data(),
                                        call.value.data(), {&query, &key, &value, &output_layer},
                                        outputs);
  }
  if (!status.ok()) return to_js(status);
  val result = with_output(output);
  captures.store(result);
  if (heads.data() != nullptr) result.set("heads", copy(heads));
  return result;
}

val rotary_embedding(val request) {
  const auto batch_size = request["batchSize"].as<Index>();
  const auto num_heads = request["numHeads"].as<Index>();
  const auto length = request["length"].as<Index>();
  const auto head_dim = request["headDim"].as<Index>();
  RotaryOptions options;
  options.rotary_dim = request["rotaryDim"].as<Index>();
  options.interleaved = request["interleaved"].as<bool>();
  options.table_batch_stride = request["tableBatchStride"].as<Index>();
  Buffer<float> x, cos, sin;
  Buffer<std::int32_t> position_ids;
  Status status = read(request["x"], product(batch_size, num_heads, length, head_dim), &x);
  if (status.ok()) {
    status = read_optional(request["positionIds"], product(batch_size, length), &position_ids);
  }
  if (status.ok() && is_given(request["cos"])) {
    status = read(request["cos"], &cos);
    if (status.ok()) status = read(request["sin"], cos.size(), &sin);
    options.position_ids = position_ids.data();
  } else if (status.ok()) {
    const auto table_length = request["tableLength"].as<Index>();
    const Index size = product(table_length, options.rotary_dim / 2);
    if (!cos.allocate(size) || !sin.allocate(size)) return to_js(Status::OutOfMemory());
    rotary_tables(position_ids.data(), table_length, options.rotary_dim,
                  request["base"].as<double>(), cos.data(), sin.data());
  }
  if (!status.ok()) return to_js(status);
  options.cos = cos.data();
  options.sin = sin.data();
  const bool blhd = request["layout"].as<std::string>() == "blhd";
  const auto view = blhd ? HeadsView<float>::Blhd(x.data(), num_heads, length, head_dim)
                         : HeadsView<float>::Bhld(x.data(), num_heads, length, head_dim);
  heed::rotary_embedding({view.data, view.batch_stride, view.head_stride, view.row_stride},
                         batch_size, num_heads, length, head_dim, options, view);
  return with_output(x);
}

val sinusoidal_positions(int length, int model_dim) {
  Buffer<float> table;
  if (!table.allocate(product(length, model_dim))) return to_js(Status::OutOfMemory());
  heed::sinusoidal_positions(length, model_dim, table.data());
  return with_output(table);
}

val linear(val x, val weight, val bias, int in_features, int out_features) {
  val weights = val::object();
  weights.set("weight", weight);
  weights.set("bias", bias);
  Linear layer;
  Buffer<float> input, output;
  Status status = read_linear(weights, in_features, out_features, &layer);
  if (status.ok()) status = read(x, &input);
  if (!status.ok()) return to_js(status);
  const Index rows = in_features > 0 ? input.size() / in_features : 0;
  if (!output.allocate(product(rows, out_features))) return to_js(Status::OutOfMemory());
  layer.apply(input.data(), in_features, rows, output.data(), out_features);
  return with_output(output);
}

val softmax(val x, int row_length) {
  return in_place(x, [&](Buffer<float>& values) {
    heed::softmax(values.data(), values.size() / row_length, row_length, values.data());
  });
}

val layer_norm(val x, int row_length, val weight, val bias, float epsilon) {
  Buffer<float> gain, shift;
  Status status = read_optional(weight, row_length, &gain);
  if (status.ok()) status = read_optional(bias, row_length, &shift);
  if (!status.ok()) return to_js(status);
  return in_place(x, [&](Buffer<float>& values) {
    heed::layer_norm(values.data(), values.size() / row_length, row_length, gain.data(),
                     shift.data(), epsilon, values.data());
  });
}

val rms_norm(val x, int row_length, val weight, float epsilon) {
  Buffer<float> gain;
  if (Status status = read_optional(weight, row_length, &gain); !status.ok()) return to_js(status);
  return in_place(x, [&](Buffer<float>& values) {
    heed::rms_norm(values.data(), values.size() / row_length, row_length, gain.data(), epsilon,
                   values.data());
  });
}

val activate(val x, std::string name) {
  const Activation activation = name == "silu"        ? Activation::kSilu
                                : name == "gelu_tanh" ? Activation::kGeluTanh
                                                      : Activation::kGelu;
  return in_place(x, [&](Buffer<float>& values) {
    heed::activate(activation, values.data(), values.size(), values.data());
  });
}

}  // namespace heed::wasm
