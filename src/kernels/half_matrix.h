// The matrix product C = A B with B packed in 16 bits a number, F16 or BF16: the weights of a
// checkpoint in half the memory. They are widened to f32, exactly, as a panel's part is brought
// into cache, so that C has the bits that it has of the widened B.
#pragma once

#include <cstdint>

#include "../buffer.h"
#include "../dtype.h"
#include "../status.h"

namespace heed {

/// B [depth, columns] in panels as PackedMatrix has them, of pairs as widen.h has them.
class HalfMatrix {
 public:
  /// Room for a matrix of zeros; `format` is kF16 or kBF16.
  /// Errors: kInvalidArgument (negative size), kOutOfMemory.
  Status allocate(Index depth, Index columns, DType format);

  Index depth() const { return depth_; }
  Index columns() const { return columns_; }
  DType format() const { return format_; }

  /// B[:, column] from the bits of `depth` values, and back, widened.
  void set_column(Index column, const std::uint16_t* bits);
  void column(Index column, float* values) const;
  /// B[row, :] from the bits of `columns` values.
  void set_row(Index row, const std::uint16_t* bits);

  /// Whether there is no infinity and no NaN in it.
  bool is_finite() const { return is_finite_; }
  /// The panel's row, kWidth pairs.
  const std::uint32_t* panel(Index panel, Index row) const;

 private:
  struct Place {
    Index pair;
    int shift;
  };
  Place place(Index row, Index column) const;
  void set(Index row, Index column, std::uint16_t bits);

  Index depth_ = 0;
  Index columns_ = 0;
  DType format_ = DType::kF16;
  bool is_finite_ = true;
  Buffer<std::uint32_t> panels_;  // [ceil(columns / kNr), depth, kWidth]
};

/// C = A B: A [rows, depth], C [rows, columns], both with a stride between rows.
void multiply(const float* a, Index a_stride, Index rows, const HalfMatrix& b, float* c,
              Index c_stride);

}  // namespace heed
