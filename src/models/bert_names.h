// What the checkpoints of BERT's kin call the weights of the one encoder that they share.
//
// Sources: Hugging Face transformers 5.12, modeling_bert.py, modeling_distilbert.py,
// modeling_roberta.py (whose XLM-RoBERTa and CamemBERT are the same), modeling_electra.py; Sanh et
// al., "DistilBERT" (2019); Liu et al., "RoBERTa" (2019); Clark et al., "ELECTRA" (2020).
#pragma once

#include "blocks.h"

namespace heed {

struct BertNames {
  const char* prefix;  // of all but the head, in checkpoints that have one

  const char* layer;  // before a layer's number; the next five are behind it
  AttentionNames attention;
  const char* attention_norm;
  const char* feed_forward_in;
  const char* feed_forward_out;
  const char* feed_forward_norm;

  const char* head_transform;
  const char* head_norm;  // null: none
  const char* decoder;    // its .weight is tied to the token table, or its own
  const char* bias;       // of the decoder: also found as the decoder's .bias

  bool has_token_types = true;
  bool head_is_gelu = false;  // whatever the layers' activation is
};

constexpr BertNames kBertNames{.prefix = "bert.",
                               .layer = "encoder.layer.",
                               .attention = {".attention.self.query", ".attention.self.key",
                                             ".attention.self.value", ".attention.output.dense"},
                               .attention_norm = ".attention.output.LayerNorm",
                               .feed_forward_in = ".intermediate.dense",
                               .feed_forward_out = ".output.dense",
                               .feed_forward_norm = ".output.LayerNorm",
                               .head_transform = "cls.predictions.transform.dense",
                               .head_norm = "cls.predictions.transform.LayerNorm",
                               .decoder = "cls.predictions.decoder",
                               .bias = "cls.predictions.bias"};

constexpr BertNames kDistilBertNames{
    .prefix = "distilbert.",
    .layer = "transformer.layer.",
    .attention = {".attention.q_lin", ".attention.k_lin", ".attention.v_lin", ".attention.out_lin"},
    .attention_norm = ".sa_layer_norm",
    .feed_forward_in = ".ffn.lin1",
    .feed_forward_out = ".ffn.lin2",
    .feed_forward_norm = ".output_layer_norm",
    .head_transform = "vocab_transform",
    .head_norm = "vocab_layer_norm",
    .decoder = "vocab_projector",
    .bias = "vocab_projector.bias",
    .has_token_types = false};

/// BERT's layers, under another prefix and with another head.
constexpr BertNames with_head(BertNames names, const char* prefix, const char* transform,
                              const char* norm, const char* decoder, const char* bias) {
  names.prefix = prefix;
  names.head_transform = transform;
  names.head_norm = norm;
  names.decoder = decoder;
  names.bias = bias;
  names.head_is_gelu = norm != nullptr;
  return names;
}

constexpr BertNames kRobertaNames =
    with_head(kBertNames, "roberta.", "lm_head.dense", "lm_head.layer_norm", "lm_head.decoder",
              "lm_head.bias");

constexpr BertNames kElectraNames =
    with_head(kBertNames, "electra.", "generator_predictions.dense",
              "generator_predictions.LayerNorm", "generator_lm_head", "generator_lm_head.bias");

/// The discriminator tells the tokens that a generator has put in from the text's own.
constexpr BertNames kElectraDiscriminatorNames =
    with_head(kBertNames, "electra.", "discriminator_predictions.dense", nullptr,
              "discriminator_predictions.dense_prediction",
              "discriminator_predictions.dense_prediction.bias");

}  // namespace heed
