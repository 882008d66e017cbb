#include "relative_bias.h"

#include <algorithm>
#include <cmath>

#include "attend.h"

namespace heed {

Index relative_bucket(Index distance, bool both_directions, Index num_buckets, Index max_distance) {
  Index first = 0;
  if (both_directions) {
    num_buckets /= 2;
    if (distance > 0) first = num_buckets;
    distance = std::abs(distance);
  } else {
    distance = std::max<Index>(-distance, 0);
  }
  const Index exact = num_buckets / 2;
  if (distance < exact) return first + distance;
  const float ratio = static_cast<float>(distance) / static_cast<float>(exact);
  const auto span =
      static_cast<float>(std::log(static_cast<double>(max_distance) / static_cast<double>(exact)));
  const float further = std::log(ratio) / span * static_cast<float>(num_buckets - exact);
  return first + std::min(exact + static_cast<Index>(further), num_buckets - 1);
}

Status relative_bias(const float* table, Index num_buckets, Index max_distance, Index num_heads,
                     bool both_directions, Index query_length, Index past, Buffer<float>* storage,
                     AttentionMask* mask) {
  const Index key_length = past + query_length;
  const Index span = query_length + key_length - 1;
  if (!allocate(num_heads, span, storage)) return Status::OutOfMemory();
  for (Index k = 0; k < span; ++k) {
    const Index distance = k - (key_length - 1);
    const Index bucket = relative_bucket(distance, both_directions, num_buckets, max_distance);
    for (Index h = 0; h < num_heads; ++h) {
      storage->data()[h * span + k] = table[bucket * num_heads + h];
    }
  }
  // Query i and key j are j - (past + i) apart.
  *mask = {.kind = AttentionMask::Kind::kFloat,
           .data = storage->data() + (query_length - 1),
           .head_stride = span,
           .query_stride = -1,
           .key_stride = 1,
           .key_length = key_length};
  return Status::Ok();
}

}  // namespace heed
