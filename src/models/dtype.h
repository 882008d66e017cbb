// The number formats of checkpoints, widened to f32.
#pragma once

#include "../buffer.h"

namespace heed {

enum class DType { kF32, kF16, kBF16 };

/// Bytes of one value.
Index size_of(DType dtype);

/// Widens `size` little-endian values at any alignment; exact, as f32 holds all three formats.
void to_float(DType dtype, const void* data, Index size, float* values);

}  // namespace heed
