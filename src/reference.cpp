// Attention as the paper writes it, one row at a time:
//
//   weights_j = exp(s_j - max s) / (exp(sink - max s) + sum_j exp(s_j - max s))
//   output    = sum_j weights_j V_j
//
// It shares nothing with the fast paths, their rule of visibility included.
#include "reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "validation.h"

namespace heed {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<float>::max();
constexpr double kSmallestNormal = std::numeric_limits<float>::min();

/// Rounds to f32; what is finite stays finite.
float to_float(double value) {
  if (std::isfinite(value)) value = std::clamp(value, -kLargest, kLargest);
  return static_cast<float>(value);
}

/// What the mask adds to the score of key j: 0 where there is none, -Infinity where it hides j.
double mask_bias(const AttentionMask& mask, Index b, Index h, Index i, Index j) {
  if (mask.kind == AttentionMask::Kind::kNone) return 0.0;
  if (j >= mask.key_length) return -kInfinity;
  const Index at =
      b * mask.batch_stride + h * mask.head_stride + i * mask.query_stride + j * mask.key_stride;
  if (mask.kind == AttentionMask::Kind::kFloat) return static_cast<const float*>(mask.data)[at];
  return static_cast<const std::uint8_t*>(mask.data)[at] != 0 ? 0.0 : -kInfinity;
}

bool position_visible(const AttentionOptions& options, Index b, std::int64_t position,
                      std::int64_t j) {
  if (options.is_causal && j > position) return false;
  if (options.window_left >= 0 && j < position - options.window_left) return false;
  if (options.window_right >= 0 && j > position + options.window_right) return false;
  return options.key_lengths == nullptr || j < options.key_lengths[b];
}

}  // namespace

void reference_attention_row(const AttentionShape& shape, const AttentionOptions& options,
                             const AttentionInputs& inputs, const AttentionOutputs& outputs,
                             Index b, Index h, Index i, double* scratch) {
  const Index kv_head = h / (shape.num_heads / shape.num_kv_heads);
  const Index row = (b * shape.num_heads + h) * shape.query_length + i;
  const auto put = [&](float* stage, Index j, double value) {
    if (stage != nullptr) stage[row * shape.key_length + j] = to_float(value);
  };
  const std::int64_t position =
      i + (options.query_offset != nullptr ? std::int64_t{options.query_offset[b]} : 0);
  const double slope = options.alibi_slopes != nullptr
                           ? options.alibi_slopes[b * options.alibi_batch_stride + h]
                           : 0.0;
  const double sink = options.sinks != nullptr ? options.sinks[h] : -kInfinity;

  // scores, up to maskedScores
  double* weights = scratch;
  double row_max = sink;
  for (Index j = 0; j < shape.key_length; ++j) {
    const double bias = mask_bias(options.mask, b, h, i, j);
    const bool visible = position_visible(options, b, position, j) && bias != -kInfinity;
    weights[j] = -kInfinity;
    if (!visible && outputs.products == nullptr && outputs.scores == nullptr &&
        outputs.capped_scores == nullptr && outputs.masked_scores == nullptr) {
      continue;
    }
    double product = 0.0;
    for (Index d = 0; d < shape.head_dim; ++d) {
      product += static_cast<double>(inputs.query.row(b, h, i)[d]) *
                 static_cast<double>(inputs.key.row(b, kv_head, j)[d]);
    }
    const double score = product * static_cast<double>(options.scale);
    const double softcap = options.softcap;
    const double capped = softcap > 0.0 ? softcap * std::tanh(score / softcap) : score;
    if (visible) {
      const double distance = static_cast<double>(std::abs(position - j));
      // A slope of 0 adds nothing, also at -Infinity.
      weights[j] = capped - (slope != 0.0 ? slope * distance : 0.0) + bias;
      if (!(weights[j] <= row_max)) row_max = weights[j];
    }
    put(outputs.products, j, product);
    put(outputs.scores, j, score);
    put(outputs.capped_scores, j, capped);
    put(outputs.masked_scores, j, weights[j]);
  }

  // softmax; a key that is not visible has weight 0 even where another made the row NaN
  double row_sum = 0.0;
  if (row_max != -kInfinity) {
    row_sum = sink == -kInfinity ? 0.0 : std::exp(sink - row_max);
    for (Index j = 0; j < shape.key_length; ++j) {
      weights[j] = weights[j] == -kInfinity ? 0.0 : std::exp(weights[j] - row_max);
      row_sum += weights[j];
    }
  }
  for (Index j = 0; j < shape.key_length; ++j) {
    weights[j] = row_sum == 0.0 || weights[j] == 0.0 ? 0.0 : weights[j] / row_sum;
    if (weights[j] < kSmallestNormal) weights[j] = 0.0;
    put(outputs.weights, j, weights[j]);
  }
  if (outputs.logsumexp != nullptr) {
    outputs.logsumexp[row] =
        row_sum == 0.0 ? to_float(-kInfinity) : to_float(row_max + std::log(row_sum));
  }

  // output = weights V
  if (outputs.output.data == nullptr) return;
  double* output = scratch + shape.key_length;
  std::fill_n(output, shape.value_dim, 0.0);
  for (Index j = 0; j < shape.key_length; ++j) {
    const bool visible = position_visible(options, b, position, j) &&
                         mask_bias(options.mask, b, h, i, j) != -kInfinity;
    if (!visible) continue;
    const float* value = inputs.value.row(b, kv_head, j);
    for (Index d = 0; d < shape.value_dim; ++d) {
      output[d] += weights[j] * static_cast<double>(value[d]);
    }
  }
  std::transform(output, output + shape.value_dim, outputs.output.row(b, h, i), to_float);
}

Status reference_attention(const AttentionShape& shape, const AttentionOptions& options,
                           const AttentionInputs& inputs, const AttentionOutputs& outputs) {
  Status status = validate(shape, options);
  if (!status.ok()) return status;
  Buffer<double> scratch;
  if (!scratch.allocate(shape.key_length + shape.value_dim)) return Status::OutOfMemory();
  for (Index b = 0; b < shape.batch_size; ++b) {
    for (Index h = 0; h < shape.num_heads; ++h) {
      for (Index i = 0; i < shape.query_length; ++i) {
        reference_attention_row(shape, options, inputs, outputs, b, h, i, scratch.data());
      }
    }
  }
  return Status::Ok();
}

}  // namespace heed
