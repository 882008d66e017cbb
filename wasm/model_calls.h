// The calls on models that model_bindings.cpp names, in the manner of calls.h.
#pragma once

#include "marshal.h"

namespace heed::wasm {

/// Handles of models are addresses. A model ends with its instance: JavaScript drops both at once.
val create_model(val config);
/// Rows begin to end of a tensor.
val set_weight(std::uintptr_t model, std::string name, std::string dtype, val shape, int rows_begin,
               int rows_end, val bytes);
val finish_model(std::uintptr_t model);
val forward(std::uintptr_t model, val token_ids, val options);
/// What the layers read, of the part of a model that has its ends.
val embed(std::uintptr_t model, val token_ids, int past_length, val options);
/// The layers of a shard: { partial } where it waits for the sums of all, or what forward() gives.
val start_shard(std::uintptr_t model, val x, val options);
val resume_shard(std::uintptr_t model, val partials);
/// Gives a pass that waits up.
void leave_shard(std::uintptr_t model);
/// Logits, or their softmax, of every row of final hidden states.
val head(std::uintptr_t model, val final_hidden, bool as_probabilities);
/// attention_window() of one head: `head` has its place, query, key, logsumexp and the rectangle.
val model_window(std::uintptr_t model, val head, val options);
/// `final_hidden`: of the encoder, for the memory of an encoder-decoder's cache; or nothing.
val reset_cache(std::uintptr_t model, int capacity, val final_hidden);

}  // namespace heed::wasm
