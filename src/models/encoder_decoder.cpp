// BART, Marian and T5: an encoder that reads a source text, and a causal decoder that also attends
// to what the encoder made of it.
//
// A pass without a memory goes through the encoder; one with a memory, made of the encoder's final
// hidden states, through the decoder. BART and Marian normalise behind each sublayer's sum, T5
// before the sublayer; where their names and positions differ is in encoder_decoder_names.h.
// Sources: Vaswani et al. (2017), section 3; and those of encoder_decoder_names.h.
#include <algorithm>
#include <memory>

#include "../layers/normalization.h"
#include "../layers/positions.h"
#include "architectures.h"
#include "blocks.h"
#include "config.h"
#include "encoder_decoder_names.h"
#include "relative_bias.h"

namespace heed {
namespace {

// transformers' tables of learned positions begin with two rows that are not used.
constexpr Index kFirstPosition = 2;

using Positions = EncoderDecoderNames::Positions;

struct Norm {
  Buffer<float> weight;  // [model_dim]
  Buffer<float> bias;    // [model_dim]; none: normalised by root mean square
};

struct Attention {
  Norm norm;
  AttentionLayer layer;
};

struct StackLayer {
  Attention self, cross;  // the encoder's has no cross-attention
  Norm feed_forward_norm;
  FeedForward feed_forward;
  GatedFeedForward gated_feed_forward;  // in its place, where the config has a gate
};

struct Stack {
  Buffer<float> positions;  // [kFirstPosition + max_length, model_dim]; sinusoids: [max_length, …]
  Buffer<float> distances;  // [relative_buckets, heads]
  Norm embedding_norm;
  std::unique_ptr<StackLayer[]> layers;
  Norm final_norm;
};

class EncoderDecoder final : public Model {
 public:
  EncoderDecoder(ModelConfig config, const EncoderDecoderNames& names)
      : Model(std::move(config), names.prefix), names_(names) {}

  bool is_causal() const override { return false; }
  Status declare_weights();

 private:
  struct Workspace;

  Status declare_stack(const std::string& name, bool is_decoder, Stack* stack);
  Status declare_positions(const std::string& name, Stack* stack);
  void declare_feed_forward(const std::string& name, StackLayer* layer);
  void declare_norm(const std::string& name, Norm* norm);

  Status run_embedding(const ForwardPass& pass, float* x) const override;
  AttentionOptions attention_of(Index layer) const override;
  Status add_position_bias(bool is_decoder, Index length, Index past, Buffer<float>* storage,
                           AttentionMask* mask) const override;
  void run_memory(const float* final_hidden, Memory* memory) const override;
  Forward run_layers(ForwardPass pass, float* x) const override;
  Status run_head(const float* final_hidden, Index rows, float* logits) const override;

  void normalise(const Norm& norm, const float* x, Index rows, float* y) const;
  Status attend_and_add(const Attention& weights, const ForwardPass& pass, Index layer,
                        const Memory* memory, const AttentionOptions& options, Workspace* work,
                        float* x) const;
  void feed_forward_and_add(const StackLayer& layer, Index n, Workspace* work, float* x) const;
  const Stack& stack(bool is_decoder) const { return is_decoder ? decoder_stack_ : encoder_; }
  const Linear& head() const { return config_.tied_head ? tokens_ : untied_head_; }

  const EncoderDecoderNames& names_;
  Linear tokens_;  // [vocabulary_size, model_dim], of both stacks
  Stack encoder_, decoder_stack_;
  Linear untied_head_;  // [vocabulary_size, model_dim]
};

Status EncoderDecoder::declare_weights() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  const bool has_head_bias = !names_.is_t5;
  p.add_token_table("shared.weight", c.vocabulary_size, c.model_dim, c.tied_head && has_head_bias,
                    &tokens_);
  p.add_alias("encoder.embed_tokens.weight", "shared.weight");
  p.add_alias("decoder.embed_tokens.weight", "shared.weight");
  Status status = declare_stack("encoder", false, &encoder_);
  if (status.ok()) status = declare_stack("decoder", true, &decoder_stack_);
  if (!status.ok()) return status;

