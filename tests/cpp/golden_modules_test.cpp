// The golden cases of layers, alone and composed: PyTorch's modules in f64, with each case's own
// tolerance. (log_softmax, which two cases hold as well, is not an operation of the library.)
#include "fixture.h"
#include "layers/activations.h"
#include "layers/multi_head_attention.h"
#include "layers/normalization.h"
#include "layers/positions.h"
#include "problem.h"

namespace heed::test {
namespace {

Floats floats(const Case& c, const std::string& name) {
  const float* data = c.f32(name);
  return data == nullptr ? Floats() : Floats(data, data + c.tensor(name).size());
}

void expect_tensor(const Case& c, const std::string& name, const Floats& got) {
  const Json& tolerance = c.json["tolerance"][name];
  ASSERT_EQ(static_cast<Index>(got.size()), c.tensor(name).size()) << name;
  expect_close(got, c.f32(name), tolerance["atol"].number, tolerance["rtol"].number,
               c.id + " " + name);
}

Index length(const Floats& x) { return static_cast<Index>(x.size()); }

/// A linear layer from rows [begin, end) of a weight [out, in] and its bias.
Linear make_linear(const Case& c, const std::string& weight, const std::string& bias,
                   Index begin = 0, Index end = -1) {
  Linear linear;
  const Tensor& w = c.tensor(weight);
  if (end < 0) end = w.shape[0];
  const Index in = w.shape[1];
  EXPECT_TRUE(linear.allocate(in, end - begin, c.has(bias)).ok());
  for (Index out = begin; out < end; ++out) {
    linear.set_weight_row(out - begin, w.f32() + out * in);
    if (c.has(bias)) linear.bias()[out - begin] = c.f32(bias)[out];
  }
  return linear;
}

Floats project(const Linear& linear, const Floats& x) {
  const Index rows = length(x) / linear.in_features();
  Floats y(static_cast<std::size_t>(rows * linear.out_features()), kNan);
  linear.apply(x.data(), linear.in_features(), rows, y.data(), linear.out_features());
  return y;
}

Floats activated(const std::string& name, Floats x) {
  const Activation activation = name == "relu"        ? Activation::kRelu
                                : name == "gelu"      ? Activation::kGelu
                                : name == "gelu_tanh" ? Activation::kGeluTanh
                                                      : Activation::kSilu;
  activate(activation, x.data(), length(x), x.data());
  return x;
}

Floats sum(Floats x, const Floats& y) {
  for (std::size_t n = 0; n < x.size(); ++n) x[n] += y[n];
  return x;
}

class GoldenModules : public testing::TestWithParam<std::string> {
 protected:
  Case c = read_case("modules", GetParam());
};

class GoldenSoftmax : public GoldenModules {};
TEST_P(GoldenSoftmax, Output) {
  const std::vector<Index> shape = c.tensor("x").shape;
  const std::size_t dim = static_cast<std::size_t>(c.attr("dim"));
  Index inner = 1;  // softmax runs over rows: bring its dimension to the end
  for (std::size_t n = dim + 1; n < shape.size(); ++n) inner *= shape[n];
  const Index size = shape[dim], outer = c.tensor("x").size() / (size * inner);
  const auto at = [&](Index o, Index k, Index i) {
    return static_cast<std::size_t>((o * size + k) * inner + i);
  };
  const Floats x = floats(c, "x");
  Floats y(x.size(), kNan), row(static_cast<std::size_t>(size));
  for (Index o = 0; o < outer; ++o) {
    for (Index i = 0; i < inner; ++i) {
      for (Index k = 0; k < size; ++k) row[static_cast<std::size_t>(k)] = x[at(o, k, i)];
      softmax(row.data(), 1, size, row.data());
      for (Index k = 0; k < size; ++k) y[at(o, k, i)] = row[static_cast<std::size_t>(k)];
    }
  }
  expect_tensor(c, "out", y);
}

class GoldenNorm : public GoldenModules {};
TEST_P(GoldenNorm, Output) {
  const Floats x = floats(c, "x");
  const Index size = c.tensor("x").shape.back(), rows = length(x) / size;
  const float epsilon = c.attrs()["eps"].as_float();
  Floats y(x.size(), kNan);
  if (c.json["kind"].text == "layernorm") {
    layer_norm(x.data(), rows, size, c.f32("weight"), c.f32("bias"), epsilon, y.data());
  } else {
    rms_norm(x.data(), rows, size, c.f32("weight"), epsilon, y.data());
  }
  expect_tensor(c, "out", y);
}

class GoldenActivation : public GoldenModules {};
TEST_P(GoldenActivation, Output) {
  const std::string kind = c.json["kind"].text;
  expect_tensor(c, "out", activated(kind == "gelu_erf" ? "gelu" : kind, floats(c, "x")));
}

class GoldenSinusoidal : public GoldenModules {};
TEST_P(GoldenSinusoidal, Output) {
  const Index start = c.attr("start"), end = start + c.attr("len"), dim = c.attr("dim");
  Floats table(static_cast<std::size_t>(end * dim), kNan);
  sinusoidal_positions(end, dim, table.data());
  expect_tensor(c, "out", Floats(table.begin() + start * dim, table.end()));
}

class GoldenRope : public GoldenModules {};
TEST_P(GoldenRope, Output) {
  const Index batch = c.attr("batch"), heads = c.attr("heads"), len = c.attr("len");
  const Index head_dim = c.attr("head_dim"), pairs = c.attr("rotary_dim") / 2;
  RotaryOptions options;
  options.rotary_dim = 2 * pairs;
  options.interleaved = c.attrs()["layout"].text == "interleaved";
  const Floats x = floats(c, "x");
  const auto rotated = [&] {
    Floats y(x.size(), kNan);
    rotary_embedding(HeadsView<const float>::Bhld(x.data(), heads, len, head_dim), batch, heads,
                     len, head_dim, options,
                     HeadsView<float>::Bhld(y.data(), heads, len, head_dim));
    return y;
  };
  // with the case's tables, a row for each place
  options.cos = c.f32("cos");
  options.sin = c.f32("sin");
  options.table_batch_stride = len * pairs;
  expect_tensor(c, "out", rotated());
  if (!c.attrs()["scaling"].is_null()) return;

  // with our tables and the positions
  const Tensor& positions = c.tensor("positions");
  const Index most = *std::max_element(positions.i32(), positions.i32() + positions.size());
  Floats cos(static_cast<std::size_t>((most + 1) * pairs)), sin(cos.size());
  const double base = c.attrs()["theta"].number;
  rotary_tables(nullptr, most + 1, 2 * pairs, base, cos.data(), sin.data());
  Floats cos_rows(static_cast<std::size_t>(positions.size() * pairs)), sin_rows(cos_rows.size());
  rotary_tables(positions.i32(), positions.size(), 2 * pairs, base, cos_rows.data(),
                sin_rows.data());
  expect_tensor(c, "cos", cos_rows);
  expect_tensor(c, "sin", sin_rows);
  options.cos = cos.data();
  options.sin = sin.data();
  options.position_ids = positions.i32();
  expect_tensor(c, "out", rotated());
}

class GoldenFeedForward : public GoldenModules {};
TEST_P(GoldenFeedForward, Output) {
  const std::string activation = c.attrs()["activation"].text;
  const Floats x = floats(c, "x");
  if (activation == "swiglu") {
    Floats gate = activated("silu", project(make_linear(c, "w.gate_proj.weight", ""), x));
    const Floats up = project(make_linear(c, "w.up_proj.weight", ""), x);
    for (std::size_t n = 0; n < gate.size(); ++n) gate[n] *= up[n];
    return expect_tensor(c, "out", project(make_linear(c, "w.down_proj.weight", ""), gate));
  }
  const Floats hidden = activated(activation, project(make_linear(c, "w.0.weight", "w.0.bias"), x));
  expect_tensor(c, "out", project(make_linear(c, "w.2.weight", "w.2.bias"), hidden));
}

/// nn.MultiheadAttention of the weights under `prefix`. The mask is in attention.h's polarity.
Result multi_head(const Case& c, const std::string& prefix, AttentionShape shape,
                  const AttentionOptions& options, const Floats& query, const Floats& key,
                  const Floats& value) {
  const std::string packed = prefix + "in_proj_weight", bias = prefix + "in_proj_bias";
  const Linear output = make_linear(c, prefix + "out_proj.weight", prefix + "out_proj.bias");
  const Index dim = output.in_features();
  const auto input = [&](Index third, const char* own) {
    if (c.has(packed)) return make_linear(c, packed, bias, third * dim, (third + 1) * dim);
    Linear linear = make_linear(c, prefix + own, "");
    Linear with_bias;
    EXPECT_TRUE(with_bias.allocate(linear.in_features(), dim, c.has(bias)).ok());
    Floats row(static_cast<std::size_t>(linear.in_features()));
    for (Index out = 0; out < dim; ++out) {
      linear.weight_row(out, row.data());
      with_bias.set_weight_row(out, row.data());
      if (c.has(bias)) with_bias.bias()[out] = c.f32(bias)[third * dim + out];
    }
    return with_bias;
  };
  const Linear q = input(0, "q_proj_weight"), k = input(1, "k_proj_weight"),
               v = input(2, "v_proj_weight");
  shape.num_kv_heads = shape.num_heads;
  shape.head_dim = shape.value_dim = dim / shape.num_heads;
  AttentionOptions scaled = options;
  scaled.scale = default_scale(shape.head_dim);
  const Index rows = shape.batch_size * shape.query_length;
  Result result;
  result.output.assign(static_cast<std::size_t>(rows * output.out_features()), kNan);
  result.weights.assign(static_cast<std::size_t>(rows * shape.num_heads * shape.key_length), kNan);
  MultiHeadOutputs outputs;
  outputs.output = result.output.data();
  outputs.attention.weights = result.weights.data();
  const Status status = multi_head_attention(shape, scaled, query.data(), key.data(), value.data(),
                                             {&q, &k, &v, &output}, outputs);
  EXPECT_TRUE(status.ok()) << status.message;
  return result;
}

/// A torch.nn mask of keys to ignore as one of keys to attend, [batch_size, 1, 1, key_length].
struct PaddingMask {
  std::vector<std::uint8_t> attend;

