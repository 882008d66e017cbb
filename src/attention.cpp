#include "attention.h"

#include <algorithm>
#include <cmath>

#include "kernels/materialised_attention.h"
#include "kernels/tiled_attention.h"
#include "validation.h"

namespace heed {
namespace {

/// Walks batches and heads with one of the two kernels; keys and values are packed once for the
/// query heads that share them.
template <class Kernel>
Status run_heads(const AttentionShape& shape, const AttentionOptions& options,
                 const AttentionInputs& inputs, const AttentionOutputs& outputs) {
  Kernel kernel;
  PackedHead packed;
  Kernel::choose_places(shape, &packed);
  Status status = kernel.allocate(shape);
  if (status.ok() && !packed.keys_in_place) {
    status = packed.keys.allocate(shape.head_dim, shape.key_length);
  }
  if (status.ok() && !packed.values_in_place) {
    status = packed.values.allocate(shape.key_length, shape.value_dim);
  }
  if (!status.ok()) return status;

  const bool shows_hidden = outputs.products || outputs.scores || outputs.capped_scores;
  for (Index b = 0; b < shape.batch_size; ++b) {
    const Index key_limit = MaskRule(shape, options, b, 0).key_limit();
    for (Index kv_head = 0; kv_head < shape.num_kv_heads; ++kv_head) {
      if (!packed.keys_in_place) {
        packed.pack_keys(shape, inputs, b, kv_head, {0, shape.key_length},
                         shows_hidden ? shape.key_length : key_limit);
      }
      if (!packed.values_in_place) packed.pack_values(shape, inputs, b, kv_head, key_limit);
      kernel.run(HeadGroup{shape, options, inputs, outputs, packed, b, kv_head});
    }
  }
  return Status::Ok();
}

}  // namespace

float default_scale(Index head_dim) {
  return head_dim > 0 ? static_cast<float>(1.0 / std::sqrt(static_cast<double>(head_dim))) : 1.0f;
}

Status attention(const AttentionShape& shape, const AttentionOptions& options,
                 const AttentionInputs& inputs, const AttentionOutputs& outputs) {
  Status status = validate(shape, options);
  if (!status.ok() || shape.batch_size == 0 || shape.query_length == 0) return status;
  return outputs.wants_matrix() ? run_heads<MaterialisedAttention>(shape, options, inputs, outputs)
                                : run_heads<TiledAttention>(shape, options, inputs, outputs);
}

void append_to_past(const AttentionShape& shape, Index past_length, Index dim,
                    HeadsView<const float> rows, float* present) {
  for (Index b = 0; b < shape.batch_size; ++b) {
    for (Index h = 0; h < shape.num_kv_heads; ++h) {
      present += past_length * dim;
      for (Index j = 0; j < shape.key_length - past_length; ++j) {
        present = std::copy_n(rows.row(b, h, j), dim, present);
      }
    }
  }
}

}  // namespace heed
