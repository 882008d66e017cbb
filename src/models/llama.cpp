// The Llama family: a stack of causal decoder layers of RMS norms, rotary positions, query heads
// that share their keys and values, and a gated feed-forward layer; with what its members add.
// Sources: Touvron et al., "LLaMA" (2023), section 2.2, and "Llama 2" (2023) for grouped heads;
// Jiang et al., "Mistral 7B" (2023), section 2 for the window; Qwen Team, "Qwen2" (2024), section
// 2.2 for the biases, and "Qwen3" (2025), section 2 for the norms of queries and keys; Gemma Team,
// "Gemma" (2024), section 2, "Gemma 2" (2024), section 2 for the norms behind sublayers and the
// softcaps, and "Gemma 3" (2025), section 2 for the rotary positions of sliding layers.
#include <memory>

#include "../kernels/head.h"
#include "architectures.h"
#include "blocks.h"
#include "config.h"

namespace heed {
namespace {

constexpr AttentionNames kAttention{".q_proj", ".k_proj", ".v_proj", ".o_proj"};

struct LlamaLayer {
  RmsNorm attention_norm;
  AttentionLayer attention;
  RmsNorm query_norm, key_norm;  // of [head_dim], where the config has them
  RmsNorm attention_post_norm;   // where the config has post-norms
  RmsNorm feed_forward_norm;
  GatedFeedForward feed_forward;
  RmsNorm feed_forward_post_norm;  // the same
};

class Llama final : public Model {
 public:
  explicit Llama(const ModelConfig& config) : Model(config, "model.") {}

  bool is_causal() const override { return true; }
  Status declare_weights();

 private:
  struct Workspace;

  void declare_layer(const std::string& name, LlamaLayer* layer);
  Status run_embedding(const ForwardPass& pass, float* x) const override;
  AttentionOptions attention_of(Index layer) const override;
  Forward run_layers(ForwardPass pass, float* x) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  Status self_attention(const LlamaLayer& weights, const ForwardPass& pass, Index layer,
                        Workspace* work) const;
  bool is_sliding(Index layer) const;
  const Linear& head() const { return config_.tied_head ? tokens_ : untied_head_; }

  Linear tokens_;                         // [vocabulary_size, model_dim]
  std::unique_ptr<LlamaLayer[]> layers_;  // [num_layers]
  RmsNorm final_norm_;
  Linear untied_head_;  // [vocabulary_size, model_dim]
};

Status Llama::declare_weights() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  if (c.part.has_ends) {
    p.add_token_table("embed_tokens.weight", c.vocabulary_size, c.model_dim, false, &tokens_);
  }
  if (c.part.has_layers()) {
    layers_.reset(new (std::nothrow) LlamaLayer[static_cast<std::size_t>(c.num_layers)]);
    if (layers_ == nullptr) return Status::OutOfMemory();
    for (Index l = 0; l < c.num_layers; ++l) {
      declare_layer("layers." + std::to_string(l), &layers_[static_cast<std::size_t>(l)]);
    }
    final_norm_.declare("norm", c.model_dim, &p);
  }
  if (c.part.has_ends) {
    p.begin_head();
    if (c.tied_head) {
      p.add_alias("lm_head.weight", "embed_tokens.weight");
    } else {
      p.add_token_table("lm_head.weight", c.vocabulary_size, c.model_dim, false, &untied_head_);
    }
  }
  return p.status();
}

void Llama::declare_layer(const std::string& name, LlamaLayer* layer) {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  layer->attention_norm.declare(name + ".input_layernorm", c.model_dim, &p);
  layer->attention.declare(name + ".self_attn", kAttention, c, &p);
  if (c.has_query_key_norm) {
    layer->query_norm.declare(name + ".self_attn.q_norm", c.head_dim, &p);
    layer->key_norm.declare(name + ".self_attn.k_norm", c.head_dim, &p);
  }
  // "post_attention" is behind attention's sum where that is all there is, and before it in
  // Gemma 2.
  if (c.has_post_norms) {
    layer->attention_post_norm.declare(name + ".post_attention_layernorm", c.model_dim, &p);
    layer->feed_forward_norm.declare(name + ".pre_feedforward_layernorm", c.model_dim, &p);
    layer->feed_forward_post_norm.declare(name + ".post_feedforward_layernorm", c.model_dim, &p);
  } else {
    layer->feed_forward_norm.declare(name + ".post_attention_layernorm", c.model_dim, &p);
  }
  layer->feed_forward.declare(name + ".mlp.gate_proj", name + ".mlp.up_proj",
                              name + ".mlp.down_proj", c, &p);
}

struct Llama::Workspace {
  RotaryTables rotary, sliding_rotary;
  Buffer<float> normed;  // [n, model_dim]
  AttentionWorkspace attention;
  Buffer<float> inner;   // [2, n, the feed-forward layer's columns]
  Buffer<float> update;  // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(const ForwardPass& pass, const ModelConfig& c) {
    const Index n = pass.length;
    return rotary.fill(c.rotary, pass.past_length, n) &&
           sliding_rotary.fill(c.sliding_rotary, pass.past_length, n) &&
           allocate(n, c.model_dim, &normed) && attention.allocate_for(n, c) &&
           allocate(n, 2 * layer_part(c).feed_forward.size(), &inner) &&
           allocate(n, c.model_dim, &update);
  }
};

