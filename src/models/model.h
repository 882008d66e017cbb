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

#include "../attention.h"
#include "../layers/activations.h"

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
  bool scale_attention = true;                 // GPT-2: scale_attn_weights
  bool scale_attention_by_layer = false;       // GPT-2: scale_attn_by_inverse_layer_idx
};

enum class DType { kF32, kF16, kBF16 };

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
  std::optional<float> scale;                 // default: 1 / sqrt(head_dim)
  bool use_positions = true;                  // false: positions add nothing
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

class Model {
 public:
  virtual ~Model() = default;

  const ModelConfig& config() const { return config_; }
  virtual bool is_causal() const = 0;

  /// Stores one tensor of the checkpoint: row-major, little-endian, any alignment. A name the
  /// architecture does not know is ignored (checkpoints carry pooler and buffer tensors).
  /// Errors: kInvalidModel (a shape other than the config's, or a tensor given twice).
  virtual Status set_weight(std::string_view name, DType dtype, const Index* dims, Index rank,
                            const void* data) = 0;
  /// Checks that every weight was given; kInvalidModel names the first that is missing.
  virtual Status finish() = 0;

  /// Runs `length` tokens. `final_hidden` [length, model_dim] gets the last hidden states.
  /// Errors: kInvalidArgument (a token id or type out of range, a length beyond max_length, a cache
  /// without room), kOutOfMemory.
  virtual Status forward(const std::int32_t* token_ids, Index length,
                         const ForwardOptions& options, const ForwardTrace& trace,
                         float* final_hidden) = 0;

  /// The language-model head: logits [rows, vocabulary_size] of final hidden states [rows,
  /// model_dim].
  virtual Status logits(const float* final_hidden, Index rows, float* logits) = 0;

  Status make_cache(Index capacity, KvCache* cache) const;

 protected:
  explicit Model(ModelConfig config) : config_(std::move(config)) {}

  ModelConfig config_;
};

/// The architecture named by the config, with room for its weights. Errors: kUnsupportedModel (no
/// such architecture), kInvalidModel (a size of the config out of range), kOutOfMemory.
Status make_model(const ModelConfig& config, std::unique_ptr<Model>* model);

}  // namespace heed
