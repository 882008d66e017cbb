// BERT: a stack of bidirectional encoder layers, each Add & Norm after its sublayer.
// Sources: Devlin et al., "BERT" (2019); Vaswani et al. (2017), section 3.1 for the layer.
#include <memory>

#include "architectures.h"
#include "blocks.h"
#include "config.h"

namespace heed {
namespace {

struct BertLayer {
  Linear query, key, value;  // [heads * head_dim, model_dim] each
  Linear output;             // [model_dim, heads * head_dim]
  LayerNorm attention_norm;
  FeedForward feed_forward;
  LayerNorm feed_forward_norm;
};

class Bert final : public Model {
 public:
  explicit Bert(const ModelConfig& config) : Model(config, "bert.") {}

  bool is_causal() const override { return false; }
  Status declare_weights();

 private:
  struct Workspace;

  void declare_embedding();
  void declare_layer(const std::string& name, BertLayer* layer);
  void declare_head();
  void run_embedding(const ForwardPass& pass, float* x) const override;
  AttentionOptions attention_of(Index layer) const override;
  Forward run_layers(ForwardPass pass, float* x) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  Status self_attention(const BertLayer& weights, const ForwardPass& pass, Index layer,
                        const float* x, Workspace* work) const;
  const Linear& decoder() const { return config_.tied_head ? tokens_ : untied_decoder_; }

  Linear tokens_;            // [vocabulary_size, model_dim]
  Buffer<float> positions_;  // [max_length, model_dim]
  Buffer<float> types_;      // [num_token_types, model_dim]
  LayerNorm embedding_norm_;
  std::unique_ptr<BertLayer[]> layers_;  // [num_layers]

  Linear head_transform_;  // [model_dim, model_dim]
  LayerNorm head_norm_;
  Linear untied_decoder_;  // [vocabulary_size, model_dim]
};

Status Bert::declare_weights() {
  const ModelConfig& c = config_;
  if (c.part.has_ends) declare_embedding();
  if (c.part.has_layers()) {
    layers_.reset(new (std::nothrow) BertLayer[static_cast<std::size_t>(c.num_layers)]);
    if (layers_ == nullptr) return Status::OutOfMemory();
    for (Index l = 0; l < c.num_layers; ++l) {
      declare_layer("encoder.layer." + std::to_string(l), &layers_[static_cast<std::size_t>(l)]);
    }
  }
  if (c.part.has_ends) declare_head();
  return parameters_.status();
}

void Bert::declare_embedding() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  p.add_token_table("embeddings.word_embeddings.weight", c.vocabulary_size, c.model_dim,
                    c.tied_head, &tokens_);
  p.add_table("embeddings.position_embeddings.weight", c.max_length, c.model_dim, &positions_);
  p.add_table("embeddings.token_type_embeddings.weight", c.num_token_types, c.model_dim, &types_);
  embedding_norm_.declare("embeddings.LayerNorm", c.model_dim, &p);
}

void Bert::declare_layer(const std::string& name, BertLayer* layer) {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  p.add_linear(name + ".attention.self.query", query_shape(c), &layer->query);
  p.add_linear(name + ".attention.self.key", key_shape(c), &layer->key);
  p.add_linear(name + ".attention.self.value", key_shape(c), &layer->value);
  p.add_linear(name + ".attention.output.dense", attention_output_shape(c), &layer->output);
  layer->attention_norm.declare(name + ".attention.output.LayerNorm", c.model_dim, &p);
  p.add_linear(name + ".intermediate.dense", feed_forward_in_shape(c), &layer->feed_forward.in);
  p.add_linear(name + ".output.dense", feed_forward_out_shape(c), &layer->feed_forward.out);
  layer->feed_forward_norm.declare(name + ".output.LayerNorm", c.model_dim, &p);
}

void Bert::declare_head() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  p.begin_head();
  const std::string head = "cls.predictions";
  p.add_linear(head + ".transform.dense", {.in = c.model_dim, .out = c.model_dim},
               &head_transform_);
  head_norm_.declare(head + ".transform.LayerNorm", c.model_dim, &p);
  if (c.tied_head) {
    p.add_alias(head + ".decoder.weight", "embeddings.word_embeddings.weight");
    p.add_bias(head + ".bias", &tokens_);
  } else {
    p.add_token_table(head + ".decoder.weight", c.vocabulary_size, c.model_dim, true,
                      &untied_decoder_);
    p.add_bias(head + ".bias", &untied_decoder_);
  }
  p.add_alias(head + ".decoder.bias", head + ".bias");
}

