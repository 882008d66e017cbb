#include "linear.h"

#include <algorithm>

namespace heed {

Status Linear::declare(Index in_features, Index out_features, bool has_bias) {
  in_features_ = in_features;
  out_features_ = out_features;
  format_.reset();
  weight_ = PackedMatrix();
  half_weight_ = HalfMatrix();
  bias_ = Buffer<float>();
  if (has_bias) {
    if (!bias_.allocate(out_features)) return Status::OutOfMemory();
    std::fill(bias_.begin(), bias_.end(), 0.0f);
  }
  return Status::Ok();
}

Status Linear::allocate_weight(DType format) {
  format_.reset();
  weight_ = PackedMatrix();
  half_weight_ = HalfMatrix();
  Status status = format == DType::kF32
                      ? weight_.allocate(in_features_, out_features_)
                      : half_weight_.allocate(in_features_, out_features_, format);
  if (status.ok()) format_ = format;
  return status;
}

Status Linear::allocate(Index in_features, Index out_features, bool has_bias) {
  Status status = declare(in_features, out_features, has_bias);
  return status.ok() ? allocate_weight(DType::kF32) : status;
}

void Linear::set_weight_row(Index out, const float* row) { weight_.set_column(out, row); }

void Linear::set_weight_row(Index out, const std::uint16_t* row) {
  half_weight_.set_column(out, row);
}

void Linear::set_weight_column(Index in, const float* column) { weight_.set_row(in, column); }

void Linear::set_weight_column(Index in, const std::uint16_t* column) {
  half_weight_.set_row(in, column);
}

void Linear::weight_row(Index out, float* row) const {
  if (is_half()) {
    half_weight_.column(out, row);
  } else {
    weight_.column(out, row);
  }
}

void Linear::apply_weight(const float* x, Index x_stride, Index rows, float* y,
                          Index y_stride) const {
  if (is_half()) {
    multiply(x, x_stride, rows, half_weight_, y, y_stride);
  } else {
    multiply(x, x_stride, rows, weight_, y, y_stride);
  }
}

void Linear::apply(const float* x, Index x_stride, Index rows, float* y, Index y_stride) const {
  apply_weight(x, x_stride, rows, y, y_stride);
  if (bias_.data() == nullptr) return;
  for (Index i = 0; i < rows; ++i) {
    float* y_row = y + i * y_stride;
    for (Index j = 0; j < out_features(); ++j) y_row[j] += bias_[j];
  }
}

}  // namespace heed
