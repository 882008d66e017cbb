// Multi-head attention: Concat(head_1 ... head_h) W^O, each head an attention of its own projection
// of query, key and value. Source: Vaswani et al. (2017), section 3.2.2.
#pragma once

#include "../attention.h"
#include "linear.h"

namespace heed {

struct MultiHeadWeights {
  const Linear* query;   // [num_heads * head_dim, query features]
  const Linear* key;     // [num_kv_heads * head_dim, key features]
  const Linear* value;   // [num_kv_heads * value_dim, value features]
  const Linear* output;  // [output features, num_heads * value_dim]
};

struct MultiHeadOutputs {
  float* output = nullptr;     // [batch_size, query_length, output features]
  float* heads = nullptr;      // [batch_size, num_heads, query_length, value_dim], or null
  AttentionOutputs attention;  // stages, each if wanted; its `output` is not read
};

/// query [batch_size, query_length, query features], key and value [batch_size, key_length, their
/// features], dense. Errors: those of attention(), kShapeMismatch where a weight does not fit.
Status multi_head_attention(const AttentionShape& shape, const AttentionOptions& options,
                            const float* query, const float* key, const float* value,
                            const MultiHeadWeights& weights, const MultiHeadOutputs& outputs);

}  // namespace heed
