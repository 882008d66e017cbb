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
  /// Whether keys and values are packed, or few queries read them where they lie.
  static void choose_places(const AttentionShape& shape, PackedHead* packed);

  /// Errors: kOutOfMemory.
  Status allocate(const AttentionShape& shape);

  /// Writes output and logsumexp of all queries of `group`.
  void run(const HeadGroup& group);

 private:
  /// One query of one head.
  struct Row {
    Index head;  // of the group
    Index query;
    KeyRange range;  // that the position rules let it see
    OnlineSoftmax softmax;
    enum { kNone, kPossible, kFound } overflow;  // of scores
  };

  void run_block(const HeadGroup& group, Index first, Index size);
  void run_tile(const HeadGroup& group, Index begin, Index end, KeyRange tile);
  void finish_row(const Head& head, Index r);
  template <class Body>
  void for_each_row(const HeadGroup& group, Index begin, Index end, Body body);

  Buffer<Row> rows_;        // [kQueryBlock]
  Buffer<float> queries_;   // [kQueryBlock, head_dim], times scale
  Buffer<float> scores_;    // [kQueryBlock, kKeyBlock]
  Buffer<float> output_;    // [kQueryBlock, value_dim]: sums not divided by row_sum yet
  Buffer<double> scratch_;  // of the reference
};

}  // namespace heed
