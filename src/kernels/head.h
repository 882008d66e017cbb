// One head of attention on its way through the kernels: its tensors, its mask, its packed keys and
// values, and what decides whether a row computed in f32 can be trusted.
//
// A row is not trusted when f32 may have lost it: a product or score beyond f32's range at a
// visible key, an output that is not finite, or no score above -Infinity although a key is visible.
// Such a row is computed again by the reference, which looks at visible keys alone, in double. So
// the kernels need no care for what hidden keys hold: 0 * NaN only sends a row to the reference.
#pragma once

#include "../reference.h"
#include "gemm.h"
#include "mask.h"
#include "online_softmax.h"

namespace heed {

/// The keys and values of one kv head, packed once for all its query heads, or read where they lie.
/// Both give the same bits, so that a choice between them is one of time alone.
struct PackedHead {
  bool keys_in_place = false;    // `keys` is not used
  bool values_in_place = false;  // `values` is not used

  PackedMatrix keys;    // [head_dim, number of keys]
  PackedMatrix values;  // [number of keys, value_dim]
  // At least sum_d |K[j, d]| of every key; Infinity where one is not finite or nobody looked.
  float key_bound = kInfinity;
  bool values_finite = false;  // false where nobody looked

  /// Packs `keys` of one kv head; those from key_limit on become zeros, and may hold anything.
  void pack_keys(const AttentionShape& shape, const AttentionInputs& inputs, Index b, Index kv_head,
                 KeyRange range, Index key_limit);
  void pack_values(const AttentionShape& shape, const AttentionInputs& inputs, Index b,
                   Index kv_head, Index key_limit);
};

/// sum_d |x[d]|, Infinity where that is not finite.
float absolute_sum(const float* x, Index size);

struct Head {
  const AttentionShape& shape;
  const AttentionOptions& options;
  const AttentionInputs& inputs;
  const AttentionOutputs& outputs;
  const PackedHead& packed;
  Index b;
  Index h;
  MaskRule mask;

  const float* query(Index i) const { return inputs.query.row(b, h, i); }
  float* output(Index i) const { return outputs.output.row(b, h, i); }
  /// Where row i starts in a [batch_size, num_heads, query_length] tensor.
  Index row_index(Index i) const { return (b * shape.num_heads + h) * shape.query_length + i; }

  OnlineSoftmax initial_softmax() const {
    return options.sinks != nullptr ? OnlineSoftmax::from_sink(options.sinks[h]) : OnlineSoftmax();
  }

  /// True where no product, partial sum or score of row i can leave the range of f32.
  bool products_fit(Index i) const;
  /// Whether a score (after scale) of row i at a key of `keys` is not finite: a visible key or,
  /// where stages that show hidden keys are captured, any.
  bool has_overflow(Index i, KeyRange keys, const float* scores) const;
  /// Whether row i, of this softmax and output, stands as it is.
  bool trusted(Index i, const OnlineSoftmax& softmax) const;
  /// Computes row i again, all wanted results. `scratch` holds key_length + value_dim doubles.
  void repair(Index i, double* scratch) const {
    reference_attention_row(shape, options, inputs, outputs, b, h, i, scratch);
  }
};

/// The query heads that share one kv head.
struct HeadGroup {
  const AttentionShape& shape;
  const AttentionOptions& options;
  const AttentionInputs& inputs;
  const AttentionOutputs& outputs;
  const PackedHead& packed;
  Index b;
  Index kv_head;

  Index size() const { return shape.num_heads / shape.num_kv_heads; }
  Head head(Index n) const {
    const Index h = kv_head * size() + n;
    return {shape, options, inputs, outputs, packed, b, h, MaskRule(shape, options, b, h)};
  }
};

/// scores = scores * scale
void scale_scores(float* scores, Index size, float scale);
/// scores = softcap * tanh(scores / softcap)
void cap_scores(float* scores, Index size, float softcap);

}  // namespace heed
