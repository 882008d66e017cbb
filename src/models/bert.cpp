// BERT and its kin, DistilBERT, RoBERTa and ELECTRA: a stack of bidirectional encoder layers, each
// Add & Norm after its sublayer. What differs is in their names (bert_names.h), in where positions
// begin, and in ELECTRA's narrower embedding and its discriminator's head.
// Sources: Devlin et al., "BERT" (2019); Vaswani et al. (2017), section 3.1 for the layer.
#include <memory>

#include "architectures.h"
#include "bert_names.h"
#include "blocks.h"
#include "config.h"

namespace heed {
namespace {

struct BertLayer {
  AttentionLayer attention;
  LayerNorm attention_norm;
  FeedForward feed_forward;
  LayerNorm feed_forward_norm;
};

class Bert final : public Model {
 public:
  Bert(const ModelConfig& config, const BertNames& names)
      : Model(config, names.prefix), names_(names) {}

  bool is_causal() const override { return false; }
  Status declare_weights();

 private:
  struct Workspace;

  void declare_embedding();
  void declare_layer(const std::string& name, BertLayer* layer);
  void declare_head();
  Status run_embedding(const ForwardPass& pass, float* x) const override;
  AttentionOptions attention_of(Index layer) const override;
  Forward run_layers(ForwardPass pass, float* x) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  void add_embeddings(const ForwardPass& pass, float* rows) const;
  bool has_tied_decoder() const { return config_.tied_head && !config_.is_discriminator; }
  const Linear& decoder() const { return has_tied_decoder() ? tokens_ : untied_decoder_; }
  Index embedding_dim() const { return embedding_dim_of(config_); }
  bool has_projection() const { return embedding_dim() != config_.model_dim; }

  const BertNames& names_;
  Linear tokens_;            // [vocabulary_size, embedding_dim]
  Buffer<float> positions_;  // [padding_id + 1 + max_length, embedding_dim]
  Buffer<float> types_;      // [num_token_types, embedding_dim]
  LayerNorm embedding_norm_;
  Linear projection_;                    // [model_dim, embedding_dim], where those differ
  std::unique_ptr<BertLayer[]> layers_;  // [num_layers]

  Linear head_transform_;  // [embedding_dim, model_dim]; of a discriminator [model_dim, model_dim]
  LayerNorm head_norm_;
  Linear untied_decoder_;  // [vocabulary_size, embedding_dim]; of a discriminator [1, model_dim]
};

Status Bert::declare_weights() {
  const ModelConfig& c = config_;
  if (c.part.has_ends) declare_embedding();
  if (c.part.has_layers()) {
    layers_.reset(new (std::nothrow) BertLayer[static_cast<std::size_t>(c.num_layers)]);
    if (layers_ == nullptr) return Status::OutOfMemory();
    for (Index l = 0; l < c.num_layers; ++l) {
      declare_layer(names_.layer + std::to_string(l), &layers_[static_cast<std::size_t>(l)]);
    }
  }
  if (c.part.has_ends) declare_head();
  return parameters_.status();
}

void Bert::declare_embedding() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  const Index dim = embedding_dim();
  p.add_token_table("embeddings.word_embeddings.weight", c.vocabulary_size, dim, has_tied_decoder(),
                    &tokens_);
  p.add_table("embeddings.position_embeddings.weight", c.padding_id + 1 + c.max_length, dim,
              &positions_);
  if (names_.has_token_types) {
    p.add_table("embeddings.token_type_embeddings.weight", c.num_token_types, dim, &types_);
  }
  embedding_norm_.declare("embeddings.LayerNorm", dim, &p);
  if (has_projection()) {
    p.add_linear("embeddings_project", {.in = dim, .out = c.model_dim}, &projection_);
  }
}

void Bert::declare_layer(const std::string& name, BertLayer* layer) {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  layer->attention.declare(name, names_.attention, c, &p);
  layer->attention_norm.declare(name + names_.attention_norm, c.model_dim, &p);
  layer->feed_forward.declare(name + names_.feed_forward_in, name + names_.feed_forward_out, c, &p);
  layer->feed_forward_norm.declare(name + names_.feed_forward_norm, c.model_dim, &p);
}

void Bert::declare_head() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  const Index dim = c.is_discriminator ? c.model_dim : embedding_dim();
  const std::string decoder = names_.decoder;
  p.begin_head();
  p.add_linear(names_.head_transform, {.in = c.model_dim, .out = dim}, &head_transform_);
  if (names_.head_norm != nullptr) head_norm_.declare(names_.head_norm, dim, &p);
  if (has_tied_decoder()) {
    p.add_alias(decoder + ".weight", "embeddings.word_embeddings.weight");
    p.add_bias(names_.bias, &tokens_);
  } else {
    p.add_token_table(decoder + ".weight", num_logits(), dim, true, &untied_decoder_);
    p.add_bias(names_.bias, &untied_decoder_);
  }
  if (decoder + ".bias" != names_.bias) p.add_alias(decoder + ".bias", names_.bias);
}

