// The names under which JavaScript sees the engine. Conversions are in marshal.h, the calls in
// calls.h.

#include <emscripten/bind.h>

#include "calls.h"
#include "memory.h"

EMSCRIPTEN_BINDINGS(heed) {
  using emscripten::function;
  function("attention", &heed::wasm::attention);
  function("attentionWindow", &heed::wasm::attention_window);
  function("multiHeadAttention", &heed::wasm::multi_head_attention);
  function("rotaryEmbedding", &heed::wasm::rotary_embedding);
  function("sinusoidalPositions", &heed::wasm::sinusoidal_positions);
  function("linear", &heed::wasm::linear);
  function("softmax", &heed::wasm::softmax);
  function("layerNorm", &heed::wasm::layer_norm);
  function("rmsNorm", &heed::wasm::rms_norm);
  function("activate", &heed::wasm::activate);
  function("heapBytes", &heed::wasm::heap_bytes);
  function("usedBytes", &heed::wasm::used_bytes);
}
