// 16-bit numbers to f32, exactly, a panel's row at a time.
//
// A row's kNr numbers are held as kWidth pairs: numbers n and kWidth + n are the low and the high
// half of pair n, so that one load and a shift bring both batches into place.
#pragma once

#include <bit>
#include <cstdint>

#include "micro_kernel.h"

namespace heed {

static_assert(kPanelBatches == 2);

using Pairs = xsimd::batch<std::uint32_t, Arch>;

/// A batch of one bit pattern, as constant().
inline Pairs constant_bits(std::uint32_t bits) {
  return xsimd::bitwise_cast<std::uint32_t>(constant(std::bit_cast<float>(bits)));
}

/// BF16 is the upper half of an f32.
class WidenBFloat {
 public:
  void operator()(const std::uint32_t* row, Batch (&b)[kPanelBatches]) const {
    const Pairs pairs = Pairs::load_unaligned(row);
    b[0] = xsimd::bitwise_cast<float>(pairs << 16);
    b[1] = xsimd::bitwise_cast<float>(pairs & upper_);
  }

  /// What operator() gave, which is right already.
  Batch with_specials(Batch x) const { return x; }

 private:
  Pairs upper_ = constant_bits(0xffff0000);
};

/// F16: a sign, 5 bits of exponent, 10 of mantissa. Moved to where f32 has them they are the number
/// times 2^(15 - 127), subnormals included, which a product puts right. Infinities and NaN come out
/// as finite numbers of 2^16 and more, where F16 has no other: with_specials() tells them apart.
///
/// Some processors multiply f32 subnormals slowly, which halves below 2^-14 pass through. Among
/// weights they are rare (normal ones of standard deviation 0.04: 0.12 %), and to avoid them by an
/// addition costs every number: 1.4 to 1.8 times the time of a product with one row.
class WidenHalf {
 public:
  void operator()(const std::uint32_t* row, Batch (&b)[kPanelBatches]) const {
    const Pairs pairs = Pairs::load_unaligned(row);
    b[0] = widen(pairs << 16);
    b[1] = widen(pairs);
  }

  /// What operator() gave, with infinities and NaN as they are: for numbers that have them.
  Batch with_specials(Batch x) const {
    const Pairs bits = xsimd::bitwise_cast<std::uint32_t>(x);
    const Batch special = xsimd::bitwise_cast<float>(bits | all_of_exponent_);
    return xsimd::select(xsimd::abs(x) >= Batch(0x1p16f), special, x);
  }

 private:
  Batch widen(Pairs upper_halves) const {
    // An arithmetic shift: the sign stays where it is, its copies are masked away.
    const auto moved = xsimd::bitwise_cast<std::int32_t>(upper_halves) >> 3;
    return xsimd::bitwise_cast<float>(xsimd::bitwise_cast<std::uint32_t>(moved) & mask_) * rebias_;
  }

  Pairs mask_ = constant_bits(0x8fffe000);
  Pairs all_of_exponent_ = constant_bits(0x7f800000);
  Batch rebias_ = constant(0x1p112f);
};

}  // namespace heed
