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
  Linear query_key_value;  // [3 * model_dim, model_dim]: query, key and value in one product
  Linear output;           // [model_dim, model_dim]
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
  Status run_layers(const ForwardPass& pass, float* final_hidden) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  void embed(const ForwardPass& pass, float* x) const;
  Status self_attention(const Gpt2Layer& weights, const ForwardPass& pass, Index layer,
                        Workspace* work) const;
  float scale_of_layer(Index layer) const;
  const Linear& head() const { return config_.tied_head ? tokens_ : untied_head_; }

  Linear tokens_;                        // wte, [vocabulary_size, model_dim]
  Buffer<float> positions_;              // wpe, [max_length, model_dim]
  std::unique_ptr<Gpt2Layer[]> layers_;  // [num_layers]
  LayerNorm final_norm_;
  Linear untied_head_;  // [vocabulary_size, model_dim]
};

Status Gpt2::declare_weights() {
  const ModelConfig& c = config_;
  layers_.reset(new (std::nothrow) Gpt2Layer[static_cast<std::size_t>(c.num_layers)]);
  if (layers_ == nullptr) return Status::OutOfMemory();

  Parameters& p = parameters_;
  p.add_token_table("wte.weight", c.vocabulary_size, c.model_dim, false, &tokens_);
  p.add_table("wpe.weight", c.max_length, c.model_dim, &positions_);
  for (Index l = 0; l < c.num_layers; ++l) {
    declare_layer("h." + std::to_string(l), &layers_[static_cast<std::size_t>(l)]);
  }
  final_norm_.declare("ln_f", c.model_dim, &p);

  p.begin_head();
  if (c.tied_head) {
    p.add_alias("lm_head.weight", "wte.weight");
  } else {
    p.add_token_table("lm_head.weight", c.vocabulary_size, c.model_dim, false, &untied_head_);
  }
  return p.status();
}

void Gpt2::declare_layer(const std::string& name, Gpt2Layer* layer) {
  const Index dim = config_.model_dim, inner = config_.feed_forward_dim;
  Parameters& p = parameters_;
  layer->attention_norm.declare(name + ".ln_1", dim, &p);
  p.add_conv1d(name + ".attn.c_attn", dim, 3 * dim, &layer->query_key_value);
  p.add_conv1d(name + ".attn.c_proj", dim, dim, &layer->output);
  layer->feed_forward_norm.declare(name + ".ln_2", dim, &p);
  p.add_conv1d(name + ".mlp.c_fc", dim, inner, &layer->feed_forward.in);
  p.add_conv1d(name + ".mlp.c_proj", inner, dim, &layer->feed_forward.out);
}

struct Gpt2::Workspace {
  Buffer<float> normed;           // [n, model_dim]
  Buffer<float> query_key_value;  // [n, 3 * model_dim]
  Buffer<float> context;          // [n, model_dim]
  Buffer<float> inner;            // [n, feed_forward_dim]
  Buffer<float> update;           // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    return allocate(n, c.model_dim, &normed) && allocate(n, 3 * c.model_dim, &query_key_value) &&
           allocate(n, c.model_dim, &context) && allocate(n, c.feed_forward_dim, &inner) &&
           allocate(n, c.model_dim, &update);
  }
};

Status Gpt2::run_layers(const ForwardPass& pass, float* final_hidden) const {
  const Index n = pass.length, size = n * config_.model_dim;
  const float epsilon = config_.norm_epsilon;
  Workspace work;
  if (!work.allocate_for(n, config_)) return Status::OutOfMemory();
  float* normed = work.normed.data();
  float* update = work.update.data();

  float* x = final_hidden;  // [n, model_dim], the stream that every layer adds to
  embed(pass, x);
  for (Index l = 0; l < config_.num_layers; ++l) {
    const Gpt2Layer& layer = layers_[static_cast<std::size_t>(l)];
    trace_hidden(config_, pass, l, x);

    // x = x + Attention(LayerNorm(x))
    layer.attention_norm.apply(x, n, epsilon, normed);
    if (Status status = self_attention(layer, pass, l, &work); !status.ok()) return status;
    add(update, size, x);

    // x = x + FFN(LayerNorm(x))
    layer.feed_forward_norm.apply(x, n, epsilon, normed);
    layer.feed_forward.apply(normed, n, config_.activation, work.inner.data(), update);
    add(update, size, x);
  }
  final_norm_.apply(x, n, epsilon, x);
  trace_hidden(config_, pass, config_.num_layers, x);
  return Status::Ok();
}

// x = token + position
void Gpt2::embed(const ForwardPass& pass, float* x) const {
  const Index dim = config_.model_dim;
  for (Index i = 0; i < pass.length; ++i) {
    float* row = x + i * dim;
    tokens_.weight_row(pass.token_ids[i], row);
    if (pass.options.use_positions) {
      add(positions_.data() + (pass.past_length + i) * dim, dim, row);
    }
  }
}

// work->update = Concat(head_1 ... head_h) W^O of work->normed
Status Gpt2::self_attention(const Gpt2Layer& weights, const ForwardPass& pass, Index layer,
                            Workspace* work) const {
  const Index n = pass.length, dim = config_.model_dim;
  weights.query_key_value.apply(work->normed.data(), dim, n, work->query_key_value.data(), 3 * dim);

  // Each row holds query, key and value side by side, each with its heads side by side.
  const auto heads = [&](Index part) {
    return HeadsView<const float>{.data = work->query_key_value.data() + part * dim,
                                  .batch_stride = n * 3 * dim,
                                  .head_stride = config_.head_dim,
                                  .row_stride = 3 * dim};
  };
  AttentionOptions options;
  options.scale = scale_of_layer(layer);
  options.is_causal = true;
  Status status =
      attend(config_, pass, layer, options, {heads(0), heads(1), heads(2)}, work->context.data());
  if (!status.ok()) return status;
  weights.output.apply(work->context.data(), dim, n, work->update.data(), dim);
  return Status::Ok();
}

float Gpt2::scale_of_layer(Index layer) const {
  const float scale = config_.scale_attention ? default_scale(config_.head_dim) : 1.0f;
  return config_.scale_attention_by_layer ? scale / static_cast<float>(layer + 1) : scale;
}

Status Gpt2::run_head(const float* final_hidden, Index rows, float* logits) const {
  head().apply(final_hidden, config_.model_dim, rows, logits, config_.vocabulary_size);
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
