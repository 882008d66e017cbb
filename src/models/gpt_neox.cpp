// GPT-NeoX, and Pythia, which is the same: a stack of causal decoder layers whose two sublayers may
// read the same stream, with rotary positions in a part of each head's channels.
// Sources: Black et al., "GPT-NeoX-20B" (2022), section 2; Wang and Komatsuzaki, "GPT-J" (2021) for
// the parallel sublayers.
#include <memory>

#include "architectures.h"
#include "blocks.h"
#include "config.h"

namespace heed {
namespace {

struct GptNeoxLayer {
  LayerNorm attention_norm;
  Linear query_key_value;  // [heads * 3 * head_dim, model_dim]: a head's three, then the next's
  Linear output;           // [model_dim, heads * head_dim]
  LayerNorm feed_forward_norm;
  FeedForward feed_forward;
};

class GptNeox final : public Model {
 public:
  explicit GptNeox(const ModelConfig& config) : Model(config, "gpt_neox.") {}

  bool is_causal() const override { return true; }
  Status declare_weights();

 private:
  struct Workspace;

  void declare_layer(const std::string& name, GptNeoxLayer* layer);
  Status run_embedding(const ForwardPass& pass, float* x) const override;
  AttentionOptions attention_of(Index layer) const override;
  Forward run_layers(ForwardPass pass, float* x) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  Status self_attention(const GptNeoxLayer& weights, const ForwardPass& pass, Index layer,
                        Workspace* work) const;
  const Linear& head() const { return config_.tied_head ? tokens_ : untied_head_; }

  Linear tokens_;                           // [vocabulary_size, model_dim]
  std::unique_ptr<GptNeoxLayer[]> layers_;  // [num_layers]
  LayerNorm final_norm_;
  Linear untied_head_;  // [vocabulary_size, model_dim]
};

// Whole heads, each with its query, key and value.
LinearShape heads_shape(const ModelConfig& c) {
  const Index head = 3 * c.head_dim;
  const Range heads = layer_part(c).heads;
  return {.in = c.model_dim,
          .out = c.num_heads * head,
          .outputs = {{heads.begin * head, heads.end * head}},
          .has_bias = c.query_key_value_bias};
}

Status GptNeox::declare_weights() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  if (c.part.has_ends) {
    p.add_token_table("embed_in.weight", c.vocabulary_size, c.model_dim, false, &tokens_);
  }
  if (c.part.has_layers()) {
    layers_.reset(new (std::nothrow) GptNeoxLayer[static_cast<std::size_t>(c.num_layers)]);
    if (layers_ == nullptr) return Status::OutOfMemory();
    for (Index l = 0; l < c.num_layers; ++l) {
      declare_layer("layers." + std::to_string(l), &layers_[static_cast<std::size_t>(l)]);
    }
    final_norm_.declare("final_layer_norm", c.model_dim, &p);
  }
  if (c.part.has_ends) {
    p.begin_head();
    if (c.tied_head) {
      p.add_alias("embed_out.weight", "embed_in.weight");
    } else {
      p.add_token_table("embed_out.weight", c.vocabulary_size, c.model_dim, false, &untied_head_);
    }
  }
  return p.status();
}

void GptNeox::declare_layer(const std::string& name, GptNeoxLayer* layer) {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  layer->attention_norm.declare(name + ".input_layernorm", c.model_dim, &p);
  p.add_linear(name + ".attention.query_key_value", heads_shape(c), &layer->query_key_value);
  p.add_linear(name + ".attention.dense", attention_output_shape(c), &layer->output);
  layer->feed_forward_norm.declare(name + ".post_attention_layernorm", c.model_dim, &p);
  layer->feed_forward.declare(name + ".mlp.dense_h_to_4h", name + ".mlp.dense_4h_to_h", c, &p);
}

struct GptNeox::Workspace {
  RotaryTables rotary;
  Buffer<float> normed;           // [n, model_dim]
  Buffer<float> query_key_value;  // [n, heads * 3 * head_dim]
  Buffer<float> context;          // [n, heads * head_dim]
  Buffer<float> inner;            // [n, the feed-forward layer's columns]
  Buffer<float> update;           // [2, n, model_dim], what each sublayer adds to the stream

