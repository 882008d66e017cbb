// Attention inside a model: what one layer's queries, keys and values come to, with the cache, the
// "what if" options and the traces of a pass.
#pragma once

#include "model.h"

namespace heed {

/// Room for [rows, columns]; false where memory is refused or the size cannot be addressed.
[[nodiscard]] bool allocate(Index rows, Index columns, Buffer<float>* buffer);

/// What products become scores by, in every layer alike.
float attention_scale(const ModelConfig& config);

/// One layer's queries, keys and values of the pass's tokens, in any strides; of the shard's heads.
struct Projections {
  HeadsView<const float> query;  // [1, heads, n, head_dim]
  HeadsView<const float> key;    // [1, kv_heads, n, head_dim]
  HeadsView<const float> value;  // [1, kv_heads, n, head_dim]
  Index memory_length = 0;       // of cross-attention: n of key and value, to which no cache is
                                 // joined; 0: attention of the tokens to themselves
};

/// The attention of one layer, behind its input projections: the tokens join the cache, attend to
/// all that it holds, and leave their traces. `options` are the architecture's own; the pass's
/// "what if" options take their place. Writes context [n, heads * head_dim], zero where a head is
/// ablated, and what `output` makes of it, y [n, model_dim], of a shard a partial sum. Errors:
/// those of attention().
Status attend(const ModelConfig& config, const ForwardPass& pass, Index layer,
              AttentionOptions options, Projections projections, const Linear& output,
              float* context, float* y);

/// The architecture's own options of attention with the pass's "what if" options in their place,
/// for `query_length` tokens that attend to `key_length`. A mask joins the architecture's, which
/// then is in `storage`. Errors: those of AttentionMask::Broadcast, kOutOfMemory.
Status apply_what_if(const ForwardOptions& what_if, const AttentionShape& shape,
                     AttentionOptions* options, Buffer<float>* storage);

/// Copies x [n, model_dim] to its place in one of the trace's arrays [any, n, model_dim], where
/// that is wanted.
void trace_stream(const ModelConfig& config, const ForwardPass& pass, const float* x, Index index,
                  float* trace);

}  // namespace heed