Forward Llama::run_layers(ForwardPass pass, float* x) const {
  const Index n = pass.length, size = n * config_.model_dim;
  Workspace work;
  if (!work.allocate_for(pass, config_)) co_return Status::OutOfMemory();
  float* normed = work.normed.data();
  float* update = work.update.data();

  // x is the stream that every layer adds to.
  for (Index l = 0; l < config_.num_layers; ++l) {
    const LlamaLayer& layer = layers_[static_cast<std::size_t>(l)];
    trace_stream(config_, pass, x, l, pass.trace.hidden);

    // x = x + Attention(RMSNorm(x)), in Gemma 2 x + RMSNorm(Attention(RMSNorm(x)))
    layer.attention_norm.apply(x, n, config_, normed);
    trace_stream(config_, pass, normed, l, pass.trace.attention_input);
    if (Status status = self_attention(layer, pass, l, &work); !status.ok()) co_return status;
    co_await pass.sum_over_shards(update, size);
    trace_stream(config_, pass, update, l, pass.trace.attention_output);
    if (config_.has_post_norms) layer.attention_post_norm.apply(update, n, config_, update);
    add(update, size, x);

    // x = x + FFN(RMSNorm(x)), likewise
    layer.feed_forward_norm.apply(x, n, config_, normed);
    layer.feed_forward.apply(normed, n, config_.activation, work.inner.data(), update);
    co_await pass.sum_over_shards(update, size);
    if (config_.has_post_norms) layer.feed_forward_post_norm.apply(update, n, config_, update);
    add(update, size, x);
  }
  final_norm_.apply(x, n, config_, x);
  trace_stream(config_, pass, x, config_.num_layers, pass.trace.hidden);
  co_return Status::Ok();
}

// x = token, in Gemma times sqrt(model_dim)
Status Llama::run_embedding(const ForwardPass& pass, float* x) const {
  const Index dim = config_.model_dim;
  for (Index i = 0; i < pass.length; ++i) tokens_.weight_row(pass.token_ids[i], x + i * dim);
  for (Index i = 0; i < pass.length * dim; ++i) x[i] *= config_.embedding_scale;
  return Status::Ok();
}

// work->update = Concat(head_1 ... head_h) W^O of work->normed, of a shard's heads their part of it
Status Llama::self_attention(const LlamaLayer& weights, const ForwardPass& pass, Index layer,
                             Workspace* work) const {
  const Index n = pass.length, head_dim = config_.head_dim;
  const AttentionLayer& attention = weights.attention;
  const Index heads = attention.query.out_features() / head_dim;
  const Index kv_heads = attention.key.out_features() / head_dim;
  AttentionWorkspace& rows = work->attention;
  attention.project(work->normed.data(), n, &rows);
  if (config_.has_query_key_norm) {
    weights.query_norm.apply(rows.query.data(), n * heads, config_, rows.query.data());
    weights.key_norm.apply(rows.key.data(), n * kv_heads, config_, rows.key.data());
  }

  const auto query = HeadsView<float>::Blhd(rows.query.data(), heads, n, head_dim);
  const auto key = HeadsView<float>::Blhd(rows.key.data(), kv_heads, n, head_dim);
  const auto value = HeadsView<float>::Blhd(rows.value.data(), kv_heads, n, head_dim);
  if (pass.options.use_positions) {
    const bool has_own = is_sliding(layer) && !config_.sliding_rotary.frequencies.empty();
    const RotaryTables& rotary = has_own ? work->sliding_rotary : work->rotary;
    rotary.turn(query, heads, head_dim);
    rotary.turn(key, kv_heads, head_dim);
  }
  return attend(config_, pass, layer, attention_of(layer), {query, key, value}, attention.output,
                rows.context.data(), work->update.data());
}

bool Llama::is_sliding(Index layer) const {
  const auto& layers = config_.sliding_layers;
  return !layers.empty() && layers[static_cast<std::size_t>(layer)] != 0;
}

AttentionOptions Llama::attention_of(Index layer) const {
  AttentionOptions options;
  options.is_causal = true;
  options.scale = attention_scale(config_);
  options.softcap = config_.attention_softcap;
  if (is_sliding(layer)) options.window_left = config_.window - 1;
  return options;
}

Status Llama::run_head(const float* final_hidden, Index rows, float* logits) const {
  head().apply(final_hidden, rows, logits);
  if (config_.logit_softcap > 0.0f) {
    cap_scores(logits, rows * config_.vocabulary_size, config_.logit_softcap);
  }
  return Status::Ok();
}

}  // namespace

Status make_llama(const ModelConfig& config, std::unique_ptr<Model>* model) {
  std::unique_ptr<Llama> llama(new (std::nothrow) Llama(config));
  if (llama == nullptr) return Status::OutOfMemory();
  if (Status status = llama->declare_weights(); !status.ok()) return status;
  *model = std::move(llama);
  return Status::Ok();
}

}  // namespace heed
