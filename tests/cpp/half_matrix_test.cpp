// Matrices in 16 bits: every number widened as its format defines it, and products with the bits of
// the widened matrix.
#include "kernels/half_matrix.h"

#include <bit>
#include <cmath>

#include "kernels/gemm.h"
#include "kernels/widen.h"
#include "problem.h"

namespace heed::test {
namespace {

using Halves = std::vector<std::uint16_t>;

/// Sign, exponent and mantissa as IEEE 754 reads them.
float by_definition(std::uint16_t bits, int mantissa_bits) {
  const int bias = (1 << (14 - mantissa_bits)) - 1, ones = 2 * bias + 1;
  const int exponent = (bits & 0x7fff) >> mantissa_bits;
  const int mantissa = bits & ((1 << mantissa_bits) - 1);
  const std::uint32_t sign = std::uint32_t(bits & 0x8000) << 16;
  if (exponent == ones) {
    return std::bit_cast<float>(sign | 0x7f800000u |
                                std::uint32_t(mantissa) << (23 - mantissa_bits));
  }
  const int units = exponent == 0 ? mantissa : mantissa + (1 << mantissa_bits);
  const double magnitude = std::ldexp(units, std::max(exponent, 1) - bias - mantissa_bits);
  return static_cast<float>(sign != 0 ? -magnitude : magnitude);
}

constexpr struct {
  DType type;
  int mantissa_bits;
  const char* name;
} kFormats[] = {{DType::kF16, 10, "F16"}, {DType::kBF16, 7, "BF16"}};

/// All 65536 numbers through the kernel's widening, in a panel's rows.
template <class Widen>
Floats widen_all() {
  const Widen widen;
  Floats all(65536);
  for (Index first = 0; first < 65536; first += kNr) {
    alignas(64) std::uint32_t row[kWidth];
    for (Index n = 0; n < kWidth; ++n) {
      row[n] = std::uint32_t(first + n) | std::uint32_t(first + n + kWidth) << 16;
    }
    Batch b[kPanelBatches];
    widen(row, b);
    for (Index n = 0; n < kPanelBatches; ++n) {
      store(all.data() + first + n * kWidth, widen.with_specials(b[n]));
    }
  }
  return all;
}

TEST(Widen, IsExactForEveryNumber) {
  for (const auto& format : kFormats) {
    const bool is_half = format.type == DType::kF16;
    const Floats all = is_half ? widen_all<WidenHalf>() : widen_all<WidenBFloat>();
    Floats definition(all.size()), one_by_one(all.size());
    for (std::size_t n = 0; n < all.size(); ++n) {
      definition[n] = by_definition(std::uint16_t(n), format.mantissa_bits);
      one_by_one[n] = to_float(format.type, std::uint16_t(n));
    }
    expect_identical(all, definition, format.name);
    expect_identical(one_by_one, definition, format.name);
  }
}

/// Bits of numbers up to 2 in magnitude, zeros and subnormals among them.
Halves random_halves(Index size, DType type, Random& random) {
  Halves bits(static_cast<std::size_t>(size));
  for (std::uint16_t& b : bits) {
    const std::uint16_t magnitude = type == DType::kF16 ? 0x3fff : 0x3f7f;
    b = std::uint16_t(random.integer(0, 0xffff)) & (magnitude | 0x8000);
    if (random.chance(8)) b &= type == DType::kF16 ? 0x83ff : 0x807f;
  }
  return bits;
}

/// B [depth, columns] in 16 bits, by its rows, and widened.
struct Pair {
  HalfMatrix half;
  PackedMatrix widened;

  Pair(const Halves& bits, Index depth, Index columns, DType type) {
    EXPECT_TRUE(half.allocate(depth, columns, type).ok());
    EXPECT_TRUE(widened.allocate(depth, columns).ok());
    Floats row(static_cast<std::size_t>(columns));
    for (Index d = 0; d < depth; ++d) {
      const std::uint16_t* from = bits.data() + d * columns;
      std::transform(from, from + columns, row.begin(),
                     [type](std::uint16_t b) { return to_float(type, b); });
      half.set_row(d, from);
      widened.set_row(d, row.data());
    }
  }

