#include "multi_head_attention.h"

#include <algorithm>
#include <string>

#include "../validation.h"

namespace heed {
namespace {

Status check(const char* name, Index features, Index expected) {
  if (features == expected) return Status::Ok();
  return Status::Error(StatusCode::kShapeMismatch,
                       std::string(name) + " has " + std::to_string(features) +
                           " features, expected " + std::to_string(expected));
}

/// x [rows, in] times the layer into an own [rows, out].
Status project(const Linear& layer, const float* x, Index rows, Buffer<float>* y) {
  if (!y->allocate(product(rows, layer.out_features()))) return Status::OutOfMemory();
  layer.apply(x, layer.in_features(), rows, y->data(), layer.out_features());
  return Status::Ok();
}

}  // namespace

Status multi_head_attention(const AttentionShape& shape, const AttentionOptions& options,
                            const float* query, const float* key, const float* value,
                            const MultiHeadWeights& weights, const MultiHeadOutputs& outputs) {
  Status status = validate(shape, options);
  if (!status.ok()) return status;
  const Index queries = shape.batch_size * shape.query_length;
  const Index keys = shape.batch_size * shape.key_length;
  const Index context_dim = shape.num_heads * shape.value_dim;
  status = check("weights.query", weights.query->out_features(), shape.num_heads * shape.head_dim);
  if (status.ok()) {
    status = check("weights.key", weights.key->out_features(), shape.num_kv_heads * shape.head_dim);
  }
  if (status.ok()) {
    status =
        check("weights.value", weights.value->out_features(), shape.num_kv_heads * shape.value_dim);
  }
  if (status.ok()) status = check("weights.output", weights.output->in_features(), context_dim);

  Buffer<float> q, k, v, context;  // [batch_size, length, heads * dim]
  if (status.ok()) status = project(*weights.query, query, queries, &q);
  if (status.ok()) status = project(*weights.key, key, keys, &k);
  if (status.ok()) status = project(*weights.value, value, keys, &v);
  if (!status.ok()) return status;
  if (!context.allocate(product(queries, context_dim))) return Status::OutOfMemory();

  using View = HeadsView<const float>;
  const AttentionInputs inputs = {
      View::Blhd(q.data(), shape.num_heads, shape.query_length, shape.head_dim),
      View::Blhd(k.data(), shape.num_kv_heads, shape.key_length, shape.head_dim),
      View::Blhd(v.data(), shape.num_kv_heads, shape.key_length, shape.value_dim)};
  AttentionOutputs stages = outputs.attention;
  stages.output =
      HeadsView<float>::Blhd(context.data(), shape.num_heads, shape.query_length, shape.value_dim);
  status = attention(shape, options, inputs, stages);
  if (!status.ok()) return status;

  if (outputs.heads != nullptr) {
    float* heads = outputs.heads;
    for (Index b = 0; b < shape.batch_size; ++b) {
      for (Index h = 0; h < shape.num_heads; ++h) {
        for (Index i = 0; i < shape.query_length; ++i) {
          heads = std::copy_n(stages.output.row(b, h, i), shape.value_dim, heads);
        }
      }
    }
  }
  if (outputs.output != nullptr) {
    weights.output->apply(context.data(), context_dim, queries, outputs.output,
                          weights.output->out_features());
  }
  return Status::Ok();
}

}  // namespace heed
