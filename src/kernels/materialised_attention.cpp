#include "materialised_attention.h"

#include <algorithm>
#include <limits>

#include "micro_kernel.h"

namespace heed {
namespace {

/// Rows held at a time: enough to fill the register tile, few enough to keep memory O(key_length).
constexpr Index kQueryBlock = 48;

}  // namespace

Status MaterialisedAttention::allocate(const AttentionShape& shape) {
  constexpr Index kMost = std::numeric_limits<Index>::max() / kQueryBlock - kWidth;
  if (shape.key_length > kMost) return Status::OutOfMemory();
  row_stride_ = (shape.key_length + kWidth - 1) / kWidth * kWidth;
  const bool ok = scores_.allocate(kQueryBlock * row_stride_) && softmax_.allocate(kQueryBlock) &&
                  whole_.allocate(kQueryBlock) &&
                  scratch_.allocate(shape.key_length + shape.value_dim);
  return ok ? Status::Ok() : Status::OutOfMemory();
}

void MaterialisedAttention::run(const HeadGroup& group) {
  for (Index n = 0; n < group.size(); ++n) {
    const Head head = group.head(n);
    for (Index i = 0; i < head.shape.query_length; i += kQueryBlock) {
      run_block(head, i, std::min(kQueryBlock, head.shape.query_length - i));
    }
  }
}

void MaterialisedAttention::run_block(const Head& head, Index first_query, Index rows) {
  multiply(head.query(first_query), head.inputs.query.row_stride, rows, head.packed.keys,
           scores_.data(), row_stride_);
  for (Index r = 0; r < rows; ++r) {
    whole_[r] = run_row(head, first_query + r, scores_.data() + r * row_stride_, &softmax_[r]);
  }
  multiply(scores_.data(), row_stride_, rows, head.packed.values, head.output(first_query),
           head.outputs.output.row_stride);
  for (Index r = 0; r < rows; ++r) {
    const Index i = first_query + r;
    if (!whole_[r] || !head.trusted(i, softmax_[r])) head.repair(i, scratch_.data());
  }
}

/// From products to weights, in place. False where a score left the range of f32.
bool MaterialisedAttention::run_row(const Head& head, Index i, float* row, OnlineSoftmax* softmax) {
  const AttentionOptions& options = head.options;
  const AttentionOutputs& outputs = head.outputs;
  const Index key_length = head.shape.key_length;
  const KeyRange all = {0, key_length};
  const auto capture = [&](float* stage) {
    if (stage != nullptr) std::copy_n(row, key_length, stage + head.row_index(i) * key_length);
  };

  capture(outputs.products);
  scale_scores(row, key_length, options.scale);
  capture(outputs.scores);
  const bool whole = head.products_fit(i) || !head.has_overflow(i, all, row);
  if (options.softcap > 0.0f) cap_scores(row, key_length, options.softcap);
  capture(outputs.capped_scores);
  head.mask.apply(i, all, row);
  capture(outputs.masked_scores);

  *softmax = head.initial_softmax();
  softmax->update(ExpNonpositive(), row, key_length);
  if (softmax->row_sum != 0.0) {
    const Batch row_sum(static_cast<float>(softmax->row_sum));
    const Batch zero = constant(0.0f), smallest = constant(kSmallestNormal);
    transform(row, key_length, row, [&](Batch value) {
      const Batch weight = value / row_sum;
      return xsimd::select(weight < smallest, zero, weight);
    });
  }
  capture(outputs.weights);
  if (outputs.logsumexp != nullptr) outputs.logsumexp[head.row_index(i)] = softmax->logsumexp();
  return whole;
}

}  // namespace heed
