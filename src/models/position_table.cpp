#include "position_table.h"

#include <algorithm>
#include <cmath>

#include "../layers/positions.h"

namespace heed {

Status sinusoidal_table(Index length, Index dim, Buffer<float>* table) {
  Buffer<float> alternating;
  if (!alternating.allocate(product(length, dim)) || !table->allocate(product(length, dim))) {
    return Status::OutOfMemory();
  }
  sinusoidal_positions(length, dim, alternating.data());
  const Index sines = (dim + 1) / 2;
  for (Index i = 0; i < length; ++i) {
    for (Index d = 0; d < dim; ++d) {
      table->data()[i * dim + d / 2 + (d % 2) * sines] = alternating[i * dim + d];
    }
  }
  return Status::Ok();
}

Status sinusoidal_table_behind_padding(Index padding_id, Index length, Index dim,
                                       Buffer<float>* table) {
  const Index first = padding_id + 1, rows = first + length, half = dim / 2;
  if (!table->allocate(product(rows, dim))) return Status::OutOfMemory();
  std::fill(table->begin(), table->end(), 0.0f);
  const double step = std::log(10000.0) / static_cast<double>(std::max<Index>(half - 1, 1));
  for (Index i = first; i < rows; ++i) {
    float* row = table->data() + i * dim;
    for (Index d = 0; d < half; ++d) {
      const double angle = static_cast<double>(i) * std::exp(-step * static_cast<double>(d));
      row[d] = static_cast<float>(std::sin(angle));
      row[half + d] = static_cast<float>(std::cos(angle));
    }
  }
  return Status::Ok();
}

}  // namespace heed