  p.begin_head();
  if (c.tied_head) {
    p.add_alias("lm_head.weight", "shared.weight");
  } else {
    p.add_token_table("lm_head.weight", c.vocabulary_size, c.model_dim, has_head_bias,
                      &untied_head_);
  }
  if (has_head_bias) {
    p.add_optional_bias("final_logits_bias", c.tied_head ? &tokens_ : &untied_head_);
  }
  return p.status();
}

Status EncoderDecoder::declare_stack(const std::string& name, bool is_decoder, Stack* stack) {
  const Index num_layers = is_decoder ? config_.num_decoder_layers : config_.num_layers;
  if (Status status = declare_positions(name, stack); !status.ok()) return status;
  if (names_.embedding_norm != nullptr) {
    declare_norm(name + names_.embedding_norm, &stack->embedding_norm);
  }
  stack->layers.reset(new (std::nothrow) StackLayer[static_cast<std::size_t>(num_layers)]);
  if (stack->layers == nullptr) return Status::OutOfMemory();
  for (Index l = 0; l < num_layers; ++l) {
    const std::string at = name + names_.layer + std::to_string(l);
    StackLayer* layer = &stack->layers[static_cast<std::size_t>(l)];
    declare_norm(at + names_.self_norm, &layer->self.norm);
    layer->self.layer.declare(at + names_.self, names_.attention, config_, &parameters_);
    if (is_decoder) {
      declare_norm(at + names_.cross_norm, &layer->cross.norm);
      layer->cross.layer.declare(at + names_.cross, names_.attention, config_, &parameters_);
    }
    declare_norm(
        at + (is_decoder ? names_.decoder_feed_forward_norm : names_.encoder_feed_forward_norm),
        &layer->feed_forward_norm);
    declare_feed_forward(
        at + (is_decoder ? names_.decoder_feed_forward : names_.encoder_feed_forward), layer);
  }
  if (names_.final_norm != nullptr) declare_norm(name + names_.final_norm, &stack->final_norm);
  return parameters_.status();
}

Status EncoderDecoder::declare_positions(const std::string& name, Stack* stack) {
  const ModelConfig& c = config_;
  if (names_.positions == Positions::kLearned) {
    parameters_.add_table(name + ".embed_positions.weight", kFirstPosition + c.max_length,
                          c.model_dim, &stack->positions);
  } else if (names_.positions == Positions::kRelative) {
    // The first layer's, for all.
    const std::string first = name + names_.layer + "0" + names_.self;
    parameters_.add_table(first + ".relative_attention_bias.weight", c.relative_buckets,
                          c.num_heads, &stack->distances);
  } else {
    // Sines in the first half of a row, cosines in the second; an odd dimension ends the first.
    const Index dim = c.model_dim, sines = (dim + 1) / 2;
    Buffer<float> table;
    if (!allocate(c.max_length, dim, &table) || !allocate(c.max_length, dim, &stack->positions)) {
      return Status::OutOfMemory();
    }
    sinusoidal_positions(c.max_length, dim, table.data());
    for (Index i = 0; i < c.max_length; ++i) {
      for (Index d = 0; d < dim; ++d) {
        stack->positions.data()[i * dim + d / 2 + (d % 2) * sines] = table.data()[i * dim + d];
      }
    }
  }
  return Status::Ok();
}

void EncoderDecoder::declare_feed_forward(const std::string& name, StackLayer* layer) {
  const std::string in = name + names_.feed_forward_in, out = name + names_.feed_forward_out;
  if (config_.has_gate) {
    layer->gated_feed_forward.declare(name + names_.feed_forward_gate,
                                      name + names_.feed_forward_up, out, config_, &parameters_);
  } else {
    layer->feed_forward.declare(in, out, config_, &parameters_);
  }
}

void EncoderDecoder::declare_norm(const std::string& name, Norm* norm) {
  parameters_.add_vector(name + ".weight", config_.model_dim, &norm->weight);
  if (!names_.is_t5) parameters_.add_vector(name + ".bias", config_.model_dim, &norm->bias);
}

// x = token * scale + position, normalised where the architecture does
Status EncoderDecoder::run_embedding(const ForwardPass& pass, float* x) const {
  const Index dim = config_.model_dim;
  const Stack& own = stack(pass.options.memory != nullptr);
  const bool has_table = names_.positions != Positions::kRelative;
  const Index first = names_.positions == Positions::kLearned ? kFirstPosition : 0;
  for (Index i = 0; i < pass.length; ++i) {
    float* row = x + i * dim;
    tokens_.weight_row(pass.token_ids[i], row);
    for (Index d = 0; d < dim; ++d) row[d] *= config_.embedding_scale;
    if (has_table && pass.options.use_positions) {
      add(own.positions.data() + (first + pass.past_length + i) * dim, dim, row);
    }
  }
  if (names_.embedding_norm != nullptr) normalise(own.embedding_norm, x, pass.length, x);
  return Status::Ok();
}

AttentionOptions EncoderDecoder::attention_of(Index) const {
  AttentionOptions options;
  options.scale = attention_scale(config_);
  return options;
}

Status EncoderDecoder::add_position_bias(bool is_decoder, Index length, Index past,
                                         Buffer<float>* storage, AttentionMask* mask) const {
  if (names_.positions != Positions::kRelative) return Status::Ok();
  return relative_bias(stack(is_decoder).distances.data(), config_.relative_buckets,
                       config_.relative_max_distance, config_.num_heads, !is_decoder, length, past,
                       storage, mask);
}

void EncoderDecoder::run_memory(const float* final_hidden, Memory* memory) const {
  const Index m = memory->length;
  for (Index l = 0; l < decoder_.num_layers; ++l) {
    const AttentionLayer& cross = decoder_stack_.layers[static_cast<std::size_t>(l)].cross.layer;
    const Index at = l * m * cross.key.out_features();
    cross.key.apply(final_hidden, m, memory->keys.data() + at);
    cross.value.apply(final_hidden, m, memory->values.data() + at);
  }
}

struct EncoderDecoder::Workspace {
  Buffer<float> normed;  // [n, model_dim], where a sublayer's input is normalised
  AttentionWorkspace attention;
  Buffer<float> inner;   // [n, feed_forward_dim]; gated: two of these
  Buffer<float> update;  // [n, model_dim], what a sublayer adds to the stream

