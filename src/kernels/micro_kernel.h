// C[kRows, kNr] = A[kRows, depth] B[depth, kNr] (+ C): the register tile of every matrix product.
//
// Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008); the
// tile's shape: van Zee and van de Geijn, "BLIS" (2015).
//
// Each row's arithmetic is the same whatever kRows is, and uses that row of A alone.
#pragma once

#include "../simd.h"

namespace heed {

/// Columns of a panel of B, in batches and in elements.
inline constexpr Index kPanelBatches = 2;
inline constexpr Index kNr = kPanelBatches * kWidth;

/// Rows of the tile: 6 x 2 accumulators, 2 batches of B and one of A make 15 registers, what
/// engines leave of the 16 of x86. Without a fused multiply-add each product needs one more: 6 rows
/// spill. Measured as WebAssembly, 512 x 768 x 768: fused 70 GFLOP/s with 6 rows of a ceiling of
/// 72; else 33 with 6 rows and 64 with 4 of a ceiling of 65.
inline constexpr Index kMr = kHasFma ? 6 : 4;

/// A panel's row. Panels in another format than f32 have a load_row of their own.
inline void load_row(const float* row, Batch (&b)[kPanelBatches]) {
  for (Index n = 0; n < kPanelBatches; ++n) b[n] = load(row + n * kWidth);
}

/// All have a stride between rows; `panel` is [depth, kNr]. Only the first `columns` of
/// C are written. `accumulate` adds the product to C, in one addition each.
template <Index kRows, class Panel>
inline void micro_kernel(Index depth, const float* a, Index a_stride, Panel panel,
                         Index panel_stride, float* c, Index c_stride, Index columns,
                         bool accumulate) {
  Batch sum[kRows][kPanelBatches];
  for (Index r = 0; r < kRows; ++r) {
    for (Index n = 0; n < kPanelBatches; ++n) sum[r][n] = Batch(0.0f);
  }

  for (Index d = 0; d < depth; ++d, panel += panel_stride) {
    Batch b[kPanelBatches];
    load_row(panel, b);
    for (Index r = 0; r < kRows; ++r) {
      const Batch a_rd(a[r * a_stride + d]);
      for (Index n = 0; n < kPanelBatches; ++n) sum[r][n] = fma(a_rd, b[n], sum[r][n]);
    }
  }

  for (Index r = 0; r < kRows; ++r) {
    float* c_row = c + r * c_stride;
    if (columns == kNr) {
      for (Index n = 0; n < kPanelBatches; ++n) {
        float* target = c_row + n * kWidth;
        store(target, accumulate ? load(target) + sum[r][n] : sum[r][n]);
      }
    } else {
      alignas(64) float tail[kNr];
      for (Index n = 0; n < kPanelBatches; ++n) store(tail + n * kWidth, sum[r][n]);
      for (Index j = 0; j < columns; ++j) c_row[j] = accumulate ? c_row[j] + tail[j] : tail[j];
    }
  }
}

}  // namespace heed
