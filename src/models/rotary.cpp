#include "rotary.h"

namespace heed {

bool RotaryTables::fill(const Rotary& rotary, Index past_length, Index length) {
  length_ = length;
  pairs_ = static_cast<Index>(rotary.frequencies.size());
  const Index size = product(length, pairs_);
  if (!cos_.allocate(size) || !sin_.allocate(size)) return false;
  rotary_tables(past_length, length, rotary.frequencies.data(), pairs_, rotary.magnitude,
                cos_.data(), sin_.data());
  return true;
}

void RotaryTables::turn(HeadsView<float> x, Index num_heads, Index head_dim) const {
  const RotaryOptions options{.rotary_dim = 2 * pairs_, .cos = cos_.data(), .sin = sin_.data()};
  rotary_embedding(x, 1, num_heads, length_, head_dim, options, x);
}

}  // namespace heed
