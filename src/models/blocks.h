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

/// FFN(x) = activation(x W_1 + b_1) W_2 + b_2. Source: Vaswani et al. (2017), section 3.3.
struct FeedForward {
  Linear in;   // [feed_forward_dim, model_dim]
  Linear out;  // [model_dim, feed_forward_dim]

  /// y [rows, model_dim] of x [rows, model_dim]; `inner` [rows, feed_forward_dim] is its workspace.
  void apply(const float* x, Index rows, Activation activation, float* inner, float* y) const;
};

/// One layer's queries, keys and values of the pass's tokens, in any strides.
struct Projections {
  HeadsView<const float> query;  // [1, num_heads, n, head_dim]
  HeadsView<const float> key;    // [1, num_kv_heads, n, head_dim]
  HeadsView<const float> value;  // [1, num_kv_heads, n, head_dim]
};

/// The attention of one layer, between its input and output projections: the tokens join the cache,
/// attend to all that it holds, and leave their traces. `options` are the architecture's own; the
/// pass's "what if" options take their place. Writes context [n, num_heads * head_dim], zero where
/// a head is ablated. Errors: those of attention().
Status attend(const ModelConfig& config, const ForwardPass& pass, Index layer,
              AttentionOptions options, Projections projections, float* context);

/// Leaves x [n, model_dim] in the trace as hidden state `index`, 0 up to num_layers.
void trace_hidden(const ModelConfig& config, const ForwardPass& pass, Index index, const float* x);

}  // namespace heed
