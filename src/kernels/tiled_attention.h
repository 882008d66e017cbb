// Attention without its matrix: softmax(Q K^T * scale) V of one head, tile by tile.
//
// Source: Dao et al., "FlashAttention" (2022), algorithm 1, forward pass; queries in the outer loop
// as in Dao, "FlashAttention-2" (2023). Memory: one tile of scores and one block of outputs.
// It captures no stage but logsumexp: see materialised_attention.h.
#pragma once

#include "head.h"

namespace heed {

class TiledAttention {
 public:
  /// Errors: kOutOfMemory.
  Status allocate(const AttentionShape& shape);

  /// Writes output and logsumexp of all queries of `head`.
  void run(const Head& head);

 private:
  void run_block(const Head& head, Index first_query, Index rows);
  void finish_row(const Head& head, Index i, Index r);

  Buffer<float> scores_;            // [kQueryBlock, kKeyBlock]
  Buffer<float> output_;            // [kQueryBlock, value_dim]: sums not divided by row_sum yet
  Buffer<OnlineSoftmax> softmax_;   // [kQueryBlock]
  Buffer<unsigned char> overflow_;  // [kQueryBlock]
  Buffer<double> scratch_;          // of the reference
};

}  // namespace heed
