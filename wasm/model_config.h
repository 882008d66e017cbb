// A model's config, which wasm/models has read and checked, as C++ has it.
#pragma once

#include "../src/models/model.h"
#include "marshal.h"

namespace heed::wasm {

/// Leaves the default where the value is absent.
template <class T>
void read_given(const val& value, T* field) {
  if (is_given(value)) *field = value.as<T>();
}

/// Of NativeModelConfig (wasm/models/native.ts).
ModelConfig read_config(const val& config);

}  // namespace heed::wasm
