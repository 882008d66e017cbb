// The linear layer y = x W^T + b, with W packed once for the matrix-product kernel.
#pragma once

#include <optional>

#include "../kernels/gemm.h"
#include "../kernels/half_matrix.h"

namespace heed {

/// A linear layer that owns its packed weight, in f32 or in the 16 bits that its checkpoint has.
/// The packed weight is the only copy: an embedding table tied to an output head is read back from
/// it by weight_row().
class Linear {
 public:
  /// The layer's size and, where wanted, a bias [out_features] of zeros; W is to be allocated.
  Status declare(Index in_features, Index out_features, bool has_bias);
  /// Room for W [out_features, in_features], zeros, in the place of any there was.
  Status allocate_weight(DType format);
  /// Both, with W in f32.
  Status allocate(Index in_features, Index out_features, bool has_bias);

  Index in_features() const { return in_features_; }
  Index out_features() const { return out_features_; }
  /// W's format; nothing before it is allocated.
  std::optional<DType> weight_format() const { return format_; }

  /// Stores W[out, :] from `in_features` values; of a W in 16 bits, from their bits.
  void set_weight_row(Index out, const float* row);
  void set_weight_row(Index out, const std::uint16_t* row);
  /// Stores W[:, in] from `out_features` values: for checkpoints that keep W transposed.
  void set_weight_column(Index in, const float* column);
  void set_weight_column(Index in, const std::uint16_t* column);
  /// Reads W[out, :] back into `in_features` values.
  void weight_row(Index out, float* row) const;
  /// [out_features], or null without a bias.
  float* bias() { return bias_.data(); }

  /// y = x W^T, without the bias, of dense rows.
  void apply_weight(const float* x, Index rows, float* y) const {
    apply_weight(x, in_features_, rows, y, out_features_);
  }
  /// y[i, :] = x[i, :] W^T + b for `rows` rows. x [rows, in_features] and y [rows, out_features],
  /// with a stride between rows of each.
  void apply(const float* x, Index x_stride, Index rows, float* y, Index y_stride) const;
  /// The same of dense rows.
  void apply(const float* x, Index rows, float* y) const {
    apply(x, in_features_, rows, y, out_features_);
  }

 private:
  void apply_weight(const float* x, Index x_stride, Index rows, float* y, Index y_stride) const;
  bool is_half() const { return format_ != DType::kF32; }

  Index in_features_ = 0;
  Index out_features_ = 0;
  std::optional<DType> format_;
  PackedMatrix weight_;     // [in_features, out_features], or else
  HalfMatrix half_weight_;  // the same
  Buffer<float> bias_;
};

}  // namespace heed
