#include "transposed_kernel.h"

#include <algorithm>

namespace heed {
namespace {

/// Rows of the tile: 4 x 2 accumulators, 4 batches of a square, one of A and a product make 14 of
/// the 15 registers that engines leave of x86's. One batch of keys alone would wait for its sums.
constexpr Index kRowsMost = 4;
constexpr Index kKeyBatches = 2;

/// C[kRows, columns] (+)= A[kRows, depth] B[columns, depth]^T, columns <= kBatches * kWidth.
template <Index kRows, Index kBatches, bool kWhole>
void transposed_kernel(Index depth, const float* a, Index a_stride, const float* b, Index b_stride,
                       float* c, Index c_stride, Index columns, bool accumulate) {
  Batch sum[kRows][kBatches];
  for (Index r = 0; r < kRows; ++r) {
    for (Index p = 0; p < kBatches; ++p) sum[r][p] = Batch(0.0f);
  }
  for (Index d = 0; d < depth; d += kWidth) {
    for (Index p = 0; p < kBatches; ++p) {
      Batch square[kWidth];
      for (Index n = 0; n < kWidth; ++n) {
        const Index row = p * kWidth + n;
        square[n] = load(b + (kWhole ? row : std::min(row, columns - 1)) * b_stride + d);
      }
      transpose(square);
      for (Index n = 0; n < kWidth; ++n) {
        for (Index r = 0; r < kRows; ++r) {
          sum[r][p] = fma(Batch(a[r * a_stride + d + n]), square[n], sum[r][p]);
        }
      }
    }
  }
  for (Index r = 0; r < kRows; ++r) {
    for (Index p = 0; p < kBatches; ++p) {
      float* target = c + r * c_stride + p * kWidth;
      const auto put = [&](auto part) {
        store(target, accumulate ? load(target, part) + sum[r][p] : sum[r][p], part);
      };
      if constexpr (kWhole) {
        put(Full{});
      } else {
        put(Tail{columns});
      }
    }
  }
}

template <Index kRows = kRowsMost>
void multiply_rows(Index rows, Index depth, const float* a, Index a_stride, const float* b,
                   Index b_stride, Index b_rows, float* c, Index c_stride, bool accumulate) {
  if (rows < kRows) {
    if constexpr (kRows > 1) {
      multiply_rows<kRows - 1>(rows, depth, a, a_stride, b, b_stride, b_rows, c, c_stride,
                               accumulate);
    }
    return;
  }
  Index j = 0;
  for (constexpr Index kStep = kKeyBatches * kWidth; j + kStep <= b_rows; j += kStep) {
    transposed_kernel<kRows, kKeyBatches, true>(depth, a, a_stride, b + j * b_stride, b_stride,
                                                c + j, c_stride, kStep, accumulate);
  }
  for (; j < b_rows; j += kWidth) {
    transposed_kernel<kRows, 1, false>(depth, a, a_stride, b + j * b_stride, b_stride, c + j,
                                       c_stride, std::min(kWidth, b_rows - j), accumulate);
  }
}

}  // namespace

void multiply_transposed(const float* a, Index a_stride, Index rows, Index depth, const float* b,
                         Index b_stride, Index b_rows, float* c, Index c_stride) {
  for (Index i = 0; i < rows; i += kRowsMost) {
    Index d = 0;  // at least one block, so that a product over no terms writes its zeros
    do {
      multiply_rows(std::min(kRowsMost, rows - i), std::min(kDepthBlock, depth - d),
                    a + i * a_stride + d, a_stride, b + d, b_stride, b_rows, c + i * c_stride,
                    c_stride, d > 0);
      d += kDepthBlock;
    } while (d < depth);
  }
}

}  // namespace heed
