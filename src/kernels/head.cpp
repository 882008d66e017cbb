#include "head.h"

#include <cmath>

namespace heed {
namespace {

/// Far enough below the largest f32, 3.4e38, that rounding on the way does not matter.
constexpr float kSafe = 1e38f;

/// Adds x * 0: NaN as soon as one x is not finite.
Batch add_zeros(const float* x, Index size, Batch sum) {
  const Batch zero(0.0f);
  for_each_batch(size, [&](Index d, auto part) { sum += load(x + d, part) * zero; });
  return sum;
}

bool all_finite(const float* x, Index size) {
  return reduce_sum(add_zeros(x, size, Batch(0.0f))) == 0.0f;
}

}  // namespace

float absolute_sum(const float* x, Index size) {
  Batch sum(0.0f);
  for_each_batch(size, [&](Index d, auto part) { sum += xsimd::abs(load(x + d, part)); });
  const float total = reduce_sum(sum);
  return std::isfinite(total) ? total : kInfinity;
}

void PackedHead::pack_keys(const AttentionShape& shape, const AttentionInputs& inputs, Index b,
                           Index kv_head, KeyRange range, Index key_limit) {
  key_bound = 0.0f;
  const Index end = std::clamp(key_limit, range.begin, range.end);
  for (Index j = range.begin; j < end; ++j) {
    key_bound = std::max(key_bound, absolute_sum(inputs.key.row(b, kv_head, j), shape.head_dim));
  }
  keys.set_columns(0, end - range.begin, inputs.key.row(b, kv_head, range.begin),
                   inputs.key.row_stride);
  for (Index j = end; j < range.end; ++j) keys.clear_column(j - range.begin);
}

void PackedHead::pack_values(const AttentionShape& shape, const AttentionInputs& inputs, Index b,
                             Index kv_head, Index key_limit) {
  Batch zeros(0.0f);
  for (Index j = 0; j < shape.key_length; ++j) {
    if (j >= key_limit) {
      values.clear_row(j);
      continue;
    }
    const float* value = inputs.value.row(b, kv_head, j);
    values.set_row(j, value);
    zeros = add_zeros(value, shape.value_dim, zeros);
  }
  values_finite = reduce_sum(zeros) == 0.0f;
}

bool Head::products_fit(Index i) const {
  // Also the query times the scale, which a kernel may multiply with the keys.
  const float bound = absolute_sum(query(i), shape.head_dim) * std::max(1.0f, packed.key_bound);
  return bound * std::max(1.0f, std::abs(options.scale)) <= kSafe;  // false for NaN = 0 * Infinity
}

bool Head::has_overflow(Index i, KeyRange keys, const float* scores) const {
  if (all_finite(scores, keys.size())) return false;
  const KeyRange seen = intersect(mask.range(i), keys);
  const bool hidden_too = outputs.products || outputs.scores || outputs.capped_scores;
  for (Index j = keys.begin; j < keys.end; ++j) {
    if (std::isfinite(scores[j - keys.begin])) continue;
    const bool visible = j >= seen.begin && j < seen.end && mask.visible(i, j);
    if (visible || hidden_too) return true;
  }
  return false;
}

bool Head::trusted(Index i, const OnlineSoftmax& softmax) const {
  const bool no_score = softmax.row_max == -kInfinity && softmax.row_sum == 0.0;
  const bool sound = no_score ? mask.range(i).empty()
                              : std::isfinite(softmax.row_max) && std::isfinite(softmax.row_sum);
  return sound && all_finite(output(i), shape.value_dim);
}

void scale_scores(float* scores, Index size, float scale) {
  const Batch factor(scale);
  transform(scores, size, scores, [&](Batch score) { return score * factor; });
}

void cap_scores(float* scores, Index size, float softcap) {
  const Batch cap(softcap);
  transform(scores, size, scores, [&](Batch score) { return cap * xsimd::tanh(score / cap); });
}

}  // namespace heed
