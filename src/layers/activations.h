// The activations of Transformers' feed-forward layers, element by element; y may be x.
// Sources: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016); Elfwing et al. (2017) for
// SiLU; Vaswani et al. (2017), section 3.3 for ReLU.
#pragma once

#include "../buffer.h"

namespace heed {

enum class Activation { kRelu, kGelu, kGeluTanh, kSilu };

/// y = x/2 (1 + erf(x / sqrt(2)))
void gelu(const float* x, Index size, float* y);
/// y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
void gelu_tanh(const float* x, Index size, float* y);
/// y = x / (1 + exp(-x))
void silu(const float* x, Index size, float* y);
/// y = max(x, 0); NaN stays NaN
void relu(const float* x, Index size, float* y);

void activate(Activation activation, const float* x, Index size, float* y);

}  // namespace heed
