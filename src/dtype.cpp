#include "dtype.h"

#include <bit>
#include <cstdint>

namespace heed {
namespace {

// Bytes are joined by hand: a checkpoint aligns nothing, and its order is fixed whatever the
// host's.
std::uint32_t load16(const unsigned char* bytes) {
  return std::uint32_t(bytes[0]) | std::uint32_t(bytes[1]) << 8;
}

std::uint32_t load32(const unsigned char* bytes) { return load16(bytes) | load16(bytes + 2) << 16; }

float from_half(std::uint32_t half) {
  const std::uint32_t sign = (half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1f;
  const std::uint32_t mantissa = half & 0x3ff;
  if (exponent == 0) {  // subnormal: no implicit 1, and f32 holds it as a normal number
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
  }
  // Infinity and NaN keep their exponent of all ones; the others move from bias 15 to 127.
  const std::uint32_t widened = exponent == 0x1f ? 0xff : exponent + (127 - 15);
  return std::bit_cast<float>(sign | widened << 23 | mantissa << 13);
}

float from_bfloat(std::uint32_t bits) { return std::bit_cast<float>(bits << 16); }

}  // namespace

Index size_of(DType dtype) { return dtype == DType::kF32 ? 4 : 2; }

void to_float(DType dtype, const void* data, Index size, float* values) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  switch (dtype) {
    case DType::kF32:
      for (Index i = 0; i < size; ++i) values[i] = std::bit_cast<float>(load32(bytes + 4 * i));
      break;
    case DType::kF16:
      for (Index i = 0; i < size; ++i) values[i] = from_half(load16(bytes + 2 * i));
      break;
    case DType::kBF16:
      for (Index i = 0; i < size; ++i) values[i] = from_bfloat(load16(bytes + 2 * i));
      break;
  }
}

float to_float(DType dtype, std::uint16_t bits) {
  return dtype == DType::kF16 ? from_half(bits) : from_bfloat(bits);
}

void to_bits(const void* data, Index size, std::uint16_t* bits) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (Index i = 0; i < size; ++i) bits[i] = static_cast<std::uint16_t>(load16(bytes + 2 * i));
}

}  // namespace heed