  bool allocate_for(Index n, const ModelConfig& c) {
    return allocate(n, c.model_dim, &normed) && attention.allocate_for(n, c) &&
           allocate((c.has_gate ? 2 : 1) * n, c.feed_forward_dim, &inner) &&
           allocate(n, c.model_dim, &update);
  }
};

// It never pauses: an instance has all of an encoder-decoder.
Forward EncoderDecoder::run_layers(ForwardPass pass, float* x) const {
  const Index n = pass.length;
  const Memory* memory = pass.options.memory;
  const bool is_decoder = memory != nullptr;
  const ModelConfig& c = config_of(pass.options);
  const Stack& own = stack(is_decoder);
  const AttentionOptions plain = attention_of(0);
  AttentionOptions self = plain;
  self.is_causal = is_decoder;
  ForwardPass cross = pass;
  cross.options = pass.options.cross != nullptr ? *pass.options.cross : ForwardOptions();
  cross.trace = pass.trace.cross != nullptr ? *pass.trace.cross : ForwardTrace();

  Workspace work;
  if (!work.allocate_for(n, c)) co_return Status::OutOfMemory();
  Buffer<float> bias;
  Status status;
  if (pass.options.use_positions) {
    status = add_position_bias(is_decoder, n, pass.past_length, &bias, &self.mask);
  }

  for (Index l = 0; status.ok() && l < c.num_layers; ++l) {
    const StackLayer& layer = own.layers[static_cast<std::size_t>(l)];
    trace_stream(c, pass, x, l, pass.trace.hidden);
    status = attend_and_add(layer.self, pass, l, nullptr, self, &work, x);
    if (status.ok() && is_decoder) {
      status = attend_and_add(layer.cross, cross, l, memory, plain, &work, x);
    }
    if (status.ok()) feed_forward_and_add(layer, n, &work, x);
  }
  if (!status.ok()) co_return status;
  if (names_.final_norm != nullptr) normalise(own.final_norm, x, n, x);
  trace_stream(c, pass, x, c.num_layers, pass.trace.hidden);
  co_return Status::Ok();
}

void EncoderDecoder::normalise(const Norm& norm, const float* x, Index rows, float* y) const {
  const Index dim = config_.model_dim;
  if (names_.is_t5) {
    rms_norm(x, rows, dim, norm.weight.data(), config_.norm_epsilon, y);
  } else {
    layer_norm(x, rows, dim, norm.weight.data(), norm.bias.data(), config_.norm_epsilon, y);
  }
}

// x = LayerNorm(x + Attention(x)), or T5's x + Attention(RMSNorm(x)); the keys are those of x, or
// of the memory.
Status EncoderDecoder::attend_and_add(const Attention& weights, const ForwardPass& pass,
                                      Index layer, const Memory* memory,
                                      const AttentionOptions& options, Workspace* work,
                                      float* x) const {
  const Index n = pass.length;
  const float* input = x;
  if (names_.is_t5) {
    normalise(weights.norm, x, n, work->normed.data());
    input = work->normed.data();
  }
  trace_stream(config_, pass, input, layer, pass.trace.attention_input);
  Status status = weights.layer.apply(config_, pass, layer, options, memory, input,
                                      &work->attention, work->update.data());
  if (!status.ok()) return status;
  trace_stream(config_, pass, work->update.data(), layer, pass.trace.attention_output);
  add(work->update.data(), n * config_.model_dim, x);
  if (!names_.is_t5) normalise(weights.norm, x, n, x);
  return Status::Ok();
}

// x = LayerNorm(x + FFN(x)), or T5's x + FFN(RMSNorm(x))
void EncoderDecoder::feed_forward_and_add(const StackLayer& layer, Index n, Workspace* work,
                                          float* x) const {
  const float* input = x;
  if (names_.is_t5) {
    normalise(layer.feed_forward_norm, x, n, work->normed.data());
    input = work->normed.data();
  }
  float* update = work->update.data();
  if (config_.has_gate) {
    layer.gated_feed_forward.apply(input, n, config_.activation, work->inner.data(), update);
  } else {
    layer.feed_forward.apply(input, n, config_.activation, work->inner.data(), update);
  }
  add(update, n * config_.model_dim, x);
  if (!names_.is_t5) normalise(layer.feed_forward_norm, x, n, x);
}

Status EncoderDecoder::run_head(const float* final_hidden, Index rows, float* logits) const {
  const Index dim = config_.model_dim;
  Buffer<float> scaled;
  if (!allocate(rows, dim, &scaled)) return Status::OutOfMemory();
  std::transform(final_hidden, final_hidden + rows * dim, scaled.data(),
                 [&](float value) { return value * config_.head_scale; });
  head().apply(scaled.data(), rows, logits);
  return Status::Ok();
}

Status make(const ModelConfig& config, const EncoderDecoderNames& names,
            std::unique_ptr<Model>* model) {
  if (config.num_decoder_layers < 1 || config.num_kv_heads != config.num_heads ||
      (names.positions == Positions::kRelative && config.relative_buckets < 1)) {
    return Status::Error(StatusCode::kInvalidModel,
                         "expected num_decoder_layers, as many kv heads as heads, and T5's "
                         "relative_buckets");
  }
  ModelConfig stated = config;
  stated.query_key_value_bias = stated.attention_output_bias = !names.is_t5;
  stated.feed_forward_bias = !names.is_t5;
  std::unique_ptr<EncoderDecoder> made(new (std::nothrow) EncoderDecoder(std::move(stated), names));
  if (made == nullptr) return Status::OutOfMemory();
  if (Status status = made->declare_weights(); !status.ok()) return status;
  *model = std::move(made);
  return Status::Ok();
}

}  // namespace

Status make_bart(const ModelConfig& config, std::unique_ptr<Model>* model) {
  if (Status status = check_plain_heads(config); !status.ok()) return status;
  return make(config, kBartNames, model);
}

Status make_marian(const ModelConfig& config, std::unique_ptr<Model>* model) {
  if (Status status = check_plain_heads(config); !status.ok()) return status;
  return make(config, kMarianNames, model);
}

Status make_t5(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make(config, kT5Names, model);
}

}  // namespace heed