struct Bert::Workspace {
  Buffer<float> query, key, value;  // [n, heads * head_dim] each
  Buffer<float> context;            // [n, heads * head_dim]
  Buffer<float> inner;              // [n, the feed-forward layer's columns]
  Buffer<float> update;             // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    const LayerPart part = layer_part(c);
    const Index heads = part.heads.size() * c.head_dim;
    return allocate(n, heads, &query) && allocate(n, heads, &key) && allocate(n, heads, &value) &&
           allocate(n, heads, &context) && allocate(n, part.feed_forward.size(), &inner) &&
           allocate(n, c.model_dim, &update);
  }
};

Forward Bert::run_layers(ForwardPass pass, float* x) const {
  const Index n = pass.length, size = n * config_.model_dim;
  const float epsilon = config_.norm_epsilon;
  Workspace work;
  if (!work.allocate_for(n, config_)) co_return Status::OutOfMemory();
  float* update = work.update.data();

  for (Index l = 0; l < config_.num_layers; ++l) {
    const BertLayer& layer = layers_[static_cast<std::size_t>(l)];
    trace_stream(config_, pass, x, l, pass.trace.hidden);

    // x = LayerNorm(x + Attention(x))
    trace_stream(config_, pass, x, l, pass.trace.attention_input);
    if (Status status = self_attention(layer, pass, l, x, &work); !status.ok()) co_return status;
    co_await pass.sum_over_shards(update, size);
    trace_stream(config_, pass, update, l, pass.trace.attention_output);
    add(update, size, x);
    layer.attention_norm.apply(x, n, epsilon, x);

    // x = LayerNorm(x + FFN(x))
    layer.feed_forward.apply(x, n, config_.activation, work.inner.data(), update);
    co_await pass.sum_over_shards(update, size);
    add(update, size, x);
    layer.feed_forward_norm.apply(x, n, epsilon, x);
  }
  trace_stream(config_, pass, x, config_.num_layers, pass.trace.hidden);
  co_return Status::Ok();
}

// x = LayerNorm(token + position + token type)
void Bert::run_embedding(const ForwardPass& pass, float* x) const {
  const Index dim = config_.model_dim;
  const std::int32_t* types = pass.options.token_types;
  for (Index i = 0; i < pass.length; ++i) {
    float* row = x + i * dim;
    tokens_.weight_row(pass.token_ids[i], row);
    add(types_.data() + (types != nullptr ? types[i] : 0) * dim, dim, row);
    if (pass.options.use_positions) add(positions_.data() + i * dim, dim, row);
  }
  embedding_norm_.apply(x, pass.length, config_.norm_epsilon, x);
}

// work->update = Concat(head_1 ... head_h) W^O, of a shard's heads their part of it
Status Bert::self_attention(const BertLayer& weights, const ForwardPass& pass, Index layer,
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

AttentionOptions Bert::attention_of(Index) const {
  AttentionOptions options;
  options.scale = default_scale(config_.head_dim);
  return options;
}

// The masked-token head: LayerNorm(activation(x W + b)) E^T + bias
Status Bert::run_head(const float* final_hidden, Index rows, float* logits) const {
  const Index dim = config_.model_dim;
  Buffer<float> y;
  if (!allocate(rows, dim, &y)) return Status::OutOfMemory();
  head_transform_.apply(final_hidden, dim, rows, y.data(), dim);
  activate(config_.activation, y.data(), y.size(), y.data());
  head_norm_.apply(y.data(), rows, config_.norm_epsilon, y.data());
  decoder().apply(y.data(), dim, rows, logits, config_.vocabulary_size);
  return Status::Ok();
}

}  // namespace

Status make_bert(const ModelConfig& config, std::unique_ptr<Model>* model) {
  if (Status status = check_plain_heads(config); !status.ok()) return status;
  if (config.num_token_types < 1) {
    return Status::Error(StatusCode::kInvalidModel, "num_token_types is 0, expected at least 1");
  }
  std::unique_ptr<Bert> bert(new (std::nothrow) Bert(config));
  if (bert == nullptr) return Status::OutOfMemory();
  if (Status status = bert->declare_weights(); !status.ok()) return status;
  *model = std::move(bert);
  return Status::Ok();
}

}  // namespace heed
