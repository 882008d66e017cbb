// The calls on models that model_bindings.cpp names, in the manner of calls.h.
#pragma once

#include "marshal.h"

namespace heed::wasm {

/// Handles of models are addresses. A model ends with its instance: JavaScript drops both at once.
val create_model(val config);
val set_weight(std::uintptr_t model, std::string name, std::string dtype, val shape, val bytes);
val finish_model(std::uintptr_t model);
val forward(std::uintptr_t model, val token_ids, val options);
val logits(std::uintptr_t model, val final_hidden);
val reset_cache(std::uintptr_t model, int capacity);

}  // namespace heed::wasm
