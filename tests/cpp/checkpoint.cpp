#include "checkpoint.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace heed::test {

Activation activation_of(const std::string& name) {
  if (name == "relu") return Activation::kRelu;
  if (name == "silu") return Activation::kSilu;
  return name == "gelu_new" ? Activation::kGeluTanh : Activation::kGelu;
}

Rotary plain_rotary(Index head_dim, double base) {
  Rotary rotary;
  for (Index i = 0; i < head_dim; i += 2) {
    rotary.frequencies.push_back(std::pow(base, -double(i) / double(head_dim)));
  }
  return rotary;
}

ModelConfig llama_config(const Json& json) {
  const auto number = [&](const char* name) { return Index(json[name].number); };
  ModelConfig c;
  c.architecture = "llama";
  c.num_layers = number("num_hidden_layers");
  c.num_heads = number("num_attention_heads");
  c.num_kv_heads = number("num_key_value_heads");
  c.model_dim = number("hidden_size");
  c.head_dim = !json["head_dim"].is_null() ? number("head_dim") : c.model_dim / c.num_heads;
  c.feed_forward_dim = number("intermediate_size");
  c.vocabulary_size = number("vocab_size");
  c.max_length = number("max_position_embeddings");
  c.norm_epsilon = float(json["rms_norm_eps"].number);
  c.activation = activation_of(json["hidden_act"].text);
  c.tied_head = bool(json["tie_word_embeddings"]);
  c.query_key_value_bias = json["model_type"].text == "qwen2";
  c.attention_output_bias = c.feed_forward_bias = false;
  c.rotary = plain_rotary(c.head_dim, json["rope_theta"].is_null()
                                          ? json["rope_parameters"]["rope_theta"].number
                                          : json["rope_theta"].number);
  if (!json["sliding_window"].is_null()) {
    c.window = number("sliding_window");
    c.sliding_layers.assign(std::size_t(c.num_layers), 1);
  }
  const auto& types = json["layer_types"].items;
  for (std::size_t l = 0; l < types.size(); ++l) {
    c.sliding_layers[l] = types[l].text == "sliding_attention";
  }
  return c;
}

ModelConfig model_config(const Json& json) {
  const auto number = [&](const char* name) { return Index(json[name].number); };
  ModelConfig c;
  c.architecture = json["model_type"].text;
  if (!json["rms_norm_eps"].is_null()) return llama_config(json);
  if (c.architecture == "gpt2") {
    c.num_layers = number("n_layer");
    c.num_heads = number("n_head");
    c.model_dim = number("n_embd");
    c.feed_forward_dim = 4 * c.model_dim;
    c.max_length = number("n_positions");
    c.norm_epsilon = float(json["layer_norm_epsilon"].number);
    c.activation = activation_of(json["activation_function"].text);
  } else if (c.architecture == "distilbert") {
    c.num_layers = number("n_layers");
    c.num_heads = number("n_heads");
    c.model_dim = number("dim");
    c.feed_forward_dim = number("hidden_dim");
    c.max_length = number("max_position_embeddings");
    c.norm_epsilon = 1e-12f;
    c.activation = activation_of(json["activation"].text);
  } else {
    c.num_layers = number("num_hidden_layers");
    c.num_heads = number("num_attention_heads");
    c.model_dim = number("hidden_size");
    c.feed_forward_dim = number("intermediate_size");
    c.max_length = number("max_position_embeddings");
    c.num_token_types = number("type_vocab_size");
    c.norm_epsilon = float(json["layer_norm_eps"].number);
    c.activation = activation_of(json["hidden_act"].text);
  }
  if (c.architecture == "roberta") {
    c.padding_id = number("pad_token_id");
    c.max_length -= c.padding_id + 1;
  }
  c.num_kv_heads = c.num_heads;
  c.head_dim = c.model_dim / c.num_heads;
  c.vocabulary_size = number("vocab_size");
  return c;
}

