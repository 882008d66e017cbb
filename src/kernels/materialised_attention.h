// Attention in the paper's order with every stage at hand: the path that fills the captured
// matrices of attention.h.
//
// Source: Vaswani et al. (2017), section 3.2.1. Memory: kQueryBlock rows of the matrix.
#pragma once

#include "head.h"

namespace heed {

class MaterialisedAttention {
 public:
  /// Keys and values are packed.
  static void choose_places(const AttentionShape&, PackedHead*) {}

  /// Errors: kOutOfMemory.
  Status allocate(const AttentionShape& shape);

  /// Writes all wanted results of all queries of `group`, whose keys and values are packed: whole
  /// where products, scores or cappedScores are wanted, as these show hidden keys as well.
  void run(const HeadGroup& group);

 private:
  void run_block(const Head& head, Index first_query, Index rows);
  bool run_row(const Head& head, Index i, float* row, OnlineSoftmax* softmax);

  Index row_stride_ = 0;           // key_length, rounded up to full batches
  Buffer<float> scores_;           // [kQueryBlock, row_stride_]
  Buffer<OnlineSoftmax> softmax_;  // [kQueryBlock]
  Buffer<unsigned char> whole_;    // [kQueryBlock]: 0 where a score left the range of f32
  Buffer<double> scratch_;         // of the reference
};

}  // namespace heed
