// weights[i, j] = exp(maskedScores[i, j] - logsumexp[i]) over a rectangle, shrunk to cells.
//
// The backward pass of FlashAttention (Dao et al., 2022, section 3.1) recomputes weights this way;
// here they are looked at. Memory: the rectangle's keys, one tile of scores, and the cells.
#include <algorithm>
#include <cmath>

#include "attention.h"
#include "kernels/head.h"
#include "kernels/micro_kernel.h"
#include "validation.h"

namespace heed {
namespace {

constexpr Index kQueryBlock = 48;
constexpr Index kKeyBlock = 128;
static_assert(kKeyBlock % kNr == 0);

/// A logsumexp of 1024 is stored to 6e-5, which is as much of every weight: rows beyond are
/// computed again by the reference.
constexpr float kLargestLogsumexp = 1024.0f;

/// floor(cell * side / cells): where a cell begins.
Index cell_begin(Index cell, Index side, Index cells) {
  return static_cast<Index>(static_cast<std::int64_t>(cell) * side / cells);
}

/// The cells of the window while weights run in.
class Cells {
 public:
  explicit Cells(const WindowRequest& request) : request_(request) {}

  /// Errors: kOutOfMemory.
  Status allocate() {
    const Index width = request_.width;
    if (!cells_.allocate(product(request_.height, width)) || !column_begins_.allocate(width + 1)) {
      return Status::OutOfMemory();
    }
    std::fill(cells_.begin(), cells_.end(), 0.0);
    // Once: a division for every cell of every row would take as long as the product.
    for (Index x = 0; x < width; ++x) {
      column_begins_[x] =
          request_.col_begin + cell_begin(x, request_.col_end - request_.col_begin, width);
    }
    column_begins_[width] = request_.col_end;
    return Status::Ok();
  }

  /// The cells' row that row i of the matrix falls into.
  Index row_of(Index i) const {
    return cell_of(i - request_.row_begin, request_.row_end - request_.row_begin, request_.height);
  }

  /// Adds weights of columns `keys` to row y of the cells.
  template <class T>
  void add(Index y, KeyRange keys, const T* weights) {
    Index x = cell_of(keys.begin - request_.col_begin, request_.col_end - request_.col_begin,
                      request_.width);
    for (Index j = keys.begin; j < keys.end; ++x) {
      const Index end = std::min(keys.end, column_begins_[x + 1]);
      double& cell = cells_[y * request_.width + x];
      for (; j < end; ++j) join(cell, static_cast<double>(weights[j - keys.begin]));
    }
  }

  /// into = into joined with weights, rows that fall into the same cells. Sums are of no more rows
  /// than a block has, so that f32 does for them.
  void join_rows(const float* weights, Index size, float* into) const {
    const bool is_mean = request_.reduce == WindowRequest::Reduce::kMean;
    for_each_batch(size, [&](Index j, auto part) {
      const Batch old = load(into + j, part), weight = load(weights + j, part);
      const Batch most = xsimd::select(weight > old || xsimd::isnan(weight), weight, old);
      store(into + j, is_mean ? old + weight : most, part);
    });
  }

  void write(float* window) const {
    const Index height = request_.row_end - request_.row_begin;
    const Index width = request_.col_end - request_.col_begin;
    for (Index y = 0; y < request_.height; ++y) {
      const Index rows =
          cell_begin(y + 1, height, request_.height) - cell_begin(y, height, request_.height);
      for (Index x = 0; x < request_.width; ++x) {
        const Index columns =
            cell_begin(x + 1, width, request_.width) - cell_begin(x, width, request_.width);
        const double count = request_.reduce == WindowRequest::Reduce::kMean
                                 ? static_cast<double>(rows) * static_cast<double>(columns)
                                 : 1.0;
        const Index at = y * request_.width + x;
        window[at] = static_cast<float>(cells_[at] / std::max(count, 1.0));
      }
    }
  }

 private:
  /// The last cell that begins at or before a place; a cell may hold nothing only where the side is
  /// 0, and then there are no weights.
  static Index cell_of(Index place, Index side, Index cells) {
    Index cell = static_cast<Index>(static_cast<std::int64_t>(place) * cells / side);
    while (cell + 1 < cells && cell_begin(cell + 1, side, cells) <= place) ++cell;
    return cell;
  }

  void join(double& cell, double weight) const {
    if (request_.reduce == WindowRequest::Reduce::kMean) {
      cell += weight;
    } else if (weight > cell || std::isnan(weight)) {  // once NaN, always NaN
      cell = weight;
    }
  }

