// exp and log in double precision: the C library's, or in WebAssembly wasm/libm.cpp's.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Value {
  volatile double x;  // volatile: not worked out by the compiler
  double expected;
};

// Worked out with 80 digits and rounded. EXPECT_DOUBLE_EQ allows 4 units in the last place, 2 more
// than either needs.
TEST(Exp, OfSmallAndLargeNumbers) {
  const Value values[] = {
      {0.0, 1.0},
      {0x1p-60, 1.0},
      {-0x1p-30, 0x1.fffffff800000p-1},
      {0x1.62e42fefa39efp-2, 0x1.6a09e667f3bccp+0},
      {-0x1.62e42fefa39efp-2, 0x1.6a09e667f3bcdp-1},
      {0.5, 0x1.a61298e1e069cp+0},
      {1.0, 0x1.5bf0a8b145769p+1},
      {-1.0, 0x1.78b56362cef38p-2},
      {2.75, 0x1.f49070bdbe8fdp+3},
      {-10.0, 0x1.7cd79b5647c9bp-15},
      {38.25, 0x1.22a3a04b23963p+55},
      {-87.5, 0x1.b2caeeaab824ap-127},
      {-300.125, 0x1.01fc80984719dp-433},
      {500.0, 0x1.45ba2a9f7e439p+721},
      {709.7, 0x1.d75ae7a50ee14p+1023},
      {-708.0, 0x1.7c8ab2288c9abp-1022},
      {-740.0, 0x0.0000000000055p-1022},
  };
  for (const Value& value : values) EXPECT_DOUBLE_EQ(std::exp(value.x), value.expected) << value.x;
}

TEST(Exp, BeyondTheRange) {
  const Value values[] = {{710.0, kInfinity}, {1e300, kInfinity}, {kInfinity, kInfinity},
                          {-746.0, 0.0},      {-1e300, 0.0},      {-kInfinity, 0.0}};
  for (const Value& value : values) EXPECT_EQ(std::exp(value.x), value.expected) << value.x;
  const volatile double nan = kNaN;
  EXPECT_TRUE(std::isnan(std::exp(nan)));
}

TEST(Log, OfSmallAndLargeNumbers) {
  const Value values[] = {
      {0x1p-1074, -0x1.74385446d71c3p+9},
      {0x1p-1022, -0x1.6232bdd7abcd2p+9},
      {1e-30, -0x1.144f69ff9ffc4p+6},
      {0.1, -0x1.26bb1bbb55515p+1},
      {0.5, -0x1.62e42fefa39efp-1},
      {0x1.6a09e667f3bccp-1, -0x1.62e42fefa39f1p-2},
      {0x1.6a09e667f3bcdp-1, -0x1.62e42fefa39eep-2},
      {0x1.fffffffffffffp-1, -0x1.0000000000000p-53},
      {1.0, 0.0},
      {0x1.0000000000001p0, 0x1.fffffffffffffp-53},
      {1.25, 0x1.c8ff7c79a9a22p-3},
      {0x1.6a09e667f3bcdp0, 0x1.62e42fefa39f0p-2},
      {2.0, 0x1.62e42fefa39efp-1},
      {2.718281828459045, 1.0},
      {4096.5, 0x1.0a2c23efbacc9p+3},
      {1e10, 0x1.7069e2aa2aa5bp+4},
      {0x1.fffffffffffffp1023, 0x1.62e42fefa39efp+9},
  };
  for (const Value& value : values) EXPECT_DOUBLE_EQ(std::log(value.x), value.expected) << value.x;
}

TEST(Log, BeyondTheRange) {
  const volatile double zero = 0.0, infinity = kInfinity, negative = -1.0, nan = kNaN;
  EXPECT_EQ(std::log(zero), -kInfinity);
  EXPECT_EQ(std::log(infinity), kInfinity);
  EXPECT_TRUE(std::isnan(std::log(negative)));
  EXPECT_TRUE(std::isnan(std::log(nan)));
}

}  // namespace
