#include "tiled_attention.h"

#include <algorithm>
#include <limits>

#include "micro_kernel.h"
#include "transposed_kernel.h"

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

/// Rows that share a kv head up to which its keys are not packed. Measured as WebAssembly, packed
/// over in place, 512 keys of 64: 4 rows 1.09, 8 rows 0.98, 16 rows 0.84; 2048 keys of 128: 8 rows
/// 0.84.
constexpr Index kKeysInPlaceRows = 4;
/// The same for values: 4 rows 1.33, 16 rows 1.15, 48 rows 1.05, 96 rows 1.03. One block, that is:
/// values in place are not known to be finite, so that later blocks could not leave out what a
/// causal mask hides.
constexpr Index kValuesInPlaceRows = kQueryBlock;

/// Whether at most `most` rows share a kv head.
bool few_rows(const AttentionShape& shape, Index most) {
  return shape.query_length <= most / (shape.num_heads / shape.num_kv_heads);
}

/// Whether one block holds all rows that share a kv head.
bool holds_group(const AttentionShape& shape) { return few_rows(shape, kQueryBlock); }

/// Reads a float of each cache line, row after row: memory is waited for many lines at a time. The
/// kernels jump from row to row, which the processor does not foresee. Measured as WebAssembly on
/// 16 MiB of keys and values: 1.5 to 1.8 times as fast; where they are in the cache already, 0.9.
void fetch(const float* x, Index stride, Index rows, Index size) {
  constexpr Index kLine = 16;  // floats
  for (Index i = 0; i < rows; ++i, x += stride) {
    for (Index d = 0; d < size; d += kLine) (void)*static_cast<const volatile float*>(x + d);
  }
}

}  // namespace

void TiledAttention::choose_places(const AttentionShape& shape, PackedHead* packed) {
  packed->keys_in_place = few_rows(shape, kKeysInPlaceRows) && shape.head_dim % kWidth == 0;
  packed->values_in_place = few_rows(shape, kValuesInPlaceRows) && shape.value_dim % kNr == 0;
}

Status TiledAttention::allocate(const AttentionShape& shape) {
  constexpr Index kMost = std::numeric_limits<Index>::max() / kQueryBlock;
  if (std::max(shape.head_dim, shape.value_dim) > kMost) return Status::OutOfMemory();
  const Index group = shape.num_heads / shape.num_kv_heads;
  const Index rows =
      holds_group(shape) ? group * shape.query_length : std::min(kQueryBlock, shape.query_length);
  const bool ok = rows_.allocate(rows) && queries_.allocate(rows * shape.head_dim) &&
                  scores_.allocate(rows * kKeyBlock) && output_.allocate(rows * shape.value_dim) &&
                  scratch_.allocate(shape.key_length + shape.value_dim);
  return ok ? Status::Ok() : Status::OutOfMemory();
}

/// The queries of the group's heads stand in one line, head after head. A block ends with its head,
/// but where one block holds the whole group.
void TiledAttention::run(const HeadGroup& group) {
  const Index query_length = group.shape.query_length;
  if (holds_group(group.shape)) {
    return run_block(group, 0, group.size() * query_length);
  }
  for (Index n = 0; n < group.size(); ++n) {
    for (Index i = 0; i < query_length; i += kQueryBlock) {
      run_block(group, n * query_length + i, std::min(kQueryBlock, query_length - i));
    }
  }
}

/// body(head, r) for rows [begin, end) of the block.
template <class Body>
void TiledAttention::for_each_row(const HeadGroup& group, Index begin, Index end, Body body) {
  for (Index r = begin; r < end;) {
    const Head head = group.head(rows_[r].head);
    for (const Index n = rows_[r].head; r < end && rows_[r].head == n; ++r) body(head, r);
  }
}

