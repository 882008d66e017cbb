// OPT: a stack of causal decoder layers with learned positions, normalising before each sublayer
// or, in the model of 350 million, behind it.
// Source: Zhang et al., "OPT" (2022), section 2.1; fairseq for the positions' offset.
#include <memory>

#include "architectures.h"
#include "blocks.h"
#include "config.h"

namespace heed {
namespace {

// The table's first rows were for padding.
constexpr Index kPositionOffset = 2;

struct OptLayer {
  LayerNorm attention_norm;
  Linear query, key, value;  // [heads * head_dim, model_dim] each
  Linear output;             // [model_dim, heads * head_dim]
  LayerNorm feed_forward_norm;
  FeedForward feed_forward;
};

class Opt final : public Model {
 public:
  explicit Opt(const ModelConfig& config) : Model(config, "model.") {}

  bool is_causal() const override { return true; }
  Status declare_weights();

 private:
  struct Workspace;

  void declare_ends();
  void declare_layer(const std::string& name, OptLayer* layer);
  Status run_embedding(const ForwardPass& pass, float* x) const override;
  AttentionOptions attention_of(Index layer) const override;
  Forward run_layers(ForwardPass pass, float* x) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  Status self_attention(const OptLayer& weights, const ForwardPass& pass, Index layer,
                        const float* x, Workspace* work) const;
  Index embedding_dim() const { return embedding_dim_of(config_); }
  bool has_projections() const { return embedding_dim() != config_.model_dim; }
  const Linear& head() const { return config_.tied_head ? tokens_ : untied_head_; }

  Linear tokens_;                       // [vocabulary_size, embedding_dim]
  Buffer<float> positions_;             // [kPositionOffset + max_length, model_dim]
  Linear projection_in_;                // [model_dim, embedding_dim], where they differ
  std::unique_ptr<OptLayer[]> layers_;  // [num_layers]
  LayerNorm final_norm_;                // where norms are before sublayers
  Linear projection_out_;               // [embedding_dim, model_dim], as projection_in_
  Linear untied_head_;                  // [vocabulary_size, embedding_dim]
};

Status Opt::declare_weights() {
  const ModelConfig& c = config_;
  if (c.part.has_layers()) {
    layers_.reset(new (std::nothrow) OptLayer[static_cast<std::size_t>(c.num_layers)]);
    if (layers_ == nullptr) return Status::OutOfMemory();
    for (Index l = 0; l < c.num_layers; ++l) {
      declare_layer("decoder.layers." + std::to_string(l), &layers_[static_cast<std::size_t>(l)]);
    }
    if (c.has_pre_norms) {
      final_norm_.declare("decoder.final_layer_norm", c.model_dim, &parameters_);
    }
  }
  if (c.part.has_ends) declare_ends();
  return parameters_.status();
}

void Opt::declare_ends() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  const Index dim = embedding_dim();
  p.add_token_table("decoder.embed_tokens.weight", c.vocabulary_size, dim, false, &tokens_);
  p.add_table("decoder.embed_positions.weight", kPositionOffset + c.max_length, c.model_dim,
              &positions_);
  if (has_projections()) {
    p.add_linear("decoder.project_in", {.in = dim, .out = c.model_dim, .has_bias = false},
                 &projection_in_);
    p.add_linear("decoder.project_out", {.in = c.model_dim, .out = dim, .has_bias = false},
                 &projection_out_);
  }
  p.begin_head();
  if (c.tied_head) {
    p.add_alias("lm_head.weight", "decoder.embed_tokens.weight");
  } else {
    p.add_token_table("lm_head.weight", c.vocabulary_size, dim, false, &untied_head_);
  }
}

void Opt::declare_layer(const std::string& name, OptLayer* layer) {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  layer->attention_norm.declare(name + ".self_attn_layer_norm", c.model_dim, &p);
  p.add_linear(name + ".self_attn.q_proj", query_shape(c), &layer->query);
  p.add_linear(name + ".self_attn.k_proj", key_shape(c), &layer->key);
  p.add_linear(name + ".self_attn.v_proj", key_shape(c), &layer->value);
  p.add_linear(name + ".self_attn.out_proj", attention_output_shape(c), &layer->output);
  layer->feed_forward_norm.declare(name + ".final_layer_norm", c.model_dim, &p);
  p.add_linear(name + ".fc1", feed_forward_in_shape(c), &layer->feed_forward.in);
  p.add_linear(name + ".fc2", feed_forward_out_shape(c), &layer->feed_forward.out);
}

struct Opt::Workspace {
  Buffer<float> normed;             // [n, model_dim]
  Buffer<float> query, key, value;  // [n, heads * head_dim] each
  Buffer<float> context;            // [n, heads * head_dim]
  Buffer<float> inner;              // [n, the feed-forward layer's columns]
  Buffer<float> update;             // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    const LayerPart part = layer_part(c);
    const Index heads = part.heads.size() * c.head_dim;
    return allocate(n, c.model_dim, &normed) && allocate(n, heads, &query) &&
           allocate(n, heads, &key) && allocate(n, heads, &value) && allocate(n, heads, &context) &&
           allocate(n, part.feed_forward.size(), &inner) && allocate(n, c.model_dim, &update);
  }
};

