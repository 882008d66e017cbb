// The oracle: attention in plain double loops, in the paper's order, with every option of
// attention.h. Every fast path is tested against it, and a row that left the range of f32 is
// computed again by it. Kept readable; never optimised.
#pragma once

#include "attention.h"

namespace heed {

/// attention() in double precision: same arguments, same promises. Finite values beyond the range
/// of f32 are stored as the largest f32.
Status reference_attention(const AttentionShape& shape, const AttentionOptions& options,
                           const AttentionInputs& inputs, const AttentionOutputs& outputs);

/// One row of it: query i of head h of batch b. `scratch` holds key_length + value_dim doubles; the
/// row's weights are left in its first key_length. Without outputs.output, `value` is not read.
void reference_attention_row(const AttentionShape& shape, const AttentionOptions& options,
                             const AttentionInputs& inputs, const AttentionOutputs& outputs,
                             Index b, Index h, Index i, double* scratch);

}  // namespace heed
