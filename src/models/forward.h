// A forward pass: what it is asked, where its results go, and how it waits for other shards.
#pragma once

#include <coroutine>
#include <cstdint>
#include <optional>

#include "../buffer.h"
#include "../status.h"

namespace heed {

/// Keys and values of the tokens so far, for one sequence; made by Model::make_cache. A shard's
/// cache holds its own heads' alone.
struct KvCache {
  Buffer<float> keys;    // [num_layers, capacity, num_kv_heads * head_dim]
  Buffer<float> values;  // the same
  Index capacity = 0;
  Index length = 0;
};

/// The source text as the layers of an encoder-decoder's decoder see it: the keys and values of the
/// encoder's final hidden states; made by Model::make_memory.
struct Memory {
  Buffer<float> keys;    // [num_layers, length, num_kv_heads * head_dim], the decoder's, of a
                         // shard its own heads' alone
  Buffer<float> values;  // the same
  Index length = 0;
};

/// Changes to the forward pass, for "what if" questions; the defaults are the model as trained.
struct ForwardOptions {
  const std::int32_t* token_types = nullptr;  // [length]; null: all 0
  std::optional<bool> is_causal = {};         // default: the architecture's
  // Of every layer; default: the architecture's, 1 / sqrt(head_dim).
  std::optional<float> scale = {};
  float temperature = 1.0f;   // divides the scale, whichever it is
  bool use_positions = true;  // false: positions add nothing
  // [length, keys]; zero: hidden in every layer and head, besides what the architecture hides.
  const std::uint8_t* attention_mask = nullptr;
  const std::uint8_t* ablated_heads = nullptr;  // [num_layers, num_heads]; non-zero: the head's
                                                // context is 0 before the output projection
  KvCache* cache = nullptr;  // causal models: the tokens continue it, and join it
  // Encoder-decoders: the pass is the decoder's, and its cross-attention sees this.
  const Memory* memory = nullptr;
  const ForwardOptions* cross = nullptr;  // changes to cross-attention; the others are to the
                                          // decoder's attention to itself

  /// Tokens in the cache.
  Index past_length() const { return cache != nullptr ? cache->length : 0; }
};

/// Where the intermediate results go; a null pointer is a result not wanted. n is the number of
/// tokens, m the number of keys (the cache's tokens and n); of the heads, those that the instance
/// has.
struct ForwardTrace {
  float* hidden = nullptr;           // [num_layers + 1, n, model_dim]; 0 = embeddings, last = after
                                     // the final norm where the architecture has one
  float* attention_input = nullptr;  // [num_layers, n, model_dim]: what queries, keys and values
                                     // are made of; normalised first where the architecture does
  float* attention_output = nullptr;  // [num_layers, n, model_dim]: after the output projection,
                                      // before it joins the stream
  float* query = nullptr;             // [num_layers, num_heads, n, head_dim]
  float* key = nullptr;               // [num_layers, num_kv_heads, n, head_dim]
  float* value = nullptr;             // [num_layers, num_kv_heads, n, head_dim]
  float* context = nullptr;           // [num_layers, num_heads, n, head_dim], ablation applied
  float* head_outputs = nullptr;      // [num_layers, num_heads, n, model_dim]: what the output
                                      // projection makes of one head's context, without its bias
  float* products = nullptr;          // [num_layers, num_heads, n, m]
  float* scores = nullptr;            // the same
  float* capped_scores = nullptr;     // the same
  float* masked_scores = nullptr;     // the same
  float* weights = nullptr;           // the same
  float* logsumexp = nullptr;         // [num_layers, num_heads, n]
  // Of a decoder's cross-attention: m is the memory's length, and so is key's and value's n; there
  // is nothing in `hidden`.
  const ForwardTrace* cross = nullptr;
};

/// An architecture's layers at work: a coroutine, so that its body reads as the maths and yet
/// pauses where the shards of a model exchange their partial sums. An instance that has all of the
/// layers never pauses.
class [[nodiscard]] Forward {
 public:
  struct promise_type;

  /// Awaited by the body: the partial sums at `data` [size] become those of all shards.
  struct Sum {
    float* data = nullptr;
    Index size = 0;
    bool is_alone = true;

    bool await_ready() const noexcept { return is_alone; }
    void await_suspend(std::coroutine_handle<promise_type> body) const noexcept;
    void await_resume() const noexcept {}
  };

  Forward() = default;
  Forward(Forward&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Forward& operator=(Forward&& other) noexcept {
    std::swap(body_, other.body_);
    return *this;
  }
  ~Forward() {
    if (body_) body_.destroy();
  }

  /// Of a pass that has not begun: where it ends well, its `length` tokens join the cache.
  void join(KvCache* cache, Index length) const;
  /// Runs to the next pause, or to the end.
  void resume() const { body_.resume(); }
  /// Whether it has ended, or found no memory to begin.
  bool is_done() const { return !body_ || body_.done(); }
  /// Of a pass that is done. Errors: the body's, kOutOfMemory where there was none to begin.
  Status status() const;
  /// Of a pass that is not done: what the sums of all shards are to be written to before resume().
  const Sum& sum() const;

 private:
  explicit Forward(std::coroutine_handle<promise_type> body) : body_(body) {}

  std::coroutine_handle<promise_type> body_;
};

struct Forward::promise_type {
  Status status;
  Sum sum;
  KvCache* cache = nullptr;  // which has room for `length` more
  Index length = 0;

  // The body's memory may be refused, as any.
  static void* operator new(std::size_t size) noexcept;
  static void operator delete(void* frame) noexcept;
  static Forward get_return_object_on_allocation_failure() noexcept { return {}; }

  Forward get_return_object() noexcept {
    return Forward(std::coroutine_handle<promise_type>::from_promise(*this));
  }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_always final_suspend() const noexcept { return {}; }
  void return_value(Status result) noexcept;
  void unhandled_exception() const noexcept {}  // the library throws none
};

/// One call of Model::forward, as its layers see it.
struct ForwardPass {
  ForwardOptions options;
  ForwardTrace trace;
  const std::int32_t* token_ids = nullptr;  // [length], for the embedding
  Index length = 0;
  Index past_length = 0;  // tokens in the cache: the first token stands at this position
  bool is_alone = true;   // the instance has all of every layer

  /// To be awaited: x [size] is summed over all shards, in their order.
  Forward::Sum sum_over_shards(float* x, Index size) const { return {x, size, is_alone}; }
};

}  // namespace heed
