// The only door to the vector unit: the batch type, loads and stores with their tails, fused
// multiply-add and the transcendental functions. Everything else in the library is written in terms
// of Batch and compiles to any width, that of plain scalar code included (HEED_SCALAR).
#pragma once

#ifdef HEED_SCALAR
#define XSIMD_WITH_EMULATED 1
#endif
#include <xsimd/xsimd.hpp>
#ifdef __wasm_relaxed_simd__
#include <wasm_simd128.h>
#endif

#include <algorithm>
#include <cstdint>
#include <limits>

#include "buffer.h"

namespace heed {

#ifdef HEED_SCALAR
using Arch = xsimd::emulated<128>;
#else
using Arch = xsimd::default_arch;
#endif
using Batch = xsimd::batch<float, Arch>;
inline constexpr Index kWidth = Batch::size;

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr float kSmallestNormal = std::numeric_limits<float>::min();

/// a * b + c: one rounding where the machine has it, else two.
inline Batch fma(Batch a, Batch b, Batch c) {
#if defined(HEED_SCALAR)
  return a * b + c;  // std::fma is a slow library call where the processor has no such instruction
#elif defined(__wasm_relaxed_simd__)
  return Batch(wasm_f32x4_relaxed_madd(a, b, c));
#else
  return xsimd::fma(a, b, c);
#endif
}

/// Whether fma() is one instruction, that needs no register for the product.
#if defined(HEED_SCALAR)
inline constexpr bool kHasFma = false;
#elif defined(__wasm__)
#if defined(__wasm_relaxed_simd__)
inline constexpr bool kHasFma = true;
#else
inline constexpr bool kHasFma = false;
#endif
#elif defined(__FMA__) || defined(__ARM_FEATURE_FMA)
inline constexpr bool kHasFma = true;
#else
inline constexpr bool kHasFma = false;
#endif

/// A batch of one constant that the compiler keeps in a register or on the stack. Written out in a
/// loop, some engines build a vector constant anew at every use (measured: 8 GFLOP/s instead of
/// 35).
inline Batch constant(float value) {
  volatile float opaque = value;
  return Batch(opaque);
}

// Loops with a tail. for_each_batch calls body(i, part) for i = 0, kWidth, 2 kWidth ...; part is
// Full, or Tail where fewer than kWidth elements are left. load and store take the part along, so
// that a loop is written once and its full batches cost nothing extra.
struct Full {};
struct Tail {
  Index size;
};

template <class Body>
inline void for_each_batch(Index size, Body body) {
  Index i = 0;
  for (; i + kWidth <= size; i += kWidth) body(i, Full{});
  if (i < size) body(i, Tail{size - i});
}

inline Batch load(const float* source) { return Batch::load_unaligned(source); }
inline Batch load(const float* source, Full, float = 0.0f) { return load(source); }
inline Batch load(const float* source, Tail tail, float fill = 0.0f) {
  alignas(64) float lanes[kWidth];
  for (Index i = 0; i < kWidth; ++i) lanes[i] = i < tail.size ? source[i] : fill;
  return Batch::load_aligned(lanes);
}

inline void store(float* target, Batch value) { value.store_unaligned(target); }
inline void store(float* target, Batch value, Full) { store(target, value); }
inline void store(float* target, Batch value, Tail tail) {
  alignas(64) float lanes[kWidth];
  value.store_aligned(lanes);
  std::copy_n(lanes, tail.size, target);
}

/// target[i] = f(source[i]) for all i, f on batches; target may be source.
template <class F>
inline void transform(const float* source, Index size, float* target, F f) {
  for_each_batch(size,
                 [&](Index i, auto part) { store(target + i, f(load(source + i, part)), part); });
}

/// The sum and the largest of a batch's lanes.
inline float reduce_sum(Batch value) { return xsimd::reduce_add(value); }
inline float reduce_max(Batch value) { return xsimd::reduce_max(value); }

/// The batches are rows of a square: makes them its columns.
inline void transpose(Batch (&rows)[kWidth]) { xsimd::transpose(rows, rows + kWidth); }

/// 0, 1, 2, ... in the lanes.
inline Batch lane_numbers() {
  alignas(64) float lanes[kWidth];
  for (Index i = 0; i < kWidth; ++i) lanes[i] = static_cast<float>(i);
  return Batch::load_aligned(lanes);
}

/// exp(x) for x <= 0: at most 1.01 ULP off (measured over all 1.1e9 floats of [-104, 0], see
/// simd_test.cpp), exactly 1 at 0, exactly 0 where the true result is below the smallest normal and
/// at -Infinity; NaN stays NaN. Make one outside the loop that uses it: it holds its constants.
///
/// exp(x) = 2^n exp(r), n = round(x / ln 2), r = x - n ln 2 in [-ln 2 / 2, ln 2 / 2]. ln 2 comes in
/// two parts (Cody and Waite): n kLn2High is exact, so that r is right without a fused
/// multiply-add.
class ExpNonpositive {
 public:
  Batch operator()(Batch x) const {
    // Adding 1.5 * 2^23 leaves no room for a fraction: the sum's low bits are n.
    const Batch shifted = fma(x, log2e_, round_);
    const Batch n = shifted - round_;
    Batch r = fma(n, minus_ln2_high_, x);
    r = fma(n, minus_ln2_low_, r);
    Batch q = fma(c6_, r, c5_);
    q = fma(q, r, c4_);
    q = fma(q, r, c3_);
    q = fma(q, r, c2_);
    const Batch p = one_ + fma(q, r * r, r);
    using Bits = xsimd::batch<std::uint32_t, Arch>;
    const Bits power = (xsimd::bitwise_cast<std::uint32_t>(shifted) << 23) +
                       xsimd::bitwise_cast<std::uint32_t>(one_);
    return xsimd::select(x < smallest_, Batch(0.0f), p * xsimd::bitwise_cast<float>(power));
  }

 private:
  Batch log2e_ = constant(1.44269504088896341f);
  Batch round_ = constant(12582912.0f);
  Batch minus_ln2_high_ = constant(-0.693145751953125f);
  Batch minus_ln2_low_ = constant(-1.428606765330187045e-06f);
  // (exp(r) - 1 - r) / r^2, minimax for the relative error of exp(r): 3.3e-9
  Batch c2_ = constant(0.4999999305050419f);
  Batch c3_ = constant(0.1666651478911754f);
  Batch c4_ = constant(0.041668456830078276f);
  Batch c5_ = constant(0.008369419043575755f);
  Batch c6_ = constant(0.0013813142538363246f);
  Batch one_ = constant(1.0f);
  // The last x whose exp is not below the smallest normal: ln(2^-126) = -87.33654475...
  Batch smallest_ = constant(-87.33654022216796875f);
};

inline Batch exp_nonpositive(Batch x) { return ExpNonpositive()(x); }

}  // namespace heed