  PaddingMask(const Case& c, const std::string& name, AttentionOptions* options) {
    if (!c.has(name)) return;
    const Tensor& ignore = c.tensor(name);
    for (Index n = 0; n < ignore.size(); ++n) attend.push_back(ignore.u8()[n] == 0);
    options->mask = {
        AttentionMask::Kind::kBool, attend.data(), ignore.shape[1], 0, 0, 1, ignore.shape[1]};
  }
};

class GoldenMultiHead : public GoldenModules {};
TEST_P(GoldenMultiHead, OutputAndWeights) {
  AttentionShape shape;
  shape.batch_size = c.attr("batch");
  shape.num_heads = c.attr("num_heads");
  shape.query_length = c.attr("len_q");
  shape.key_length = c.attr("len_k");
  const Floats query = floats(c, "query");
  const bool self = static_cast<bool>(c.attrs()["self_attention"]);
  AttentionOptions options;
  const PaddingMask padding(c, "key_padding_mask", &options);
  std::vector<std::uint8_t> attend;
  if (c.has("attn_mask")) {
    const Tensor& mask = c.tensor("attn_mask");
    for (Index n = 0; mask.dtype == "U8" && n < mask.size(); ++n) {
      attend.push_back(mask.u8()[n] == 0);
    }
    const bool is_bool = mask.dtype == "U8";
    ASSERT_TRUE(
        AttentionMask::Broadcast(is_bool ? AttentionMask::Kind::kBool : AttentionMask::Kind::kFloat,
                                 is_bool ? static_cast<const void*>(attend.data()) : mask.f32(),
                                 mask.shape.data(), 2, shape, &options.mask)
            .ok());
  }
  const Result result = multi_head(c, "w.", shape, options, query, self ? query : floats(c, "key"),
                                   self ? query : floats(c, "value"));
  expect_tensor(c, "out", result.output);
  expect_tensor(c, "weights", result.weights);
  const Index heads = shape.num_heads, matrix = shape.query_length * shape.key_length;
  Floats average(static_cast<std::size_t>(shape.batch_size * matrix));
  for (Index b = 0; b < shape.batch_size; ++b) {
    for (Index h = 0; h < heads; ++h) {
      for (Index n = 0; n < matrix; ++n) {
        average[static_cast<std::size_t>(b * matrix + n)] +=
            result.weights[static_cast<std::size_t>((b * heads + h) * matrix + n)] /
            static_cast<float>(heads);
      }
    }
  }
  expect_tensor(c, "weights_avg", average);
}

/// Layers of torch.nn.Transformer, composed of ours.
struct Composer {
  const Case& c;
  Index batch, heads;
  std::string activation;
  bool norm_first;

