#include "tiled_attention.h"

#include <algorithm>

#include "micro_kernel.h"

namespace heed {
namespace {

/// Rows of a block: a multiple of kMr, so that full blocks fill the register tile. A tile of scores
/// is 48 x 128 floats = 24 KiB: with the panel it is multiplied with, about a first-level cache.
constexpr Index kQueryBlock = 48;
/// Keys of a tile, a multiple of kNr. Tiles start at multiples of it from key 0 whatever the
/// queries are, so that a row meets the same tiles however the queries are split into calls.
constexpr Index kKeyBlock = 128;
static_assert(kQueryBlock % kMr == 0 && kKeyBlock % kNr == 0);

Index round_down(Index value, Index step) { return value / step * step; }

/// The queries of [first, first + rows) that see a key of the tile: neighbours, since the ranges of
/// rows never go back.
KeyRange rows_that_see(const MaskRule& mask, Index first, Index rows, KeyRange tile) {
  Index begin = first;
  Index end = first + rows;
  while (begin < end && intersect(mask.range(begin), tile).empty()) ++begin;
  while (begin < end && intersect(mask.range(end - 1), tile).empty()) --end;
  return {begin, end};
}

}  // namespace

Status TiledAttention::allocate(const AttentionShape& shape) {
  const bool ok = scores_.allocate(kQueryBlock * kKeyBlock) &&
                  output_.allocate(kQueryBlock * shape.value_dim) &&
                  softmax_.allocate(kQueryBlock) && overflow_.allocate(kQueryBlock) &&
                  scratch_.allocate(shape.key_length + shape.value_dim);
  return ok ? Status::Ok() : Status::OutOfMemory();
}

void TiledAttention::run(const Head& head) {
  for (Index i = 0; i < head.shape.query_length; i += kQueryBlock) {
    run_block(head, i, std::min(kQueryBlock, head.shape.query_length - i));
  }
}

void TiledAttention::run_block(const Head& head, Index first_query, Index rows) {
  const Index value_dim = head.shape.value_dim;
  const PackedHead& packed = head.packed;
  const ExpNonpositive exp;

  // Row r of the block is query first_query + r. overflow_[r]: 0 no, 1 look for it, 2 found.
  for (Index r = 0; r < rows; ++r) {
    softmax_[r] = head.initial_softmax();
    overflow_[r] = head.products_fit(first_query + r) ? 0 : 1;
  }
  std::fill_n(output_.data(), rows * value_dim, 0.0f);

  const Index last_key = head.mask.range(first_query + rows - 1).end;
  const Index first_key = head.mask.range(first_query).begin;
  for (Index j = round_down(first_key, kKeyBlock); j < last_key; j += kKeyBlock) {
    KeyRange tile = {j, std::min(j + kKeyBlock, head.mask.key_limit())};
    const KeyRange seeing = rows_that_see(head.mask, first_query, rows, tile);
    if (seeing.empty()) continue;
    // Only what some row sees. With values that are not finite, hidden ones would reach a row or
    // not depending on the rows around it, so there a tile stays whole.
    if (packed.values_finite) {
      tile = intersect(tile, {round_down(head.mask.range(seeing.begin).begin, kNr),
                              head.mask.range(seeing.end - 1).end});
    }
    const Index r0 = seeing.begin - first_query;
    float* output = output_.data() + r0 * value_dim;

    multiply(head.query(seeing.begin), head.inputs.query.row_stride, seeing.size(), packed.keys,
             {0, head.shape.head_dim, tile.begin, tile.end}, scores_.data(), kKeyBlock);
    for (Index r = 0; r < seeing.size(); ++r) {
      const Index i = seeing.begin + r;
      float* scores = scores_.data() + r * kKeyBlock;
      scale_scores(scores, tile.size(), head.options.scale);
      unsigned char& overflow = overflow_[r0 + r];
      if (overflow == 1 && head.has_overflow(i, tile, scores)) overflow = 2;
      if (head.options.softcap > 0.0f) cap_scores(scores, tile.size(), head.options.softcap);
      head.mask.apply(i, tile, scores);
      const float rescale = softmax_[r0 + r].update(exp, scores, tile.size());
      if (rescale != 1.0f) scale_scores(output + r * value_dim, value_dim, rescale);
    }
    multiply(scores_.data(), kKeyBlock, seeing.size(), packed.values,
             {tile.begin, tile.end, 0, value_dim}, output, value_dim, /*accumulate=*/true);
  }

  for (Index r = 0; r < rows; ++r) finish_row(head, first_query + r, r);
}

void TiledAttention::finish_row(const Head& head, Index i, Index r) {
  const OnlineSoftmax& softmax = softmax_[r];
  const Batch row_sum(softmax.row_sum == 0.0 ? 1.0f : static_cast<float>(softmax.row_sum));
  // + 0 turns -0 into 0: how many zeros a row summed up, and so the sign of a zero sum, may depend
  // on the rows around it.
  const Batch zero(0.0f);
  const Index value_dim = head.shape.value_dim;
  transform(output_.data() + r * value_dim, value_dim, head.output(i),
            [&](Batch sum) { return sum / row_sum + zero; });
  if (head.outputs.logsumexp != nullptr) {
    head.outputs.logsumexp[head.row_index(i)] = softmax.logsumexp();
  }
  if (overflow_[r] == 2 || !head.trusted(i, softmax)) head.repair(i, scratch_.data());
}

}  // namespace heed
