#include "positions.h"

#include <algorithm>
#include <cmath>

namespace heed {
namespace {

/// What channel pair i of `dim` channels turns by from one position to the next: base^(-2i / dim).
double frequency(Index i, Index dim, double base) {
  const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(dim);
  return std::exp(exponent * std::log(base));
}

/// One pair's column of two rotary tables, whose rows are `stride` long. `position_of`: a row's.
template <class PositionOf>
void fill_pair(PositionOf position_of, Index length, double step, double magnitude, Index stride,
               float* cos, float* sin) {
  for (Index i = 0; i < length; ++i) {
    const double theta = static_cast<double>(position_of(i)) * step;
    cos[i * stride] = static_cast<float>(magnitude * std::cos(theta));
    sin[i * stride] = static_cast<float>(magnitude * std::sin(theta));
  }
}

}  // namespace

void sinusoidal_positions(Index length, Index model_dim, float* table) {
  for (Index c = 0; c < model_dim; ++c) {
    const double step = frequency(c / 2, model_dim, 10000.0);
    for (Index position = 0; position < length; ++position) {
      const double theta = static_cast<double>(position) * step;
      table[position * model_dim + c] =
          static_cast<float>(c % 2 == 0 ? std::sin(theta) : std::cos(theta));
    }
  }
}

void rotary_tables(const std::int32_t* positions, Index length, Index rotary_dim, double base,
                   float* cos, float* sin) {
  const Index pairs = rotary_dim / 2;
  const auto position_of = [&](Index i) { return positions != nullptr ? positions[i] : i; };
  for (Index i = 0; i < pairs; ++i) {
    fill_pair(position_of, length, frequency(i, rotary_dim, base), 1.0, pairs, cos + i, sin + i);
  }
}

void rotary_tables(Index first, Index length, const double* frequencies, Index pairs,
                   double magnitude, float* cos, float* sin) {
  const auto position_of = [&](Index i) { return first + i; };
  for (Index i = 0; i < pairs; ++i) {
    fill_pair(position_of, length, frequencies[i], magnitude, pairs, cos + i, sin + i);
  }
}

void rotary_embedding(HeadsView<const float> x, Index batch_size, Index num_heads, Index length,
                      Index head_dim, const RotaryOptions& options, HeadsView<float> y) {
  const Index pairs = options.rotary_dim / 2;
  const Index step = options.interleaved ? 2 : 1;  // from one pair's first channel to the next
  const Index partner =
      options.interleaved ? 1 : pairs;  // from a pair's first channel to its second

  for (Index b = 0; b < batch_size; ++b) {
    for (Index i = 0; i < length; ++i) {
      const Index table_row = options.position_ids != nullptr
                                  ? options.position_ids[b * length + i] * pairs
                                  : b * options.table_batch_stride + i * pairs;
      const float* cos = options.cos + table_row;
      const float* sin = options.sin + table_row;
      for (Index h = 0; h < num_heads; ++h) {
        const float* source = x.row(b, h, i);
        float* target = y.row(b, h, i);
        for (Index c = 0; c < pairs; ++c) {
          const float x0 = source[c * step];
          const float x1 = source[c * step + partner];
          target[c * step] = x0 * cos[c] - x1 * sin[c];
          target[c * step + partner] = x1 * cos[c] + x0 * sin[c];
        }
        if (target != source) {
          std::copy(source + 2 * pairs, source + head_dim, target + 2 * pairs);
        }
      }
    }
  }
}

}  // namespace heed