  explicit Composer(const Case& golden)
      : c(golden),
        batch(c.attr("batch")),
        heads(c.attr("num_heads")),
        activation(c.attrs()["activation"].text),
        norm_first(static_cast<bool>(c.attrs()["norm_first"])) {}

  Floats norm(const std::string& name, Floats x) const {
    const Index dim = c.tensor(name + ".weight").size();
    layer_norm(x.data(), length(x) / dim, dim, c.f32(name + ".weight"), c.f32(name + ".bias"),
               c.attrs()["layer_norm_eps"].as_float(), x.data());
    return x;
  }

  /// x + f(norm(x)), or norm(x + f(x))
  template <class F>
  Floats residual(const std::string& name, const Floats& x, F f) const {
    return norm_first ? sum(x, f(norm(name, x))) : norm(name, sum(x, f(x)));
  }

  Floats attend(const std::string& name, const Floats& query, const Floats& memory,
                AttentionOptions options) const {
    const Index dim = c.attr("d_model");
    AttentionShape shape;
    shape.batch_size = batch;
    shape.num_heads = heads;
    shape.query_length = length(query) / (batch * dim);
    shape.key_length = length(memory) / (batch * dim);
    return multi_head(c, name + ".", shape, options, query, memory, memory).output;
  }

  Floats feed_forward(const std::string& layer, const Floats& x) const {
    const Linear in = make_linear(c, layer + "linear1.weight", layer + "linear1.bias");
    const Linear out = make_linear(c, layer + "linear2.weight", layer + "linear2.bias");
    return project(out, activated(activation, project(in, x)));
  }