Checkpoint read_checkpoint(const std::string& folder) {
  Checkpoint checkpoint{model_config(read_json(folder + "/config.json")), {}};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("model") && name.ends_with(".safetensors")) {
      checkpoint.tensors.merge(read_safetensors(entry.path()));
    }
  }
  return checkpoint;
}

Checkpoint golden_checkpoint(const std::string& name) {
  return read_checkpoint(fixtures() + "/golden/models/" + name);
}

std::string test_name(const testing::TestParamInfo<const char*>& checkpoint) {
  std::string name = checkpoint.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

Status set_weight(Model& model, const std::string& name, const Tensor& tensor) {
  const DType dtype = tensor.dtype == "F32"   ? DType::kF32
                      : tensor.dtype == "F16" ? DType::kF16
                                              : DType::kBF16;
  return model.set_weight({.name = name,
                           .dtype = dtype,
                           .dims = tensor.shape.data(),
                           .rank = Index(tensor.shape.size()),
                           .rows = {0, tensor.shape.empty() ? 1 : tensor.shape[0]},
                           .data = tensor.bytes.data()});
}

std::unique_ptr<Model> make_empty(const Checkpoint& checkpoint) {
  std::unique_ptr<Model> model;
  const Status status = make_model(checkpoint.config, &model);
  EXPECT_TRUE(status.ok()) << status.message;
  return model;
}

std::unique_ptr<Model> make_filled(const Checkpoint& checkpoint) {
  std::unique_ptr<Model> model = make_empty(checkpoint);
  for (const auto& [name, tensor] : checkpoint.tensors) {
    const Status status = set_weight(*model, name, tensor);
    EXPECT_TRUE(status.ok()) << status.message;
  }
  const Status status = model->finish();
  EXPECT_TRUE(status.ok()) << status.message;
  return model;
}

std::vector<float> floats(const Tensor& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeof(float));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

Tensor tensor_of(std::vector<Index> shape, const std::vector<float>& values) {
  Tensor tensor{"F32", std::move(shape), std::string(values.size() * sizeof(float), '\0')};
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

void zero(Checkpoint* checkpoint, const std::string& name, Index begin, Index end) {
  Tensor& tensor = checkpoint->tensors.at(name);
  std::vector<float> values = floats(tensor);
  std::fill(values.begin() + begin, values.begin() + end, 0.0f);
  tensor = tensor_of(tensor.shape, values);
}

Ids ids_of(const Json& array) {
  Ids ids;
  for (const Json& item : array.items) ids.push_back(std::int32_t(item.number));
  return ids;
}

float* room(std::vector<float>* values, Index size) {
  values->assign(std::size_t(size), std::nanf(""));
  return values->data();
}

ForwardTrace room_for_trace(const Model& model, ModelRun* r) {
  const ModelConfig& c = model.config();
  const LayerPart part = layer_part(c);
  const Index rows = c.num_layers * part.heads.size() * r->n;
  const Index kv_rows = c.num_layers * part.kv_heads.size() * r->n;
  ForwardTrace trace;
  trace.hidden = room(&r->hidden, (c.num_layers + 1) * r->n * c.model_dim);
  trace.attention_input = room(&r->attention_input, c.num_layers * r->n * c.model_dim);
  trace.attention_output = room(&r->attention_output, c.num_layers * r->n * c.model_dim);
  trace.query = room(&r->query, rows * c.head_dim);
  trace.key = room(&r->key, kv_rows * c.head_dim);
  trace.value = room(&r->value, kv_rows * c.head_dim);
  trace.context = room(&r->context, rows * c.head_dim);
  trace.head_outputs = room(&r->head_outputs, rows * c.model_dim);
  trace.products = room(&r->products, rows * r->m);
  trace.scores = room(&r->scores, rows * r->m);
  trace.capped_scores = room(&r->capped_scores, rows * r->m);
  trace.masked_scores = room(&r->masked_scores, rows * r->m);
  trace.weights = room(&r->weights, rows * r->m);
  trace.logsumexp = room(&r->logsumexp, rows);
  return trace;
}

ModelRun run(Model& model, const Ids& ids, const ForwardOptions& options, bool capture) {
  ModelRun r;
  r.n = Index(ids.size());
  r.m = r.n + (options.cache != nullptr ? options.cache->length : 0);
  const ForwardTrace trace = capture ? room_for_trace(model, &r) : ForwardTrace();
  r.status = model.forward(ids.data(), r.n, options, trace,
                           room(&r.final_hidden, r.n * model.config().model_dim));
  return r;
}

std::vector<float> plain_linear(const std::vector<float>& x, const Tensor& weight,
                                const Tensor& bias, bool is_conv1d) {
  const std::vector<float> w = floats(weight), b = floats(bias);
  const Index out = Index(b.size()), in = Index(w.size()) / out, rows = Index(x.size()) / in;
  std::vector<float> y;
  for (Index r = 0; r < rows; ++r) {
    for (Index o = 0; o < out; ++o) {
      double sum = double(b[std::size_t(o)]);
      for (Index k = 0; k < in; ++k) {
        sum += double(x[std::size_t(r * in + k)]) *
               double(w[std::size_t(is_conv1d ? k * out + o : o * in + k)]);
      }
      y.push_back(float(sum));
    }
  }
  return y;
}

std::vector<float> concat_heads(const ModelConfig& c, const std::vector<float>& heads, Index layer,
                                Index n) {
  std::vector<float> rows;
  for (Index i = 0; i < n; ++i) {
    for (Index h = 0; h < c.num_heads; ++h) {
      const auto row = heads.begin() + ((layer * c.num_heads + h) * n + i) * c.head_dim;
      rows.insert(rows.end(), row, row + c.head_dim);
    }
  }
  return rows;
}

std::vector<float> logits_of(Model& model, const std::vector<float>& final_hidden) {
  const Index rows = Index(final_hidden.size()) / model.config().model_dim;
  std::vector<float> logits(std::size_t(rows * model.config().vocabulary_size), std::nanf(""));
  const Status status = model.logits(final_hidden.data(), rows, logits.data());
  EXPECT_TRUE(status.ok()) << status.message;
  return logits;
}

double absolute_error(const std::vector<float>& got, const std::vector<float>& want) {
  if (got.size() != want.size()) return HUGE_VAL;
  double error = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!std::isfinite(got[i])) return HUGE_VAL;
    error = std::max(error, std::abs(double(got[i]) - double(want[i])));
  }
  return error;
}