void TiledAttention::run_block(const HeadGroup& group, Index first, Index size) {
  const Index query_length = group.shape.query_length;
  for (Index r = 0; r < size; ++r) {
    rows_[r].head = (first + r) / query_length;
    rows_[r].query = (first + r) % query_length;
  }
  KeyRange seen = {group.shape.key_length, 0};
  for_each_row(group, 0, size, [&](const Head& head, Index r) {
    Row& row = rows_[r];
    row.range = head.mask.range(row.query);
    row.softmax = head.initial_softmax();
    row.overflow = head.products_fit(row.query) ? Row::kNone : Row::kPossible;
    seen = {std::min(seen.begin, row.range.begin), std::max(seen.end, row.range.end)};
    const Batch scale(head.options.scale);
    transform(head.query(row.query), head.shape.head_dim, queries_.data() + r * head.shape.head_dim,
              [&](Batch q) { return q * scale; });
  });
  std::fill_n(output_.data(), size * group.shape.value_dim, 0.0f);

  for (Index j = round_down(seen.begin, kKeyBlock); j < seen.end; j += kKeyBlock) {
    const KeyRange tile = {j, std::min(j + kKeyBlock, group.head(0).mask.key_limit())};
    // Rows that see a key of the tile, neighbours at a time.
    const auto sees = [&](Index r) { return !intersect(rows_[r].range, tile).empty(); };
    for (Index begin = 0, end = 0; begin < size; begin = end) {
      for (end = begin; end < size && sees(end); ++end) {
      }
      if (begin < end) run_tile(group, begin, end, tile);
      end = std::max(end, begin + 1);
    }
  }
  for_each_row(group, 0, size, [&](const Head& head, Index r) { finish_row(head, r); });
}

void TiledAttention::run_tile(const HeadGroup& group, Index begin, Index end, KeyRange tile) {
  const auto& [shape, options, inputs, outputs, packed, b, kv_head] = group;
  const Index rows = end - begin;
  const Index value_dim = shape.value_dim;
  const ExpNonpositive exp;

  // Only what some row sees. With values that are not finite, hidden ones would reach a row or
  // not depending on the rows around it, so there a tile stays whole.
  if (packed.values_finite) {
    KeyRange seen = rows_[begin].range;
    for (Index r = begin; r < end; ++r) {
      seen = {std::min(seen.begin, rows_[r].range.begin), std::max(seen.end, rows_[r].range.end)};
    }
    tile = intersect(tile, {round_down(seen.begin, kNr), seen.end});
  }

  const float* queries = queries_.data() + begin * shape.head_dim;
  if (packed.keys_in_place) {
    fetch(inputs.key.row(b, kv_head, tile.begin), inputs.key.row_stride, tile.size(),
          shape.head_dim);
    fetch(inputs.value.row(b, kv_head, tile.begin), inputs.value.row_stride, tile.size(),
          shape.value_dim);
    multiply_transposed(queries, shape.head_dim, rows, shape.head_dim,
                        inputs.key.row(b, kv_head, tile.begin), inputs.key.row_stride, tile.size(),
                        scores_.data(), kKeyBlock);
  } else {
    multiply(queries, shape.head_dim, rows, packed.keys, {0, shape.head_dim, tile.begin, tile.end},
             scores_.data(), kKeyBlock);
  }

  float* output = output_.data() + begin * value_dim;
  for_each_row(group, begin, end, [&](const Head& head, Index r) {
    Row& row = rows_[r];
    float* scores = scores_.data() + (r - begin) * kKeyBlock;
    if (row.overflow == Row::kPossible && head.has_overflow(row.query, tile, scores)) {
      row.overflow = Row::kFound;
    }
    if (head.options.softcap > 0.0f) cap_scores(scores, tile.size(), head.options.softcap);
    head.mask.apply(row.query, tile, scores);
    const float rescale = row.softmax.update(exp, scores, tile.size());
    if (rescale != 1.0f) scale_scores(output + (r - begin) * value_dim, value_dim, rescale);
  });

  if (packed.values_in_place) {
    multiply_in_place(scores_.data(), kKeyBlock, rows, tile.size(),
                      inputs.value.row(b, kv_head, tile.begin), inputs.value.row_stride, value_dim,
                      output, value_dim, /*accumulate=*/true);
  } else {
    multiply(scores_.data(), kKeyBlock, rows, packed.values, {tile.begin, tile.end, 0, value_dim},
             output, value_dim, /*accumulate=*/true);
  }
}

void TiledAttention::finish_row(const Head& head, Index r) {
  const auto& [n, i, range, softmax, overflow] = rows_[r];
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
  if (overflow == Row::kFound || !head.trusted(i, softmax)) head.repair(i, scratch_.data());
}

}  // namespace heed
