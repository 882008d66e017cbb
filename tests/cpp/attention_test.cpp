// The promises of attention.h, one named test each, held by every way to compute attention.
#include "attention.h"

#include "problem.h"

namespace heed::test {
namespace {

bool all_finite(const Floats& values) {
  return std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
}

bool all_equal(const Floats& values, float value) {
  return std::all_of(values.begin(), values.end(), [&](float x) { return x == value; });
}

/// Bitwise +0, so that not even a sign is left behind.
bool all_zero(const Floats& values) {
  return std::all_of(values.begin(), values.end(),
                     [](float x) { return x == 0.0f && !std::signbit(x); });
}

Floats row(const Floats& values, Index i, Index size) {
  return {values.begin() + i * size, values.begin() + (i + 1) * size};
}

class EveryWay : public testing::TestWithParam<Way> {
 protected:
  Result run(const Problem& p) const { return test::run(p, GetParam()); }
  bool has_stages() const { return GetParam() != Way::kTiled; }
};
INSTANTIATE_TEST_SUITE_P(Attention, EveryWay, testing::ValuesIn(kWays),
                         [](const auto& way) { return name(way.param); });

TEST_P(EveryWay, FullyMaskedRowByBoolMaskIsZero) {
  Problem p = random_problem(3, 5, 8, 6);
  p.mask_all({3, 5}, std::vector<std::uint8_t>{1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1});
  const Result r = run(p);
  EXPECT_TRUE(all_zero(row(r.output, 1, 6)));
  EXPECT_EQ(r.logsumexp[1], -kInf);
  EXPECT_TRUE(all_finite(r.output));
  if (has_stages()) {
    EXPECT_TRUE(all_zero(row(r.weights, 1, 5)));
    EXPECT_TRUE(all_equal(row(r.masked_scores, 1, 5), -kInf));
  }
}

TEST_P(EveryWay, FullyMaskedRowByFloatMaskIsZero) {
  Problem p = random_problem(2, 4, 8, 6);
  p.mask_all({2, 4}, Floats{-kInf, -kInf, -kInf, -kInf, 0, -kInf, 1, 2});
  const Result r = run(p);
  EXPECT_TRUE(all_zero(row(r.output, 0, 6)));
  EXPECT_EQ(r.logsumexp[0], -kInf);
  EXPECT_TRUE(all_finite(row(r.output, 1, 6)));
}

TEST_P(EveryWay, FullyMaskedRowByNegativeOffsetIsZero) {
  Problem p = random_problem(4, 6, 8, 6);
  p.options.is_causal = true;
  p.query_offset = {-3};
  const Result r = run(p);
  for (Index i = 0; i < 3; ++i) {
    EXPECT_TRUE(all_zero(row(r.output, i, 6)));
    EXPECT_EQ(r.logsumexp[static_cast<std::size_t>(i)], -kInf);
  }
  expect_close(row(r.output, 3, 6), p.value.data(), 1e-6, 0, "sees key 0 alone");
}

TEST_P(EveryWay, FullyMaskedRowByWindowBeyondTheKeysIsZero) {
  Problem p = random_problem(3, 5, 8, 6);
  p.options.window_left = 1;
  p.query_offset = {4};
  const Result r = run(p);
  EXPECT_TRUE(all_finite(row(r.output, 0, 6)));
  EXPECT_TRUE(all_zero(row(r.output, 2, 6)));
}

TEST_P(EveryWay, FullyMaskedRowWithASinkHasTheSinksLogit) {
  Problem p = random_problem(2, 4, 8, 6);
  p.sinks = {1.5f};
  p.mask_all({2, 1}, std::vector<std::uint8_t>{0, 1});
  const Result r = run(p);
  EXPECT_TRUE(all_zero(row(r.output, 0, 6)));
  EXPECT_EQ(r.logsumexp[0], 1.5f);
}

TEST_P(EveryWay, FullyMaskedRowOfPoisonIsZero) {
  Problem p = random_problem(2, 4, 8, 6);
  p.value.assign(p.value.size(), kNan);
  p.key.assign(p.key.size(), kInf);
  p.mask_all({1}, std::vector<std::uint8_t>{0});
  const Result r = run(p);
  EXPECT_TRUE(all_zero(r.output));
  EXPECT_TRUE(all_equal(r.logsumexp, -kInf));
}

// Hides key 2 of 7 in each of the ways there are; whatever it then holds, no bit of a result
// changes but those of stages that show hidden keys.
class Hidden : public testing::TestWithParam<std::tuple<Way, int, float>> {};
INSTANTIATE_TEST_SUITE_P(Attention, Hidden,
                         testing::Combine(testing::ValuesIn(kWays), testing::Range(0, 6),
                                          testing::Values(kNan, kInf, -kInf, kMost)));
TEST_P(Hidden, NanBehindAMaskNeverReachesTheOutput) {
  const auto [way, rule, poison] = GetParam();
  Problem p = random_problem(5, 7, 9, 6);
  Index hidden = 2;
  switch (rule) {
    case 0:
      p.mask_all({7}, std::vector<std::uint8_t>{1, 1, 0, 1, 1, 1, 1});
      break;
    case 1:
      p.mask_all({7}, Floats{0, 0.5f, -kInf, 1, 0, 0, 0});
      break;
    case 2:
      p.key_lengths = {6}, hidden = 6;
      break;
    case 3:
      p.options.is_causal = true, hidden = 5;
      break;
    case 4:
      p.options.window_left = p.options.window_right = 0, hidden = 6;
      break;
    case 5:
      p.mask_all({5, 6}, std::vector<std::uint8_t>(30, 1)), hidden = 6;
      break;
  }
  Problem clean = p;
  for (Index d = 0; d < 9; ++d) clean.key[static_cast<std::size_t>(hidden * 9 + d)] = 0.0f;
  for (Index d = 0; d < 6; ++d) clean.value[static_cast<std::size_t>(hidden * 6 + d)] = 0.0f;
  for (Index d = 0; d < 9; ++d) p.key[static_cast<std::size_t>(hidden * 9 + d)] = poison;
  for (Index d = 0; d < 6; ++d) p.value[static_cast<std::size_t>(hidden * 6 + d)] = poison;
  const Result want = run(clean, way), got = run(p, way);
  expect_close(got.output, want.output.data(), 1e-6, 0, "output");
  expect_close(got.logsumexp, want.logsumexp.data(), 1e-6, 1e-6, "logsumexp");
  expect_close(got.weights, want.weights.data(), 1e-6, 0, "weights");
  expect_close(got.masked_scores, want.masked_scores.data(), 1e-6, 1e-6, "masked_scores");
  EXPECT_TRUE(all_finite(got.output));
}

TEST_P(EveryWay, NanInAQuerySpoilsItsOwnRowOnly) {
  Problem p = random_problem(9, 7, 5, 6);
  const Result clean = run(p);
  p.query[4 * 5 + 1] = kNan;
  const Result r = run(p);
  for (Index i = 0; i < 9; ++i) {
    if (i == 4) {
      EXPECT_TRUE(std::isnan(r.output[4 * 6]));
    } else {
      expect_identical(row(r.output, i, 6), row(clean.output, i, 6), "output");
    }
  }
}

TEST_P(EveryWay, NanInAVisibleKeySpoilsTheRowsThatSeeIt) {
  Problem p = random_problem(9, 9, 5, 6);
  p.options.is_causal = true;
  const Result clean = run(p);
  for (Floats* spoilt : {&p.key, &p.value}) {
    const float before = (*spoilt)[21];
    (*spoilt)[21] = kNan;  // key 4, value 3
    const Index first = spoilt == &p.key ? 4 : 3;
    const Result r = run(p);
    for (Index i = 0; i < 9; ++i) {
      if (i < first) {
        expect_close(row(r.output, i, 6), clean.output.data() + i * 6, 1e-6, 0, "output");
      } else {
        EXPECT_TRUE(std::isnan(r.output[static_cast<std::size_t>(i * 6 + 3)])) << i;
      }
    }
    (*spoilt)[21] = before;
  }
}

TEST_P(EveryWay, NanInAFloatMaskSpoilsItsOwnRowOnly) {
  Problem p = random_problem(3, 4, 8, 6);
  Floats mask(12, 0.0f);
  mask[5] = kNan;
  p.mask_all({3, 4}, mask);
  const Result r = run(p);
  EXPECT_TRUE(all_finite(row(r.output, 0, 6)));
  EXPECT_TRUE(std::isnan(r.output[6]));
  EXPECT_TRUE(all_finite(row(r.output, 2, 6)));
}

TEST_P(EveryWay, HugeScoresBeyondF32GiveTheLargest) {
  Problem p = random_problem(2, 3, 4, 2);
  p.query.assign(8, 1e30f);
  p.key = {1e30f, 0, 0, 0, 2e30f, 0, 0, 0, -1e30f, 0, 0, 0};
  const Result r = run(p);
  expect_identical(row(r.output, 0, 2), row(p.value, 1, 2), "output");
  EXPECT_EQ(r.logsumexp[0], kMost);
  if (has_stages()) {
    EXPECT_EQ(r.products[0], kMost);
    EXPECT_EQ(r.products[2], -kMost);
    EXPECT_EQ(row(r.weights, 0, 3), (Floats{0, 1, 0}));
  }
}

TEST_P(EveryWay, HugeScoresThatTheScaleBringsBackAreExact) {
  // products of +-1e39 leave f32, scores of +-1 do not: an overflow to -Infinity is no weight of 0
  Problem p = random_problem(1, 2, 1, 1);
  p.query = {1e20f};
  p.key = {1e19f, -1e19f};
  p.value = {1.0f, 0.0f};
  p.options.scale = 1e-39f;
  const Result r = run(p);
  const double weight = 1.0 / (1.0 + std::exp(-2.0));
  EXPECT_NEAR(r.output[0], weight, 1e-6);
}

TEST_P(EveryWay, HugeScoresAllBelowF32StillShareTheWeight) {
  Problem p = random_problem(1, 2, 1, 1);
  p.query = {-1e30f};
  p.key = {1e30f, 1e30f};
  p.value = {1.0f, 3.0f};
  const Result r = run(p);
  EXPECT_EQ(r.output[0], 2.0f);
  EXPECT_EQ(r.logsumexp[0], -kMost);
}

TEST_P(EveryWay, HugeScoresAndSoftcapSaturate) {
  Problem p = random_problem(3, 5, 8, 4);
  for (float& x : p.query) x *= 1e30f;
  p.options.softcap = 30.0f;
  const Result r = run(p);
  EXPECT_TRUE(all_finite(r.output));
  if (has_stages()) {
    for (float score : r.capped_scores) EXPECT_LE(std::abs(score), 30.0f);
  }
}

TEST_P(EveryWay, HugeValuesGiveFiniteOutputs) {
  Problem p = random_problem(3, 300, 4, 5);
  for (float& x : p.value) x = x < 0 ? -kMost : kMost;
  const Result r = run(p);
  EXPECT_TRUE(all_finite(r.output));
  p.value.assign(p.value.size(), kMost);
  for (float x : run(p).output) EXPECT_GE(x, 0.999999f * kMost);
}

TEST_P(EveryWay, HugeQueriesAndKeysGiveFiniteOutputs) {
  Problem p = random_problem(7, 11, 16, 5);
  for (float& x : p.query) x = x < 0 ? -kMost : kMost;
  for (float& x : p.key) x = x < 0 ? -kMost : kMost;
  p.alibi_slopes = {kMost};
  p.sinks = {-kMost};
  const Result r = run(p);
  EXPECT_TRUE(all_finite(r.output));
  EXPECT_TRUE(all_finite(r.logsumexp));
  EXPECT_TRUE(all_finite(r.products));
  EXPECT_TRUE(all_finite(r.scores));
  EXPECT_TRUE(all_finite(r.masked_scores));
}

TEST_P(EveryWay, InfiniteMinusScoresHaveNoWeight) {
  Problem p = random_problem(1, 3, 1, 1);
  p.query = {1.0f};
  p.key = {-kInf, 0.0f, 0.0f};
  p.value = {100.0f, 1.0f, 2.0f};
  const Result r = run(p);
  EXPECT_EQ(r.output[0], 1.5f);
}

TEST_P(EveryWay, SubnormalWeightsAreZero) {
  // scores 0, -1, -2 ... -110: exp(-88) is subnormal
  Problem p = random_problem(1, 111, 1, 1);
  p.query = {1.0f};
  for (Index j = 0; j < 111; ++j) {
    p.key[static_cast<std::size_t>(j)] = -static_cast<float>(j);
    p.value[static_cast<std::size_t>(j)] = j > 87 ? 1e38f : 0.0f;
  }
  const Result r = run(p);
  EXPECT_EQ(r.output[0], 0.0f);
  if (has_stages()) {
    EXPECT_GT(r.weights[86], 0.0f);
    for (float weight : r.weights) {
      EXPECT_TRUE(weight == 0.0f || weight >= std::numeric_limits<float>::min());
    }
  }
}

TEST_P(EveryWay, SubnormalValuesAreKept) {
  Problem p = random_problem(2, 3, 4, 5);
  p.value.assign(p.value.size(), 1e-40f);
  for (float x : run(p).output) EXPECT_NEAR(x, 1e-40, 1e-43);
}

TEST_P(EveryWay, NoKeysGiveZeros) {
  const Problem p = random_problem(3, 0, 8, 6);
  const Result r = run(p);
  EXPECT_TRUE(all_zero(r.output));
  EXPECT_TRUE(all_equal(r.logsumexp, -kInf));
}

TEST_P(EveryWay, NoKeysButASinkGiveTheSink) {
  Problem p = random_problem(3, 0, 8, 6);
  p.sinks = {-2.0f};
  const Result r = run(p);
  EXPECT_TRUE(all_zero(r.output));
  EXPECT_TRUE(all_equal(r.logsumexp, -2.0f));
}

TEST_P(EveryWay, NoQueriesNoBatchNoChannelsAreLegal) {
  EXPECT_TRUE(run(random_problem(0, 5, 8, 6)).output.empty());
  EXPECT_TRUE(run(random_problem(5, 3, 8, 0)).output.empty());
  Random random(1);
  EXPECT_TRUE(run(random_problem({0, 2, 1, 4, 5, 8, 6}, random)).output.empty());
  const Problem p = random_problem(2, 4, 0, 1);  // all scores 0: the mean of the values
  const double mean = (double(p.value[0]) + p.value[1] + p.value[2] + p.value[3]) / 4;
  EXPECT_NEAR(run(p).output[1], mean, 1e-6);
}

TEST_P(EveryWay, OneKeyIsItsValue) {
  const Problem p = random_problem(50, 1, 8, 6);
  const Result r = run(p);
  for (Index i = 0; i < 50; ++i) expect_identical(row(r.output, i, 6), p.value, "output");
}

TEST_P(EveryWay, HeadDimOne) {
  Problem p = random_problem(1, 2, 1, 1);
  p.query = {2.0f};
  p.key = {0.5f, 0.0f};
  p.value = {1.0f, 0.0f};
  EXPECT_NEAR(run(p).output[0], 1.0 / (1.0 + std::exp(-1.0)), 1e-7);
}

TEST_P(EveryWay, SinksJoinTheDenominatorOnly) {
  Problem p = random_problem(1, 2, 1, 1);
  p.query = {0.0f};
  p.value = {1.0f, 1.0f};
  p.sinks = {0.0f};
  const Result r = run(p);
  EXPECT_NEAR(r.output[0], 2.0 / 3.0, 1e-7);
  EXPECT_NEAR(r.logsumexp[0], std::log(3.0), 1e-7);
  p.sinks = {-kInf};
  EXPECT_EQ(run(p).output[0], 1.0f);
}

TEST_P(EveryWay, StagesAtHiddenKeysHoldTheTrueProduct) {
  if (!has_stages()) return;
  Problem p = random_problem(3, 4, 8, 6);
  const Result open = run(p);
  p.key_lengths = {2};
  p.options.is_causal = true;
  const Result r = run(p);
  expect_close(r.products, open.products.data(), 1e-6, 1e-6, "products");
  expect_close(r.scores, open.scores.data(), 1e-6, 1e-6, "scores");
  EXPECT_EQ(r.masked_scores[1], -kInf);
}

TEST_P(EveryWay, ScaleMayBeNegativeOrZero) {
  Problem p = random_problem(2, 3, 4, 1);
  p.options.scale = 0.0f;
  EXPECT_NEAR(run(p).output[0], (double(p.value[0]) + p.value[1] + p.value[2]) / 3, 1e-6);
  p.options.scale = -0.5f;
  const Result negative = run(p);
  for (float& x : p.query) x = -x;
  p.options.scale = 0.5f;
  expect_close(negative.output, run(p).output.data(), 1e-7, 0, "output");
}

TEST_P(EveryWay, ShortMaskHidesTheKeysBeyondIt) {
  Problem p = random_problem(2, 5, 4, 3);
  Problem cut = p;
  p.mask_all({3}, std::vector<std::uint8_t>{1, 1, 1});
  cut.key_lengths = {3};
  expect_close(run(p).output, run(cut).output.data(), 1e-7, 0, "output");
  p.bool_mask.clear();
  p.mask_all({3}, Floats{0, 0, 0});
  expect_close(run(p).output, run(cut).output.data(), 1e-7, 0, "output");
}

TEST_P(EveryWay, PositionsAtTheEndsOf32BitsAreLegal) {
  Problem p = random_problem(3, 5, 4, 3);
  p.options.is_causal = true;
  p.options.window_left = std::numeric_limits<std::int32_t>::max();
  p.query_offset = {std::numeric_limits<std::int32_t>::max()};
  EXPECT_TRUE(all_finite(run(p).output));
  p.query_offset = {std::numeric_limits<std::int32_t>::min()};
  EXPECT_TRUE(all_zero(run(p).output));
}

TEST_P(EveryWay, WeightsOfARowSumToOne) {
  if (!has_stages()) return;
  const Problem p = random_problem(20, 300, 16, 4);
  const Result r = run(p);
  for (Index i = 0; i < 20; ++i) {
    double sum = 0.0;
    for (float weight : row(r.weights, i, 300)) {
      EXPECT_GE(weight, 0.0f);
      EXPECT_LE(weight, 1.0f);
      sum += weight;
    }
    EXPECT_NEAR(sum, 1.0, 1e-6);
  }
}

// The bound is that of plain f32 arithmetic with a right exp: beyond it lies a bug.
TEST(Accuracy, UnitNormalInputsStayWithinOneMillionth) {
  for (const auto& [length, dim] :
       {std::pair<Index, Index>{2, 64}, {129, 128}, {600, 64}, {2048, 128}}) {
    Problem p = random_problem(std::min<Index>(length, 64), length, dim, dim);
    const Result want = run(p, Way::kReference);
    for (Way way : {Way::kTiled, Way::kMaterialised}) {
      const Result got = run(p, way);
      double worst = 0.0, error = 0.0, energy = 0.0, worst_weight = 0.0;
      for (std::size_t n = 0; n < got.output.size(); ++n) {
        const double difference = double(got.output[n]) - want.output[n];
        worst = std::max(worst, std::abs(difference));
        error += difference * difference;
        energy += double(want.output[n]) * want.output[n];
      }
      for (std::size_t n = 0; n < got.weights.size(); ++n) {
        worst_weight = std::max(worst_weight, std::abs(double(got.weights[n]) - want.weights[n]));
      }
      EXPECT_LE(worst, 1e-6) << name(way) << " " << length << " " << dim;
      EXPECT_LE(error / energy, 1e-12) << name(way) << " " << length << " " << dim;
      EXPECT_LE(worst_weight, 2e-7) << name(way) << " " << length << " " << dim;
      RecordProperty(std::string(name(way)) + "_" + std::to_string(length), std::to_string(worst));
    }
  }
}

}  // namespace
}  // namespace heed::test
