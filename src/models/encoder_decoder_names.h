// What the checkpoints of encoder-decoders call the weights of the two stacks that they share, and
// the few things in which those stacks differ.
//
// Sources: Hugging Face transformers 5.12, modeling_bart.py, modeling_marian.py, modeling_t5.py;
// Lewis et al., "BART" (2020); Junczys-Dowmunt et al., "Marian" (2018); Raffel et al., "T5" (2020).
#pragma once

#include "blocks.h"

namespace heed {

struct EncoderDecoderNames {
  const char* prefix;     // of all but the head, in checkpoints that have one
  const char* layer;      // behind "encoder." or "decoder.", before a layer's number
  const char* self;       // the sublayers' names, behind the number
  const char* self_norm;  // and their norms'
  const char* cross;
  const char* cross_norm;
  AttentionNames attention;  // behind `self` or `cross`
  // An encoder's layer has no cross-attention, and T5 numbers its sublayers.
  const char* encoder_feed_forward;
  const char* encoder_feed_forward_norm;
  const char* decoder_feed_forward;
  const char* decoder_feed_forward_norm;
  const char* feed_forward_in;  // behind those
  const char* feed_forward_up;
  const char* feed_forward_gate;
  const char* feed_forward_out;
  const char* final_norm;      // null: none
  const char* embedding_norm;  // null: none

  enum class Positions { kLearned, kSinusoidal, kRelative } positions;
  bool is_t5;  // normalises before a sublayer, by root mean square, and not behind its sum by
               // LayerNorm; has no biases
};

constexpr EncoderDecoderNames kBartNames{
    .prefix = "model.",
    .layer = ".layers.",
    .self = ".self_attn",
    .self_norm = ".self_attn_layer_norm",
    .cross = ".encoder_attn",
    .cross_norm = ".encoder_attn_layer_norm",
    .attention = {".q_proj", ".k_proj", ".v_proj", ".out_proj"},
    .encoder_feed_forward = "",
    .encoder_feed_forward_norm = ".final_layer_norm",
    .decoder_feed_forward = "",
    .decoder_feed_forward_norm = ".final_layer_norm",
    .feed_forward_in = ".fc1",
    .feed_forward_up = nullptr,
    .feed_forward_gate = nullptr,
    .feed_forward_out = ".fc2",
    .final_norm = nullptr,
    .embedding_norm = ".layernorm_embedding",
    .positions = EncoderDecoderNames::Positions::kLearned,
    .is_t5 = false};

/// BART's, with sinusoidal positions, and embeddings that are not normalised.
constexpr EncoderDecoderNames marian_names() {
  EncoderDecoderNames names = kBartNames;
  names.embedding_norm = nullptr;
  names.positions = EncoderDecoderNames::Positions::kSinusoidal;
  return names;
}
constexpr EncoderDecoderNames kMarianNames = marian_names();

constexpr EncoderDecoderNames kT5Names{.prefix = "",
                                       .layer = ".block.",
                                       .self = ".layer.0.SelfAttention",
                                       .self_norm = ".layer.0.layer_norm",
                                       .cross = ".layer.1.EncDecAttention",
                                       .cross_norm = ".layer.1.layer_norm",
                                       .attention = {".q", ".k", ".v", ".o"},
                                       .encoder_feed_forward = ".layer.1.DenseReluDense",
                                       .encoder_feed_forward_norm = ".layer.1.layer_norm",
                                       .decoder_feed_forward = ".layer.2.DenseReluDense",
                                       .decoder_feed_forward_norm = ".layer.2.layer_norm",
                                       .feed_forward_in = ".wi",
                                       .feed_forward_up = ".wi_1",
                                       .feed_forward_gate = ".wi_0",
                                       .feed_forward_out = ".wo",
                                       .final_norm = ".final_layer_norm",
                                       .embedding_norm = nullptr,
                                       .positions = EncoderDecoderNames::Positions::kRelative,
                                       .is_t5 = true};

}  // namespace heed