Forward Opt::run_layers(ForwardPass pass, float* x) const {
  const Index n = pass.length, size = n * config_.model_dim;
  const float epsilon = config_.norm_epsilon;
  const bool is_before = config_.has_pre_norms;
  Workspace work;
  if (!work.allocate_for(n, config_)) co_return Status::OutOfMemory();
  float* normed = work.normed.data();
  float* update = work.update.data();
  const float* input = is_before ? normed : x;  // what a sublayer reads

  for (Index l = 0; l < config_.num_layers; ++l) {
    const OptLayer& layer = layers_[static_cast<std::size_t>(l)];
    trace_stream(config_, pass, x, l, pass.trace.hidden);

    // x = x + Attention(LayerNorm(x)), or LayerNorm(x + Attention(x))
    if (is_before) layer.attention_norm.apply(x, n, epsilon, normed);
    trace_stream(config_, pass, input, l, pass.trace.attention_input);
    if (Status status = self_attention(layer, pass, l, input, &work); !status.ok()) {
      co_return status;
    }
    co_await pass.sum_over_shards(update, size);
    trace_stream(config_, pass, update, l, pass.trace.attention_output);
    add(update, size, x);
    if (!is_before) layer.attention_norm.apply(x, n, epsilon, x);

    // x = x + FFN(LayerNorm(x)), likewise
    if (is_before) layer.feed_forward_norm.apply(x, n, epsilon, normed);
    layer.feed_forward.apply(input, n, config_.activation, work.inner.data(), update);
    co_await pass.sum_over_shards(update, size);
    add(update, size, x);
    if (!is_before) layer.feed_forward_norm.apply(x, n, epsilon, x);
  }
  if (is_before) final_norm_.apply(x, n, epsilon, x);
  trace_stream(config_, pass, x, config_.num_layers, pass.trace.hidden);
  co_return Status::Ok();
}

// x = token, projected where it has another size, + position
Status Opt::run_embedding(const ForwardPass& pass, float* x) const {
  const Index dim = embedding_dim(), n = pass.length;
  Buffer<float> narrow;
  if (has_projections() && !allocate(n, dim, &narrow)) return Status::OutOfMemory();
  float* rows = has_projections() ? narrow.data() : x;
  for (Index i = 0; i < n; ++i) tokens_.weight_row(pass.token_ids[i], rows + i * dim);
  if (has_projections()) projection_in_.apply(rows, dim, n, x, config_.model_dim);
  if (pass.options.use_positions) {
    const Index first = kPositionOffset + pass.past_length;
    add(positions_.data() + first * config_.model_dim, n * config_.model_dim, x);
  }
  return Status::Ok();
}

// work->update = Concat(head_1 ... head_h) W^O of x, of a shard's heads their part of it
Status Opt::self_attention(const OptLayer& weights, const ForwardPass& pass, Index layer,
                           const float* x, Workspace* work) const {
  const Index n = pass.length, dim = config_.model_dim;
  const Index heads_dim = weights.query.out_features();
  weights.query.apply(x, dim, n, work->query.data(), heads_dim);
  weights.key.apply(x, dim, n, work->key.data(), heads_dim);
  weights.value.apply(x, dim, n, work->value.data(), heads_dim);
  const auto heads = [&](const Buffer<float>& rows) {
    return HeadsView<const float>::Blhd(rows.data(), heads_dim / config_.head_dim, n,
                                        config_.head_dim);
  };
  Status status =
      attend(config_, pass, layer, attention_of(layer),
             {heads(work->query), heads(work->key), heads(work->value)}, work->context.data());
  if (!status.ok()) return status;
  weights.output.apply(work->context.data(), heads_dim, n, work->update.data(), dim);
  return Status::Ok();
}

AttentionOptions Opt::attention_of(Index) const {
  AttentionOptions options;
  options.is_causal = true;
  options.scale = attention_scale(config_);
  return options;
}

Status Opt::run_head(const float* final_hidden, Index rows, float* logits) const {
  const Index dim = embedding_dim();
  Buffer<float> narrow;
  if (has_projections()) {
    if (!allocate(rows, dim, &narrow)) return Status::OutOfMemory();
    projection_out_.apply(final_hidden, config_.model_dim, rows, narrow.data(), dim);
    final_hidden = narrow.data();
  }
  head().apply(final_hidden, dim, rows, logits, config_.vocabulary_size);
  return Status::Ok();
}

}  // namespace

Status make_opt(const ModelConfig& config, std::unique_ptr<Model>* model) {
  if (Status status = check_plain_heads(config); !status.ok()) return status;
  std::unique_ptr<Opt> opt(new (std::nothrow) Opt(config));
  if (opt == nullptr) return Status::OutOfMemory();
  if (Status status = opt->declare_weights(); !status.ok()) return status;
  *model = std::move(opt);
  return Status::Ok();
}

}  // namespace heed