double relative_error(const std::vector<float>& got, const std::vector<float>& want) {
  double largest = 0;
  for (const float value : want) largest = std::max(largest, std::abs(double(value)));
  const double error = absolute_error(got, want);
  return error == 0 ? 0 : error / largest;
}

std::vector<float> rows_of(const std::vector<float>& values, Index begin, Index end, Index row) {
  return {values.begin() + begin * row, values.begin() + end * row};
}

double window_error(const Model& model, const ModelRun& r, const ForwardOptions& options) {
  const ModelConfig& c = model.config();
  const Index n = r.n;
  std::vector<float> weights, window(std::size_t(n * n));
  for (Index head = 0; head < c.num_layers * c.num_heads; ++head) {
    const WindowRequest whole{.row_end = n, .col_end = n, .height = n, .width = n};
    const Index row = n * c.head_dim, kv_head = head / (c.num_heads / c.num_kv_heads);
    const Status status =
        model.attention_window({.layer = head / c.num_heads, .head = head % c.num_heads}, n,
                               options, r.query.data() + head * row, r.key.data() + kv_head * row,
                               r.logsumexp.data() + head * n, whole, window.data());
    EXPECT_TRUE(status.ok()) << status.message;
    weights.insert(weights.end(), window.begin(), window.end());
  }
  return absolute_error(weights, r.weights);
}

}  // namespace heed::test
