// Layers beyond their golden cases: accuracy over the whole range, sizes, in-place calls, errors.
#include "layers/activations.h"
#include "layers/multi_head_attention.h"
#include "layers/normalization.h"
#include "layers/positions.h"
#include "problem.h"

namespace heed::test {
namespace {

bool all_finite(const Floats& values) {
  return std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
}

TEST(Linear, KeepsItsWeightsAndAppliesThem) {
  for (bool transposed : {false, true}) {
    Linear linear;
    ASSERT_TRUE(linear.allocate(3, 2, true).ok());
    const Floats w = {1, 2, 3, 4, 5, 6}, w_transposed = {1, 4, 2, 5, 3, 6};
    for (Index out = 0; !transposed && out < 2; ++out) {
      linear.set_weight_row(out, w.data() + 3 * out);
    }
    for (Index in = 0; transposed && in < 3; ++in) {
      linear.set_weight_column(in, w_transposed.data() + 2 * in);
    }
    linear.bias()[1] = 10.0f;
    EXPECT_EQ(linear.in_features(), 3);
    EXPECT_EQ(linear.out_features(), 2);
    const Floats x = {1, 0, -1, 99, 2, 2, 2, 99};
    Floats y(6, -1.0f), row(3);
    linear.apply(x.data(), 4, 2, y.data(), 3);
    EXPECT_EQ(y, (Floats{-2, 8, -1, 12, 40, -1}));
    linear.weight_row(1, row.data());
    EXPECT_EQ(row, (Floats{4, 5, 6}));
  }
  Linear linear;
  ASSERT_TRUE(linear.allocate(1, 1, false).ok());
  EXPECT_EQ(linear.bias(), nullptr);
  EXPECT_EQ(linear.allocate(std::numeric_limits<Index>::max() / 8, 64, true).code,
            StatusCode::kOutOfMemory);
}

TEST(Linear, KeepsItsWeightsInSixteenBits) {
  const std::vector<std::uint16_t> w = {0x3c00, 0xc000, 0x0001};  // F16: 1, -2, 2^-24
  const Floats x = {3, 4, 0x1p24f};
  Floats y(1), row(3);
  Linear linear;
  ASSERT_TRUE(linear.declare(3, 1, true).ok());
  EXPECT_EQ(linear.weight_format(), std::nullopt);
  for (bool transposed : {false, true}) {
    ASSERT_TRUE(linear.allocate_weight(DType::kF16).ok());
    EXPECT_EQ(linear.weight_format(), DType::kF16);
    if (!transposed) linear.set_weight_row(0, w.data());
    for (Index in = 0; transposed && in < 3; ++in) linear.set_weight_column(in, w.data() + in);
    linear.bias()[0] = 10.0f;
    linear.apply(x.data(), 3, 1, y.data(), 1);
    EXPECT_EQ(y, (Floats{3 - 8 + 1 + 10}));
    linear.weight_row(0, row.data());
    EXPECT_EQ(row, (Floats{1, -2, 0x1p-24f}));
  }
  EXPECT_EQ(linear.allocate_weight(DType::kBF16).code, StatusCode::kOk);
  linear.weight_row(0, row.data());
  EXPECT_EQ(row, (Floats{0, 0, 0}));
}

TEST(Activations, StayCloseToTheirFormulas) {
  Floats x;
  for (int n = -2000; n <= 2000; ++n) x.push_back(static_cast<float>(n) / 100.0f);
  const auto check = [&](auto f, auto formula, double bound, const char* name) {
    Floats y(x.size());
    f(x.data(), Index(x.size()), y.data());
    for (std::size_t n = 0; n < x.size(); ++n) {
      const double v = x[n];
      ASSERT_NEAR(y[n], formula(v), bound * std::max(1.0, std::abs(v))) << name << " of " << v;
    }
  };
  check(
      gelu, [](double v) { return v / 2 * (1 + std::erf(v / std::sqrt(2.0))); }, 2e-7, "gelu");
  check(
      gelu_tanh,
      [](double v) {
        return v / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v)));
      },
      3e-7, "gelu_tanh");
  check(
      silu, [](double v) { return v / (1 + std::exp(-v)); }, 2e-7, "silu");
  check(
      relu, [](double v) { return std::max(v, 0.0); }, 0.0, "relu");
}