  Floats encoder_layer(const std::string& layer, Floats x, const AttentionOptions& options) const {
    x = residual(layer + "norm1", x,
                 [&](const Floats& y) { return attend(layer + "self_attn", y, y, options); });
    return residual(layer + "norm2", x, [&](const Floats& y) { return feed_forward(layer, y); });
  }

  Floats decoder_layer(const std::string& layer, Floats x, const Floats& memory,
                       const AttentionOptions& self, const AttentionOptions& cross) const {
    x = residual(layer + "norm1", x,
                 [&](const Floats& y) { return attend(layer + "self_attn", y, y, self); });
    x = residual(layer + "norm2", x, [&](const Floats& y) {
      return attend(layer + "multihead_attn", y, memory, cross);
    });
    return residual(layer + "norm3", x, [&](const Floats& y) { return feed_forward(layer, y); });
  }
};

class GoldenEncoderLayer : public GoldenModules {};
TEST_P(GoldenEncoderLayer, Output) {
  AttentionOptions options;
  options.is_causal = static_cast<bool>(c.attrs()["causal"]);
  const PaddingMask padding(c, "key_padding_mask", &options);
  expect_tensor(c, "out", Composer(c).encoder_layer("w.", floats(c, "x"), options));
}

class GoldenDecoderLayer : public GoldenModules {};
TEST_P(GoldenDecoderLayer, Output) {
  AttentionOptions self, cross;
  self.is_causal = true;
  const PaddingMask padding(c, "memory_key_padding_mask", &cross);
  expect_tensor(c, "out",
                Composer(c).decoder_layer("w.", floats(c, "x"), floats(c, "memory"), self, cross));
}

class GoldenTransformer : public GoldenModules {};
TEST_P(GoldenTransformer, Output) {
  const Composer composer(c);
  AttentionOptions all, causal;
  causal.is_causal = true;
  Floats memory = floats(c, "src");
  for (Index n = 0; n < c.attr("encoder_layers"); ++n) {
    memory = composer.encoder_layer("w.encoder.layers." + std::to_string(n) + ".", memory, all);
  }
  memory = composer.norm("w.encoder.norm", memory);
  Floats x = floats(c, "tgt");
  for (Index n = 0; n < c.attr("decoder_layers"); ++n) {
    x = composer.decoder_layer("w.decoder.layers." + std::to_string(n) + ".", x, memory, causal,
                               all);
  }
  expect_tensor(c, "out", composer.norm("w.decoder.norm", x));
}

std::string case_name(const testing::TestParamInfo<std::string>& info) { return info.param; }

std::vector<std::string> ids(const std::vector<std::string>& kinds) {
  return case_ids("modules", kinds);
}

#define HEED_ALL(suite, ...) \
  INSTANTIATE_TEST_SUITE_P(All, suite, testing::ValuesIn(ids({__VA_ARGS__})), case_name)
HEED_ALL(GoldenSoftmax, "softmax");
HEED_ALL(GoldenNorm, "layernorm", "rmsnorm");
HEED_ALL(GoldenActivation, "gelu_erf", "gelu_tanh", "silu");
HEED_ALL(GoldenSinusoidal, "sinusoidal");
HEED_ALL(GoldenRope, "rope");
HEED_ALL(GoldenFeedForward, "ffn");
HEED_ALL(GoldenMultiHead, "mha");
HEED_ALL(GoldenEncoderLayer, "encoder_layer");
HEED_ALL(GoldenDecoderLayer, "decoder_layer");
HEED_ALL(GoldenTransformer, "transformer");

TEST(GoldenCases, AllModuleCasesAreRun) {
  EXPECT_EQ(ids({"softmax", "layernorm", "rmsnorm", "gelu_erf", "gelu_tanh", "silu", "sinusoidal",
                 "rope", "ffn", "mha", "encoder_layer", "decoder_layer", "transformer"})
                .size(),
            50u);
}

}  // namespace
}  // namespace heed::test
