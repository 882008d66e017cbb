// Scaled dot-product attention, softmax(QK^T * scale)V, with everything that models add to it.
//
// Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1. Grouped heads:
// Ainslie et al., "GQA" (2023). ALiBi: Press et al. (2022), section 3. Sinks: Xiao et al.,
// "Efficient Streaming Language Models with Attention Sinks" (2024), in the form of gpt-oss.
//
// The stages of one head, in this order, each [query_length, key_length]:
//   products     = Q K^T
//   scores       = products * scale
//   cappedScores = softcap * tanh(scores / softcap), or scores where there is no softcap
//   maskedScores = cappedScores - slope * |p - j| + float mask; -Infinity where j is not visible
//   weights      = softmax over j of maskedScores, the sink's logit joining the denominator
//   output       = weights V
//
// Query i stands at position p = i + query_offset, key j at position j. A key is visible when all
// rules allow it: causal (j <= p), window (p - left <= j <= p + right), key_lengths (j < length),
// boolean mask (non-zero).
//
// Promises:
//   * A row without a visible key has output 0, weights 0 and logsumexp -Infinity (with a sink: the
//     sink's logit).
//   * A key that is not visible never reaches the output, whatever its K and V hold (NaN,
//     Infinity).
//   * NaN in a visible place spoils its own row only. Finite inputs give finite outputs, also where
//     products leave the range of f32: such a row is computed again in double.
//   * Weights below the smallest normal f32 are exactly 0 (WebAssembly has no flush-to-zero, and
//     subnormal operands make the product with V an order of magnitude slower).
//   * A row's result depends on that row alone: not on the other rows of the call, nor on how a
//     caller splits the work.
#pragma once

#include <cstdint>
#include <type_traits>

#include "buffer.h"
#include "status.h"

namespace heed {

/// A [batch_size, num_heads, length, dim] tensor in any layout whose last dimension is contiguous.
template <class T>
struct HeadsView {
  T* data = nullptr;
  Index batch_stride = 0;
  Index head_stride = 0;
  Index row_stride = 0;

  T* row(Index b, Index h, Index i) const {
    return data + b * batch_stride + h * head_stride + i * row_stride;
  }

  /// [batch_size, num_heads, length, dim], dense.
  static HeadsView Bhld(T* data, Index num_heads, Index length, Index dim) {
    return {data, num_heads * length * dim, length * dim, dim};
  }
  /// [batch_size, length, num_heads * dim], dense.
  static HeadsView Blhd(T* data, Index num_heads, Index length, Index dim) {
    return {data, length * num_heads * dim, dim, num_heads * dim};
  }

  operator HeadsView<const T>() const requires(!std::is_const_v<T>) {
    return {data, batch_stride, head_stride, row_stride};
  }
};

struct AttentionShape {
  Index batch_size = 1;
  Index num_heads = 1;  // query heads
  // Divides num_heads: query head h reads kv head h / (num_heads / num_kv_heads).
  Index num_kv_heads = 1;
  Index query_length = 0;
  Index key_length = 0;  // all keys: past and new
  Index head_dim = 0;
  Index value_dim = 0;
};

/// A mask broadcast to [batch_size, num_heads, query_length, key_length]: a stride of 0 repeats.
struct AttentionMask {
  // kBool: one byte each, non-zero = attend. kFloat: added to the scores; -Infinity hides the key
  // like a boolean mask does.
  enum class Kind { kNone, kBool, kFloat };

  Kind kind = Kind::kNone;
  const void* data = nullptr;
  Index batch_stride = 0;
  Index head_stride = 0;
  Index query_stride = 0;
  Index key_stride = 0;  // 1, or 0 where one value stands for all keys
  Index key_length = 0;  // keys beyond it are not visible