TEST(Activations, FiniteGivesFiniteAndNanStaysNan) {
  for (Activation activation :
       {Activation::kRelu, Activation::kGelu, Activation::kGeluTanh, Activation::kSilu}) {
    Floats x = {kMost, -kMost, 1e-45f, -1e-45f, 0.0f, 1e20f, -1e20f, 88.0f, -88.0f, -104.0f};
    activate(activation, x.data(), Index(x.size()), x.data());
    EXPECT_TRUE(all_finite(x)) << int(activation);
    EXPECT_EQ(x[0], kMost) << int(activation);
    EXPECT_EQ(x[1], 0.0f) << int(activation);
    Floats nan = {kNan};
    activate(activation, nan.data(), 1, nan.data());
    EXPECT_TRUE(std::isnan(nan[0])) << int(activation);
  }
}

TEST(Softmax, RowsOfMinusInfinityAreZeroAndNanSpoilsItsRow) {
  Floats x = {-kInf, -kInf, -kInf, 0, kNan, 1, 5, 5, -kInf};
  softmax(x.data(), 3, 3, x.data());
  EXPECT_EQ(Floats(x.begin(), x.begin() + 3), (Floats{0, 0, 0}));
  EXPECT_TRUE(std::isnan(x[3]) && std::isnan(x[4]) && std::isnan(x[5]));
  EXPECT_EQ(Floats(x.begin() + 6, x.end()), (Floats{0.5f, 0.5f, 0}));
}

TEST(Softmax, AnyFiniteRowSumsToOne) {
  Random random(7);
  for (Index size : {1, 2, 3, 17, 255, 1000, 50257}) {
    for (float spread : {0.0f, 1.0f, 1e4f, 5e37f}) {
      Floats x = random.normals(size, spread);
      Floats y(x.size());
      softmax(x.data(), 1, size, y.data());
      double sum = 0.0;
      for (float weight : y) {
        EXPECT_TRUE(weight == 0.0f || weight >= std::numeric_limits<float>::min());
        sum += weight;
      }
      EXPECT_NEAR(sum, 1.0, 1e-6);
    }
  }
  softmax(nullptr, 3, 0, nullptr);
}

TEST(Normalization, HugeAndConstantRowsStayFinite) {
  Floats x = {kMost, -kMost, kMost, 1, 1, 1, 0, 0, 0};
  Floats y(9);
  layer_norm(x.data(), 3, 3, nullptr, nullptr, 1e-5f, y.data());
  EXPECT_TRUE(all_finite(y));
  EXPECT_NEAR(y[1], -std::sqrt(2.0), 1e-6);
  EXPECT_EQ(y[3], 0.0f);
  rms_norm(x.data(), 3, 3, nullptr, 1e-6f, y.data());
  EXPECT_NEAR(y[1], -1.0, 1e-6);
  EXPECT_EQ(y[8], 0.0f);
}

TEST(Normalization, RmsNormAddsItsOffsetToTheGain) {
  const Floats x = {3, -4}, gain = {0.5f, -0.25f};
  Floats y(2);
  rms_norm(x.data(), 1, 2, gain.data(), 0.0f, y.data(), 1.0f);
  EXPECT_NEAR(y[0], 1.5 * 3 / std::sqrt(12.5), 1e-6);
  EXPECT_NEAR(y[1], 0.75 * -4 / std::sqrt(12.5), 1e-6);
}

TEST(Positions, RotaryTablesBeginWhereTheyAreTold) {
  const double frequencies[] = {0.5, 2.0};
  Floats cos(6), sin(6);
  rotary_tables(10, 3, frequencies, 2, 1.25, cos.data(), sin.data());
  EXPECT_NEAR(cos[0], 1.25 * std::cos(5.0), 1e-6);
  EXPECT_NEAR(sin[3], 1.25 * std::sin(22.0), 1e-6);
  EXPECT_NEAR(cos[4], 1.25 * std::cos(6.0), 1e-6);
}

TEST(Positions, SinusoidsOfTheFirstPositions) {
  Floats table(2 * 3);
  sinusoidal_positions(2, 3, table.data());
  EXPECT_EQ(Floats(table.begin(), table.begin() + 3), (Floats{0, 1, 0}));
  EXPECT_NEAR(table[3], std::sin(1.0), 1e-7);
  EXPECT_NEAR(table[4], std::cos(1.0), 1e-7);
  EXPECT_NEAR(table[5], std::sin(std::pow(10000.0, -2.0 / 3.0)), 1e-7);
}

