// The names under which JavaScript sees heed. Conversions are in marshal.h, the calls in calls.h.

#include <emscripten/bind.h>

#include "calls.h"

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
  function("createModel", &heed::wasm::create_model);
  function("setWeight", &heed::wasm::set_weight);
  function("finishModel", &heed::wasm::finish_model);
  function("forward", &heed::wasm::forward);
  function("logits", &heed::wasm::logits);
  function("resetCache", &heed::wasm::reset_cache);
  function("disposeModel", &heed::wasm::dispose_model);
  function("heapBytes", &heed::wasm::heap_bytes);
  function("usedBytes", &heed::wasm::used_bytes);
}
