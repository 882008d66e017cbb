// GPT-2: a stack of causal decoder layers, each normalising before its sublayer.
// Sources: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), section
// 2.3; Vaswani et al. (2017), section 3.1 for the layer.
#include <memory>

#include "architectures.h"
#include "blocks.h"
#include "config.h"

namespace heed {
namespace {

struct Gpt2Layer {
  LayerNorm attention_norm;
  Linear query_key_value;  // [3 * heads * head_dim, model_dim]: all three in one product
  Linear output;           // [model_dim, heads * head_dim]
  LayerNorm feed_forward_norm;
  FeedForward feed_forward;
};

class Gpt2 final : public Model {
 public:
  explicit Gpt2(const ModelConfig& config) : Model(config, "transformer.") {}

  bool is_causal() const override { return true; }
  Status declare_weights();

 private:
  struct Workspace;

  void declare_layer(const std::string& name, Gpt2Layer* layer);
  Status run_embedding(const ForwardPass& pass, float* x) const override;
  AttentionOptions attention_of(Index layer) const override;
  Forward run_layers(ForwardPass pass, float* x) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  Status self_attention(const Gpt2Layer& weights, const ForwardPass& pass, Index layer,
                        Workspace* work) const;
  const Linear& head() const { return config_.tied_head ? tokens_ : untied_head_; }

  Linear tokens_;                        // wte, [vocabulary_size, model_dim]
  Buffer<float> positions_;              // wpe, [max_length, model_dim]
  std::unique_ptr<Gpt2Layer[]> layers_;  // [num_layers]
  LayerNorm final_norm_;
  Linear untied_head_;  // [vocabulary_size, model_dim]
};

Status Gpt2::declare_weights() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  if (c.part.has_ends) {
    p.add_token_table("wte.weight", c.vocabulary_size, c.model_dim, false, &tokens_);
    p.add_table("wpe.weight", c.max_length, c.model_dim, &positions_);
  }
  if (c.part.has_layers()) {
    layers_.reset(new (std::nothrow) Gpt2Layer[static_cast<std::size_t>(c.num_layers)]);
    if (layers_ == nullptr) return Status::OutOfMemory();
    for (Index l = 0; l < c.num_layers; ++l) {
      declare_layer("h." + std::to_string(l), &layers_[static_cast<std::size_t>(l)]);
    }
    final_norm_.declare("ln_f", c.model_dim, &p);
  }
  if (c.part.has_ends) {
    p.begin_head();
    if (c.tied_head) {
      p.add_alias("lm_head.weight", "wte.weight");
    } else {
      p.add_token_table("lm_head.weight", c.vocabulary_size, c.model_dim, false, &untied_head_);
    }
  }
  return p.status();
}

void Gpt2::declare_layer(const std::string& name, Gpt2Layer* layer) {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  layer->attention_norm.declare(name + ".ln_1", c.model_dim, &p);
  p.add_conv1d(name + ".attn.c_attn", query_key_value_shape(c), &layer->query_key_value);
  p.add_conv1d(name + ".attn.c_proj", attention_output_shape(c), &layer->output);
  layer->feed_forward_norm.declare(name + ".ln_2", c.model_dim, &p);
  p.add_conv1d(name + ".mlp.c_fc", feed_forward_in_shape(c), &layer->feed_forward.in);
  p.add_conv1d(name + ".mlp.c_proj", feed_forward_out_shape(c), &layer->feed_forward.out);
}

struct Gpt2::Workspace {
  Buffer<float> normed;           // [n, model_dim]
  Buffer<float> query_key_value;  // [n, 3 * heads * head_dim]
  Buffer<float> context;          // [n, heads * head_dim]
  Buffer<float> inner;            // [n, the feed-forward layer's columns]
  Buffer<float> update;           // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    const LayerPart part = layer_part(c);
    const Index heads = part.heads.size() * c.head_dim;
    return allocate(n, c.model_dim, &normed) && allocate(n, 3 * heads, &query_key_value) &&
           allocate(n, heads, &context) && allocate(n, part.feed_forward.size(), &inner) &&
           allocate(n, c.model_dim, &update);
  }
};

