// C = A B^T with B where it lies, row after row: scores of few queries against keys that are not
// worth packing.
//
// Squares of B are transposed in registers on their way into the product, so that a lane is a row
// of B as in micro_kernel: the bits are those of multiply() with B^T packed.
#pragma once

#include "../simd.h"
#include "gemm.h"

namespace heed {

/// C [rows, b_rows] = A [rows, depth] B [b_rows, depth]^T, all with a stride between rows; depth is
/// a multiple of kWidth.
void multiply_transposed(const float* a, Index a_stride, Index rows, Index depth, const float* b,
                         Index b_stride, Index b_rows, float* c, Index c_stride);

}  // namespace heed
