// The pieces that architectures are built of: what a layer does between its linear layers.
#pragma once

#include "model.h"

namespace heed {

/// Room for [rows, columns]; false where memory is refused or the size cannot be addressed.
[[nodiscard]] bool allocate(Index rows, Index columns, Buffer<float>* buffer);

/// x += y, element by element: a residual connection.
void add(const float* y, Index size, float* x);

/// A layer normalisation that owns its gain and bias.
struct LayerNorm {
  Buffer<float> weight;  // [size]
  Buffer<float> bias;    // [size]

  /// Declares `name`.weight and `name`.bias, or gamma and beta.
  void declare(const std::string& name, Index size, Parameters* parameters);
  /// y = normalised x [rows, size]; y may be x.
  void apply(const float* x, Index rows, float epsilon, float* y) const;
};

/// A root-mean-square normalisation that owns its gain.
struct RmsNorm {
  Buffer<float> weight;  // [size]

  /// Declares `name`.weight.
  void declare(const std::string& name, Index size, Parameters* parameters);
  /// y = normalised x [rows, size] with the config's epsilon and offset; y may be x.
  void apply(const float* x, Index rows, const ModelConfig& config, float* y) const;
};

/// FFN(x) = activation(x W_1 + b_1) W_2 + b_2. Source: Vaswani et al. (2017), section 3.3.
struct FeedForward {
  Linear in;   // [columns, model_dim], of the feed_forward_dim columns those that the shard has
  Linear out;  // [model_dim, columns]

  /// y [rows, model_dim], of a shard a partial sum, of x [rows, model_dim]; `inner` [rows, columns]
  /// is its workspace.
  void apply(const float* x, Index rows, Activation activation, float* inner, float* y) const;
};

/// FFN(x) = (activation(x W_g + b_g) * (x W_u + b_u)) W_d + b_d, the products element by element.
/// Source: Shazeer, "GLU Variants Improve Transformer" (2020).
struct GatedFeedForward {
  Linear gate, up;  // [columns, model_dim], as FeedForward's first
  Linear down;      // [model_dim, columns]

  /// As FeedForward's; `inner` is [2, rows, columns].
  void apply(const float* x, Index rows, Activation activation, float* inner, float* y) const;
};

// The linear layers of a transformer layer, each with the part of it that a shard has. By outputs:
// query, key, value and the feed-forward layer's first; by inputs, so that their results are
// partial sums: attention's output and the feed-forward layer's second, whose bias is shard 0's.

LinearShape query_shape(const ModelConfig& config);
LinearShape key_shape(const ModelConfig& config);  // and the values'
/// Query, key and value side by side in one matrix.
LinearShape query_key_value_shape(const ModelConfig& config);
LinearShape attention_output_shape(const ModelConfig& config);
LinearShape feed_forward_in_shape(const ModelConfig& config);
LinearShape feed_forward_out_shape(const ModelConfig& config);

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

/// The attention of one layer, between its input and output projections: the tokens join the cache,
/// attend to all that it holds, and leave their traces. `options` are the architecture's own; the
/// pass's "what if" options take their place. Writes context [n, heads * head_dim], zero where a
/// head is ablated. Errors: those of attention().
Status attend(const ModelConfig& config, const ForwardPass& pass, Index layer,
              AttentionOptions options, Projections projections, float* context);

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
