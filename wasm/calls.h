// The calls that bindings.cpp names: each reads its arguments, calls the library and copies the
// result out. Every result is { code, message, … }. What arguments mean was checked by
// wasm/request.ts; that arrays are as long as the sizes say is checked here too.
#pragma once

#include "marshal.h"

namespace heed::wasm {

val attention(val request);
val attention_window(val request);
val multi_head_attention(val request);
val rotary_embedding(val request);
val sinusoidal_positions(int length, int model_dim);
val linear(val x, val weight, val bias, int in_features, int out_features);
val softmax(val x, int row_length);
val layer_norm(val x, int row_length, val weight, val bias, float epsilon);
val rms_norm(val x, int row_length, val weight, float epsilon);
val activate(val x, std::string name);

}  // namespace heed::wasm
