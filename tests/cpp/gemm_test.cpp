#include "kernels/gemm.h"

#include "kernels/micro_kernel.h"
#include "kernels/transposed_kernel.h"
#include "problem.h"

namespace heed::test {
namespace {

/// B [depth, columns], dense, packed by its rows.
PackedMatrix pack(const Floats &b, Index depth, Index columns) {
  PackedMatrix packed;
  EXPECT_TRUE(packed.allocate(depth, columns).ok());
  for (Index d = 0; d < depth; ++d) packed.set_row(d, b.data() + d * columns);
  return packed;
}

TEST(Multiply, AgreesWithTheDefinitionAtAllSizes) {
  Random random(3);
  for (Index rows : {1, 2, 3, 4, 5, 6, 7, 13, 97}) {
    for (Index depth : {0, 1, 2, 37, 255, 256, 257, 600}) {
      for (Index columns : {Index{0}, Index{1}, Index{3}, kNr - 1, kNr, kNr + 1, Index{37}}) {
        const Index a_stride = depth + 3, c_stride = columns + 2;
        const Floats a = random.normals(rows * a_stride), b = random.normals(depth * columns);
        Floats c(static_cast<std::size_t>(rows * c_stride), 7.0f);
        multiply(a.data(), a_stride, rows, pack(b, depth, columns), c.data(), c_stride);
        for (Index i = 0; i < rows; ++i) {
          for (Index j = 0; j < c_stride; ++j) {
            double want = 0.0;
            for (Index d = 0; j < columns && d < depth; ++d) {
              want += double(a[static_cast<std::size_t>(i * a_stride + d)]) *
                      b[static_cast<std::size_t>(d * columns + j)];
            }
            if (j >= columns) want = 7.0;  // not written
            ASSERT_NEAR(c[static_cast<std::size_t>(i * c_stride + j)], want,
                        1e-6 * std::sqrt(double(depth) + 1) * 8)
                << rows << " " << depth << " " << columns << " at " << i << ", " << j;
          }
        }
      }
    }
  }
}

TEST(Multiply, ARowHasTheSameBitsWhateverItsNeighbours) {
  Random random(4);
  const Index rows = 23, depth = 300, columns = 3 * kNr + 1;
  const Floats a = random.normals(rows * depth);
  const PackedMatrix b = pack(random.normals(depth * columns), depth, columns);
  Floats all(static_cast<std::size_t>(rows * columns)), one(static_cast<std::size_t>(columns));
  multiply(a.data(), depth, rows, b, all.data(), columns);
  for (Index i = 0; i < rows; ++i) {
    multiply(a.data() + i * depth, depth, 1, b, one.data(), columns);
    expect_identical(one, Floats(all.begin() + i * columns, all.begin() + (i + 1) * columns),
                     "row");
  }
}

TEST(Multiply, PartsAddUp) {
  Random random(5);
  const Index depth = 50, columns = 2 * kNr + 3, rows = 8;
  const Floats a = random.normals(rows * depth);
  const PackedMatrix b = pack(random.normals(depth * columns), depth, columns);
  Floats whole(static_cast<std::size_t>(rows * columns)), parts(whole.size(), 0.0f);
  multiply(a.data(), depth, rows, b, whole.data(), columns);
  for (Index d = 0; d < depth; d += 25) {
    multiply(a.data() + d, depth, rows, b, {d, d + 25, 0, columns}, parts.data(), columns, true);
  }
  expect_close(parts, whole.data(), 1e-5, 1e-5, "by depth");
  multiply(a.data(), depth, rows, b, {0, depth, kNr, columns}, parts.data() + kNr, columns);
  multiply(a.data(), depth, rows, b, {0, depth, 0, kNr}, parts.data(), columns);
  expect_identical(parts, whole, "by columns");
}

TEST(Multiply, InPlaceHasTheSameBits) {
  Random random(7);
  for (Index rows : {1, 2, 3, 5, 9, 50}) {
    for (Index depth : {0, 1, 5, 128, 256}) {
      const Index columns = 2 * kNr, b_stride = columns + 3;
      const Floats a = random.normals(rows * depth), b = random.normals(depth * b_stride + 1);
      PackedMatrix packed;
      ASSERT_TRUE(packed.allocate(depth, columns).ok());
      for (Index d = 0; d < depth; ++d) packed.set_row(d, b.data() + d * b_stride);
      Floats want = random.normals(rows * columns), got = want;
      multiply(a.data(), depth, rows, packed, {0, depth, 0, columns}, want.data(), columns, true);
      multiply_in_place(a.data(), depth, rows, depth, b.data(), b_stride, columns, got.data(),
                        columns, true);
      expect_identical(got, want, "values");
    }
  }
}

TEST(Multiply, TransposedHasTheSameBits) {
  Random random(8);
  for (Index rows : {1, 2, 3, 4, 5, 9}) {
    for (Index depth : {Index{0}, kWidth, 5 * kWidth, Index{256}, 512 + 3 * kWidth}) {
      for (Index columns : {Index{1}, kWidth, 2 * kWidth, 4 * kWidth + 3}) {
        const Index b_stride = depth + 2, c_stride = columns + 1;
        const Floats a = random.normals(rows * depth), b = random.normals(columns * b_stride);
        PackedMatrix packed;
        ASSERT_TRUE(packed.allocate(depth, columns).ok());
        packed.set_columns(0, columns, b.data(), b_stride);
        Floats want(static_cast<std::size_t>(rows * c_stride), 7.0f), got = want;
        multiply(a.data(), depth, rows, packed, want.data(), c_stride);
        multiply_transposed(a.data(), depth, rows, depth, b.data(), b_stride, columns, got.data(),
                            c_stride);
        expect_identical(got, want, "keys");
      }
    }
  }
}

TEST(PackedMatrix, TakesColumnsFromAnyPlace) {
  Random random(9);
  for (Index depth : {Index{1}, kWidth, 3 * kWidth + 1}) {
    const Index columns = 3 * kNr + 1, stride = depth + 2;
    const Floats values = random.normals(columns * stride);
    PackedMatrix b;
    ASSERT_TRUE(b.allocate(depth, columns).ok());
    b.set_columns(0, columns - kNr, values.data(), stride);
    b.set_columns(columns - kNr, kNr, values.data() + (columns - kNr) * stride, stride);
    Floats back(static_cast<std::size_t>(depth));
    for (Index j = 0; j < columns; ++j) {
      b.column(j, back.data());
      const auto first = values.begin() + j * stride;
      expect_identical(back, Floats(first, first + depth), "column " + std::to_string(j));
    }
  }
}

TEST(PackedMatrix, GivesBackItsColumns) {
  Random random(6);
  for (Index columns : {Index{1}, kNr, kNr + 3}) {
    const Index depth = 5;
    const Floats b = random.normals(depth * columns);
    const PackedMatrix by_rows = pack(b, depth, columns);
    PackedMatrix by_columns;
    ASSERT_TRUE(by_columns.allocate(depth, columns).ok());
    Floats column(static_cast<std::size_t>(depth)), back(column.size());
    for (Index j = 0; j < columns; ++j) {
      by_rows.column(j, column.data());
      for (Index d = 0; d < depth; ++d) {
        EXPECT_EQ(column[static_cast<std::size_t>(d)],
                  b[static_cast<std::size_t>(d * columns + j)]);
      }
      by_columns.set_column(j, column.data());
      by_columns.column(j, back.data());
      EXPECT_EQ(back, column);
    }
    by_columns.clear_row(2);
    by_columns.clear_column(0);
    by_columns.column(columns - 1, back.data());
    EXPECT_EQ(back[2], 0.0f);
    by_columns.column(0, back.data());
    EXPECT_EQ(back, Floats(static_cast<std::size_t>(depth), 0.0f));
  }
}

TEST(PackedMatrix, RefusesSizesThatDoNotFit) {
  PackedMatrix b;
  const Index most = std::numeric_limits<Index>::max();
  EXPECT_EQ(b.allocate(-1, 3).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(b.allocate(3, -1).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(b.allocate(2, most).code, StatusCode::kOutOfMemory);
  EXPECT_EQ(b.allocate(most / 2, 100).code, StatusCode::kOutOfMemory);
  EXPECT_EQ(b.allocate(1, most / 4).code, StatusCode::kOutOfMemory);
}

}  // namespace
}  // namespace heed::test
