// The linear layer y = x W^T + b, with W packed once for the matrix-product kernel.
#pragma once

#include "../kernels/gemm.h"

namespace heed {

/// A linear layer that owns its packed weight. The packed weight is the only copy: an embedding
/// table tied to an output head is read back from it by weight_row().
class Linear {
 public:
  /// Room for W [out_features, in_features] and, where wanted, a bias [out_features] of zeros.
  Status allocate(Index in_features, Index out_features, bool has_bias);

  Index in_features() const { return weight_.depth(); }
  Index out_features() const { return weight_.columns(); }

  /// Stores W[out, :] from `in_features` values.
  void set_weight_row(Index out, const float* row);
  /// Stores W[:, in] from `out_features` values: for checkpoints that keep W transposed.
  void set_weight_column(Index in, const float* column);
  /// Reads W[out, :] back into `in_features` values.
  void weight_row(Index out, float* row) const;
  /// [out_features], or null without a bias.
  float* bias() { return bias_.data(); }

  /// y[i, :] = x[i, :] W^T + b for `rows` rows. x [rows, in_features] and y [rows, out_features],
  /// with a stride between rows of each.
  void apply(const float* x, Index x_stride, Index rows, float* y, Index y_stride) const;

 private:
  PackedMatrix weight_;  // [in_features, out_features]
  Buffer<float> bias_;
};

}  // namespace heed
