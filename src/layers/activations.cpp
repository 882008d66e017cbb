#include "activations.h"

#include "../simd.h"

namespace heed {

void gelu(const float* x, Index size, float* y) {
  const Batch half = constant(0.5f), one = constant(1.0f),
              sqrt_half = constant(0.70710678118654752f);
  transform(x, size, y,
            [&](Batch value) { return half * value * (one + xsimd::erf(value * sqrt_half)); });
}

void gelu_tanh(const float* x, Index size, float* y) {
  const Batch half = constant(0.5f), one = constant(1.0f);
  const Batch sqrt_2_over_pi = constant(0.79788456080286536f), cubic = constant(0.044715f);
  transform(x, size, y, [&](Batch value) {
    const Batch inner = sqrt_2_over_pi * value * (one + cubic * value * value);
    return half * value * (one + xsimd::tanh(inner));
  });
}

void silu(const float* x, Index size, float* y) {
  const ExpNonpositive exp;
  const Batch zero = constant(0.0f), one = constant(1.0f);
  // exp(-|x|) never overflows: 1 / (1 + exp(-x)) is 1 / (1 + e) or, on the left, e / (1 + e).
  transform(x, size, y, [&](Batch value) {
    const Batch e = exp(zero - xsimd::abs(value));
    return value * xsimd::select(value < zero, e, one) / (one + e);
  });
}

void relu(const float* x, Index size, float* y) {
  const Batch zero = constant(0.0f);
  transform(x, size, y, [&](Batch value) { return xsimd::select(value <= zero, zero, value); });
}

void activate(Activation activation, const float* x, Index size, float* y) {
  switch (activation) {
    case Activation::kRelu:
      return relu(x, size, y);
    case Activation::kGelu:
      return gelu(x, size, y);
    case Activation::kGeluTanh:
      return gelu_tanh(x, size, y);
    case Activation::kSilu:
      return silu(x, size, y);
  }
}

}  // namespace heed
