// The number formats of checkpoints, widened to f32.
#pragma once

#include <cstdint>

#include "buffer.h"

namespace heed {

enum class DType { kF32, kF16, kBF16 };

/// Bytes of one value.
Index size_of(DType dtype);

/// Widens `size` little-endian values at any alignment; exact, as f32 holds all three formats.
void to_float(DType dtype, const void* data, Index size, float* values);

/// The same of one value of kF16 or kBF16, from its 16 bits.
float to_float(DType dtype, std::uint16_t bits);

/// The bits of `size` values of kF16 or kBF16, as they are.
void to_bits(const void* data, Index size, std::uint16_t* bits);

}  // namespace heed
