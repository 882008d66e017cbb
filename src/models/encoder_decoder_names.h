// What the checkpoints of encoder-decoders call the weights of the two stacks that they share, and
// the few things in which those stacks differ.
//
// Sources: Hugging Face transformers 5.12, modeling_bart.py, modeling_mbart.py, modeling_marian.py,
// modeling_pegasus.py, modeling_m2m_100.py, modeling_t5.py; Lewis et al., "BART" (2020); Liu et
// al., "mBART" (2020); Junczys-Dowmunt et al., "Marian" (2018); Zhang et al., "PEGASUS" (2020); Fan
// et al., "M2M-100" (2020); Raffel et al., "T5" (2020).
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

  // Of the last, positions are counted from behind the padding token's id.
  enum class Positions { kLearned, kSinusoidal, kSinusoidalBehindPadding, kRelative } positions;
  bool has_pre_norms;    // a sublayer's norm is before it, and not behind its sum
  bool has_rms_norms;    // root mean square, and no biases anywhere
  bool has_logits_bias;  // in checkpoints that do not leave it out
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
    .has_pre_norms = false,
    .has_rms_norms = false,
    .has_logits_bias = true};

/// With the norms before the sublayers, and one behind the last.
constexpr EncoderDecoderNames with_pre_norms(EncoderDecoderNames names) {
  names.has_pre_norms = true;
  names.final_norm = ".layer_norm";
  return names;
}
constexpr EncoderDecoderNames kMbartNames = with_pre_norms(kBartNames);

/// BART's, with sinusoidal positions, and embeddings that are not normalised.
constexpr EncoderDecoderNames marian_names(EncoderDecoderNames::Positions positions) {
  EncoderDecoderNames names = kBartNames;
  names.embedding_norm = nullptr;
  names.positions = positions;
  return names;
}
constexpr EncoderDecoderNames kMarianNames =
    marian_names(EncoderDecoderNames::Positions::kSinusoidal);
constexpr EncoderDecoderNames kPegasusNames = with_pre_norms(kMarianNames);

constexpr EncoderDecoderNames m2m100_names() {
  EncoderDecoderNames names =
      with_pre_norms(marian_names(EncoderDecoderNames::Positions::kSinusoidalBehindPadding));
  names.has_logits_bias = false;
  return names;
}
constexpr EncoderDecoderNames kM2m100Names = m2m100_names();

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
                                       .has_pre_norms = true,
                                       .has_rms_norms = true,
                                       .has_logits_bias = false};

}  // namespace heed