Forward Gpt2::run_layers(ForwardPass pass, float* x) const {
  const Index n = pass.length, size = n * config_.model_dim;
  const float epsilon = config_.norm_epsilon;
  Workspace work;
  if (!work.allocate_for(n, config_)) co_return Status::OutOfMemory();
  float* normed = work.normed.data();
  float* update = work.update.data();

  // x is the stream that every layer adds to.
  for (Index l = 0; l < config_.num_layers; ++l) {
    const Gpt2Layer& layer = layers_[static_cast<std::size_t>(l)];
    trace_stream(config_, pass, x, l, pass.trace.hidden);

    // x = x + Attention(LayerNorm(x))
    layer.attention_norm.apply(x, n, epsilon, normed);
    trace_stream(config_, pass, normed, l, pass.trace.attention_input);
    if (Status status = self_attention(layer, pass, l, &work); !status.ok()) co_return status;
    co_await pass.sum_over_shards(update, size);
    trace_stream(config_, pass, update, l, pass.trace.attention_output);
    add(update, size, x);

    // x = x + FFN(LayerNorm(x))
    layer.feed_forward_norm.apply(x, n, epsilon, normed);
    layer.feed_forward.apply(normed, n, config_.activation, work.inner.data(), update);
    co_await pass.sum_over_shards(update, size);
    add(update, size, x);
  }
  final_norm_.apply(x, n, epsilon, x);
  trace_stream(config_, pass, x, config_.num_layers, pass.trace.hidden);
  co_return Status::Ok();
}

// x = token + position
Status Gpt2::run_embedding(const ForwardPass& pass, float* x) const {
  const Index dim = config_.model_dim;
  for (Index i = 0; i < pass.length; ++i) {
    float* row = x + i * dim;
    tokens_.weight_row(pass.token_ids[i], row);
    if (pass.options.use_positions) {
      add(positions_.data() + (pass.past_length + i) * dim, dim, row);
    }
  }
  return Status::Ok();
}

// work->update = Concat(head_1 ... head_h) W^O of work->normed, of a shard's heads their part of it
Status Gpt2::self_attention(const Gpt2Layer& weights, const ForwardPass& pass, Index layer,
                            Workspace* work) const {
  const Index heads_dim = weights.output.in_features(), row = 3 * heads_dim;
  weights.query_key_value.apply(work->normed.data(), pass.length, work->query_key_value.data());

  // Each row holds query, key and value side by side, each with its heads side by side.
  const auto heads = [&](Index part) {
    return HeadsView<const float>{.data = work->query_key_value.data() + part * heads_dim,
                                  .batch_stride = pass.length * row,
                                  .head_stride = config_.head_dim,
                                  .row_stride = row};
  };
  return attend(config_, pass, layer, attention_of(layer), {heads(0), heads(1), heads(2)},
                weights.output, work->context.data(), work->update.data());
}

AttentionOptions Gpt2::attention_of(Index layer) const {
  AttentionOptions options;
  options.is_causal = true;
  options.scale = attention_scale(config_);
  if (config_.scale_attention_by_layer) options.scale /= static_cast<float>(layer + 1);
  return options;
}

Status Gpt2::run_head(const float* final_hidden, Index rows, float* logits) const {
  head().apply(final_hidden, rows, logits);
  return Status::Ok();
}

}  // namespace

Status make_gpt2(const ModelConfig& config, std::unique_ptr<Model>* model) {
  if (Status status = check_plain_heads(config); !status.ok()) return status;
  std::unique_ptr<Gpt2> gpt2(new (std::nothrow) Gpt2(config));
  if (gpt2 == nullptr) return Status::OutOfMemory();
  if (Status status = gpt2->declare_weights(); !status.ok()) return status;
  *model = std::move(gpt2);
  return Status::Ok();
}

}  // namespace heed
