// exp and log in double precision, in place of the C library's: those read 10 kB of tables, which
// do not compress. These are made of expm1 and log1p, which have none, and err by less than 1.3
// units in the last place (20 million values). The library calls them once a row, and for scores
// in the reference path, where their speed does not show.

#include <cmath>
#include <limits>

namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// ln 2 in two parts; products of the first with exponents are exact.
constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
}  // namespace

extern "C" double exp(double x) {
  if (!(std::abs(x) < 746.0)) return x > 0.0 ? kInfinity : x < 0.0 ? 0.0 : x;  // the last: NaN
  const double k = std::nearbyint(x / kLn2High);
  const double remainder = (x - k * kLn2High) - k * kLn2Low;
  return std::scalbn(1.0 + std::expm1(remainder), static_cast<int>(k));
}

extern "C" double log(double x) {
  if (!(x > 0.0 && x < kInfinity)) return x == 0.0 ? -kInfinity : std::sqrt(x);  // NaN below 0
  int exponent;
  double mantissa = std::frexp(x, &exponent);  // in [1/2, 1)
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  const double high = exponent * kLn2High, low = exponent * kLn2Low;
  return high + (std::log1p(mantissa - 1.0) + low);
}
