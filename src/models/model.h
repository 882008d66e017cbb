// A transformer that has been loaded: tokens in, hidden states, attention and logits out.
//
// A model is made from the numbers of its config, filled weight by weight under the names of its
// Hugging Face checkpoint, closed by finish(), and then only read. Each architecture is one file
// that declares its weights and writes its forward pass with the layers; make_model() picks it.
//
// An instance has all of a model, and is run by forward(); or a part of it (shard.h): then the one
// that has the ends is asked to embed(), and for logits(), and those that have the layers run
// start() in step.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "../attention.h"
#include "../layers/activations.h"
#include "forward.h"
#include "parameters.h"
#include "rotary.h"

namespace heed {

/// The numbers of a config.json, under one name each whatever the architecture calls them.
struct ModelConfig {
  std::string architecture;  // one of make_model()'s
  Index num_layers = 0;
  Index num_heads = 0;
  Index num_kv_heads = 0;
  Index head_dim = 0;
  Index model_dim = 0;
  Index feed_forward_dim = 0;
  Index vocabulary_size = 0;
  Index max_length = 0;
  Index num_token_types = 0;  // BERT's segments; 0 where there are none
  Index embedding_dim = 0;    // of the token table, from where it is projected; 0: model_dim
  Index padding_id = -1;      // RoBERTa, M2M-100: positions are counted from behind this token's id
  float norm_epsilon = 1e-5f;
  Activation activation = Activation::kGelu;
  bool tied_head = true;  // the output head is the table of token embeddings
  // Which linear layers have a bias, in architectures where not all of them do.
  bool query_key_value_bias = true;
  bool attention_output_bias = true;
  bool feed_forward_bias = true;
  float attention_scale = 0.0f;           // of the products; 0: 1 / sqrt(head_dim)
  bool scale_attention_by_layer = false;  // divided by the layer's number, from 1 (GPT-2)
  float attention_softcap = 0.0f;         // of the scores; 0: none
  Index window = 0;  // keys that a sliding layer's queries see, their own the last
  std::vector<std::uint8_t> sliding_layers = {};  // [num_layers], non-zero: within the window;
                                                  // empty: none
  Rotary rotary = {};
  Rotary sliding_rotary = {};          // of sliding layers; without pairs: as the others'
  bool has_pre_norms = true;           // false: a sublayer's norm is behind its sum (OPT's 350m)
  bool has_parallel_residual = false;  // both sublayers read the same stream (GPT-NeoX)
  // Architectures of RMS norms: what may be added to Llama's layer.
  bool has_query_key_norm = false;  // of each head's queries and keys, before they are turned
  bool has_post_norms = false;      // of what each sublayer adds to the stream
  float norm_gain_offset = 0.0f;    // added to the norms' weights (Gemma: 1)
  float embedding_scale = 1.0f;     // of the embeddings that the first layer reads
  float logit_softcap = 0.0f;       // 0: none
  bool is_discriminator = false;    // ELECTRA: the head says of a token if it was replaced
  // Encoder-decoders: num_layers is the encoder's.
  Index num_decoder_layers = 0;
  Index decoder_vocabulary_size = 0;  // of the decoder's own table of tokens; 0: the encoder's
  float head_scale = 1.0f;            // of the hidden states that the head reads (T5)
  bool has_gate = false;              // the feed-forward layer is gated (T5)
  Index relative_buckets = 0;         // of distances, each with a bias a head (T5)
  Index relative_max_distance = 0;    // from here on all are in the last bucket
  ModelPart part = {};
};

/// One head of an encoder-decoder's two attentions to a text itself, or of a single stack.
struct HeadPlace {
  Index layer = 0;
  Index head = 0;
  bool is_decoder = false;  // of an encoder-decoder
};

inline Index embedding_dim_of(const ModelConfig& config) {
  return config.embedding_dim > 0 ? config.embedding_dim : config.model_dim;
}

/// The part of every layer that an instance has. Query heads go with their kv head.
struct LayerPart {
  Range heads;
  Range kv_heads;
  Range feed_forward;  // columns
};

LayerPart layer_part(const ModelConfig& config);

class Model {
 public:
  virtual ~Model() = default;

  const ModelConfig& config() const { return config_; }
  virtual bool is_causal() const = 0;
  bool has_decoder() const { return config_.num_decoder_layers > 0; }
  /// The sizes of the stack that a pass goes through: with a memory an encoder-decoder's decoder.
  const ModelConfig& config_of(const ForwardOptions& options) const {
    return options.memory != nullptr ? decoder_ : config_;
  }
  /// Whether logits() can be asked for: a checkpoint may come without its language-model head.
  /// Known after finish().
  bool has_head() const { return is_finished_ && parameters_.has_head(); }

  /// Whether the instance has a use for a tensor of this name. Checkpoints carry others (pooler and
  /// buffer tensors, and those of other parts), and may leave out the prefix of the architecture's
  /// names ("bert.", "transformer.").
  bool needs(std::string_view name) const { return parameters_.knows(name); }
  /// Stores one tensor of the checkpoint, or the next piece of one; one that is not needed is
  /// ignored.
  /// Errors: kInvalidModel (a shape other than the config's, a tensor given twice, a piece out of
  /// its order, or a tensor after finish()), kOutOfMemory (the piece may be given again).
  Status set_weight(const TensorPiece& piece);
  /// Checks that every weight was given; kInvalidModel names the first that is missing.
  Status finish();

