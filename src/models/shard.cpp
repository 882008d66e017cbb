#include "shard.h"

namespace heed {

Range ModelPart::of(Index total) const {
  if (!has_layers()) return {};
  const Index least = total / num_shards, rest = total % num_shards;
  const auto begin = [&](Index k) { return k * least + (k < rest ? k : rest); };
  return {begin(shard), begin(shard + 1)};
}

void sum_partials(const float* const* partials, Index count, Index size, float* sum) {
  for (Index i = 0; i < size; ++i) {
    float total = partials[0][i];
    for (Index k = 1; k < count; ++k) total += partials[k][i];
    sum[i] = total;
  }
}

}  // namespace heed