  bool allocate_for(const ForwardPass& pass, const ModelConfig& c) {
    const LayerPart part = layer_part(c);
    const Index n = pass.length, heads = part.heads.size() * c.head_dim;
    return rotary.fill(c.rotary, pass.past_length, n) && allocate(n, c.model_dim, &normed) &&
           allocate(n, 3 * heads, &query_key_value) && allocate(n, heads, &context) &&
           allocate(n, part.feed_forward.size(), &inner) && allocate(n, 2 * c.model_dim, &update);
  }
};

Forward GptNeox::run_layers(ForwardPass pass, float* x) const {
  const Index n = pass.length, size = n * config_.model_dim;
  const float epsilon = config_.norm_epsilon;
  const bool is_parallel = config_.has_parallel_residual;
  Workspace work;
  if (!work.allocate_for(pass, config_)) co_return Status::OutOfMemory();
  float* normed = work.normed.data();
  float* attention = work.update.data();
  float* feed_forward = attention + size;

  // x is the stream that every layer adds to.
  for (Index l = 0; l < config_.num_layers; ++l) {
    const GptNeoxLayer& layer = layers_[static_cast<std::size_t>(l)];
    trace_stream(config_, pass, x, l, pass.trace.hidden);

    // x = x + Attention(LayerNorm(x)) + FFN(LayerNorm'(x)), or one after the other
    layer.attention_norm.apply(x, n, epsilon, normed);
    trace_stream(config_, pass, normed, l, pass.trace.attention_input);
    if (Status status = self_attention(layer, pass, l, &work); !status.ok()) co_return status;
    if (!is_parallel) {
      co_await pass.sum_over_shards(attention, size);
      trace_stream(config_, pass, attention, l, pass.trace.attention_output);
      add(attention, size, x);
    }
    layer.feed_forward_norm.apply(x, n, epsilon, normed);
    layer.feed_forward.apply(normed, n, config_.activation, work.inner.data(), feed_forward);
    if (is_parallel) {
      co_await pass.sum_over_shards(attention, 2 * size);
      trace_stream(config_, pass, attention, l, pass.trace.attention_output);
      add(attention, size, x);
    } else {
      co_await pass.sum_over_shards(feed_forward, size);
    }
    add(feed_forward, size, x);
  }
  final_norm_.apply(x, n, epsilon, x);
  trace_stream(config_, pass, x, config_.num_layers, pass.trace.hidden);
  co_return Status::Ok();
}

Status GptNeox::run_embedding(const ForwardPass& pass, float* x) const {
  for (Index i = 0; i < pass.length; ++i) {
    tokens_.weight_row(pass.token_ids[i], x + i * config_.model_dim);
  }
  return Status::Ok();
}

// work->update = Concat(head_1 ... head_h) W^O of work->normed, of a shard's heads their part of it
Status GptNeox::self_attention(const GptNeoxLayer& weights, const ForwardPass& pass, Index layer,
                               Workspace* work) const {
  const Index head_dim = config_.head_dim;
  const Index heads_dim = weights.output.in_features(), row = 3 * heads_dim;
  weights.query_key_value.apply(work->normed.data(), pass.length, work->query_key_value.data());

  const auto heads = [&](Index part) {
    return HeadsView<float>{.data = work->query_key_value.data() + part * head_dim,
                            .batch_stride = pass.length * row,
                            .head_stride = 3 * head_dim,
                            .row_stride = row};
  };
  if (pass.options.use_positions) {
    work->rotary.turn(heads(0), heads_dim / head_dim, head_dim);
    work->rotary.turn(heads(1), heads_dim / head_dim, head_dim);
  }
  return attend(config_, pass, layer, attention_of(layer), {heads(0), heads(1), heads(2)},
                weights.output, work->context.data(), work->update.data());
}

AttentionOptions GptNeox::attention_of(Index) const {
  AttentionOptions options;
  options.is_causal = true;
  options.scale = attention_scale(config_);
  return options;
}

Status GptNeox::run_head(const float* final_hidden, Index rows, float* logits) const {
  head().apply(final_hidden, rows, logits);
  return Status::Ok();
}

}  // namespace

Status make_gpt_neox(const ModelConfig& config, std::unique_ptr<Model>* model) {
  if (Status status = check_plain_heads(config); !status.ok()) return status;
  std::unique_ptr<GptNeox> gpt_neox(new (std::nothrow) GptNeox(config));
  if (gpt_neox == nullptr) return Status::OutOfMemory();
  if (Status status = gpt_neox->declare_weights(); !status.ok()) return status;
  *model = std::move(gpt_neox);
  return Status::Ok();
}

}  // namespace heed
