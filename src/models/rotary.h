// Rotary positions of a model: queries and keys are turned by an angle that grows with the token's
// position, so that their product tells how far apart they stand.
// Source: Su et al., "RoFormer" (2021), section 3.2.2, the two halves of a head's channels paired,
// as Hugging Face checkpoints have them.
#pragma once

#include <vector>

#include "../layers/positions.h"

namespace heed {

/// The numbers of a model's rotary positions. Every way of stretching them to longer texts (linear,
/// NTK-aware, YaRN, Llama 3's) is another choice of these.
struct Rotary {
  // [pairs], at most head_dim / 2: what each pair of channels turns by from one position to the
  // next; empty: no rotary positions.
  std::vector<double> frequencies = {};
  double magnitude = 1.0;  // what turned channels are multiplied by (YaRN)
};

/// What the tokens of one pass are turned by.
class RotaryTables {
 public:
  /// For `length` tokens behind `past_length` others; false where memory is refused.
  [[nodiscard]] bool fill(const Rotary& rotary, Index past_length, Index length);
  /// Turns x [1, num_heads, length, head_dim] in place.
  void turn(HeadsView<float> x, Index num_heads, Index head_dim) const;

 private:
  Index length_ = 0;
  Index pairs_ = 0;
  Buffer<float> cos_, sin_;  // [length, pairs]
};

}  // namespace heed