  const WindowRequest& request_;
  Buffer<double> cells_;         // [height, width]
  Buffer<Index> column_begins_;  // [width + 1]
};

Status validate_request(const AttentionShape& shape, const WindowRequest& request) {
  const auto side = [](const std::string& name, Index begin, Index end, Index length, Index cells,
                       const std::string& cells_name) {
    if (begin < 0 || begin > end || end > length) {
      return Status::Error(StatusCode::kInvalidArgument,
                           name + " are [" + std::to_string(begin) + ", " + std::to_string(end) +
                               "), expected a range within [0, " + std::to_string(length) + ")");
    }
    const Index least = end > begin ? 1 : 0;
    if (cells < least || cells > end - begin) {
      return invalid_argument(cells_name, cells,
                              std::to_string(least) + " to " + std::to_string(end - begin));
    }
    return Status::Ok();
  };
  if (request.batch < 0 || request.batch >= shape.batch_size) {
    return invalid_argument("batch", request.batch,
                            "0 or more, and less than " + std::to_string(shape.batch_size));
  }
  if (request.head < 0 || request.head >= shape.num_heads) {
    return invalid_argument("head", request.head,
                            "0 or more, and less than " + std::to_string(shape.num_heads));
  }
  Status status = side("rows", request.row_begin, request.row_end, shape.query_length,
                       request.height, "height");
  if (!status.ok()) return status;
  return side("cols", request.col_begin, request.col_end, shape.key_length, request.width, "width");
}

/// exp(score - logsumexp), at most 1: rounding may leave the difference a little above 0.
void weights_of_tile(const ExpNonpositive& exp, float* scores, Index size, float logsumexp) {
  const Batch shift(logsumexp), zero(0.0f);
  transform(scores, size, scores, [&](Batch score) {
    const Batch x = score - shift;
    return exp(xsimd::select(x > zero, zero, x));
  });
}

}  // namespace

Status attention_window(const AttentionShape& shape, const AttentionOptions& options,
                        const AttentionInputs& inputs, const float* logsumexp,
                        const WindowRequest& request, float* window) {
  Status status = validate(shape, options);
  if (status.ok()) status = validate_request(shape, request);
  if (!status.ok()) return status;

  const AttentionOutputs no_outputs;
  PackedHead packed;
  const Head head{
      shape,  options,       inputs,       no_outputs,
      packed, request.batch, request.head, MaskRule(shape, options, request.batch, request.head)};
  const KeyRange columns = {request.col_begin, request.col_end};
  const Index kv_head = request.head / (shape.num_heads / shape.num_kv_heads);
  Buffer<float> scores;
  Buffer<double> scratch;  // of the reference
  Cells cells(request);
  status = packed.keys.allocate(shape.head_dim, columns.size());
  if (!status.ok()) return status;
  if (!scores.allocate(kQueryBlock * kKeyBlock) || !scratch.allocate(shape.key_length)) {
    return Status::OutOfMemory();
  }
  if (status = cells.allocate(); !status.ok()) return status;
  packed.pack_keys(shape, inputs, request.batch, kv_head, columns, head.mask.key_limit());

  const ExpNonpositive exp;
  for (Index first = request.row_begin; first < request.row_end; first += kQueryBlock) {
    const Index rows = std::min(kQueryBlock, request.row_end - first);
    bool by_tiles[kQueryBlock];
    for (Index r = 0; r < rows; ++r) {
      const Index i = first + r;
      const float row_logsumexp = logsumexp[head.row_index(i)];
      const bool empty = row_logsumexp == -kInfinity;
      by_tiles[r] = !empty && std::abs(row_logsumexp) <= kLargestLogsumexp && head.products_fit(i);
      if (empty || by_tiles[r]) continue;
      reference_attention_row(shape, options, inputs, no_outputs, request.batch, request.head, i,
                              scratch.data());
      cells.add(cells.row_of(i), columns, scratch.data() + columns.begin);
    }
    for (Index j = columns.begin; j < columns.end; j += kKeyBlock) {
      const KeyRange tile = {j, std::min(j + kKeyBlock, columns.end)};
      const KeyRange seen =
          intersect(tile, {head.mask.range(first).begin, head.mask.range(first + rows - 1).end});
      if (seen.empty()) continue;
      multiply(head.query(first), inputs.query.row_stride, rows, packed.keys,
               {0, shape.head_dim, tile.begin - columns.begin, tile.end - columns.begin},
               scores.data(), kKeyBlock);
      float* joined = nullptr;  // rows of the tile that fall into the same cells
      Index joined_y = 0;
      for (Index r = 0; r < rows; ++r) {
        if (!by_tiles[r]) continue;
        float* row = scores.data() + r * kKeyBlock;
        scale_scores(row, tile.size(), options.scale);
        if (options.softcap > 0.0f) cap_scores(row, tile.size(), options.softcap);
        head.mask.apply(first + r, tile, row);
        weights_of_tile(exp, row, tile.size(), logsumexp[head.row_index(first + r)]);
        const Index y = cells.row_of(first + r);
        if (joined != nullptr && y == joined_y) {
          cells.join_rows(row, tile.size(), joined);
          continue;
        }
        if (joined != nullptr) cells.add(joined_y, tile, joined);
        joined = row;
        joined_y = y;
      }
      if (joined != nullptr) cells.add(joined_y, tile, joined);
    }
  }
  cells.write(window);
  return Status::Ok();
}

}  // namespace heed
