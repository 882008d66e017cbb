// How a sequence gets its order: sinusoidal positions and rotary embeddings.
// Sources: Vaswani et al. (2017), section 3.5; Su et al., "RoFormer" (2021), section 3.2.2, in the
// form of ONNX RotaryEmbedding-23.
#pragma once

#include <cstdint>

#include "../attention.h"

namespace heed {

/// table[pos, 2i] = sin(pos / 10000^(2i / model_dim)), table[pos, 2i + 1] = cos of the same angle.
/// table is [length, model_dim]; an odd model_dim ends with a sine. Angles are computed in double.
void sinusoidal_positions(Index length, Index model_dim, float* table);

/// cos and sin of position * base^(-2i / rotary_dim), each [length, rotary_dim / 2], for
/// `positions` [length] or, where that is null, 0 up to length. Angles are computed in double.
void rotary_tables(const std::int32_t* positions, Index length, Index rotary_dim, double base,
                   float* cos, float* sin);

/// cos and sin, each times `magnitude`, of (first + i) * frequencies[c] for i from 0 up to length:
/// [length, pairs] each. Angles are computed in double.
void rotary_tables(Index first, Index length, const double* frequencies, Index pairs,
                   double magnitude, float* cos, float* sin);

struct RotaryOptions {
  Index rotary_dim = 0;      // even, at most the head's dim; further channels pass through
  bool interleaved = false;  // pairs (2i, 2i + 1) instead of (i, i + rotary_dim / 2)
  // cos and sin: [max_position, rotary_dim / 2] with position_ids [batch_size, length], or, where
  // position_ids is null, [batch_size, length, rotary_dim / 2] (table_batch_stride 0: one for all).
  const float* cos = nullptr;
  const float* sin = nullptr;
  Index table_batch_stride = 0;
  const std::int32_t* position_ids = nullptr;
};

/// Rotates every head's rows: y0 = x0 cos - x1 sin, y1 = x1 cos + x0 sin for each pair (x0, x1).
/// y may be x.
void rotary_embedding(HeadsView<const float> x, Index batch_size, Index num_heads, Index length,
                      Index head_dim, const RotaryOptions& options, HeadsView<float> y);

}  // namespace heed
