// The results a forward pass is asked for by name, each with room, and given back as JavaScript's.
#pragma once

#include <array>

#include "../src/models/model.h"
#include "marshal.h"

namespace heed::wasm {

class Trace {
 public:
  /// Room for those of `names` (TraceName in wasm/models/native.ts). `num_new_keys`: those whose
  /// queries are this pass's too, or, of cross-attention, all. Errors: kOutOfMemory.
  Status allocate(const val& names, const ModelConfig& config, Index length, Index num_new_keys,
                  Index key_length);

  /// Sets a copy of each on `result`.
  void store(val result) const;

  ForwardTrace trace;

 private:
  struct Entry {
    const char* name = "";
    Buffer<float> values;
  };
  std::array<Entry, 14> entries_;  // as many as there are names
  std::size_t count_ = 0;
};

}  // namespace heed::wasm
