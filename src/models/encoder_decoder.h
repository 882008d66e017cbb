// BART, mBART, Marian, PEGASUS, M2M-100 and T5: an encoder that reads a source text, and a causal
// decoder that also attends to what the encoder made of it.
//
// A pass without a memory goes through the encoder; one with a memory, made of the encoder's final
// hidden states, through the decoder. Where the architectures differ is in encoder_decoder_names.h.
// Sources: Vaswani et al. (2017), section 3; and those of encoder_decoder_names.h.
//
// What its weights are called is in encoder_decoder_weights.cpp, what it does with them in
// encoder_decoder.cpp.
#pragma once

#include <memory>

#include "blocks.h"
#include "encoder_decoder_names.h"

namespace heed {

class EncoderDecoder final : public Model {
 public:
  EncoderDecoder(ModelConfig config, const EncoderDecoderNames& names)
      : Model(std::move(config), names.prefix), names_(names) {}

  bool is_causal() const override { return false; }
  Status declare_weights();

 private:
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
    Buffer<float> positions;  // [first_position() + max_length, model_dim]
    Buffer<float> distances;  // [relative_buckets, heads]
    Norm embedding_norm;
    std::unique_ptr<StackLayer[]> layers;
    Norm final_norm;
  };

  struct Workspace;

  void declare_tokens();
  void declare_head();
  Status declare_positions(const std::string& name, Stack* stack);
  void declare_distances(const std::string& name, Stack* stack);
  Status declare_layers(const std::string& name, bool is_decoder, Stack* stack);
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
  const float* input_of(const Norm& norm, const float* x, Index rows, Workspace* work) const;
  void join(const Norm& norm, const float* update, Index rows, float* x) const;
  Status attend_to(const Memory* memory, const Attention& attention, const ForwardPass& pass,
                   Index layer, const AttentionOptions& options, const float* x,
                   Workspace* work) const;
  void feed_forward(const StackLayer& layer, Index n, const float* x, Workspace* work) const;

  const Stack& stack(bool is_decoder) const { return is_decoder ? decoder_stack_ : encoder_; }
  bool has_own_tokens() const { return config_.decoder_vocabulary_size > 0; }
  Linear& decoder_tokens() { return has_own_tokens() ? decoder_tokens_ : tokens_; }
  const Linear& decoder_tokens() const { return has_own_tokens() ? decoder_tokens_ : tokens_; }
  const Linear& head() const { return config_.tied_head ? decoder_tokens() : untied_head_; }
  // Of the first token, in the table of positions.
  Index first_position() const {
    switch (names_.positions) {
      case EncoderDecoderNames::Positions::kLearned:
        return 2;  // transformers' tables begin with two rows that are not used
      case EncoderDecoderNames::Positions::kSinusoidalBehindPadding:
        return config_.padding_id + 1;
      default:
        return 0;
    }
  }

  const EncoderDecoderNames& names_;
  Linear tokens_;          // [vocabulary_size, model_dim], of both stacks, or else the encoder's
  Linear decoder_tokens_;  // [decoder_vocabulary_size, model_dim]
  Stack encoder_, decoder_stack_;
  Linear untied_head_;  // [num_logits(), model_dim]
};

}  // namespace heed