  Floats product(const Floats& a, Index a_stride, Index rows, bool of_half) const {
    const Index c_stride = half.columns() + 1;
    Floats c(static_cast<std::size_t>(rows * c_stride), 7.0f);
    if (of_half) {
      multiply(a.data(), a_stride, rows, half, c.data(), c_stride);
    } else {
      multiply(a.data(), a_stride, rows, widened, c.data(), c_stride);
    }
    return c;
  }
};

TEST(HalfMatrix, ProductsHaveTheBitsOfTheWidenedMatrix) {
  Random random(11);
  for (const auto& format : kFormats) {
    for (Index rows : {1, 2, 7, 193}) {
      for (Index depth : {0, 1, 37, 256, 300}) {
        for (Index columns : {Index{1}, kNr - 1, kNr, 2 * kNr + 3}) {
          SCOPED_TRACE(std::string(format.name) + " " + std::to_string(rows) + " x " +
                       std::to_string(depth) + " x " + std::to_string(columns));
          const Index a_stride = depth + 2;
          const Floats a = random.normals(rows * a_stride);
          const Pair b(random_halves(depth * columns, format.type, random), depth, columns,
                       format.type);
          expect_identical(b.product(a, a_stride, rows, true), b.product(a, a_stride, rows, false),
                           "product");
        }
      }
    }
  }
}

TEST(HalfMatrix, ProductsOfInfinityAndNanAreThoseOfTheWidenedMatrix) {
  Random random(12);
  const Index depth = 5, columns = kNr + 2;
  for (const auto& format : kFormats) {
    const std::uint16_t infinity = format.type == DType::kF16 ? 0x7c00 : 0x7f80;
    for (Index rows : {1, 4}) {
      Halves bits = random_halves(depth * columns, format.type, random);
      bits[1] = infinity;
      bits[static_cast<std::size_t>(kWidth)] = infinity | 0x8000;
      bits[static_cast<std::size_t>(columns) + 2] = infinity + 1;
      const Pair b(bits, depth, columns, format.type);
      const Floats a(static_cast<std::size_t>(rows * depth), 1.0f);
      const Floats got = b.product(a, depth, rows, true), want = b.product(a, depth, rows, false);
      EXPECT_EQ(got[1], kInf) << format.name;
      EXPECT_EQ(got[static_cast<std::size_t>(kWidth)], -kInf) << format.name;
      EXPECT_TRUE(std::isnan(got[2])) << format.name;
      for (std::size_t n = 0; n < got.size(); ++n) {
        if (!std::isnan(want[n])) {
          EXPECT_EQ(got[n], want[n]) << format.name << " at " << n;
        }
      }
    }
  }
}

TEST(HalfMatrix, GivesBackItsColumns) {
  Random random(13);
  const Index depth = 6, columns = 2 * kNr + 1;
  for (const auto& format : kFormats) {
    const Halves bits = random_halves(depth * columns, format.type, random);
    const HalfMatrix by_rows = std::move(Pair(bits, depth, columns, format.type).half);
    HalfMatrix by_columns;
    ASSERT_TRUE(by_columns.allocate(depth, columns, format.type).ok());
    Floats want(static_cast<std::size_t>(depth)), back(want.size());
    for (Index j = 0; j < columns; ++j) {
      Halves column;
      for (Index d = 0; d < depth; ++d) {
        column.push_back(bits[static_cast<std::size_t>(d * columns + j)]);
        want[static_cast<std::size_t>(d)] = to_float(format.type, column.back());
      }
      by_columns.set_column(j, column.data());
      by_rows.column(j, back.data());
      expect_identical(back, want, "by rows");
      by_columns.column(j, back.data());
      expect_identical(back, want, "by columns");
    }
  }
}

TEST(HalfMatrix, RefusesSizesThatDoNotFit) {
  HalfMatrix b;
  const Index most = std::numeric_limits<Index>::max();
  EXPECT_EQ(b.allocate(-1, 3, DType::kF16).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(b.allocate(3, -1, DType::kF16).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(b.allocate(2, most, DType::kF16).code, StatusCode::kOutOfMemory);
  EXPECT_EQ(b.allocate(most / 2, 100, DType::kBF16).code, StatusCode::kOutOfMemory);
  EXPECT_EQ(b.allocate(1, most / 2, DType::kBF16).code, StatusCode::kOutOfMemory);
}

}  // namespace
}  // namespace heed::test
