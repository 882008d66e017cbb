// An attention call with its data, and its results by each of the ways to compute it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "attention.h"
#include "reference.h"

namespace heed::test {

inline constexpr float kInf = std::numeric_limits<float>::infinity();
inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
inline constexpr float kMost = std::numeric_limits<float>::max();

using Floats = std::vector<float>;

/// The tensors are [batch_size, heads, length, dim]; the options' pointers are set by finish().
struct Problem {
  AttentionShape shape;
  AttentionOptions options;
  Floats query, key, value;
  std::vector<std::int32_t> query_offset, key_lengths;
  std::vector<std::uint8_t> bool_mask;
  Floats float_mask, alibi_slopes, sinks;
  std::vector<Index> mask_dims;

  AttentionOptions finished() const {
    AttentionOptions all = options;
    const auto pointer = [](const auto& v) { return v.empty() ? nullptr : v.data(); };
    all.query_offset = pointer(query_offset);
    all.key_lengths = pointer(key_lengths);
    all.alibi_slopes = pointer(alibi_slopes);
    all.sinks = pointer(sinks);
    if (!mask_dims.empty()) {
      const bool is_bool = !bool_mask.empty();
      const Status status = AttentionMask::Broadcast(
          is_bool ? AttentionMask::Kind::kBool : AttentionMask::Kind::kFloat,
          is_bool ? static_cast<const void*>(bool_mask.data()) : float_mask.data(),
          mask_dims.data(), static_cast<Index>(mask_dims.size()), shape, &all.mask);
      EXPECT_TRUE(status.ok()) << status.message;
    }
    return all;
  }

  AttentionInputs inputs() const {
    using View = HeadsView<const float>;
    return {View::Bhld(query.data(), shape.num_heads, shape.query_length, shape.head_dim),
            View::Bhld(key.data(), shape.num_kv_heads, shape.key_length, shape.head_dim),
            View::Bhld(value.data(), shape.num_kv_heads, shape.key_length, shape.value_dim)};
  }

  Index rows() const { return shape.batch_size * shape.num_heads * shape.query_length; }

  void mask_all(std::vector<Index> dims, std::vector<std::uint8_t> values) {
    mask_dims = std::move(dims);
    bool_mask = std::move(values);
  }
  void mask_all(std::vector<Index> dims, Floats values) {
    mask_dims = std::move(dims);
    float_mask = std::move(values);
  }
};

struct Result {
  Floats output, products, scores, capped_scores, masked_scores, weights, logsumexp;
};

enum class Way { kReference, kTiled, kMaterialised };

inline const char* name(Way way) {
  return way == Way::kReference ? "reference" : way == Way::kTiled ? "tiled" : "materialised";
}

/// Every place of a result is NaN-filled before, so that what was not written shows.
inline Result run(const Problem& problem, Way way) {
  const AttentionShape& s = problem.shape;
  const auto size = [](Index n) { return static_cast<std::size_t>(n); };
  Result result;
  result.output.assign(size(problem.rows() * s.value_dim), kNan);
  result.logsumexp.assign(size(problem.rows()), kNan);
  AttentionOutputs outputs;
  outputs.output =
      HeadsView<float>::Bhld(result.output.data(), s.num_heads, s.query_length, s.value_dim);
  outputs.logsumexp = result.logsumexp.data();
  if (way != Way::kTiled) {
    const std::size_t matrix = size(problem.rows() * s.key_length);
    const auto stage = [&](Floats& values) {
      values.assign(matrix + 1,
                    kNan);  // never null, so that no stage of an empty matrix is "not wanted"
      return values.data();
    };
    outputs.products = stage(result.products);
    outputs.scores = stage(result.scores);
    outputs.capped_scores = stage(result.capped_scores);
    outputs.masked_scores = stage(result.masked_scores);
    outputs.weights = stage(result.weights);
  }
  const auto call = way == Way::kReference ? reference_attention : attention;
  const Status status = call(s, problem.finished(), problem.inputs(), outputs);
  EXPECT_TRUE(status.ok()) << status.message;
  for (Floats* stage : {&result.products, &result.scores, &result.capped_scores,
                        &result.masked_scores, &result.weights}) {
    if (!stage->empty()) stage->pop_back();
  }
  return result;
}

inline constexpr Way kWays[] = {Way::kReference, Way::kTiled, Way::kMaterialised};

/// |got - want| <= atol + rtol |want|, infinities and NaN equal.
inline void expect_close(const Floats& got, const float* want, double atol, double rtol,
                         const std::string& what) {
  for (std::size_t n = 0; n < got.size(); ++n) {
    const double w = want[n], g = got[n];
    const bool same = w == g || (std::isnan(w) && std::isnan(g));
    const bool close = std::isfinite(w) && std::abs(g - w) <= atol + rtol * std::abs(w);
    if (!same && !close) {
      ADD_FAILURE() << what << "[" << n << "] is " << g << ", expected " << w << " +- "
                    << atol + rtol * std::abs(w);
      return;
    }
  }
}

/// The same bits.
inline void expect_identical(const Floats& got, const Floats& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t n = 0; n < got.size(); ++n) {
    if (std::memcmp(&got[n], &want[n], sizeof(float)) != 0) {
      ADD_FAILURE() << what << "[" << n << "] is " << got[n] << ", expected the bits of "
                    << want[n];
      return;
    }
  }
}

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  /// Uniform in [low, high].
  Index integer(Index low, Index high) {
    return low + static_cast<Index>(engine_() % static_cast<std::uint32_t>(high - low + 1));
  }
  bool chance(Index one_in) { return integer(1, one_in) == 1; }
  /// Roughly normal with variance 1: the same on every machine, unlike std::normal_distribution.
  float normal() {
    double sum = -6.0;
    for (int n = 0; n < 12; ++n) sum += engine_() / 4294967296.0;
    return static_cast<float>(sum);
  }
  Floats normals(Index size, float factor = 1.0f) {
    Floats values(static_cast<std::size_t>(size));
    for (float& value : values) value = factor * normal();
    return values;
  }

 private:
  std::mt19937 engine_;
};

/// Unit-normal query, key and value of this shape, default scale.
inline Problem random_problem(const AttentionShape& shape, Random& random) {
  Problem p;
  p.shape = shape;
  p.options.scale = default_scale(shape.head_dim);
  const Index b = shape.batch_size;
  p.query = random.normals(b * shape.num_heads * shape.query_length * shape.head_dim);
  p.key = random.normals(b * shape.num_kv_heads * shape.key_length * shape.head_dim);
  p.value = random.normals(b * shape.num_kv_heads * shape.key_length * shape.value_dim);
  return p;
}

/// One head.
inline Problem random_problem(Index query_length, Index key_length, Index head_dim, Index value_dim,
                              std::uint32_t seed = 1) {
  Random random(seed);
  return random_problem({1, 1, 1, query_length, key_length, head_dim, value_dim}, random);
}

}  // namespace heed::test