  /// The mask of `rank` dimensions (1 to 4) right-aligned to the shape of the scores (rank 3 is
  /// [heads, queries, keys]). A last dimension of 1 repeats; a shorter one hides the keys beyond
  /// it. kShapeMismatch where a dimension is neither 1 nor the shape's (last: nor shorter).
  static Status Broadcast(Kind kind, const void* data, const Index* dims, Index rank,
                          const AttentionShape& shape, AttentionMask* mask);
};

struct AttentionOptions {
  float scale = 1.0f;  // see default_scale
  bool is_causal = false;
  Index window_left = -1;   // keys visible before the query's position, itself not counted; -1: all
  Index window_right = -1;  // and after it
  const std::int32_t* query_offset = nullptr;  // [batch_size]; null: 0
  const std::int32_t* key_lengths = nullptr;   // [batch_size], valid keys of each; null: key_length
  AttentionMask mask;
  float softcap = 0.0f;                 // 0: off
  const float* alibi_slopes = nullptr;  // [num_heads], or [batch_size, num_heads]
  Index alibi_batch_stride = 0;         // 0 or num_heads
  const float* sinks = nullptr;         // [num_heads]
};

/// 1 / sqrt(head_dim): it keeps the variance of a product of unit-variance vectors at 1 (section
/// 3.2.1, footnote 4).
float default_scale(Index head_dim);

struct AttentionInputs {
  HeadsView<const float> query;  // [batch_size, num_heads, query_length, head_dim]
  HeadsView<const float> key;    // [batch_size, num_kv_heads, key_length, head_dim]
  HeadsView<const float> value;  // [batch_size, num_kv_heads, key_length, value_dim]
};

/// Where results go; a null pointer is a result not wanted.
struct AttentionOutputs {
  HeadsView<float> output;    // [batch_size, num_heads, query_length, value_dim]; always wanted
  float* products = nullptr;  // [batch_size, num_heads, query_length, key_length], dense
  float* scores = nullptr;    // the same
  float* capped_scores = nullptr;  // the same
  float* masked_scores = nullptr;  // the same
  float* weights = nullptr;        // the same
  float* logsumexp = nullptr;      // [batch_size, num_heads, query_length]

  bool wants_matrix() const {
    return products || scores || capped_scores || masked_scores || weights;
  }
};

/// Computes attention for all batches and heads. With a matrix wanted, the scores of a block of
/// queries are held at a time; without, extra memory is O(query_length + key_length) a head.
/// Errors: kInvalidArgument (negative size, num_kv_heads does not divide num_heads, softcap < 0,
/// scale not finite), kOutOfMemory.
Status attention(const AttentionShape& shape, const AttentionOptions& options,
                 const AttentionInputs& inputs, const AttentionOutputs& outputs);

/// A rectangle of one head's weight matrix, and how to shrink it.
struct WindowRequest {
  enum class Reduce { kMean, kMax };

  Index batch = 0;
  Index head = 0;
  Index row_begin = 0, row_end = 0;
  Index col_begin = 0, col_end = 0;
  Index height = 0, width = 0;  // of the result; cell (y, x) covers rows floor(y*H/height) up to
                                // floor((y+1)*H/height), H = row_end - row_begin; columns alike
  Reduce reduce = Reduce::kMean;
};

/// exp(maskedScores - logsumexp) over the rectangle, recomputed from query and key without ever
/// holding the matrix; `value` of the inputs is not read. `logsumexp` [batch_size, num_heads,
/// query_length] is what attention() gave for the same inputs and options. Writes [height, width].
/// Errors: kInvalidArgument (rectangle outside the matrix, height or width not in [1, side] unless
/// the side is 0), kOutOfMemory.
Status attention_window(const AttentionShape& shape, const AttentionOptions& options,
                        const AttentionInputs& inputs, const float* logsumexp,
                        const WindowRequest& request, float* window);

/// Writes the new rows behind the first past_length ones of each head of
/// present [batch_size, num_kv_heads, past_length + new_length, dim], which hold the past.
void append_to_past(const AttentionShape& shape, Index past_length, Index dim,
                    HeadsView<const float> rows, float* present);

}  // namespace heed