  /// Runs `length` tokens. `final_hidden` [length, model_dim] gets the last hidden states; after a
  /// failure it and the trace hold nothing of use, and the cache is as before.
  /// Errors: kInvalidArgument (a token id or type out of range, a length beyond max_length, a cache
  /// without room, of another model, or where attention is not causal; not the whole model),
  /// kInvalidModel (not finished), kOutOfMemory.
  Status forward(const std::int32_t* token_ids, Index length, const ForwardOptions& options,
                 const ForwardTrace& trace, float* final_hidden);

  /// What the first layer reads, x [length, model_dim], of tokens that follow `past_length` others.
  /// With a memory, of which nothing is read, what the decoder's does. Errors: as forward().
  Status embed(const std::int32_t* token_ids, Index length, Index past_length,
               const ForwardOptions& options, float* x) const;

  /// Starts the layers on x [length, model_dim], which becomes the final hidden states: `steps`
  /// pauses where the shards are to exchange sums, is to be resumed until it is done, and then has
  /// the outcome, as forward()'s. What `options` and `trace` point to, and x, are to stay until
  /// then.
  /// Errors: those of forward() that are known at once.
  Status start(Index length, const ForwardOptions& options, const ForwardTrace& trace, float* x,
               Forward* steps) const;

  /// The logits of one row: as many as tokens (a decoder's), or a discriminator's one.
  Index num_logits() const {
    if (config_.is_discriminator) return 1;
    return has_decoder() ? decoder_.vocabulary_size : config_.vocabulary_size;
  }

  /// The language-model head: logits [rows, num_logits()] of final hidden states [rows, model_dim].
  /// Errors: kInvalidArgument (no head, or rows < 0), kInvalidModel (not finished),
  /// kOutOfMemory.
  Status logits(const float* final_hidden, Index rows, float* logits) const;

  /// Encoder-decoders: what the decoder sees of a source text, of the encoder's final hidden states
  /// [length, model_dim]. Errors: kInvalidArgument (no decoder, length < 1), kInvalidModel (not
  /// finished), kOutOfMemory.
  Status make_memory(const float* final_hidden, Index length, Memory* memory) const;

  /// The weights of one head over a rectangle, recomputed of what a forward pass with these options
  /// (and no cache) traced for it: query, key [length, head_dim] and logsumexp [length]. Writes
  /// [request.height, request.width]; the request's head is 0. See heed::attention_window.
  /// Errors: kInvalidArgument (a place that is none, a rectangle outside the matrix), kOutOfMemory.
  Status attention_window(const HeadPlace& place, Index length, const ForwardOptions& options,
                          const float* query, const float* key, const float* logsumexp,
                          const WindowRequest& request, float* window) const;

  /// An empty cache with room for `capacity` tokens.
  /// Errors: kInvalidArgument (not a causal model, or a capacity out of range), kOutOfMemory.
  Status make_cache(Index capacity, KvCache* cache) const;

 protected:
  Model(ModelConfig config, std::string prefix);

  // The architecture's parts of embed(), start() and logits(), called with what those have checked.

  /// As trained: what its layers' attention is beyond query, key and value.
  virtual AttentionOptions attention_of(Index layer) const = 0;
  virtual Status run_embedding(const ForwardPass& pass, float* x) const = 0;
  /// A coroutine: its parameters are copies.
  virtual Forward run_layers(ForwardPass pass, float* x) const = 0;
  /// Positions that are a bias of attention: the mask is to add it for `length` queries behind
  /// `past` others, in all heads, and may keep it in `storage`.
  virtual Status add_position_bias(bool /*is_decoder*/, Index /*length*/, Index /*past*/,
                                   Buffer<float>* /*storage*/, AttentionMask* /*mask*/) const {
    return Status::Ok();
  }
  /// Of an encoder-decoder: fills the memory's keys and values.
  virtual void run_memory(const float* /*final_hidden*/, Memory* /*memory*/) const {}
  virtual Status run_head(const float* final_hidden, Index rows, float* logits) const = 0;

  ModelConfig config_;
  ModelConfig decoder_;  // of an encoder-decoder: the same with the decoder's layers and tokens
  Parameters parameters_;

 private:
  Status check_tokens(const ForwardPass& pass) const;
  Status check_length(const ForwardPass& pass) const;
  Index memory_row() const;
  Status check_memory(const ForwardOptions& options) const;
  Status check_cache(const ForwardOptions& options, Index length) const;

  bool is_finished_ = false;
};

/// The architecture named by the config, with room for its weights. Errors: kUnsupportedModel (no
/// such architecture), kInvalidModel (a size of the config out of range), kOutOfMemory.
Status make_model(const ModelConfig& config, std::unique_ptr<Model>* model);

}  // namespace heed
