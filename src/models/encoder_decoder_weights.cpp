// The weights of an encoder-decoder, by the names that a checkpoint gives them, and its makers.
#include "architectures.h"
#include "config.h"
#include "encoder_decoder.h"
#include "position_table.h"

namespace heed {

using Positions = EncoderDecoderNames::Positions;

Status EncoderDecoder::declare_weights() {
  const ModelPart& part = config_.part;
  if (part.has_ends) declare_tokens();
  for (const bool is_decoder : {false, true}) {
    const std::string name = is_decoder ? "decoder" : "encoder";
    Stack* stack = is_decoder ? &decoder_stack_ : &encoder_;
    // The ends show windows of attention too.
    if (names_.positions == Positions::kRelative) declare_distances(name, stack);
    Status status;
    if (part.has_ends) status = declare_positions(name, stack);
    if (status.ok() && part.has_layers()) status = declare_layers(name, is_decoder, stack);
    if (!status.ok()) return status;
  }
  if (part.has_ends) declare_head();
  return parameters_.status();
}

void EncoderDecoder::declare_tokens() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  const bool has_bias = c.tied_head && names_.has_logits_bias;
  if (has_own_tokens()) {
    p.add_token_table("encoder.embed_tokens.weight", c.vocabulary_size, c.model_dim, false,
                      &tokens_);
    p.add_token_table("decoder.embed_tokens.weight", c.decoder_vocabulary_size, c.model_dim,
                      has_bias, &decoder_tokens_);
  } else {
    p.add_token_table("shared.weight", c.vocabulary_size, c.model_dim, has_bias, &tokens_);
    p.add_alias("encoder.embed_tokens.weight", "shared.weight");
    p.add_alias("decoder.embed_tokens.weight", "shared.weight");
  }
}

void EncoderDecoder::declare_head() {
  const ModelConfig& c = config_;
  Parameters& p = parameters_;
  p.begin_head();
  if (c.tied_head) {
    p.add_alias("lm_head.weight",
                has_own_tokens() ? "decoder.embed_tokens.weight" : "shared.weight");
  } else {
    p.add_token_table("lm_head.weight", num_logits(), c.model_dim, names_.has_logits_bias,
                      &untied_head_);
  }
  if (names_.has_logits_bias) {
    p.add_optional_bias("final_logits_bias", c.tied_head ? &decoder_tokens() : &untied_head_);
  }
}

// And the norm of what they are added to.
Status EncoderDecoder::declare_positions(const std::string& name, Stack* stack) {
  const ModelConfig& c = config_;
  if (names_.embedding_norm != nullptr) {
    declare_norm(name + names_.embedding_norm, &stack->embedding_norm);
  }
  switch (names_.positions) {
    case Positions::kLearned:
      parameters_.add_table(name + ".embed_positions.weight", first_position() + c.max_length,
                            c.model_dim, &stack->positions);
      return Status::Ok();
    case Positions::kSinusoidal:
      return sinusoidal_table(c.max_length, c.model_dim, &stack->positions);
    case Positions::kSinusoidalBehindPadding:
      return sinusoidal_table_behind_padding(c.padding_id, c.max_length, c.model_dim,
                                             &stack->positions);
    case Positions::kRelative:
      return Status::Ok();
  }
  return Status::Ok();
}

// The first layer's, for all.
void EncoderDecoder::declare_distances(const std::string& name, Stack* stack) {
  const std::string first = name + names_.layer + "0" + names_.self;
  parameters_.add_table(first + ".relative_attention_bias.weight", config_.relative_buckets,
                        config_.num_heads, &stack->distances);
}

Status EncoderDecoder::declare_layers(const std::string& name, bool is_decoder, Stack* stack) {
  const Index num_layers = is_decoder ? config_.num_decoder_layers : config_.num_layers;
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

void EncoderDecoder::declare_feed_forward(const std::string& name, StackLayer* layer) {
  const std::string out = name + names_.feed_forward_out;
  if (config_.has_gate) {
    layer->gated_feed_forward.declare(name + names_.feed_forward_gate,
                                      name + names_.feed_forward_up, out, config_, &parameters_);
  } else {
    layer->feed_forward.declare(name + names_.feed_forward_in, out, config_, &parameters_);
  }
}

void EncoderDecoder::declare_norm(const std::string& name, Norm* norm) {
  parameters_.add_vector(name + ".weight", config_.model_dim, &norm->weight);
  if (!names_.has_rms_norms) {
    parameters_.add_vector(name + ".bias", config_.model_dim, &norm->bias);
  }
}

namespace {

Status make(const ModelConfig& config, const EncoderDecoderNames& names,
            std::unique_ptr<Model>* model) {
  const bool has_padding = names.positions == Positions::kSinusoidalBehindPadding;
  if (config.num_decoder_layers < 1 || config.num_kv_heads != config.num_heads ||
      (names.positions == Positions::kRelative && config.relative_buckets < 1) ||
      (config.padding_id >= 0) != has_padding) {
    return Status::Error(StatusCode::kInvalidModel,
                         "expected num_decoder_layers, as many kv heads as heads, T5's "
                         "relative_buckets, and padding_id of M2M-100 alone");
  }
  ModelConfig stated = config;
  stated.query_key_value_bias = stated.attention_output_bias = !names.has_rms_norms;
  stated.feed_forward_bias = !names.has_rms_norms;
  std::unique_ptr<EncoderDecoder> made(new (std::nothrow) EncoderDecoder(std::move(stated), names));
  if (made == nullptr) return Status::OutOfMemory();
  if (Status status = made->declare_weights(); !status.ok()) return status;
  *model = std::move(made);
  return Status::Ok();
}

Status make_plain(const ModelConfig& config, const EncoderDecoderNames& names,
                  std::unique_ptr<Model>* model) {
  Status status = check_plain_heads(config);
  return status.ok() ? make(config, names, model) : status;
}

}  // namespace

Status make_bart(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make_plain(config, kBartNames, model);
}

Status make_mbart(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make_plain(config, kMbartNames, model);
}

Status make_marian(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make_plain(config, kMarianNames, model);
}

Status make_pegasus(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make_plain(config, kPegasusNames, model);
}

Status make_m2m100(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make_plain(config, kM2m100Names, model);
}

Status make_t5(const ModelConfig& config, std::unique_ptr<Model>* model) {
  return make(config, kT5Names, model);
}

}  // namespace heed
