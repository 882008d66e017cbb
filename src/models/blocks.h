// The pieces that architectures are built of: what a layer does between its linear layers.
#pragma once

#include "attend.h"

namespace heed {

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

  void declare(const std::string& in_name, const std::string& out_name, const ModelConfig& config,
               Parameters* parameters);
  /// y [rows, model_dim], of a shard a partial sum, of x [rows, model_dim]; `inner` [rows, columns]
  /// is its workspace.
  void apply(const float* x, Index rows, Activation activation, float* inner, float* y) const;
};

/// FFN(x) = (activation(x W_g + b_g) * (x W_u + b_u)) W_d + b_d, the products element by element.
/// Source: Shazeer, "GLU Variants Improve Transformer" (2020).
struct GatedFeedForward {
  Linear gate, up;  // [columns, model_dim], as FeedForward's first
  Linear down;      // [model_dim, columns]

  void declare(const std::string& gate_name, const std::string& up_name,
               const std::string& down_name, const ModelConfig& config, Parameters* parameters);
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

/// What a checkpoint calls the linear layers of an attention.
struct AttentionNames {
  const char* query;
  const char* key;
  const char* value;
  const char* output;
};

/// What the attention of n tokens computes on its way, of the heads that the shard has.
struct AttentionWorkspace {
  Buffer<float> query, context;  // [n, heads * head_dim] each
  Buffer<float> key, value;      // [n, kv_heads * head_dim] each

  [[nodiscard]] bool allocate_for(Index n, const ModelConfig& config);
};

/// Concat(head_1 ... head_h) W^O, each head an attention of projections of its own.
/// Source: Vaswani et al. (2017), section 3.2.2.
struct AttentionLayer {
  Linear query, key, value;
  Linear output;

  /// Declares the layers `name` + each of `names`.
  void declare(const std::string& name, const AttentionNames& names, const ModelConfig& config,
               Parameters* parameters);
  /// Fills the workspace's query, key and value of x [n, model_dim].
  void project(const float* x, Index n, AttentionWorkspace* work) const;
  /// The tokens x [n, model_dim] attend to themselves or, where there is a memory, to what it holds
  /// for the layer. Otherwise as heed::attend().
  Status apply(const ModelConfig& config, const ForwardPass& pass, Index layer,
               const AttentionOptions& options, const Memory* memory, const float* x,
               AttentionWorkspace* work, float* y) const;
};

}  // namespace heed
