// Which keys a query sees, and what masks add to its scores: the step from cappedScores to
// maskedScores of attention.h, for one head.
//
// Position rules (causal, window, lengths) make a range of keys a row, whose ends never go back
// from one row to the next; boolean and float masks make holes in it.
#pragma once

#include <cstdint>

#include "../attention.h"
#include "../simd.h"

namespace heed {

/// Keys [begin, end).
struct KeyRange {
  Index begin = 0;
  Index end = 0;

  bool empty() const { return begin >= end; }
  Index size() const { return end - begin; }
};

inline KeyRange intersect(KeyRange a, KeyRange b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

class MaskRule {
 public:
  MaskRule(const AttentionShape& shape, const AttentionOptions& options, Index b, Index h)
      : options_(options),
        offset_(options.query_offset != nullptr ? options.query_offset[b] : 0),
        key_limit_(shape.key_length),
        slope_(options.alibi_slopes != nullptr
                   ? options.alibi_slopes[b * options.alibi_batch_stride + h]
                   : 0.0f) {
    const AttentionMask& mask = options.mask;
    if (options.key_lengths != nullptr) {
      key_limit_ = std::min<Index>(key_limit_, options.key_lengths[b]);
    }
    if (mask.kind != AttentionMask::Kind::kNone) {
      key_limit_ = std::min(key_limit_, mask.key_length);
      mask_offset_ = b * mask.batch_stride + h * mask.head_stride;
    }
  }

  /// Keys from here on are not visible to any query.
  Index key_limit() const { return key_limit_; }

  /// The keys that the position rules let query i see.
  KeyRange range(Index i) const {
    // 64 bits: a position and a window may both be as large as 32 bits allow.
    const std::int64_t position = i + offset_;
    std::int64_t begin = 0;
    std::int64_t end = key_limit_;
    if (options_.is_causal) end = std::min(end, position + 1);
    if (options_.window_right >= 0) end = std::min(end, position + options_.window_right + 1);
    if (options_.window_left >= 0) begin = std::max(begin, position - options_.window_left);
    end = std::max<std::int64_t>(end, 0);
    return {static_cast<Index>(std::min(begin, end)), static_cast<Index>(end)};
  }

  /// Whether query i sees key j of its range.
  bool visible(Index i, Index j) const {
    const AttentionMask& mask = options_.mask;
    if (mask.kind == AttentionMask::Kind::kBool) {
      return mask_row<std::uint8_t>(i)[j * mask.key_stride] != 0;
    }
    if (mask.kind == AttentionMask::Kind::kFloat) {
      return mask_row<float>(i)[j * mask.key_stride] != -kInfinity;
    }
    return true;
  }

  /// Turns cappedScores of query i and keys `tile` into maskedScores.
  void apply(Index i, KeyRange tile, float* scores) const {
    const KeyRange seen = intersect(range(i), tile);
    if (seen.empty()) {
      std::fill_n(scores, tile.size(), -kInfinity);
      return;
    }
    std::fill(scores, scores + (seen.begin - tile.begin), -kInfinity);
    std::fill(scores + (seen.end - tile.begin), scores + tile.size(), -kInfinity);
    float* first = scores + (seen.begin - tile.begin);
    if (slope_ != 0.0f) add_alibi(i, seen, first);
    if (options_.mask.kind == AttentionMask::Kind::kBool) apply_bool(i, seen, first);
    if (options_.mask.kind == AttentionMask::Kind::kFloat) apply_float(i, seen, first);
  }

 private:
  template <class T>
  const T* mask_row(Index i) const {
    return static_cast<const T*>(options_.mask.data) + mask_offset_ +
           i * options_.mask.query_stride;
  }

  /// scores -= slope |p - j|
  void add_alibi(Index i, KeyRange keys, float* scores) const {
    const Batch slope(slope_);
    const Batch first = lane_numbers() + Batch(static_cast<float>(keys.begin - (i + offset_)));
    for_each_batch(keys.size(), [&](Index j, auto part) {
      const Batch distance = xsimd::abs(first + Batch(static_cast<float>(j)));
      store(scores + j, load(scores + j, part) - slope * distance, part);
    });
  }

  void apply_bool(Index i, KeyRange keys, float* scores) const {
    const Index stride = options_.mask.key_stride;
    const std::uint8_t* mask = mask_row<std::uint8_t>(i) + keys.begin * stride;
    for (Index j = 0; j < keys.size(); ++j) {
      scores[j] = mask[j * stride] != 0 ? scores[j] : -kInfinity;
    }
  }

  /// What the mask hides may hold NaN, which -Infinity would not wipe out in a sum.
  void apply_float(Index i, KeyRange keys, float* scores) const {
    const Index stride = options_.mask.key_stride;
    const float* mask = mask_row<float>(i) + keys.begin * stride;
    for (Index j = 0; j < keys.size(); ++j) {
      const float bias = mask[j * stride];
      scores[j] = bias != -kInfinity ? scores[j] + bias : -kInfinity;
    }
  }

  const AttentionOptions& options_;
  std::int64_t offset_;
  Index key_limit_;
  Index mask_offset_ = 0;
  float slope_;
};

}  // namespace heed
