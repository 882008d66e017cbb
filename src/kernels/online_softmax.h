// Softmax over keys that arrive in tiles: the running maximum and denominator of one row.
//
//   row_max' = max(row_max, max_j s_j)      rescale = exp(row_max - row_max')
//   row_sum' = row_sum rescale + sum_j exp(s_j - row_max')
//
// Source: Milakov and Gimelshein, "Online normalizer calculation for softmax" (2018); Dao et al.,
// "FlashAttention" (2022), section 3.1. A row that met no finite score keeps row_max -Infinity and
// row_sum 0. NaN ends in row_sum, whatever becomes of it in row_max.
#pragma once

#include <cmath>

#include "../simd.h"

namespace heed {

/// The largest of `size` scores, -Infinity for none; NaN may be lost.
inline float largest(const float* scores, Index size) {
  // Four at a time: one would wait for itself.
  constexpr Index kStep = 4 * kWidth;
  Batch most(-kInfinity), second = most, third = most, fourth = most;
  Index j = 0;
  for (; j + kStep <= size; j += kStep) {
    most = xsimd::max(most, load(scores + j));
    second = xsimd::max(second, load(scores + j + kWidth));
    third = xsimd::max(third, load(scores + j + 2 * kWidth));
    fourth = xsimd::max(fourth, load(scores + j + 3 * kWidth));
  }
  for_each_batch(size - j, [&](Index k, auto part) {
    most = xsimd::max(most, load(scores + j + k, part, -kInfinity));
  });
  return reduce_max(xsimd::max(xsimd::max(most, second), xsimd::max(third, fourth)));
}

/// scores = exp(scores - shift), at most 1 each; returns their sum. Values below the smallest
/// normal are 0. Sums of 256 values at a time are added in double, so that long rows lose nothing.
inline double exponentiate(const ExpNonpositive& exp, float* scores, Index size, float shift) {
  constexpr Index kChunk = 256;
  const Batch shift_batch(shift);
  double total = 0.0;
  for (Index begin = 0; begin < size; begin += kChunk) {
    Batch sum(0.0f);
    for_each_batch(std::min(kChunk, size - begin), [&](Index j, auto part) {
      float* target = scores + begin + j;
      const Batch value = exp(load(target, part, -kInfinity) - shift_batch);
      store(target, value, part);
      sum += value;
    });
    total += static_cast<double>(reduce_sum(sum));
  }
  return total;
}

/// The state of one row.
struct OnlineSoftmax {
  float row_max = -kInfinity;
  double row_sum = 0.0;

  /// A sink's logit joins the denominator before any key does.
  static OnlineSoftmax from_sink(float sink) { return {sink, sink == -kInfinity ? 0.0 : 1.0}; }

  /// What scores are shifted by: 0 where all are -Infinity, so that their exp is 0 and not NaN.
  float shift() const { return row_max == -kInfinity ? 0.0f : row_max; }

  /// Turns a tile's scores into exp(scores - row_max') and returns the rescale of what was summed
  /// before with the old maximum.
  float update(const ExpNonpositive& exp, float* scores, Index size) {
    const float old_shift = shift();
    const float tile_max = largest(scores, size);
    if (!(tile_max <= row_max)) row_max = tile_max;
    const float rescale = old_shift == shift() || row_sum == 0.0 ? 1.0f : scalar_exp(old_shift);
    row_sum = row_sum * static_cast<double>(rescale) + exponentiate(exp, scores, size, shift());
    return rescale;
  }

  /// The natural logarithm of the denominator.
  float logsumexp() const {
    if (row_sum == 0.0) return -kInfinity;
    return static_cast<float>(static_cast<double>(row_max) + std::log(row_sum));
  }

 private:
  float scalar_exp(float old_shift) const {
    const float x = old_shift - shift();
    return x < -87.0f ? 0.0f : std::exp(x);
  }
};

}  // namespace heed
