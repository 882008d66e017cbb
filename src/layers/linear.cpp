#include "linear.h"

#include <algorithm>

namespace heed {

Status Linear::allocate(Index in_features, Index out_features, bool has_bias) {
  Status status = weight_.allocate(in_features, out_features);
  if (!status.ok()) return status;
  bias_ = Buffer<float>();
  if (has_bias) {
    if (!bias_.allocate(out_features)) return Status::OutOfMemory();
    std::fill(bias_.begin(), bias_.end(), 0.0f);
  }
  return Status::Ok();
}

void Linear::set_weight_row(Index out, const float* row) { weight_.set_column(out, row); }

void Linear::set_weight_column(Index in, const float* column) { weight_.set_row(in, column); }

void Linear::weight_row(Index out, float* row) const { weight_.column(out, row); }

void Linear::apply(const float* x, Index x_stride, Index rows, float* y, Index y_stride) const {
  multiply(x, x_stride, rows, weight_, y, y_stride);
  if (bias_.data() == nullptr) return;
  for (Index i = 0; i < rows; ++i) {
    float* y_row = y + i * y_stride;
    for (Index j = 0; j < out_features(); ++j) y_row[j] += bias_[j];
  }
}

}  // namespace heed
