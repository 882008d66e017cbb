// Softmax and the two normalisations of Transformers, row by row.
// Sources: Ba et al., "Layer Normalization" (2016); Zhang and Sennrich, "Root Mean Square Layer
// Normalization" (2019). Every x and y is [rows, row_length], dense; y may be x.
#pragma once

#include "../buffer.h"

namespace heed {

/// y = exp(x - max(x)) / sum(exp(x - max(x))), with attention.h's rules: a row of -Infinity gives
/// zeros, a weight below the smallest normal f32 is 0, finite input gives finite output.
void softmax(const float* x, Index rows, Index row_length, float* y);

/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, the variance divided by row_length.
/// weight and bias are [row_length], or null for 1 and 0.
void layer_norm(const float* x, Index rows, Index row_length, const float* weight,
                const float* bias, float epsilon, float* y);

/// y = x / sqrt(mean(x^2) + epsilon) * (weight + offset). weight is [row_length], or null for 1.
void rms_norm(const float* x, Index rows, Index row_length, const float* weight, float epsilon,
              float* y, float offset = 0.0f);

}  // namespace heed
