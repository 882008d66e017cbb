// The matrix product C = A B with B packed, for linear layers and for both products of attention.
//
// Source: Goto and van de Geijn (2008). A is read in place; B is packed once and used many times: a
// linear layer's weight, a head's keys (B = K^T) and values.
#pragma once

#include "../buffer.h"
#include "../status.h"

namespace heed {

/// Depth of a block: sums run over at most so many terms at a time, so that rounding errors do not
/// grow with a long depth. A panel's part, 256 x 8 floats = 8 KiB, stays in the first-level cache
/// next to the rows of A while all rows pass over it.
inline constexpr Index kDepthBlock = 256;

/// B [depth, columns] in panels of kNr columns, each panel [depth, kNr] dense, the last one padded
/// with zeros.
class PackedMatrix {
 public:
  /// Room for a matrix of zeros. Errors: kInvalidArgument (negative size), kOutOfMemory.
  Status allocate(Index depth, Index columns);

  Index depth() const { return depth_; }
  Index columns() const { return columns_; }

  /// B[:, column] from `depth` values, and back.
  void set_column(Index column, const float* values);
  void column(Index column, float* values) const;
  /// B[:, column + n] from values + n * stride, for n < count.
  void set_columns(Index column, Index count, const float* values, Index stride);
  /// B[row, :] from `columns` values.
  void set_row(Index row, const float* values);
  /// Zeros in B[:, column], B[row, :].
  void clear_column(Index column);
  void clear_row(Index row);

  /// B[row, first_column of the panel], the start of a panel's part.
  const float* panel(Index panel, Index row) const;

 private:
  Index depth_ = 0;
  Index columns_ = 0;
  Buffer<float> panels_;  // [ceil(columns / kNr), depth, kNr]
};

/// Elements of a packed [depth, columns], columns padded to whole panels.
/// Errors: kInvalidArgument (negative size), kOutOfMemory.
Status packed_size(Index depth, Index columns, Index* size);

/// The part of B that takes part in a product. column_begin is a multiple of kNr.
struct MatrixPart {
  Index row_begin = 0, row_end = 0;
  Index column_begin = 0, column_end = 0;
};

/// C = A B[part], or C += A B[part]: A [rows, part's rows], C [rows, part's columns], both with a
/// stride between rows. A row of C depends on its row of A alone, bit for bit.
void multiply(const float* a, Index a_stride, Index rows, const PackedMatrix& b, MatrixPart part,
              float* c, Index c_stride, bool accumulate = false);

/// C[rows, columns] (+)= A[rows, depth] panel, of one block of depth of one panel.
void multiply_panel(const float* a, Index a_stride, Index rows, Index depth, const float* panel,
                    Index panel_stride, float* c, Index c_stride, Index columns, bool accumulate);

/// The same product, bit for bit, with B [depth, columns] where it lies: depth is at most
/// kDepthBlock, columns a multiple of kNr. Without packing it pays where A has few rows.
void multiply_in_place(const float* a, Index a_stride, Index rows, Index depth, const float* b,
                       Index b_stride, Index columns, float* c, Index c_stride, bool accumulate);

/// C = A B.
void multiply(const float* a, Index a_stride, Index rows, const PackedMatrix& b, float* c,
              Index c_stride);

}  // namespace heed
