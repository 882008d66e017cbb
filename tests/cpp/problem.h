// An attention call with its data, and its results by each of the ways to compute it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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

  AttentionOptions finished() const;
  AttentionInputs inputs() const;
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

const char* name(Way way);

/// Every place of a result is NaN-filled before, so that what was not written shows.
Result run(const Problem& problem, Way way);

inline constexpr Way kWays[] = {Way::kReference, Way::kTiled, Way::kMaterialised};

/// |got - want| <= atol + rtol |want|, infinities and NaN equal.
void expect_close(const Floats& got, const float* want, double atol, double rtol,
                  const std::string& what);

/// The same bits.
void expect_identical(const Floats& got, const Floats& want, const std::string& what);

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  /// Uniform in [low, high].
  Index integer(Index low, Index high);
  bool chance(Index one_in);
  /// Roughly normal with variance 1: the same on every machine, unlike std::normal_distribution.
  float normal();
  Floats normals(Index size, float factor = 1.0f);

 private:
  std::mt19937 engine_;
};

/// Unit-normal query, key and value of this shape, default scale.
Problem random_problem(const AttentionShape& shape, Random& random);

/// One head.
Problem random_problem(Index query_length, Index key_length, Index head_dim, Index value_dim,
                       std::uint32_t seed = 1);

}  // namespace heed::test
