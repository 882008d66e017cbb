// The names under which JavaScript sees models: a module of its own, so that a page loads what it
// uses. Conversions are in marshal.h, the calls in model_calls.h.

#include <emscripten/bind.h>

#include "memory.h"
#include "model_calls.h"

EMSCRIPTEN_BINDINGS(heed_models) {
  using emscripten::function;
  function("createModel", &heed::wasm::create_model);
  function("setWeight", &heed::wasm::set_weight);
  function("finishModel", &heed::wasm::finish_model);
  function("forward", &heed::wasm::forward);
  function("embed", &heed::wasm::embed);
  function("startShard", &heed::wasm::start_shard);
  function("resumeShard", &heed::wasm::resume_shard);
  function("leaveShard", &heed::wasm::leave_shard);
  function("head", &heed::wasm::head);
  function("window", &heed::wasm::model_window);
  function("resetCache", &heed::wasm::reset_cache);
  function("heapBytes", &heed::wasm::heap_bytes);
  function("usedBytes", &heed::wasm::used_bytes);
}