TEST(Positions, RotationKeepsLengthsAndWorksInPlace) {
  Random random(8);
  const Index heads = 2, length = 5, dim = 7;
  const Floats x = random.normals(heads * length * dim);
  Floats cos(static_cast<std::size_t>(length * 3)), sin(cos.size());
  rotary_tables(nullptr, length, 6, 10000.0, cos.data(), sin.data());
  for (bool interleaved : {false, true}) {
    const RotaryOptions options = {6, interleaved, cos.data(), sin.data(), 0, nullptr};
    Floats y = x;
    rotary_embedding(HeadsView<const float>::Bhld(y.data(), heads, length, dim), 1, heads, length,
                     dim, options, HeadsView<float>::Bhld(y.data(), heads, length, dim));
    for (Index row = 0; row < heads * length; ++row) {
      double before = 0.0, after = 0.0;
      for (Index c = 0; c < dim; ++c) {
        before += std::pow(x[static_cast<std::size_t>(row * dim + c)], 2);
        after += std::pow(y[static_cast<std::size_t>(row * dim + c)], 2);
      }
      EXPECT_NEAR(after, before, 1e-5);
      EXPECT_EQ(y[static_cast<std::size_t>(row * dim + 6)],
                x[static_cast<std::size_t>(row * dim + 6)]);
      if (row % length == 0) {
        EXPECT_EQ(y[static_cast<std::size_t>(row * dim)], x[static_cast<std::size_t>(row * dim)]);
      }
    }
  }
}

/// A linear layer of random weights.
Linear random_linear(Random& random, Index in, Index out) {
  Linear linear;
  EXPECT_TRUE(linear.allocate(in, out, true).ok());
  for (Index o = 0; o < out; ++o) {
    linear.set_weight_row(o, random.normals(in).data());
    linear.bias()[o] = random.normal();
  }
  return linear;
}

TEST(MultiHeadAttention, ContextOfEveryHeadLeadsToTheOutput) {
  Random random(9);
  const AttentionShape shape = {2, 4, 2, 3, 5, 4, 6};
  const Linear q = random_linear(random, 7, 16), k = random_linear(random, 8, 8),
               v = random_linear(random, 9, 12), o = random_linear(random, 24, 10);
  const Floats query = random.normals(2 * 3 * 7), key = random.normals(2 * 5 * 8),
               value = random.normals(2 * 5 * 9);
  Floats output(2 * 3 * 10), heads(2 * 4 * 3 * 6), again(output.size());
  MultiHeadOutputs outputs;
  outputs.output = output.data();
  outputs.heads = heads.data();
  ASSERT_TRUE(multi_head_attention(shape, {}, query.data(), key.data(), value.data(),
                                   {&q, &k, &v, &o}, outputs)
                  .ok());
  Floats context(2 * 3 * 24);
  for (Index b = 0; b < 2; ++b) {
    for (Index h = 0; h < 4; ++h) {
      for (Index i = 0; i < 3; ++i) {
        std::copy_n(heads.begin() + ((b * 4 + h) * 3 + i) * 6, 6,
                    context.begin() + ((b * 3 + i) * 4 + h) * 6);
      }
    }
  }
  o.apply(context.data(), 24, 6, again.data(), 10);
  EXPECT_EQ(output, again);
}

TEST(MultiHeadAttention, WeightsThatDoNotFitAreNamed) {
  Random random(10);
  const AttentionShape shape = {1, 2, 1, 3, 3, 4, 5};
  const Linear good_q = random_linear(random, 2, 8), good_k = random_linear(random, 2, 4),
               good_v = random_linear(random, 2, 5), good_o = random_linear(random, 10, 2),
               bad = random_linear(random, 7, 7);
  const Floats x = random.normals(30);
  const auto message = [&](const MultiHeadWeights& weights) {
    const Status status =
        multi_head_attention(shape, {}, x.data(), x.data(), x.data(), weights, {});
    EXPECT_EQ(status.code, StatusCode::kShapeMismatch);
    return status.message;
  };
  EXPECT_NE(message({&bad, &good_k, &good_v, &good_o}).find("query"), std::string::npos);
  EXPECT_NE(message({&good_q, &bad, &good_v, &good_o}).find("key"), std::string::npos);
  EXPECT_NE(message({&good_q, &good_k, &bad, &good_o}).find("value"), std::string::npos);
  EXPECT_NE(message({&good_q, &good_k, &good_v, &bad}).find("output"), std::string::npos);
}

}  // namespace
}  // namespace heed::test
