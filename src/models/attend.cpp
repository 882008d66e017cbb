#include "attend.h"

#include <algorithm>
#include <limits>

namespace heed {
namespace {

// The part of a trace that belongs to one layer, or null where it is not wanted.
float* of_layer(float* trace, Index layer, Index size_of_layer) {
  return trace != nullptr ? trace + layer * size_of_layer : nullptr;
}

// Copies [1, num_heads, n, dim] of any strides to a dense trace, where it is wanted.
void trace_heads(HeadsView<const float> heads, Index num_heads, Index n, Index dim, Index layer,
                 float* trace) {
  float* to = of_layer(trace, layer, num_heads * n * dim);
  if (to == nullptr) return;
  for (Index h = 0; h < num_heads; ++h) {
    for (Index i = 0; i < n; ++i, to += dim) std::copy_n(heads.row(0, h, i), dim, to);
  }
}

// Appends a layer's new rows to its part of a cache [num_layers, capacity, num_kv_heads * dim], and
// gives the view of all rows so far.
HeadsView<const float> join_cache(HeadsView<const float> rows, Index num_kv_heads, Index n,
                                  Index dim, Index layer, const KvCache& cache, float* cached) {
  auto all = HeadsView<float>::Blhd(cached + layer * cache.capacity * num_kv_heads * dim,
                                    num_kv_heads, cache.capacity, dim);
  for (Index i = 0; i < n; ++i) {
    for (Index h = 0; h < num_kv_heads; ++h) {
      std::copy_n(rows.row(0, h, i), dim, all.row(0, h, cache.length + i));
    }
  }
  return all;
}

// The bias with -Infinity where `visible` [queries, keys] is 0.
Status hide_in_bias(const std::uint8_t* visible, const AttentionShape& shape, AttentionMask* bias,
                    Buffer<float>* storage) {
  const Index rows = shape.query_length, keys = shape.key_length;
  if (!storage->allocate(product(shape.num_heads, rows, keys))) return Status::OutOfMemory();
  float* to = storage->data();
  for (Index h = 0; h < shape.num_heads; ++h) {
    for (Index i = 0; i < rows; ++i) {
      const float* from =
          static_cast<const float*>(bias->data) + h * bias->head_stride + i * bias->query_stride;
      for (Index j = 0; j < keys; ++j) {
        *to++ = visible[i * keys + j] != 0 ? from[j * bias->key_stride]
                                           : -std::numeric_limits<float>::infinity();
      }
    }
  }
  *bias = {.kind = AttentionMask::Kind::kFloat,
           .data = storage->data(),
           .head_stride = rows * keys,
           .query_stride = keys,
           .key_stride = 1,
           .key_length = keys};
  return Status::Ok();
}

// The output projection of one head's context at a time, 0 in the places of the others.
Status trace_head_outputs(HeadsView<const float> context, Index num_heads, Index n, Index dim,
                          Index layer, const Linear& output, float* trace) {
  const Index width = num_heads * dim, size = n * output.out_features();
  float* to = of_layer(trace, layer, num_heads * size);
  if (to == nullptr) return Status::Ok();
  Buffer<float> alone;
  if (!allocate(n, width, &alone)) return Status::OutOfMemory();
  for (Index h = 0; h < num_heads; ++h, to += size) {
    std::fill(alone.begin(), alone.end(), 0.0f);
    for (Index i = 0; i < n; ++i) {
      std::copy_n(context.row(0, h, i), dim, alone.data() + i * width + h * dim);
    }
    output.apply_weight(alone.data(), n, to);
  }
  return Status::Ok();
}

AttentionOutputs outputs_of_layer(const ForwardTrace& trace, Index layer,
                                  const AttentionShape& shape, HeadsView<float> context) {
  const Index rows = shape.num_heads * shape.query_length;
  // Without a matrix wanted its size is not asked for: it may be beyond what Index can count.
  const auto matrix = [&](float* stage) {
    return stage != nullptr ? of_layer(stage, layer, rows * shape.key_length) : nullptr;
  };
  return {.output = context,
          .products = matrix(trace.products),
          .scores = matrix(trace.scores),
          .capped_scores = matrix(trace.capped_scores),
          .masked_scores = matrix(trace.masked_scores),
          .weights = matrix(trace.weights),
          .logsumexp = of_layer(trace.logsumexp, layer, rows)};
}

}  // namespace

bool allocate(Index rows, Index columns, Buffer<float>* buffer) {
  return buffer->allocate(product(rows, columns));
}

float attention_scale(const ModelConfig& c) {
  return c.attention_scale != 0.0f ? c.attention_scale : default_scale(c.head_dim);
}

Status attend(const ModelConfig& config, const ForwardPass& pass, Index layer,
              AttentionOptions options, Projections projections, const Linear& output,
              float* context, float* y) {
  const Index n = pass.length, dim = config.head_dim;
  const LayerPart part = layer_part(config);
  const Index num_heads = part.heads.size(), num_kv_heads = part.kv_heads.size();
  const ForwardTrace& trace = pass.trace;
  const bool is_cross = projections.memory_length > 0;
  const Index num_keys = is_cross ? projections.memory_length : n;
  trace_heads(projections.query, num_heads, n, dim, layer, trace.query);
  trace_heads(projections.key, num_kv_heads, num_keys, dim, layer, trace.key);
  trace_heads(projections.value, num_kv_heads, num_keys, dim, layer, trace.value);

  if (KvCache* cache = pass.options.cache; cache != nullptr && !is_cross) {
    projections.key =
        join_cache(projections.key, num_kv_heads, n, dim, layer, *cache, cache->keys.data());
    projections.value =
        join_cache(projections.value, num_kv_heads, n, dim, layer, *cache, cache->values.data());
  }

  const AttentionShape shape{.num_heads = num_heads,
                             .num_kv_heads = num_kv_heads,
                             .query_length = n,
                             .key_length = is_cross ? num_keys : pass.past_length + n,
                             .head_dim = dim,
                             .value_dim = dim};
  const auto first_position = static_cast<std::int32_t>(pass.past_length);
  options.query_offset = &first_position;
  Buffer<float> masked_bias;
  Status status = apply_what_if(pass.options, shape, &options, &masked_bias);
  if (!status.ok()) return status;
  const auto heads = HeadsView<float>::Blhd(context, num_heads, n, dim);
  status = attention(shape, options, {projections.query, projections.key, projections.value},
                     outputs_of_layer(trace, layer, shape, heads));
  if (!status.ok()) return status;

  const std::uint8_t* ablated = pass.options.ablated_heads;
  for (Index h = 0; ablated != nullptr && h < num_heads; ++h) {
    if (ablated[layer * config.num_heads + part.heads.begin + h] == 0) continue;
    for (Index i = 0; i < n; ++i) std::fill_n(heads.row(0, h, i), dim, 0.0f);
  }
  trace_heads(heads, num_heads, n, dim, layer, trace.context);
  output.apply(context, n, y);
  return trace_head_outputs(heads, num_heads, n, dim, layer, output, trace.head_outputs);
}

Status apply_what_if(const ForwardOptions& what_if, const AttentionShape& shape,
                     AttentionOptions* options, Buffer<float>* storage) {
  options->is_causal = what_if.is_causal.value_or(options->is_causal);
  options->scale = what_if.scale.value_or(options->scale) / what_if.temperature;
  if (what_if.attention_mask == nullptr) return Status::Ok();
  if (options->mask.kind == AttentionMask::Kind::kFloat) {
    return hide_in_bias(what_if.attention_mask, shape, &options->mask, storage);
  }
  const Index dims[] = {shape.query_length, shape.key_length};
  return AttentionMask::Broadcast(AttentionMask::Kind::kBool, what_if.attention_mask, dims, 2,
                                  shape, &options->mask);
}

void trace_stream(const ModelConfig& config, const ForwardPass& pass, const float* x, Index index,
                  float* trace) {
  const Index size = pass.length * config.model_dim;
  if (float* to = of_layer(trace, index, size)) std::copy_n(x, size, to);
}

}  // namespace heed
