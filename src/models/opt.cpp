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

constexpr AttentionNames kAttention{".q_proj", ".k_proj", ".v_proj", ".out_proj"};

struct OptLayer {
  LayerNorm attention_norm;
  AttentionLayer attention;
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
  layer->attention.declare(name + ".self_attn", kAttention, c, &p);
  layer->feed_forward_norm.declare(name + ".final_layer_norm", c.model_dim, &p);
  layer->feed_forward.declare(name + ".fc1", name + ".fc2", c, &p);
}

struct Opt::Workspace {
  Buffer<float> normed;  // [n, model_dim]
  AttentionWorkspace attention;
  Buffer<float> inner;   // [n, the feed-forward layer's columns]
  Buffer<float> update;  // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    return allocate(n, c.model_dim, &normed) && attention.allocate_for(n, c) &&
           allocate(n, layer_part(c).feed_forward.size(), &inner) &&
           allocate(n, c.model_dim, &update);
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
    Status status = layer.attention.apply(config_, pass, l, attention_of(l), nullptr, input,
                                          &work.attention, update);
    if (!status.ok()) co_return status;
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
  if (has_projections()) projection_in_.apply(rows, n, x);
  if (pass.options.use_positions) {
    const Index first = kPositionOffset + pass.past_length;
    add(positions_.data() + first * config_.model_dim, n * config_.model_dim, x);
  }
  return Status::Ok();
}

AttentionOptions Opt::attention_of(Index) const {
  AttentionOptions options;
  options.is_causal = true;
  options.scale = attention_scale(config_);
  return options;
}

Status Opt::run_head(const float* final_hidden, Index rows, float* logits) const {
  Buffer<float> narrow;
  if (has_projections()) {
    if (!allocate(rows, embedding_dim(), &narrow)) return Status::OutOfMemory();
    projection_out_.apply(final_hidden, rows, narrow.data());
    final_hidden = narrow.data();
  }
  head().apply(final_hidden, rows, logits);
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
