#include "blocks.h"

#include "../layers/normalization.h"

namespace heed {
namespace {

Range columns_of(const ModelConfig& config, Range heads) {
  return {heads.begin * config.head_dim, heads.end * config.head_dim};
}

}  // namespace

void add(const float* y, Index size, float* x) {
  for (Index i = 0; i < size; ++i) x[i] += y[i];
}

void LayerNorm::declare(const std::string& name, Index size, Parameters* parameters) {
  parameters->add_vector(name + ".weight", size, &weight);
  parameters->add_vector(name + ".bias", size, &bias);
  // As BERT's first checkpoints, made with TensorFlow, call them.
  parameters->add_alias(name + ".gamma", name + ".weight");
  parameters->add_alias(name + ".beta", name + ".bias");
}

void LayerNorm::apply(const float* x, Index rows, float epsilon, float* y) const {
  layer_norm(x, rows, weight.size(), weight.data(), bias.data(), epsilon, y);
}

void RmsNorm::declare(const std::string& name, Index size, Parameters* parameters) {
  parameters->add_vector(name + ".weight", size, &weight);
}

void RmsNorm::apply(const float* x, Index rows, const ModelConfig& config, float* y) const {
  rms_norm(x, rows, weight.size(), weight.data(), config.norm_epsilon, y, config.norm_gain_offset);
}

void FeedForward::declare(const std::string& in_name, const std::string& out_name,
                          const ModelConfig& c, Parameters* parameters) {
  parameters->add_linear(in_name, feed_forward_in_shape(c), &in);
  parameters->add_linear(out_name, feed_forward_out_shape(c), &out);
}

void FeedForward::apply(const float* x, Index rows, Activation activation, float* inner,
                        float* y) const {
  in.apply(x, rows, inner);
  activate(activation, inner, rows * in.out_features(), inner);
  out.apply(inner, rows, y);
}

void GatedFeedForward::declare(const std::string& gate_name, const std::string& up_name,
                               const std::string& down_name, const ModelConfig& c,
                               Parameters* parameters) {
  parameters->add_linear(gate_name, feed_forward_in_shape(c), &gate);
  parameters->add_linear(up_name, feed_forward_in_shape(c), &up);
  parameters->add_linear(down_name, feed_forward_out_shape(c), &down);
}

void GatedFeedForward::apply(const float* x, Index rows, Activation activation, float* inner,
                             float* y) const {
  const Index size = rows * gate.out_features();
  float* product = inner + size;
  gate.apply(x, rows, inner);
  up.apply(x, rows, product);
  activate(activation, inner, size, inner);
  for (Index i = 0; i < size; ++i) product[i] *= inner[i];
  down.apply(product, rows, y);
}

LinearShape query_shape(const ModelConfig& c) {
  return {.in = c.model_dim,
          .out = c.num_heads * c.head_dim,
          .outputs = {columns_of(c, layer_part(c).heads)},
          .has_bias = c.query_key_value_bias};
}

LinearShape key_shape(const ModelConfig& c) {
  return {.in = c.model_dim,
          .out = c.num_kv_heads * c.head_dim,
          .outputs = {columns_of(c, layer_part(c).kv_heads)},
          .has_bias = c.query_key_value_bias};
}

LinearShape query_key_value_shape(const ModelConfig& c) {
  const LinearShape query = query_shape(c), key = key_shape(c);
  const auto behind = [](Index offset, Range range) {
    return Range{offset + range.begin, offset + range.end};
  };
  return {.in = c.model_dim,
          .out = query.out + 2 * key.out,
          .outputs = {query.outputs[0], behind(query.out, key.outputs[0]),
                      behind(query.out + key.out, key.outputs[0])},
          .has_bias = c.query_key_value_bias};
}

LinearShape attention_output_shape(const ModelConfig& c) {
  return {.in = c.num_heads * c.head_dim,
          .out = c.model_dim,
          .inputs = {columns_of(c, layer_part(c).heads)},
          .has_bias = c.attention_output_bias && c.part.shard == 0};
}

LinearShape feed_forward_in_shape(const ModelConfig& c) {
  return {.in = c.model_dim,
          .out = c.feed_forward_dim,
          .outputs = {layer_part(c).feed_forward},
          .has_bias = c.feed_forward_bias};
}

LinearShape feed_forward_out_shape(const ModelConfig& c) {
  return {.in = c.feed_forward_dim,
          .out = c.model_dim,
          .inputs = {layer_part(c).feed_forward},
          .has_bias = c.feed_forward_bias && c.part.shard == 0};
}

bool AttentionWorkspace::allocate_for(Index n, const ModelConfig& c) {
  const Index heads = query_shape(c).outputs[0].size(), kv_heads = key_shape(c).outputs[0].size();
  return allocate(n, heads, &query) && allocate(n, kv_heads, &key) &&
         allocate(n, kv_heads, &value) && allocate(n, heads, &context);
}

void AttentionLayer::declare(const std::string& name, const AttentionNames& names,
                             const ModelConfig& c, Parameters* parameters) {
  parameters->add_linear(name + names.query, query_shape(c), &query);
  parameters->add_linear(name + names.key, key_shape(c), &key);
  parameters->add_linear(name + names.value, key_shape(c), &value);
  parameters->add_linear(name + names.output, attention_output_shape(c), &output);
}

void AttentionLayer::project(const float* x, Index n, AttentionWorkspace* work) const {
  query.apply(x, n, work->query.data());
  key.apply(x, n, work->key.data());
  value.apply(x, n, work->value.data());
}

Status AttentionLayer::apply(const ModelConfig& config, const ForwardPass& pass, Index layer,
                             const AttentionOptions& options, const Memory* memory, const float* x,
                             AttentionWorkspace* work, float* y) const {
  const Index n = pass.length, dim = config.head_dim;
  const float *keys = work->key.data(), *values = work->value.data();
  if (memory == nullptr) {
    project(x, n, work);
  } else {
    query.apply(x, n, work->query.data());
    const Index at = layer * memory->length * key.out_features();
    keys = memory->keys.data() + at;
    values = memory->values.data() + at;
  }
  const auto heads = [&](const Linear& of, const float* rows, Index length) {
    return HeadsView<const float>::Blhd(rows, of.out_features() / dim, length, dim);
  };
  const Index length = memory != nullptr ? memory->length : n;
  return attend(config, pass, layer, options,
                {.query = heads(query, work->query.data(), n),
                 .key = heads(key, keys, length),
                 .value = heads(value, values, length),
                 .memory_length = memory != nullptr ? length : 0},
                output, work->context.data(), y);
}

}  // namespace heed
