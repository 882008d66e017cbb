// A forward pass as JavaScript asks for it: what its options point to, its states and its results.
#pragma once

#include "trace.h"

namespace heed::wasm {

/// The switches that change attention in every layer.
void read_what_if(const val& options, ForwardOptions* result);

class Pass {
 public:
  /// Room for `length` tokens' results, and the options. `cache` and `memory` are the model's.
  Status prepare(const val& options, Index length, const Model& model, KvCache* cache,
                 const Memory* memory);

  const ForwardTrace& trace() const { return trace_.trace; }

  /// All that was asked for, of a pass that ended with this status.
  val results(const Status& status) const;

  ForwardOptions forward_options;
  Buffer<float> x;  // [length, model_dim]

 private:
  struct Marks {
    Buffer<std::uint8_t> ablated_heads, attention_mask;
  };

  /// The changes to one attention, which are kept in `marks`.
  static Status read_attention(const val& options, const ModelConfig& config, Index length,
                               Index key_length, Marks* marks, ForwardOptions* result);
  /// A memory of this pass alone, of the encoder's final hidden states.
  Status read_memory(const val& final_hidden, const Model& model);
  Status prepare_cross(const val& options, Index length, const Model& model);

  Buffer<std::int32_t> token_types_;
  Marks self_, cross_;
  ForwardOptions cross_options_;
  Memory memory_;
  Trace trace_, cross_trace_;
};

}  // namespace heed::wasm