struct Bert::Workspace {
  AttentionWorkspace attention;
  Buffer<float> inner;   // [n, the feed-forward layer's columns]
  Buffer<float> update;  // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    return attention.allocate_for(n, c) && allocate(n, layer_part(c).feed_forward.size(), &inner) &&
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
    Status status = layer.attention.apply(config_, pass, l, attention_of(l), nullptr, x,
                                          &work.attention, update);
    if (!status.ok()) co_return status;
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

// x = LayerNorm(token + position + token type), projected where the model is of another dimension
Status Bert::run_embedding(const ForwardPass& pass, float* x) const {
  const Index dim = embedding_dim();
  Buffer<float> narrow;
  if (has_projection() && !allocate(pass.length, dim, &narrow)) return Status::OutOfMemory();
  float* rows = has_projection() ? narrow.data() : x;
  add_embeddings(pass, rows);
  embedding_norm_.apply(rows, pass.length, config_.norm_epsilon, rows);
  if (has_projection()) projection_.apply(rows, pass.length, x);
  return Status::Ok();
}

// rows [n, embedding_dim] = token + position + token type. Tokens other than padding are counted
// from padding_id + 1 on, and padding stands at padding_id (RoBERTa; of the others none is one).
void Bert::add_embeddings(const ForwardPass& pass, float* rows) const {
  const Index dim = embedding_dim();
  const std::int32_t* types = pass.options.token_types;
  Index next = config_.padding_id + 1;
  for (Index i = 0; i < pass.length; ++i) {
    const Index token = pass.token_ids[i];
    const Index position = token == config_.padding_id ? token : next++;
    float* row = rows + i * dim;
    tokens_.weight_row(token, row);
    if (names_.has_token_types) {
      add(types_.data() + (types != nullptr ? types[i] : 0) * dim, dim, row);
    }
    if (pass.options.use_positions) add(positions_.data() + position * dim, dim, row);
  }
}

AttentionOptions Bert::attention_of(Index) const {
  AttentionOptions options;
  options.scale = default_scale(config_.head_dim);
  return options;
}

// The masked-token head, LayerNorm(activation(x W + b)) E^T + bias, or the discriminator's, which
// does not normalise
Status Bert::run_head(const float* final_hidden, Index rows, float* logits) const {
  const Index dim = head_transform_.out_features();
  Buffer<float> y;
  if (!allocate(rows, dim, &y)) return Status::OutOfMemory();
  head_transform_.apply(final_hidden, rows, y.data());
  activate(names_.head_is_gelu ? Activation::kGelu : config_.activation, y.data(), y.size(),
           y.data());
  if (names_.head_norm != nullptr) {
    head_norm_.apply(y.data(), rows, config_.norm_epsilon, y.data());
  }
  decoder().apply(y.data(), rows, logits);
  return Status::Ok();
}

Status make(const ModelConfig& config, const BertNames& names, std::unique_ptr<Model>* model) {
  if (Status status = check_plain_heads(config); !status.ok()) return status;
  if (names.has_token_types && config.num_token_types < 1) {
    return Status::Error(StatusCode::kInvalidModel, "num_token_types is 0, expected at least 1");
  }
  std::unique_ptr<Bert> bert(new (std::nothrow) Bert(config, names));
  if (bert == nullptr) return Status::OutOfMemory();
  if (Status status = bert->declare_weights(); !status.ok()) return status;
  *model = std::move(bert);
  return Status::Ok();
}

}  // namespace

Status make_bert(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make(config, kBertNames, model);
}

Status make_distilbert(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make(config, kDistilBertNames, model);
}

Status make_roberta(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make(config, kRobertaNames, model);
}

Status make_electra(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make(config, config.is_discriminator ? kElectraDiscriminatorNames : kElectraNames, model);
}

}  // namespace heed
