#include "normalization.h"

#include <cmath>

#include "../kernels/online_softmax.h"

namespace heed {
namespace {

/// sum of f(x[i]) in double: squares of the largest f32 still fit, and a mean far from 0 costs the
/// variance no digits. Four sums at a time, since one alone waits for its last addition.
template <class F>
double sum(const float* x, Index size, F f) {
  double sums[4] = {0.0, 0.0, 0.0, 0.0};
  Index i = 0;
  for (; i + 4 <= size; i += 4) {
    for (Index k = 0; k < 4; ++k) sums[k] += f(static_cast<double>(x[i + k]));
  }
  for (; i < size; ++i) sums[0] += f(static_cast<double>(x[i]));
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

void softmax(const float* x, Index rows, Index row_length, float* y) {
  const ExpNonpositive exp;
  const Batch zero = constant(0.0f), smallest = constant(kSmallestNormal);
  for (Index i = 0; i < rows; ++i, x += row_length, y += row_length) {
    if (y != x) std::copy_n(x, row_length, y);
    OnlineSoftmax state;
    state.update(exp, y, row_length);
    if (state.row_sum == 0.0) continue;  // a row of -Infinity: y is 0 already
    const Batch row_sum(static_cast<float>(state.row_sum));
    transform(y, row_length, y, [&](Batch value) {
      const Batch weight = value / row_sum;
      return xsimd::select(weight < smallest, zero, weight);
    });
  }
}

void layer_norm(const float* x, Index rows, Index row_length, const float* weight,
                const float* bias, float epsilon, float* y) {
  for (Index i = 0; i < rows; ++i, x += row_length, y += row_length) {
    const double size = static_cast<double>(row_length);
    const double mean = sum(x, row_length, [](double value) { return value; }) / size;
    const double variance =
        sum(x, row_length, [=](double value) { return (value - mean) * (value - mean); }) / size;
    const double inverse = 1.0 / std::sqrt(variance + static_cast<double>(epsilon));
    for (Index j = 0; j < row_length; ++j) {
      const float normal = static_cast<float>((static_cast<double>(x[j]) - mean) * inverse);
      y[j] = normal * (weight != nullptr ? weight[j] : 1.0f) + (bias != nullptr ? bias[j] : 0.0f);
    }
  }
}

void rms_norm(const float* x, Index rows, Index row_length, const float* weight, float epsilon,
              float* y, float offset) {
  for (Index i = 0; i < rows; ++i, x += row_length, y += row_length) {
    const double mean_square = sum(x, row_length, [](double value) { return value * value; }) /
                               static_cast<double>(row_length);
    const double inverse = 1.0 / std::sqrt(mean_square + static_cast<double>(epsilon));
    for (Index j = 0; j < row_length; ++j) {
      const float normal = static_cast<float>(static_cast<double>(x[j]) * inverse);
      y[j] = normal * ((weight != nullptr ? weight[j] : 1.0f) + offset);
    }
  }
}

}  // namespace heed
