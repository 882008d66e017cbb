#include "half_matrix.h"

#include <algorithm>

#include "gemm.h"
#include "widen.h"

namespace heed {
namespace {

/// Rows of a block. Each widens the matrix anew, hence more than gemm.cpp has: as WebAssembly, 128
/// x 768 x 768, 96 rows take 1.05 times as long.
constexpr Index kRowBlock = 192;

/// A panel that is widened as it is read.
template <class Widen>
struct HalfPanel {
  const std::uint32_t* row;
  const Widen& widen;

  HalfPanel& operator+=(Index stride) {
    row += stride;
    return *this;
  }
};

template <class Widen>
void load_row(const HalfPanel<Widen>& panel, Batch (&b)[kPanelBatches]) {
  panel.widen(panel.row, b);
}

/// tile [depth, kNr] of a panel's part.
template <class Widen>
void widen_part(const Widen& widen, const std::uint32_t* part, Index depth, bool is_finite,
                float* tile) {
  for (Index d = 0; d < depth; ++d, part += kWidth, tile += kNr) {
    Batch b[kPanelBatches];
    widen(part, b);
    for (Index n = 0; n < kPanelBatches; ++n) {
      store(tile + n * kWidth, is_finite ? b[n] : widen.with_specials(b[n]));
    }
  }
}

template <class Widen>
void multiply_widened(const float* a, Index a_stride, Index rows, const HalfMatrix& b, float* c,
                      Index c_stride) {
  const Widen widen;
  // One row reads a weight once: it needs no tile. Measured as WebAssembly, 768 x 3072 from memory:
  // 1.3 times (simd) and 1.6 times (relaxed) as fast as by one.
  const bool by_row = rows == 1 && b.is_finite();
  alignas(64) float tile[kDepthBlock * kNr];
  for (Index j = 0; j < b.columns(); j += kNr) {
    const Index columns = std::min(kNr, b.columns() - j);
    Index d = 0;
    do {
      const Index depth = std::min(kDepthBlock, b.depth() - d);
      const std::uint32_t* part = b.panel(j / kNr, d);
      if (by_row) {
        micro_kernel<1>(depth, a + d, a_stride, HalfPanel<Widen>{part, widen}, kWidth, c + j,
                        c_stride, columns, d > 0);
      } else {
        widen_part(widen, part, depth, b.is_finite(), tile);
        multiply_panel(a + d, a_stride, rows, depth, tile, kNr, c + j, c_stride, columns, d > 0);
      }
      d += kDepthBlock;
    } while (d < b.depth());
  }
}

}  // namespace

Status HalfMatrix::allocate(Index depth, Index columns, DType format) {
  Index size = 0;
  if (Status status = packed_size(depth, columns, &size); !status.ok()) return status;
  if (!panels_.allocate(size / kPanelBatches)) return Status::OutOfMemory();
  depth_ = depth;
  columns_ = columns;
  format_ = format;
  is_finite_ = true;
  std::fill(panels_.begin(), panels_.end(), 0);
  return Status::Ok();
}

const std::uint32_t* HalfMatrix::panel(Index panel, Index row) const {
  return panels_.data() + (panel * depth_ + row) * kWidth;
}

HalfMatrix::Place HalfMatrix::place(Index row, Index column) const {
  const Index n = column % kNr;
  return {(column / kNr * depth_ + row) * kWidth + n % kWidth, n < kWidth ? 0 : 16};
}

void HalfMatrix::set(Index row, Index column, std::uint16_t bits) {
  const auto [pair, shift] = place(row, column);
  const std::uint32_t others = panels_[pair] & ~(std::uint32_t{0xffff} << shift);
  panels_[pair] = others | std::uint32_t{bits} << shift;
  const std::uint32_t exponent = format_ == DType::kF16 ? 0x7c00 : 0x7f80;
  is_finite_ = is_finite_ && (bits & exponent) != exponent;
}

void HalfMatrix::set_column(Index column, const std::uint16_t* bits) {
  for (Index d = 0; d < depth_; ++d) set(d, column, bits[d]);
}

void HalfMatrix::set_row(Index row, const std::uint16_t* bits) {
  for (Index j = 0; j < columns_; ++j) set(row, j, bits[j]);
}

void HalfMatrix::column(Index column, float* values) const {
  for (Index d = 0; d < depth_; ++d) {
    const auto [pair, shift] = place(d, column);
    values[d] = to_float(format_, static_cast<std::uint16_t>(panels_[pair] >> shift));
  }
}

void multiply(const float* a, Index a_stride, Index rows, const HalfMatrix& b, float* c,
              Index c_stride) {
  const auto product =
      b.format() == DType::kF16 ? multiply_widened<WidenHalf> : multiply_widened<WidenBFloat>;
  for (Index i = 0; i < rows; i += kRowBlock) {
    product(a + i * a_stride, a_stride, std::min(kRowBlock, rows - i), b, c + i * c_stride,
            c_stride);
  }
}

}  // namespace heed
