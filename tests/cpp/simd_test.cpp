#include "simd.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace heed {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// f of one number, in every lane.
template <class F>
float one(F f, float x) {
  alignas(64) float lanes[kWidth];
  f(Batch(x)).store_aligned(lanes);
  return lanes[kWidth - 1];
}

/// The distance of got from the true value, in units of the last place of the true value as f32.
double ulps(double got, double want) {
  const float rounded = std::max(std::abs(static_cast<float>(want)), kSmallestNormal);
  const double unit = std::bit_cast<float>(std::bit_cast<std::uint32_t>(rounded) & 0x7F800000u) *
                      std::ldexp(1.0, -23);
  return std::abs(got - want) / unit;
}

bool exhaustive() { return std::getenv("HEED_EXHAUSTIVE") != nullptr; }

TEST(ExpNonpositive, IsWithinOneAndAHundredthUlp) {
  const ExpNonpositive exp;
  const double smallest = kSmallestNormal;
  double worst = 0.0;
  // Every float of [-104, 0], or one of 257.
  const std::uint32_t last = std::bit_cast<std::uint32_t>(-104.0f);
  const std::uint32_t stride = exhaustive() ? 1 : 257;
  std::uint32_t bits = std::bit_cast<std::uint32_t>(-0.0f);
  while (bits <= last) {
    alignas(64) float x[kWidth], y[kWidth];
    for (Index n = 0; n < kWidth; ++n, bits += stride) x[n] = std::bit_cast<float>(bits);
    exp(Batch::load_aligned(x)).store_aligned(y);
    for (Index n = 0; n < kWidth; ++n) {
      const double want = std::exp(static_cast<double>(x[n]));
      if (want < smallest) {
        ASSERT_EQ(y[n], 0.0f) << "exp(" << x[n] << ")";
      } else {
        ASSERT_GE(y[n], kSmallestNormal) << "exp(" << x[n] << ")";
        worst = std::max(worst, ulps(y[n], want));
      }
    }
  }
  EXPECT_LE(worst, 1.01);
  RecordProperty("worst_ulp", std::to_string(worst));
  std::printf("exp_nonpositive: %.3f ULP\n", worst);
}

TEST(ExpNonpositive, SpecialValues) {
  EXPECT_EQ(one(exp_nonpositive, 0.0f), 1.0f);
  EXPECT_EQ(one(exp_nonpositive, -0.0f), 1.0f);
  EXPECT_EQ(one(exp_nonpositive, -kInfinity), 0.0f);
  EXPECT_EQ(one(exp_nonpositive, -std::numeric_limits<float>::max()), 0.0f);
  EXPECT_EQ(one(exp_nonpositive, -87.33654022f), std::exp(-87.33654022f));
  EXPECT_EQ(one(exp_nonpositive, -87.33654785f), 0.0f);
  EXPECT_TRUE(std::isnan(one(exp_nonpositive, kNan)));
  EXPECT_EQ(one(exp_nonpositive, -1e-45f), 1.0f);
}

template <class F, class G>
void expect_within(F f, G g, double bound, const char* name) {
  double worst = 0.0;
  for (std::uint32_t bits = 0; bits < 0x7F800000u; bits += exhaustive() ? 1 : 4099) {
    for (float x : {std::bit_cast<float>(bits), -std::bit_cast<float>(bits)}) {
      worst = std::max(worst, ulps(one(f, x), g(static_cast<double>(x))));
    }
  }
  EXPECT_LE(worst, bound) << name;
  std::printf("%s: %.3f ULP\n", name, worst);
}

// Bounds measured over all floats: they guard against a change of xsimd.
TEST(Transcendentals, TanhIsWithinTwoUlp) {
  expect_within([](Batch x) { return xsimd::tanh(x); }, [](double x) { return std::tanh(x); }, 2.0,
                "tanh");
  EXPECT_EQ(one([](Batch x) { return xsimd::tanh(x); }, kInfinity), 1.0f);
  EXPECT_EQ(one([](Batch x) { return xsimd::tanh(x); }, -kInfinity), -1.0f);
  EXPECT_TRUE(std::isnan(one([](Batch x) { return xsimd::tanh(x); }, kNan)));
}

TEST(Transcendentals, ErfIsWithinThreeUlp) {
  expect_within([](Batch x) { return xsimd::erf(x); }, [](double x) { return std::erf(x); }, 3.0,
                "erf");
  EXPECT_EQ(one([](Batch x) { return xsimd::erf(x); }, kInfinity), 1.0f);
  EXPECT_TRUE(std::isnan(one([](Batch x) { return xsimd::erf(x); }, kNan)));
}

TEST(ForEachBatch, VisitsEveryElementOnceAndNoOther) {
  for (Index size = 0; size <= 3 * kWidth + 1; ++size) {
    std::vector<float> x(static_cast<std::size_t>(size) + 1, 1.0f);
    x.back() = -7.0f;
    transform(x.data(), size, x.data(), [](Batch value) { return value + Batch(1.0f); });
    for (Index i = 0; i < size; ++i) EXPECT_EQ(x[static_cast<std::size_t>(i)], 2.0f);
    EXPECT_EQ(x.back(), -7.0f);
  }
}

TEST(ForEachBatch, TailsAreFilled) {
  const float x[] = {1.0f};
  EXPECT_EQ(reduce_sum(load(x, Tail{1})), 1.0f);
  if (kWidth > 1) {
    EXPECT_EQ(reduce_max(load(x, Tail{1}, 5.0f)), 5.0f);
  }
}

TEST(Batch, LaneNumbersCountUp) {
  EXPECT_EQ(reduce_sum(lane_numbers()), static_cast<float>(kWidth * (kWidth - 1) / 2));
  EXPECT_EQ(reduce_max(lane_numbers()), static_cast<float>(kWidth - 1));
}

TEST(Batch, FmaMultipliesAndAdds) {
  EXPECT_EQ(one([](Batch x) { return fma(x, x, Batch(1.0f)); }, 3.0f), 10.0f);
}

}  // namespace
}  // namespace heed
