// A transformer that has been loaded: tokens in, hidden states, attention and logits out.
//
// A model is made from the numbers of its config, filled weight by weight under the names of its
// Hugging Face checkpoint, closed by finish(), and then only read. Each architecture is one file
// that declares its weights and writes its forward pass with the layers; make_model() picks it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "../attention.h"
#include "../layers/activations.h"
#include "parameters.h"

namespace heed {

/// The numbers of a config.json, under one name each whatever the architecture calls them.
struct ModelConfig {
  std::string architecture;  // "bert", "gpt2"
  Index num_layers = 0;
  Index num_heads = 0;
  Index num_kv_heads = 0;
  Index head_dim = 0;
  Index model_dim = 0;
  Index feed_forward_dim = 0;
  Index vocabulary_size = 0;
  Index max_length = 0;
  Index num_token_types = 0;  // BERT's segments; 0 where there are none
  float norm_epsilon = 1e-5f;
  Activation activation = Activation::kGelu;
  bool tied_head = true;                  // the output head is the table of token embeddings
  bool scale_attention = true;            // GPT-2: scale_attn_weights
  bool scale_attention_by_layer = false;  // GPT-2: scale_attn_by_inverse_layer_idx
};

/// Keys and values of the tokens so far, for one sequence; made by Model::make_cache.
struct KvCache {
  Buffer<float> keys;    // [num_layers, capacity, num_kv_heads * head_dim]
  Buffer<float> values;  // the same
  Index capacity = 0;
  Index length = 0;
};

/// Changes to the forward pass, for "what if" questions; the defaults are the model as trained.
struct ForwardOptions {
  const std::int32_t* token_types = nullptr;  // [length]; null: all 0
  std::optional<bool> is_causal;              // default: the architecture's
  std::optional<float> scale;  // of every layer; default: the architecture's, 1 / sqrt(head_dim)
  bool use_positions = true;   // false: positions add nothing
  const std::uint8_t* ablated_heads = nullptr;  // [num_layers, num_heads]; non-zero: the head's
                                                // context is 0 before the output projection
  KvCache* cache = nullptr;  // causal models: the tokens continue it, and join it
};

/// Where the intermediate results go; a null pointer is a result not wanted. n is the number of
/// tokens, m the number of keys (the cache's tokens and n).
struct ForwardTrace {
  float* hidden = nullptr;         // [num_layers + 1, n, model_dim]; 0 = embeddings, last = after
                                   // the final norm where the architecture has one
  float* query = nullptr;          // [num_layers, num_heads, n, head_dim]
  float* key = nullptr;            // [num_layers, num_kv_heads, n, head_dim]
  float* value = nullptr;          // [num_layers, num_kv_heads, n, head_dim]
  float* context = nullptr;        // [num_layers, num_heads, n, head_dim], ablation applied
  float* products = nullptr;       // [num_layers, num_heads, n, m]
  float* scores = nullptr;         // the same
  float* capped_scores = nullptr;  // the same
  float* masked_scores = nullptr;  // the same
  float* weights = nullptr;        // the same
  float* logsumexp = nullptr;      // [num_layers, num_heads, n]
};

/// One call of Model::forward, as its layers see it.
struct ForwardPass {
  const ForwardOptions& options;
  const ForwardTrace& trace;
  const std::int32_t* token_ids = nullptr;  // [length]
  Index length = 0;
  Index past_length = 0;  // tokens in the cache: the first token stands at this position
};

class Model {
 public:
  virtual ~Model() = default;

  const ModelConfig& config() const { return config_; }
  virtual bool is_causal() const = 0;
  /// Whether logits() can be asked for: a checkpoint may come without its language-model head.
  /// Known after finish().
  bool has_head() const { return is_finished_ && parameters_.has_head(); }

  /// Stores one tensor of the checkpoint: row-major, little-endian, any alignment. A name the
  /// architecture does not know is ignored (checkpoints carry pooler and buffer tensors), and the
  /// prefix of its names ("bert.", "transformer.") may be left out.
  /// Errors: kInvalidModel (a shape other than the config's, or a tensor given twice, or after
  /// finish()), kOutOfMemory (the tensor may be given again).
  Status set_weight(std::string_view name, DType dtype, const Index* dims, Index rank,
                    const void* data);
  /// Checks that every weight was given; kInvalidModel names the first that is missing.
  Status finish();

  /// Runs `length` tokens. `final_hidden` [length, model_dim] gets the last hidden states; after a
  /// failure it and the trace hold nothing of use, and the cache is as before.
  /// Errors: kInvalidArgument (a token id or type out of range, a length beyond max_length, a cache
  /// without room, of another model, or where attention is not causal), kInvalidModel (not
  /// finished), kOutOfMemory.
  Status forward(const std::int32_t* token_ids, Index length, const ForwardOptions& options,
                 const ForwardTrace& trace, float* final_hidden);

  /// The language-model head: logits [rows, vocabulary_size] of final hidden states [rows,
  /// model_dim]. Errors: kInvalidArgument (no head, or rows < 0), kInvalidModel (not finished),
  /// kOutOfMemory.
  Status logits(const float* final_hidden, Index rows, float* logits);

  /// An empty cache with room for `capacity` tokens.
  /// Errors: kInvalidArgument (not a causal model, or a capacity out of range), kOutOfMemory.
  Status make_cache(Index capacity, KvCache* cache) const;

 protected:
  Model(ModelConfig config, std::string prefix)
      : config_(std::move(config)), parameters_(std::move(prefix)) {}

  /// The architecture's part of forward(), called with what that has checked.
  virtual Status run_layers(const ForwardPass& pass, float* final_hidden) const = 0;
  /// The architecture's part of logits().
  virtual Status run_head(const float* final_hidden, Index rows, float* logits) const = 0;

  ModelConfig config_;
  Parameters parameters_;

 private:
  Status check_tokens(const ForwardPass& pass) const;
  Status check_cache(const ForwardPass& pass) const;

  bool is_finished_ = false;
};

/// The architecture named by the config, with room for its weights. Errors: kUnsupportedModel (no
/// such architecture), kInvalidModel (a size of the config out of range), kOutOfMemory.
Status make_model(const ModelConfig& config, std::unique_ptr<Model>* model);

}  // namespace heed
